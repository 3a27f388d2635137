"""Themes, contrast, motion and names for assistive technology."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.stack.conftest import RunningStack

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

DARK, LIGHT = {"color_scheme": "dark"}, {"color_scheme": "light"}

CONTRAST = """() => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
    const context = canvas.getContext("2d", { willReadFrequently: true });
    const rgba = colour => {
        context.clearRect(0, 0, 1, 1);
        context.fillStyle = colour;
        context.fillRect(0, 0, 1, 1);
        return [...context.getImageData(0, 0, 1, 1).data];
    };
    const luminance = ([r, g, b]) => [r, g, b]
        .map(part => part / 255)
        .map(part => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
        .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
    const ground = element => {
        for (let at = element; at; at = at.parentElement) {
            const colour = rgba(getComputedStyle(at).backgroundColor);
            if (colour[3] === 255) return colour;
        }
        return [255, 255, 255, 255];
    };
    const readable = element => element.checkVisibility()
        && !element.closest("[disabled], .avatar, .tools")
        && [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    return [...document.querySelectorAll("body *")].filter(readable).map(element => {
        const pair = [luminance(rgba(getComputedStyle(element).color)), luminance(ground(element))];
        const ratio = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
        return { text: element.textContent.trim().slice(0, 40), name: element.className, ratio };
    }).filter(each => each.ratio < 4.5);
}"""

UNNAMED = """() => [...document.querySelectorAll("button, input, select, textarea, a[href], img")]
    .filter(element => element.checkVisibility() && !element.closest("[aria-hidden=true]"))
    .filter(element => element.localName === "img"
        ? !element.hasAttribute("alt")
        : !(element.getAttribute("aria-label") || element.textContent.trim()
            || element.labels?.length || element.querySelector("img[alt]:not([alt=''])")))
    .map(element => element.outerHTML.slice(0, 120))"""


def ground(page: Page) -> Any:
    """The colour behind the chat."""
    return page.locator("#chat").evaluate("chat => getComputedStyle(chat).backgroundColor")


@pytest.mark.parametrize("visitor", [LIGHT, DARK], indirect=True, ids=["light", "dark"])
def test_everything_can_be_read(visitor: Visitor) -> None:
    """Every text has a contrast of 4.5 or more, in both themes, with all kinds of content."""
    page = visitor.page
    visitor.run("/help")
    visitor.run("/base64 operation:decode text:%%%")
    visitor.run("/qr create text:contrast private:false")
    expect(page.get_by_test_id("image").last).to_be_visible()
    page.keyboard.press("Control+i")
    assert page.evaluate(CONTRAST) == []

    page.keyboard.press("Control+i")
    page.keyboard.type("/")
    expect(page.get_by_test_id("command-list")).to_be_visible()
    assert page.evaluate(CONTRAST) == []

    page.keyboard.type("password length:x")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("option-error")).to_be_visible()
    assert page.evaluate(CONTRAST) == []


@pytest.mark.parametrize("visitor", [LIGHT, DARK], indirect=True, ids=["light", "dark"])
def test_the_theme_follows_the_system_until_one_is_chosen(visitor: Visitor) -> None:
    """Without a choice the system's theme; a choice survives the next visit."""
    page = visitor.page
    first = ground(page)
    page.emulate_media(color_scheme="light")
    light = ground(page)
    page.emulate_media(color_scheme="dark")
    dark = ground(page)
    assert light != dark
    assert first in {light, dark}

    page.get_by_test_id("theme").click()
    assert ground(page) == light
    page.reload()
    expect(page.get_by_test_id("theme")).to_have_attribute("aria-label", "Theme: light")
    assert ground(page) == light


def test_everything_has_a_name(visitor: Visitor) -> None:
    """Every control and picture says what it is to a screen reader; messages are a live log."""
    page = visitor.page
    visitor.run("/qr create text:names")
    expect(page.get_by_test_id("image").last).to_be_visible()
    page.keyboard.press("Control+i")

    assert page.evaluate(UNNAMED) == []
    expect(page.get_by_role("log", name="Messages")).to_have_attribute("aria-live", "polite")
    expect(page.get_by_role("navigation", name="Places")).to_be_visible()


def test_the_focus_is_visible(visitor: Visitor) -> None:
    """Whatever Tab reaches shows an outline or a ring."""
    page = visitor.page
    for _ in range(12):
        page.keyboard.press("Tab")
        shown = page.evaluate("""() => {
            const style = getComputedStyle(document.activeElement);
            const ringed = document.activeElement.closest(".composer, .pill");
            const nothing = document.activeElement === document.body;
            return style.outlineStyle !== "none" || Boolean(ringed) || nothing;
        }""")
        assert shown, page.evaluate("document.activeElement.outerHTML")


@pytest.mark.parametrize("visitor", [{"reduced_motion": "reduce"}], indirect=True)
def test_motion_stops_for_those_who_ask(visitor: Visitor) -> None:
    """With reduced motion nothing keeps moving."""
    page = visitor.page
    visitor.run("/totp")
    expect(page.get_by_test_id("modal")).to_be_visible()

    moving = "document.getAnimations().filter(each => each.playState === 'running').length"
    page.wait_for_function(f"({moving}) === 0")


def test_the_page_speaks_to_its_own_stack_only(visitor: Visitor, stack: RunningStack) -> None:
    """No request goes anywhere else: no fonts, no CDN, no telemetry."""
    page = visitor.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    expect(page.locator("html[data-ready]")).to_be_attached()

    visitor.run("/qr create text:requests")
    expect(page.get_by_test_id("image").last).to_be_visible()

    assert asked
    assert [url for url in asked if not url.startswith((stack.url, "data:", "blob:"))] == []
