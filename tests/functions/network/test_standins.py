"""The stand-ins of the network group's services: their forms, their marks, their wiring."""

import io
from collections.abc import Iterator

import httpx
import pytest
from PIL import Image
from starlette.applications import Starlette

from functions.network.settings import NetworkSettings
from local import standins
from local.standins import chromium
from local.standins.chromium import PageError, Wish, photograph
from local.standins.ip_services import MARK, RateLimit
from tests.functions.network.loopback import html, serving, serving_app

needs_chromium = pytest.mark.skipif(
    not chromium.is_available(), reason="no Chromium on this machine"
)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """All of them, as the local stack mounts them."""
    with serving_app(Starlette(routes=standins.routes())) as address:
        yield address


def _get(address: str, **more: str) -> httpx.Response:
    return httpx.get(address, trust_env=False, **more)  # type: ignore[arg-type]


def test_ip_api_answers_in_its_form_and_says_what_it_is(url: str) -> None:
    """The fields that were asked for, the rate limit's headers, the mark."""
    answer = _get(f"{url}/standins/ip-api/json/1.1.1.1?fields=status,isp,query")

    assert answer.json() == {"status": "success", "isp": MARK, "query": "1.1.1.1"}
    assert answer.headers["x-stand-in"] == "utilsbot"
    assert int(answer.headers["x-rl"]) < 45
    assert 0 < int(answer.headers["x-ttl"]) <= 60


@pytest.mark.parametrize(
    ("query", "message"),
    [("10.0.0.1", "private range"), ("100.64.0.1", "reserved range"), ("x", "invalid query")],
)
def test_ip_api_refuses_in_its_own_words(url: str, query: str, message: str) -> None:
    """With status 200, as it does."""
    answer = _get(f"{url}/standins/ip-api/json/{query}")

    assert (answer.status_code, answer.json()["message"]) == (200, message)


def test_ipwhois_answers_in_its_form(url: str) -> None:
    """The same address has the same place at both."""
    one = _get(f"{url}/standins/ip-api/json/2606:4700::1").json()
    two = _get(f"{url}/standins/ipwhois/2606:4700::1").json()

    assert (two["success"], two["type"]) == (True, "IPv6")
    assert (two["city"], two["timezone"]["id"]) == (one["city"], one["timezone"])
    assert two["connection"]["org"] == MARK
    assert _get(f"{url}/standins/ipwhois/10.0.0.1").json()["message"] == "Reserved range"


def test_the_rate_limit_is_ip_apis() -> None:
    """So many in a window that begins with the first; then none until it ends."""
    now = [100.0]
    limit = RateLimit(per_window=2, window_s=60, now=lambda: now[0])
    taken = [limit.take() for _ in range(3)]
    now[0] += 60

    assert [ok for ok, _ in taken] == [True, True, False]
    assert [headers["X-Rl"] for _, headers in taken] == ["1", "0", "0"]
    assert limit.take()[0]


def test_the_wiring_is_made_of_real_settings(url: str) -> None:
    """Every variable is one that the function reads, and the guard's exception is one socket."""
    wiring = standins.wiring(url)
    settings = NetworkSettings.from_env(wiring.environment)

    host, _, port = url.rpartition("/")[2].partition(":")
    assert settings.guard_allow == {(host, int(port))}
    assert _get(f"{settings.ip_api_url}/json/1.1.1.1").json()["status"] == "success"
    assert _get(f"{settings.ipwhois_url}/1.1.1.1").json()["success"]
    assert set(wiring.parameters.values()) <= {standins.ACCESS_KEY}
    assert bool(settings.screenshotone_parameter) == chromium.is_available()


def test_without_a_chromium_the_services_stay_unset(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that /screenshot says plainly that it is not set up."""
    monkeypatch.setenv("PATH", "")
    wiring = standins.wiring(url)

    assert wiring.parameters == {}
    assert not NetworkSettings.from_env(wiring.environment).screenshotone_parameter


@needs_chromium
@pytest.mark.browser
@pytest.mark.parametrize("full_page", [False, True])
def test_chromium_takes_a_real_picture(full_page: bool) -> None:
    """Of a page on loopback: its size, its dark colours, its mark."""
    page = html("x")
    dark = "@media (prefers-color-scheme: dark) { body { background: #012345 } }"
    style = f"<style>body {{ margin: 0; height: 1500px }} {dark}</style>".encode()
    with serving(lambda _: page._replace(body=page.body + style)) as server:
        wish = Wish(f"{server.url}/", 400, 300, full_page=full_page, dark=True)
        image = Image.open(io.BytesIO(photograph(wish)))

    assert image.size == (400, 1500 if full_page else 300)
    assert image.convert("RGB").getpixel((10, 200)) == (0x01, 0x23, 0x45)
    assert image.convert("RGB").getpixel((398, 2)) == (0xB0, 0x00, 0x20)


@needs_chromium
@pytest.mark.browser
def test_chromium_says_what_a_page_lacks() -> None:
    """In its own word, which the stand-ins turn into the services' codes."""
    with pytest.raises(PageError, match=r"CONNECTION_REFUSED|UNSAFE_PORT"):
        photograph(Wish("http://127.0.0.1:1/", 400, 300))
