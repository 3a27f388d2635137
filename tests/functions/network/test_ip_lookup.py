"""Looking addresses up at the stand-ins over loopback, with the store on moto."""

import contextlib
import json
import socket
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from functions.network.calls import Calls
from functions.network.failures import ServicesFailed
from functions.network.guard.addresses import STRICT
from functions.network.guard.purposes import purpose_of
from functions.network.guard.resolver import Resolver
from functions.network.ip_lookup import CACHE_S, IpLookup
from functions.network.ip_providers import IpApi, IpWhois
from functions.network.ip_report import IpInfo, IpReport
from functions.network.provider_http import ProviderHttp
from local.standins.ip_services import MARK, RateLimit, ip_api_routes, ipwhois_routes
from scripts.messages import texts
from tests.fakes import FakeClock
from tests.functions.network.loopback import Script, Told, meter, serving, serving_app
from utilsbot.clock import Clock
from utilsbot.discord.http_client import new_client
from utilsbot.errors import BadInput, ServiceError, UserError
from utilsbot.meter import Meter
from utilsbot.store import table as store_table
from utilsbot.store.budget import Budgets
from utilsbot.store.cache import Cache

_NOBODY = "http://127.0.0.1:1"
_NAMES = {
    "dual.example": ("93.184.215.14", "2606:2800:21f::1"),
    "inside.example": ("10.0.0.7",),
}


def _dns(host: str, port: int) -> list[Any]:
    if host not in _NAMES:
        raise socket.gaierror("no such host")
    return [(0, 0, 0, "", (address, port)) for address in _NAMES[host]]


class House:
    """Look-ups with everything around them; `fresh()` is another Lambda instance."""

    def __init__(self, table: str, fake: FakeClock, ip_api: str, ipwhois: str) -> None:
        self.fake = fake
        self._addresses = ip_api, ipwhois
        client = store_table.connect()
        self.budgets = Budgets(client, table, fake.clock.now)
        self._cache = Cache(client, table, fake.clock.now)
        self.meter: Meter = meter()
        self._clients: list[httpx.Client] = []
        self.lookup = self.fresh()

    def fresh(self) -> IpLookup:
        """A look-up that shares only the store."""
        self._clients.append(new_client())
        http = ProviderHttp(Clock(), self._clients[-1])
        ip_api, ipwhois = self._addresses
        return IpLookup(
            (IpApi(http, ip_api), IpWhois(http, ipwhois)),
            resolver=Resolver(_dns),
            calls=Calls(self.fake.sleep),
            cache=self._cache,
            budgets=self.budgets,
            clock=self.fake.clock,
        )

    def close(self) -> None:
        """Ends all connections."""
        for client in self._clients:
            client.close()

    def ask(self, text: str) -> IpReport:
        """One look-up, with a meter of its own."""
        self.meter = meter()
        return self.lookup.look_up(text, self.meter)

    @property
    def called(self) -> list[tuple[str, str]]:
        """What the last look-up called, and how that ended."""
        return [(call.api, call.outcome) for call in self.meter.calls]


@pytest.fixture(scope="module")
def standins() -> Iterator[str]:
    """Both services, with a limit of three requests a minute."""
    limit = RateLimit(per_window=1000)
    application = Starlette(
        routes=[Mount("/api", routes=ip_api_routes(limit)), Mount("/who", routes=ipwhois_routes())]
    )
    with serving_app(application) as url:
        yield url


@pytest.fixture
def house(table: str, fake_clock: FakeClock, standins: str) -> Iterator[House]:
    """Look-ups at the stand-ins."""
    house = House(table, fake_clock, f"{standins}/api", f"{standins}/who")
    yield house
    house.close()


def _info(report: IpReport) -> IpInfo:
    assert report.info is not None
    return report.info


def test_a_public_address_is_looked_up(house: House) -> None:
    """At ip-api.com first; what comes from a stand-in is marked as that."""
    info = _info(house.ask("1.1.1.1"))

    assert (info.provider, info.organisation) == ("ip-api.com", MARK)
    assert info.country
    assert info.city
    assert info.time_zone
    assert info.asn.startswith("AS")
    assert info.latitude is not None
    assert isinstance(info.hosting, bool)
    assert house.called == [("ip-api", "ok")]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("2606:4700:4700:0::1111", "2606:4700:4700::1111"),
        ("[2606:4700:4700::1111]", "2606:4700:4700::1111"),
        ("0x01010101", "1.1.1.1"),
        (" 1.1.1.1 ", "1.1.1.1"),
        ("https://1.1.1.1/path", "1.1.1.1"),
        ("dual.example", "93.184.215.14"),
        ("https://dual.example/x?y", "93.184.215.14"),
        ("DUAL.example.", "93.184.215.14"),
    ],
)
def test_an_address_may_be_given_in_any_way(house: House, text: str, address: str) -> None:
    """IPv4, IPv6, a name, a whole web address."""
    report = house.ask(text)

    assert report.address == address
    assert report.info


def test_a_name_tells_all_its_addresses(house: House) -> None:
    """The first is looked up, the others are named."""
    report = house.ask("dual.example")

    assert (report.host, report.others) == ("dual.example", ("2606:2800:21f::1",))


@pytest.mark.parametrize(
    ("text", "network", "purpose"),
    [
        ("10.1.2.3", "10.0.0.0/8", "private networks"),
        ("192.168.0.1", "192.168.0.0/16", "private networks"),
        ("127.0.0.1", "127.0.0.0/8", "the machine itself (loopback)"),
        ("100.64.1.1", "100.64.0.0/10", "the inner networks of internet providers"),
        ("169.254.1.1", "169.254.0.0/16", "machines on the same link"),
        ("169.254.169.254", "169.254.169.254/32", "the metadata of cloud machines"),
        ("224.0.0.251", "224.0.0.0/4", "multicast"),
        ("192.0.2.7", "192.0.2.0/24", "documentation and examples"),
        ("240.0.0.1", "240.0.0.0/4", "future use"),
        ("0.0.0.0", "0.0.0.0/32", "no particular machine"),  # noqa: S104
        ("::1", "::1/128", "the machine itself (loopback)"),
        ("fe80::1", "fe80::/10", "machines on the same link"),
        ("fd12::1", "fc00::/7", "private networks"),
        ("ff02::1", "ff00::/8", "multicast"),
        ("2001:db8::1", "2001:db8::/32", "documentation and examples"),
        ("inside.example", "10.0.0.0/8", "private networks"),
    ],
)
def test_a_special_address_is_named_for_what_it_is(
    house: House, text: str, network: str, purpose: str
) -> None:
    """And nobody outside hears of it."""
    report = house.ask(text)

    assert report.special
    assert (report.special.network, report.special.purpose) == (network, purpose)
    assert report.info is None
    assert house.called == []


def test_every_range_has_a_purpose_that_is_translated() -> None:
    """The registry's own names are English, and no prose: "for IPv4-mapped Address"."""
    known = {text.id for text in texts()}
    for block in STRICT.blocks:
        assert purpose_of(block.name) != block.name
        assert purpose_of(block.name) in known


@pytest.mark.parametrize(
    ("text", "carried", "inner"),
    [
        ("::ffff:8.8.8.8", "8.8.8.8", None),
        ("64:ff9b::a00:1", "10.0.0.1", "private networks"),
        ("2002:0808:0808::1", "8.8.8.8", None),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", "192.0.2.45", "documentation and examples"),
    ],
)
def test_an_address_that_stands_for_another_says_so(
    house: House, text: str, carried: str, inner: str | None
) -> None:
    """IPv4 in IPv6: mapped, NAT64, 6to4, Teredo."""
    report = house.ask(text)

    assert report.carried == carried
    assert (report.carried_special.purpose if report.carried_special else None) == inner


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("nowhere.example", "`nowhere.example` cannot be found. Check the spelling."),
        ("MÜNCHEN.example", "`münchen.example` cannot be found. Check the spelling."),
        ("localhost", "`localhost` is a name for use within one's own network"),
        ("1.2.3.4.5", "This is no valid IP address."),
        ("no host", "This is no valid host name."),
        ("", "This is no valid host name."),
        ("::g", "This is no valid IPv6 address."),
    ],
)
def test_what_is_no_address_is_explained(house: House, text: str, says: str) -> None:
    """As the user's mistake, at the option."""
    with pytest.raises(BadInput) as caught:
        house.ask(text)

    assert caught.value.text.startswith(says)
    assert caught.value.option == "ip"
    assert house.called == []


def test_an_answer_is_kept_for_a_day_and_for_everybody(house: House) -> None:
    """Another instance does not ask again until it is over."""
    first = house.ask("1.1.1.1")
    house.lookup = house.fresh()

    assert house.ask("1.1.1.1") == first
    assert house.called == []
    house.fake.advance(CACHE_S)
    assert _info(house.ask("1.1.1.1")) == first.info
    assert house.called == [("ip-api", "ok")]


@contextlib.contextmanager
def _scripted(table: str, fake: FakeClock, first: Script, second: Script) -> Iterator[House]:
    with serving(first) as one, serving(second) as two:
        house = House(table, fake, one.url, two.url)
        yield house
        house.close()


def _json(value: Any, status: int = 200, **headers: str) -> Told:
    pairs = tuple((name.replace("_", "-"), text) for name, text in headers.items())
    return Told(status, (("Content-Type", "application/json"), *pairs), json.dumps(value).encode())


_GOOD = {"status": "success", "country": "Nowhere", "as": "AS64512 Somebody"}
_WHO = {"success": True, "country": "Elsewhere", "connection": {"asn": 64513, "org": "Who"}}


def test_the_last_request_of_a_window_is_obeyed_by_everybody(
    table: str, fake_clock: FakeClock
) -> None:
    """X-Rl 0: this answer counts, and no instance asks again for X-Ttl seconds."""
    first, second = (lambda _: _json(_GOOD, X_Rl="0", X_Ttl="23")), (lambda _: _json(_WHO))
    with _scripted(table, fake_clock, first, second) as house:
        assert _info(house.ask("1.1.1.1")).provider == "ip-api.com"
        assert house.budgets.paused_until("ip-api") == fake_clock.seconds + 23

        house.lookup = house.fresh()
        assert _info(house.ask("1.1.1.2")).provider == "ipwho.is"
        assert house.called == [("ipwhois", "ok")]
        fake_clock.advance(23)
        assert _info(house.ask("1.1.1.3")).provider == "ip-api.com"


@pytest.mark.parametrize(("ttl", "pause_s"), [("7", 7), ("", 60), ("soon", 60), ("9999999", 60)])
def test_a_429_pauses_and_the_second_service_answers(
    table: str, fake_clock: FakeClock, ttl: str, pause_s: int
) -> None:
    """At once, without a second try; without X-Ttl for a minute."""
    first, second = (lambda _: Told(429, (("X-Ttl", ttl),))), (lambda _: _json(_WHO))
    with _scripted(table, fake_clock, first, second) as house:
        info = _info(house.ask("1.1.1.1"))

        assert (info.provider, info.asn) == ("ipwho.is", "AS64513")
        assert house.called == [("ip-api", "429"), ("ipwhois", "ok")]
        assert house.budgets.paused_until("ip-api") == fake_clock.seconds + pause_s


def test_the_stand_ins_own_limit_is_never_exceeded(table: str, fake_clock: FakeClock) -> None:
    """Sixty look-ups in a minute: 45 go to ip-api.com, none is refused there."""
    limit = RateLimit(now=lambda: fake_clock.seconds)
    application = Starlette(
        routes=[Mount("/api", routes=ip_api_routes(limit)), Mount("/who", routes=ipwhois_routes())]
    )
    with serving_app(application) as url:
        house = House(table, fake_clock, f"{url}/api", f"{url}/who")
        outcomes = []
        for number in range(60):
            house.ask(f"1.1.2.{number}")
            outcomes += house.called
        house.close()

    assert outcomes.count(("ip-api", "ok")) == 45
    assert outcomes.count(("ipwhois", "ok")) == 15


@pytest.mark.parametrize(
    ("told", "word", "tries"),
    [
        (Told(503), "503", 2),
        (Told(200, (), b"<html>"), "bad_body", 2),
        (Told(200, (), b"[]"), "bad_body", 2),
        (Told(200, (), b"x" * 100_000), "too_large", 1),
        (_json({"status": "fail", "message": "invalid query"}), "no_data", 1),
    ],
)
def test_a_service_that_fails_is_followed_by_the_second(
    table: str, fake_clock: FakeClock, told: Told, word: str, tries: int
) -> None:
    """After another try where that may help; each is measured."""
    with _scripted(table, fake_clock, lambda _: told, lambda _: _json(_WHO)) as house:
        assert _info(house.ask("1.1.1.1")).country == "Elsewhere"
        assert house.called == [*[("ip-api", word)] * tries, ("ipwhois", "ok")]


def test_when_all_fail_each_is_named(table: str, fake_clock: FakeClock) -> None:
    """An honest message, which counts as a failure of ours."""
    first = _json({"status": "fail", "message": "reserved `range`"})
    second = _json({"success": False, "message": "You've hit the monthly limit"})
    with _scripted(table, fake_clock, lambda _: first, lambda _: second) as house:
        with pytest.raises(ServicesFailed) as caught:
            house.ask("1.1.1.1")

        assert caught.value.text == (
            "Nothing was found out about `1.1.1.1`:\n"
            "- **ip-api.com** knows nothing of it (it says `reserved 'range'`)\n"
            "- **ipwho.is** knows nothing of it (it says `You've hit the monthly limit`)\n"
            "Please try again in a minute."
        )
        assert issubclass(ServicesFailed, UserError)
        assert issubclass(ServicesFailed, ServiceError)


def test_nobody_there_and_a_pause_are_told_too(table: str, fake_clock: FakeClock) -> None:
    """With the time until when we may not ask."""
    house = House(table, fake_clock, _NOBODY, _NOBODY)
    house.budgets.pause("ip-api", 1_790_000_030.5)

    with pytest.raises(ServicesFailed) as caught:
        house.ask("1.1.1.1")
    house.close()
    assert [attempt.why for attempt in caught.value.attempts] == [
        "**ip-api.com** asked us not to call it until <t:1790000031:T>",
        "**ipwho.is** could not be reached",
    ]


def test_a_failure_is_not_kept(table: str, fake_clock: FakeClock) -> None:
    """The next one asks again."""
    answers = [Told(503), Told(503), _json(_GOOD)]
    with _scripted(table, fake_clock, lambda _: answers.pop(0), lambda _: Told(503)) as house:
        with pytest.raises(ServicesFailed):
            house.ask("1.1.1.1")
        assert _info(house.ask("1.1.1.1")).country == "Nowhere"


def test_fields_of_another_form_are_left_out(table: str, fake_clock: FakeClock) -> None:
    """A service may change; what is not understood is not shown."""
    odd = {
        "status": "success",
        "country": 7,
        "lat": "north",
        "lon": 1e9,
        "mobile": "yes",
        "as": None,
    }
    with _scripted(table, fake_clock, lambda _: _json(odd), lambda _: Told(500)) as house:
        assert _info(house.ask("1.1.1.1")) == IpInfo("ip-api.com")
