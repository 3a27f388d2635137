"""Following links over loopback: where a chain leads, and every way in which it can end."""

import time
from typing import Any

import pytest

from functions.network.chain_embed import chain_embed
from functions.network.chains import CHAIN_S, Chains
from functions.network.expansion import MAX_HOPS, End, Expansion
from functions.network.guard.client import GuardedClient
from functions.network.guard.resolver import Resolver
from tests.functions.network.loopback import (
    Asked,
    Script,
    Server,
    Ticks,
    Told,
    html,
    meter,
    redirect,
    serving,
)
from utilsbot.errors import BadInput
from utilsbot.reply import Colour


class Memory:
    """A cache in memory."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Any] = {}

    def get(self, kind: str, asked: str) -> Any | None:
        """What was put."""
        return self.kept.get((kind, asked))

    def put(self, kind: str, asked: str, value: Any, life_s: int) -> bool:
        """Keeps it."""
        self.kept[kind, asked] = value
        return True


def _chains(server: Server, memory: Memory | None = None) -> Chains:
    allowed = frozenset({server.socket})
    client = GuardedClient(Resolver(allowed=allowed), monotonic=time.monotonic, allowed=allowed)
    return Chains(client, memory or Memory())  # type: ignore[arg-type]


def _site(**pages: Told) -> Script:
    """A site by path; `start` is `/start`."""
    return lambda asked: pages.get(asked.path.strip("/").replace("/", "_"), Told(404))


def _expand(script: Script, path: str = "/start") -> tuple[Expansion, Server]:
    with serving(script) as server:
        return _chains(server).expand(f"{server.url}{path}", meter()), server


def _statuses(expansion: Expansion) -> list[int | None]:
    return [hop.status for hop in expansion.hops]


def test_a_chain_is_told_hop_by_hop_with_its_title() -> None:
    """Each address with its status; HEAD for the redirects and a GET for the page."""
    site = _site(
        start=redirect("/two", 301), two=redirect("three#part", 307), three=html("  The\n end ")
    )
    expansion, server = _expand(site)

    assert expansion.end is End.PAGE
    assert _statuses(expansion) == [301, 307, 200]
    assert expansion.final.url == f"{server.url}/three#part"
    assert expansion.title == "The end"
    assert [asked.method for asked in server.asked] == ["HEAD", "HEAD", "HEAD", "GET"]


def test_a_link_that_is_none_is_said_to_be_none() -> None:
    """No redirect: it leads straight to its page."""
    expansion, _ = _expand(_site(start=html("Here")))

    assert (expansion.end, expansion.redirects) == (End.PAGE, 0)
    assert chain_embed(expansion).title == "The link is not a short one"


@pytest.mark.parametrize("status", [400, 403, 404, 405, 500, 501])
def test_a_server_that_refuses_head_is_asked_by_get(status: int) -> None:
    """Many shorteners do; only the GET counts then."""

    def script(asked: Asked) -> Told:
        if asked.method == "HEAD":
            return Told(status)
        return redirect("/page") if asked.path == "/start" else html("Page")

    expansion, _ = _expand(script)

    assert (expansion.end, _statuses(expansion)) == (End.PAGE, [302, 200])


@pytest.mark.parametrize("status", [404, 410])
def test_a_dead_link_is_told_from_a_circle(status: int) -> None:
    """The host is there and says that the page is not."""
    expansion, _ = _expand(_site(start=redirect("/gone"), gone=Told(status)))

    assert (expansion.end, _statuses(expansion)) == (End.DEAD, [302, status])


@pytest.mark.parametrize("to", ["/start", "/start#elsewhere", "/two"])
def test_a_circle_ends_where_it_closes(to: str) -> None:
    """Whatever the fragment."""
    expansion, _ = _expand(_site(start=redirect("/two"), two=redirect(to)))

    assert expansion.end is End.LOOP
    assert len(expansion.hops) == 3
    assert "circle" in chain_embed(expansion).title


def test_a_chain_without_an_end_is_left() -> None:
    """After as many redirects as browsers would call too many, and a few less."""
    numbers = iter(range(1000))
    expansion, server = _expand(lambda _: redirect(f"/{next(numbers)}"))

    assert expansion.end is End.TOO_MANY
    assert len(server.asked) == MAX_HOPS + 1
    assert expansion.redirects == MAX_HOPS + 1


def test_an_error_of_the_last_host_is_told() -> None:
    """It may be meant for programs only."""
    expansion, _ = _expand(_site(start=redirect("/no"), no=Told(403)))

    assert (expansion.end, _statuses(expansion)) == (End.ERROR, [302, 403])


def test_a_host_that_is_not_there_is_told() -> None:
    """With the chain up to it."""
    expansion, _ = _expand(_site(start=redirect("http://127.0.0.1:1/")))

    assert expansion.end is End.REFUSED
    assert "port 1; only 80 and 443" in expansion.why


def test_a_redirect_without_a_place_is_a_page() -> None:
    """A 302 that says nothing leads nowhere."""
    expansion, _ = _expand(_site(start=Told(302)))

    assert (expansion.end, _statuses(expansion)) == (End.PAGE, [302])


@pytest.mark.parametrize(
    ("location", "says"),
    [
        ("ftp://files.example/", "Only `http` and `https`"),
        ("https://paypal.com@evil.example/", "real host is `evil.example`"),
        ("http://169.254.169.254/latest/", "; 169.254.169.254/32 is for the metadata of cloud"),
        ("http://10.0.0.1/", "; 10.0.0.0/8 is for private networks"),
    ],
)
def test_a_step_that_is_not_taken_is_explained(location: str, says: str) -> None:
    """What stands in the way, in words; the chain up to there is told."""
    expansion, _ = _expand(_site(start=redirect(location)))

    assert expansion.end is End.REFUSED
    assert says in expansion.why
    assert "For safety the last step was not taken" in chain_embed(expansion).description


def test_a_page_that_goes_on_by_itself_is_told_and_not_opened() -> None:
    """A refresh in the HTML."""
    body = b'<title>Wait</title><meta http-equiv=Refresh content="0; url=/next">'
    page = Told(200, (("Content-Type", "text/html"),), body)
    expansion, server = _expand(_site(start=page))

    assert expansion.forwards_to == f"{server.url}/next"
    assert "/next" not in [asked.path for asked in server.asked]


def test_an_address_that_may_not_be_opened_is_refused_at_once() -> None:
    """As the user's mistake, with the option's name."""
    with serving(_site()) as server:
        with pytest.raises(BadInput, match="Only `http`") as caught:
            _chains(server).expand("file:///etc/passwd", meter(), option="url")
        assert server.connections == 0
    assert caught.value.option == "url"


def test_an_answer_is_kept_for_everybody() -> None:
    """The second time nobody is asked, and the answer is the same."""
    memory = Memory()
    with serving(_site(start=redirect("/page"), page=html("Page"))) as server:
        chains = _chains(server, memory)
        first, before = chains.expand(f"{server.url}/start", meter()), server.connections
        second = chains.expand(f"{server.url}/start", meter())

        assert server.connections == before
    assert first == second


def test_what_is_kept_is_kept_for_each_language() -> None:
    """The warnings in it are sentences."""
    memory = Memory()
    with serving(_site(start=redirect("/page"), page=html("Page"))) as server:
        chains = _chains(server, memory)
        chains.expand(f"{server.url}/start", meter(), language="de")
        before = server.connections
        chains.expand(f"{server.url}/start", meter(), language="fr")

        assert server.connections > before
    assert len(memory.kept) == 2


def test_what_may_be_better_soon_is_not_kept() -> None:
    """An error of a server is asked again."""
    memory = Memory()
    with serving(_site(start=Told(503))) as server:
        _chains(server, memory).expand(f"{server.url}/start", meter())

    assert memory.kept == {}


def test_every_hop_is_measured() -> None:
    """Its outcome is the status; no address goes to the log."""
    used = meter()
    with serving(_site(start=redirect("/gone"), gone=Told(404))) as server:
        _chains(server).expand(f"{server.url}/start", used)

    assert [(call.api, call.outcome, call.failed) for call in used.calls] == [
        ("unshorten", "302", False),
        ("unshorten", "404", False),
        ("unshorten", "404", False),
    ]


def test_a_refused_hop_is_measured_as_one() -> None:
    """With the word for it."""
    used = meter()
    with serving(_site(start=redirect("http://10.0.0.1/"))) as server:
        _chains(server).expand(f"{server.url}/start", used)

    assert [(call.outcome, call.failed) for call in used.calls] == [
        ("302", False),
        ("refused", True),
    ]


def test_the_whole_chain_has_a_time_limit() -> None:
    """However quick every hop is."""
    ticks, numbers = Ticks(), iter(range(100))

    def slow(_: Asked) -> Told:
        ticks.now += CHAIN_S / 2
        return redirect(f"/{next(numbers)}")

    with serving(slow) as server:
        expansion = _chains(server).expand(server.url, meter(ticks))

    assert (expansion.end, expansion.why) == (End.SILENT, "the whole chain took too long")
    assert len(expansion.hops) == 3


def test_what_is_remarkable_is_warned_of() -> None:
    """A long chain that ends unencrypted."""
    steps = {f"s{n}": redirect(f"/s{n + 1}") for n in range(4)}
    expansion, _ = _expand(_site(start=redirect("/s0"), **steps, s4=html("End")))

    told = chain_embed(expansion)
    assert any("chain is long: 5 redirects" in warning for warning in expansion.warnings)
    assert any("not encrypted" in warning for warning in expansion.warnings)
    assert told.colour == Colour.WARNING


def test_an_expansion_survives_the_cache() -> None:
    """Every part of it."""
    expansion, _ = _expand(_site(start=redirect("/page"), page=html("Page")))

    assert Expansion.from_json(expansion.to_json()) == expansion
