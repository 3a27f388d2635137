"""Whatever a bot or a user writes, the page shows text: no input becomes markup or script."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Visitor
from tests.stack.conftest import RunningStack

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

RENDER = """async text => {
    const { renderMarkdown } = await import("/static/markdown.js");
    const root = renderMarkdown(text);
    const nodes = [...root.querySelectorAll("*")];
    return {
        text: root.textContent,
        html: root.innerHTML,
        tags: [...new Set(nodes.map(node => node.localName))],
        attributes: [...new Set(nodes.flatMap(node => node.getAttributeNames()))],
        links: [...root.querySelectorAll("a")].map(link => [link.protocol, link.rel]),
    };
}"""
MARKS = {
    "a", "blockquote", "button", "code", "div", "em", "li", "ol", "path", "pre", "s", "span",
    "strong", "svg", "time", "u", "ul",
}  # fmt: skip
HOSTILE = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "[click](javascript:alert(1))",
    "[click](data:text/html,<script>alert(1)</script>)",
    "<javascript:alert(1)>",
    '[x](https://example.org/"onmouseover="alert(1))',
    "||<svg onload=alert(1)>||",
    "```html\n</code><script>alert(1)</script>\n```",
    "`</code><script>alert(1)</script>`",
    "<t:99999999999999:R><t:1:Q><@><#>",
    "**<b onclick=alert(1)>bold</b>**",
]
PIECES = st.sampled_from(
    ["*", "**", "_", "__", "~~", "||", "`", "```", "\n", "> ", "# ", "- ", "1. ", "\\", "[", "](",
     ")", "<", ">", "<t:0:R>", "https://a.b/", "javascript:", "a", " ", "</", "script", "é", "👍"]
)  # fmt: skip


def render(page: Page, text: str) -> Any:
    """What the page makes of a text."""
    return page.evaluate(RENDER, text)


def assert_safe(rendered: Any) -> None:
    """Only the tags of Discord's Markdown, no handlers, no links but http(s)."""
    assert set(rendered["tags"]) <= MARKS
    assert not [name for name in rendered["attributes"] if name.startswith("on") or name == "style"]
    assert all(protocol in {"http:", "https:"} for protocol, _ in rendered["links"])
    assert all("noopener" in rel for _, rel in rendered["links"])


@pytest.fixture(scope="module")
def page(stack: RunningStack, browser: Browser) -> Iterator[Page]:
    """A page whose modules are at hand; nobody does anything on it."""
    page = browser.new_page()
    page.goto(stack.url)
    expect(page.locator("html[data-ready]")).to_be_attached()
    yield page
    page.close()


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(page: Page, text: str) -> None:
    """Markup, handlers and script addresses are shown, never obeyed."""
    assert_safe(render(page, text))


@settings(max_examples=60)
@given(pieces=st.lists(PIECES, max_size=60))
def test_no_mixture_of_marks_is_dangerous(page: Page, pieces: list[str]) -> None:
    """Any nesting of Discord's marks renders, safely."""
    assert_safe(render(page, "".join(pieces)))


@pytest.mark.parametrize("text", ["**" * 1000, "*a" * 2000, "||" * 1500, "[" * 3000, "> " * 1000])
def test_no_text_takes_long(page: Page, text: str) -> None:
    """A message's worth of open marks renders in well under a second."""
    took_ms = page.evaluate(
        """async text => {
            const { renderMarkdown } = await import("/static/markdown.js");
            const started = performance.now();
            renderMarkdown(text);
            return performance.now() - started;
        }""",
        text,
    )
    assert took_ms < 1000


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("**bold** *slanted* __under__ ~~gone~~", "<strong>bold</strong> <em>slanted</em> "),
        ("__under__ ~~gone~~", "<u>under</u> <s>gone</s>"),
        ("***both***", "<strong><em>both</em></strong>"),
        ("*a **b** c*", "<em>a <strong>b</strong> c</em>"),
        ("snake_case_name", '<div class="text">snake_case_name</div>'),
        (r"\*not slanted\*", '<div class="text">*not slanted*</div>'),
        ("`**code**`", "<code>**code**</code>"),
        ("# Title", 'aria-level="3">Title</div>'),
        ("> quoted\nnot", '<blockquote><div class="text">quoted</div></blockquote>'),
        ("- one\n  - two", "<ul><li>one<ul><li>two</li></ul></li></ul>"),
        ("3. three", '<ol start="3"><li>three</li></ol>'),
        ("```py\nx = 1\n```", "<code>x = 1</code>"),
        ("</hash:123>", '<span class="mention">/hash</span>'),
        ("[text](https://example.org/a_(b))", 'href="https://example.org/a_(b)"'),
        ("see https://example.org/x.", "https://example.org/x</a>."),
    ],
)
def test_marks_look_as_on_discord(page: Page, text: str, part: str) -> None:
    """The subset of Discord's Markdown that bots use."""
    assert part in render(page, text)["html"]


def test_relative_times_stay_true(visitor: Visitor) -> None:
    """<t:…:R> counts down while one looks."""
    page = visitor.page
    page.clock.install()
    page.reload()
    expect(page.locator("html[data-ready]")).to_be_attached()
    page.evaluate("""async () => {
        const { timestamp } = await import("/static/time.js");
        const at = Math.round(Date.now() / 1000) + 30;
        document.body.append(timestamp(at, "R"));
    }""")
    time = page.locator("body > time")
    expect(time).to_have_text("in 30 seconds")

    page.clock.run_for(25_000)

    expect(time).to_have_text("in 5 seconds")


def test_an_answer_with_markup_is_shown_as_text(visitor: Visitor) -> None:
    """Through the whole way: decoded HTML is text in the chat and runs nothing."""
    page = visitor.page
    visitor.run(
        "/base64 operation:decode text:PGltZyBzcmM9eCBvbmVycm9yPSJkb2N1bWVudC50aXRsZT0neCciPg=="
    )

    message = page.get_by_test_id("message").filter(has_text="onerror")
    expect(message).to_contain_text("<img src=x onerror=")
    expect(page).to_have_title("UtilsBot+ playground")


def test_the_page_forbids_itself_what_it_does_not_need(page: Page) -> None:
    """Its policy stops inline scripts, HTML from strings and requests to anyone else."""
    outcome = page.evaluate("""async () => {
        const tried = {};
        try { document.createElement("div").innerHTML = "<b>x</b>"; tried.html = "done"; }
        catch { tried.html = "refused"; }
        try { await fetch("http://127.0.0.2:9/"); tried.fetch = "done"; }
        catch { tried.fetch = "refused"; }
        const script = document.createElement("script");
        try { script.textContent = "window.ran = true"; document.body.append(script); } catch {}
        tried.ran = window.ran === true;
        return tried;
    }""")

    assert outcome == {"html": "refused", "fetch": "refused", "ran": False}
