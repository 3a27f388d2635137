"""Screenshots from the stand-ins over loopback, with the operator's limits on moto."""

import contextlib
import socket
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from functions.network.calls import Calls
from functions.network.failures import ServicesFailed
from functions.network.guard.client import GuardedClient
from functions.network.guard.resolver import Resolver
from functions.network.provider_http import ProviderHttp
from functions.network.screenshots import BUDGET, LEASE_S, Screenshots
from functions.network.shot_providers import ApiFlash, ScreenshotOne
from functions.network.shots import SIZES, Shot, ShotOptions
from local.standins.chromium import PageError, Wish
from local.standins.screenshot_services import apiflash_routes, screenshotone_routes
from tests.fakes import FakeClock
from tests.functions.network.loopback import Script, Told, meter, serving, serving_app
from tests.functions.network.test_images import picture
from utilsbot.clock import Clock
from utilsbot.discord.http_client import new_client
from utilsbot.errors import BadInput, NotConfigured, ServiceError, StoreError, UserError
from utilsbot.meter import Meter
from utilsbot.settings import Secret
from utilsbot.store import table as store_table
from utilsbot.store.budget import Budgets

KEY = "k3y-of-the-operator"


def _dns(host: str, port: int) -> list[Any]:
    if host == "nowhere.example":
        raise socket.gaierror("no such host")
    address = "10.0.0.1" if host == "inside.example" else "93.184.215.14"
    return [(0, 0, 0, "", (address, port))]


class House:
    """Screenshots with everything around them."""

    def __init__(self, table: str, fake: FakeClock, one: str | None, two: str | None) -> None:
        self.client = new_client()
        self.budgets = Budgets(store_table.connect(), table, fake.clock.now)
        self.meter: Meter = meter()
        self.key_fails = False
        http = ProviderHttp(Clock(), self.client)
        providers: list[Any] = []
        if one:
            providers.append(ScreenshotOne(http, one, self._key))
        if two:
            providers.append(ApiFlash(http, two, self._key))
        self.screenshots = Screenshots(
            providers,
            checker=GuardedClient(Resolver(_dns), monotonic=time.monotonic),
            calls=Calls(fake.sleep),
            budgets=self.budgets,
            daily_limit=5,
            at_once=2,
        )

    def _key(self) -> Secret:
        if self.key_fails:
            raise ServiceError("parameter /x: AccessDenied")
        return Secret(KEY)

    def take(self, url: str = "example.com", owner: str = "1", **options: Any) -> Shot:
        """One screenshot, with a meter of its own."""
        self.meter = meter()
        return self.screenshots.take(
            url, ShotOptions(**options), self.meter, owner=owner, limit_bytes=1_000_000
        )

    @property
    def called(self) -> list[tuple[str, str]]:
        """What the last one called, and how that ended."""
        return [(call.api, call.outcome) for call in self.meter.calls]

    @property
    def left(self) -> int:
        """What is left of the day's allowance; spends it."""
        return sum(self.budgets.spend(BUDGET, 5) for _ in range(6))


class Camera:
    """Takes the stand-ins' pictures without a browser."""

    def __init__(self) -> None:
        self.wishes: list[Wish] = []
        self.trouble = ""

    def __call__(self, wish: Wish) -> bytes:
        self.wishes.append(wish)
        if self.trouble:
            raise PageError(self.trouble)
        return picture(wish.width, wish.height)


@pytest.fixture
def camera() -> Camera:
    """What the stand-ins photograph with."""
    return Camera()


@pytest.fixture
def standins(camera: Camera) -> Iterator[str]:
    """Both services."""
    one = Mount("/one", routes=screenshotone_routes(KEY, camera))
    two = Mount("/two", routes=apiflash_routes(KEY, camera))
    with serving_app(Starlette(routes=[one, two])) as url:
        yield url


@contextlib.contextmanager
def _house(table: str, fake: FakeClock, one: str | None, two: str | None = None) -> Iterator[House]:
    house = House(table, fake, one, two)
    yield house
    house.client.close()


@pytest.fixture
def house(table: str, fake_clock: FakeClock, standins: str) -> Iterator[House]:
    """Screenshots at both stand-ins."""
    with _house(table, fake_clock, f"{standins}/one", f"{standins}/two") as house:
        yield house


@contextlib.contextmanager
def _scripted(
    table: str, fake: FakeClock, first: Script, second: Script | None = None
) -> Iterator[House]:
    with (
        serving(first) as one,
        serving(second or (lambda _: Told(500))) as two,
        _house(table, fake, one.url, two.url if second else None) as house,
    ):
        yield house


def _error(code: str, status: int = 400) -> Told:
    body = f'{{"is_successful": false, "error_code": "{code}", "error_message": "x"}}'
    return Told(status, (("Content-Type", "application/json"),), body.encode())


def _image() -> Told:
    return Told(200, (("Content-Type", "image/png"),), picture(200, 100))


def test_a_picture_comes_back_as_it_was_asked_for(house: House, camera: Camera) -> None:
    """Every option arrives in the service's own form."""
    shot = house.take("example.com/a?b=c", size=SIZES[3], full_page=True, delay_s=3, dark=True)

    assert camera.wishes == [
        Wish("https://example.com/a?b=c", 390, 844, full_page=True, delay_s=3, dark=True)
    ]
    assert (shot.provider, shot.width, shot.height) == ("ScreenshotOne", 390, 844)
    assert (shot.dark, shot.suffix, shot.host) == (True, ".png", "example.com")
    assert house.called == [("screenshotone", "ok")]


def test_the_second_service_takes_over(table: str, fake_clock: FakeClock, standins: str) -> None:
    """And says that it knows no dark colours."""
    with (
        serving(lambda _: _error("internal_application_error", 500)) as broken,
        _house(table, fake_clock, broken.url, f"{standins}/two") as house,
    ):
        shot = house.take(dark=True)

        assert (shot.provider, shot.dark) == ("ApiFlash", False)
        assert house.called == [*[("screenshotone", "500")] * 2, ("apiflash", "ok")]


def test_the_key_travels_in_a_header_or_a_body_and_never_in_an_address(
    table: str, fake_clock: FakeClock
) -> None:
    """Addresses are what gets logged."""
    with serving(lambda _: Told(500)) as one, serving(lambda _: _image()) as two:
        with _house(table, fake_clock, one.url, two.url) as house:
            house.take()

        (first, *_), (second,) = one.asked, two.asked
    assert first.headers["x-access-key"] == KEY
    assert (second.method, second.path) == ("POST", "/v1/urltoimage")
    assert KEY not in first.path + second.path


def test_without_a_service_it_says_so(table: str, fake_clock: FakeClock) -> None:
    """Before anything is looked up or spent; never a made-up picture."""
    with _house(table, fake_clock, None) as house:
        with pytest.raises(NotConfigured, match="Taking screenshots is not set up on this bot"):
            house.take()
        assert house.left == 5


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("ftp://example.com", "Only `http` and `https` addresses can be opened."),
        ("http://10.0.0.1/", "No screenshot: `10.0.0.1` is not on the public internet"),
        ("http://inside.example/", "`inside.example` is not on the public internet; 10.0.0.0/8"),
        ("http://169.254.169.254/", "metadata of cloud machines"),
        ("http://localhost/", "`localhost` is no name of the public internet"),
        ("http://example.com:8080/", "only 80 and 443 are web ports"),
        (
            "http://nowhere.example/",
            "No screenshot: `nowhere.example` cannot be found. Check the spelling.",
        ),
    ],
)
def test_an_address_that_is_not_public_goes_to_nobody(
    house: House, camera: Camera, url: str, says: str
) -> None:
    """Neither to a service nor against the allowance."""
    with pytest.raises(BadInput) as caught:
        house.take(url)

    assert says in caught.value.text
    assert caught.value.option == "url"
    assert (house.called, camera.wishes, house.left) == ([], [], 5)


@pytest.mark.parametrize(
    ("trouble", "says"),
    [
        ("NAME_NOT_RESOLVED", "there is no such host"),
        ("TIMED_OUT", "the page took too long to load"),
        ("CONNECTION_REFUSED", "the page could not be opened"),
    ],
)
def test_a_page_that_is_at_fault_is_said_and_costs_nothing(
    house: House, camera: Camera, trouble: str, says: str
) -> None:
    """No other service is asked for the same page."""
    camera.trouble = trouble
    with pytest.raises(BadInput) as caught:
        house.take()

    assert caught.value.text == f"No screenshot of `example.com`: {says}."
    assert [api for api, _ in house.called] == ["screenshotone"]
    assert house.left == 5


@pytest.mark.parametrize(
    ("told", "word", "why"),
    [
        (_error("access_key_invalid"), "access_key_invalid", "does not accept the key"),
        (_error("screenshots_limit_reached"), "screenshots_limit_reached", "no screenshots left"),
        (_error("concurrency_limit_reached"), "concurrency_limit_reached", "is busy"),
        (_error("request_not_valid"), "request_not_valid", "refused (status 400)"),
        (_error("x y <script>", 403), "403", "does not accept the key"),
        (Told(429), "429", "asks us to slow down"),
        (Told(200, (("Content-Type", "text/html"),), b"<html>"), "no_image", "is no image"),
    ],
)
def test_a_service_that_fails_is_named_with_its_reason(
    table: str, fake_clock: FakeClock, told: Told, word: str, why: str
) -> None:
    """An operator's matter is told as one; nothing is spent."""
    with _scripted(table, fake_clock, lambda _: told) as house:
        with pytest.raises(ServicesFailed) as caught:
            house.take()

        (attempt,) = caught.value.attempts
        assert attempt.provider == "ScreenshotOne"
        assert why in attempt.why
        assert house.called[0] == ("screenshotone", word)
        assert house.left == 5


@pytest.mark.parametrize(
    ("status", "why"), [(401, "key"), (402, "no screenshots left"), (503, "503")]
)
def test_the_second_services_failures_are_named_too(
    table: str, fake_clock: FakeClock, status: int, why: str
) -> None:
    """In the order in which they were asked."""
    with (
        _scripted(table, fake_clock, lambda _: Told(503), lambda _: Told(status)) as house,
        pytest.raises(ServicesFailed) as caught,
    ):
        house.take()

    assert [attempt.provider for attempt in caught.value.attempts] == ["ScreenshotOne", "ApiFlash"]
    assert why in caught.value.attempts[1].why


def test_a_broken_image_is_no_picture(table: str, fake_clock: FakeClock) -> None:
    """The next service is asked; a fake success is never shown."""
    half = Told(200, (("Content-Type", "image/png"),), picture(50, 50)[:60])
    with _scripted(table, fake_clock, lambda _: half, lambda _: _image()) as house:
        assert house.take().provider == "ApiFlash"


def test_a_key_that_cannot_be_read_is_told(house: House) -> None:
    """With nothing of the parameter."""
    house.key_fails = True
    with pytest.raises(ServicesFailed, match="its key could not be read") as caught:
        house.take()

    assert "AccessDenied" not in caught.value.text


def test_the_days_allowance_is_for_everybody(house: House) -> None:
    """And says when it starts again."""
    for number in range(5):
        house.take(owner=str(number))
    with pytest.raises(UserError) as caught:
        house.take()

    assert caught.value.text == (
        "Today's 5 screenshots, which everybody shares, are used up. "
        "New ones start <t:1790035200:R>."
    )


def test_only_so_many_are_taken_at_once(house: House) -> None:
    """The next one is told to wait; when one is done, its place is free."""
    slots = [house.budgets.occupy(BUDGET, owner, places=2, lease_s=LEASE_S) for owner in ("a", "b")]
    with pytest.raises(UserError, match="2 screenshots are being taken right now"):
        house.take(owner="c")
    assert slots[0]
    house.budgets.leave(slots[0])

    assert house.take(owner="c")
    assert house.take(owner="d")


def test_without_the_store_nothing_is_spent(
    table: str, fake_clock: FakeClock, standins: str, camera: Camera, aws: dict[str, str]
) -> None:
    """The bill comes before the picture; the worker tries again."""
    with (
        _house("no-such-table", fake_clock, f"{standins}/one") as house,
        pytest.raises(StoreError),
    ):
        house.take()
    assert camera.wishes == []


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"url": "https://a.example", "full_page": "True"}, "request_not_valid"),
        ({"url": "a.example"}, "request_not_valid"),
        ({"url": "https://a.example", "delay": "99"}, "request_not_valid"),
    ],
)
def test_the_stand_in_is_as_strict_as_the_service(
    standins: str, params: dict[str, str], code: str
) -> None:
    """Python's `True` is what the original bot failed on."""
    headers = {"X-Access-Key": KEY}
    answer = httpx.get(f"{standins}/one/take", params=params, headers=headers, trust_env=False)

    assert (answer.status_code, answer.json()["error_code"]) == (400, code)
    assert answer.headers["x-stand-in"] == "utilsbot"


@pytest.mark.parametrize(
    ("headers", "code"),
    [({}, "access_key_required"), ({"X-Access-Key": "x"}, "access_key_invalid")],
)
def test_the_stand_in_wants_its_key(standins: str, headers: dict[str, str], code: str) -> None:
    """As the service does."""
    answer = httpx.get(f"{standins}/one/take", headers=headers, trust_env=False)

    assert answer.json()["error_code"] == code
