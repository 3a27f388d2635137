"""The table of hostile addresses: typed, resolved to, rebound to, redirected to; none is reached.

"Reached" is measured twice: by listeners on loopback that count what they accept, and by a record
of every connection that this process so much as attempts.
"""

# ruff: noqa: RUF001 -- the ambiguous characters are the attack

import itertools
import socket
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

import httpx
import pytest

from functions.network.chains import Chains
from functions.network.expansion import End
from functions.network.guard.client import Fetched, GuardedClient
from functions.network.guard.failures import GuardError, Unreachable
from functions.network.guard.links import BadLink, parse_link
from functions.network.guard.resolver import Resolver
from tests.functions.network.loopback import Server, Told, html, meter, redirect, serving

PUBLIC = "93.184.215.14"


class Case(NamedTuple):
    """What somebody types; a name among it resolves to `answers`."""

    text: str
    answers: tuple[str, ...] = ()


# {port} is where a listener waits on 127.0.0.1 and ::1; the guard is told that it is a web port, so
# that only its rules for addresses stand in the way.
LITERALS = [
    # IPv4 loopback in every spelling that browsers, curl or inet_aton take.
    "http://127.0.0.1:{port}/",
    "http://127.0.0.1.:{port}/",
    "http://127.1:{port}/",
    "http://127.0.1:{port}/",
    "http://2130706433:{port}/",
    "http://0x7f000001:{port}/",
    "http://0x7f.0x0.0x0.0x1:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://017700000001:{port}/",
    "http://0x7f.1:{port}/",
    "http://127.0.0.01:{port}/",
    "http://0:{port}/",
    "http://0.0.0.0:{port}/",
    "http://127.255.255.254:{port}/",
    "http://①②⑦.⓪.⓪.①:{port}/",
    "http://１２７.０.０.１:{port}/",
    "http://127。0。0。1:{port}/",
    "http://127．0｡0。1:{port}/",
    "127.0.0.1:{port}",
    "//127.0.0.1:{port}/",
    # IPv6, and IPv4 dressed as IPv6.
    "http://[::1]:{port}/",
    "http://[0:0:0:0:0:0:0:1]:{port}/",
    "http://[::]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://[::ffff:7f00:1]:{port}/",
    "http://[0:0:0:0:0:ffff:127.0.0.1]:{port}/",
    "http://[::127.0.0.1]:{port}/",
    "http://[::7f00:1]:{port}/",
    "http://[64:ff9b::7f00:1]:{port}/",
    "http://[64:ff9b::169.254.169.254]:{port}/",
    "http://[64:ff9b:1::7f00:1]:{port}/",
    "http://[64:ff9b::8.8.8.8]:{port}/",
    "http://[2002:7f00:1::]:{port}/",
    "http://[2002:a9fe:a9fe::1]:{port}/",
    "http://[2002:808:808::1]:{port}/",
    "http://[2001:0:7f00:1::80ff:fffe]:{port}/",
    "http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]:{port}/",
    "http://[::ffff:8.8.8.8]:{port}/",
    "http://[::ffff:0:127.0.0.1]:{port}/",
    "http://[fe80::1]:{port}/",
    "http://[fe80::1%25lo]:{port}/",
    "http://[fe80::1%lo]:{port}/",
    "http://[fec0::1]:{port}/",
    "http://[fc00::1]:{port}/",
    "http://[fd00:ec2::254]:{port}/",
    "http://[ff02::1]:{port}/",
    "http://[ff0e::1]:{port}/",
    "http://[2001:db8::1]:{port}/",
    "http://[3fff::1]:{port}/",
    "http://[5f00::1]:{port}/",
    "http://[100::1]:{port}/",
    "http://[4000::1]:{port}/",
    "http://[2001:20::1]:{port}/",
    # Private, shared, special and metadata addresses.
    "http://10.0.0.1:{port}/",
    "http://172.16.0.1:{port}/",
    "http://172.31.255.255:{port}/",
    "http://192.168.1.1:{port}/",
    "http://100.64.0.1:{port}/",
    "http://100.100.100.200:{port}/",
    "http://169.254.169.254:{port}/latest/meta-data/",
    "http://2852039166:{port}/latest/meta-data/",
    "http://0xa9fea9fe:{port}/",
    "http://0251.0376.0251.0376:{port}/",
    "http://169.254.170.2:{port}/v2/credentials/",
    "http://169.254.100.1:{port}/2018-06-01/runtime/invocation/next",
    "http://192.0.0.1:{port}/",
    "http://192.0.0.9:{port}/",
    "http://192.0.0.192:{port}/",
    "http://192.0.2.1:{port}/",
    "http://192.88.99.1:{port}/",
    "http://198.18.0.1:{port}/",
    "http://198.51.100.1:{port}/",
    "http://203.0.113.1:{port}/",
    "http://224.0.0.1:{port}/",
    "http://239.255.255.250:{port}/",
    "http://240.0.0.1:{port}/",
    "http://255.255.255.255:{port}/",
    # Names that mean something on our side only.
    "http://localhost:{port}/",
    "http://LOCALHOST:{port}/",
    "http://localhost.:{port}/",
    "http://ｌｏｃａｌｈｏｓｔ:{port}/",
    "http://foo.localhost:{port}/",
    "http://printer.local:{port}/",
    "http://metadata:{port}/",
    "http://metadata.google.internal:{port}/",
    "http://instance-data.ec2.internal:{port}/",
    "http://router.home.arpa:{port}/",
    "http://duckduckgogg42.onion:{port}/",
    # Addresses that two parsers read in two ways.
    "http://user:pass@127.0.0.1:{port}/",
    "http://example.com@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}@example.com/",
    "http://example.com:80@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}\\@example.com/",
    "http://example.com\\@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}#@example.com/",
    "http://127.0.0.1:{port}?@example.com/",
    "http://127.0.0.1%2f.example.com:{port}/",
    "http://%31%32%37.0.0.1:{port}/",
    "http://127.0.0.1\t:{port}/",
    "http://127.0.\n0.1:{port}/",
    "http://127.0.0.1:{port}\r\nHost: example.com/",
    "http://exam\u00adple.com\u2028.127.0.0.1:{port}/",
    "http:127.0.0.1:{port}/",
    "http:/127.0.0.1:{port}/",
    "http:///127.0.0.1:{port}/",
    "http://[127.0.0.1]:{port}/",
    "http://[::1:{port}/",
    "http://256.256.256.256:{port}/",
    "http://127.0.0.1.5:{port}/",
    "http://1.2.3.0x7f000001:{port}/",
    "http://0x:{port}/",
    # Schemes that are no web.
    "file:///etc/passwd",
    "gopher://127.0.0.1:{port}/_GET",
    "ftp://127.0.0.1:{port}/",
    "dict://127.0.0.1:{port}/info",
    "ws://127.0.0.1:{port}/",
    "data:text/html,hello",
    "javascript:alert(1)",
    "unix:/var/run/docker.sock",
    "http+unix://%2Fvar%2Frun%2Fdocker.sock/",
]

NAMES = [
    ("127.0.0.1",),
    ("127.8.8.8",),
    ("0.0.0.0",),  # noqa: S104
    ("10.1.2.3",),
    ("169.254.169.254",),
    ("169.254.100.1",),
    ("192.168.0.1",),
    ("100.64.0.1",),
    ("::1",),
    ("::",),
    ("::ffff:127.0.0.1",),
    ("64:ff9b::7f00:1",),
    ("2002:7f00:1::1",),
    ("fd00:ec2::254",),
    ("fe80::1%lo",),
    ("224.0.0.1",),
    (PUBLIC, "127.0.0.1"),
    ("127.0.0.1", PUBLIC),
    ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::1"),
    (PUBLIC, "169.254.169.254", PUBLIC),
]

CASES = [Case(text) for text in LITERALS] + [
    Case("http://evil.example.com:{port}/", answers) for answers in NAMES
]

PORTS = ["1", "21", "22", "25", "79", "81", "443.", "0", "6379", "8080", "9001", "65535", "65536"]


class Attempts(list[tuple[str, int]]):
    """Where this process tried to connect to."""


@pytest.fixture
def attempts(monkeypatch: pytest.MonkeyPatch) -> Attempts:
    """Notes every connection; only those to loopback are let through."""
    noted = Attempts()
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        noted.append((address[0], address[1]))
        if address[0] not in {"127.0.0.1", "::1"}:
            raise ConnectionRefusedError("not in a test")
        real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    return noted


@pytest.fixture(scope="module")
def prey() -> Iterator[Server]:
    """What must not be reached, on IPv4 loopback."""
    with serving(lambda _: html("you have reached me")) as server:
        yield server


@pytest.fixture(scope="module")
def prey6(prey: Server) -> Iterator[Server]:
    """The same on IPv6 loopback, on the same port."""
    if not socket.has_ipv6:
        pytest.skip("no IPv6 on this machine")
    with serving(lambda _: html("you"), socket.AF_INET6, prey.port) as server:
        yield server


class Dns:
    """A resolver that is told its answers: one tuple for each time that it is asked."""

    def __init__(self, *answers: tuple[str, ...]) -> None:
        self._answers = itertools.chain(answers, itertools.repeat(answers[-1] if answers else ()))
        self.asked: list[str] = []

    def __call__(self, host: str, port: int) -> list[Any]:
        self.asked.append(host)
        addresses = next(self._answers)
        if not addresses:
            raise socket.gaierror("no such host")
        return [(0, 0, 0, "", (address, port)) for address in addresses]


def guard(
    dns: Dns, *, web_ports: tuple[int, ...] = (), allowed: tuple[tuple[str, int], ...] = ()
) -> GuardedClient:
    """The guarded client; `web_ports` are let through as ports and nothing else is."""
    # An address of a range for documentation: allowing it allows the port, and reaches nothing.
    sockets = frozenset(allowed) | {("192.0.2.255", port) for port in web_ports}
    return GuardedClient(Resolver(dns, sockets), monotonic=time.monotonic, allowed=sockets)


def visit(client: GuardedClient, text: str) -> Fetched:
    """What a command does with an address."""
    return client.fetch("GET", parse_link(text), 2.0)


def test_the_listeners_do_count(prey: Server, prey6: Server) -> None:
    """An unguarded client reaches them by spellings of the table, so the counters do count."""
    before = prey.connections, prey6.connections
    for host in ("2130706433", "0x7f.1", "[::1]"):
        httpx.get(f"http://{host}:{prey.port}/", trust_env=False)

    assert (prey.connections, prey6.connections) == (before[0] + 2, before[1] + 1)


def test_a_stand_in_that_is_allowed_is_reached(prey: Server, attempts: Attempts) -> None:
    """The guard does let through what it is told to, so its refusals are not all that it can do."""
    client = guard(Dns(), allowed=(prey.socket,))

    assert visit(client, f"{prey.url}/").status == 200
    assert attempts == [prey.socket]


@pytest.mark.parametrize("case", CASES, ids=lambda case: repr(case))
def test_a_hostile_address_is_not_reached(
    case: Case, prey: Server, prey6: Server, attempts: Attempts
) -> None:
    """Whatever way it is written or resolved, no connection is even attempted."""
    before = prey.connections, prey6.connections
    client = guard(Dns(case.answers), web_ports=(prey.port,))

    with pytest.raises((BadLink, GuardError)):
        visit(client, case.text.format(port=prey.port))

    assert attempts == []
    assert (prey.connections, prey6.connections) == before


@pytest.mark.parametrize("case", CASES, ids=lambda case: repr(case))
def test_a_redirect_to_a_hostile_address_is_not_followed(
    case: Case, prey: Server, prey6: Server, attempts: Attempts
) -> None:
    """Every hop is checked like the first one: only the harmless first server is reached."""
    before = prey.connections, prey6.connections
    target = case.text.format(port=prey.port)
    if "\r" in target or "\n" in target:
        target = target.replace("\r", "").replace("\n", "")  # no header can carry these
    header = target.encode().decode("latin-1")
    with serving(lambda _: redirect(header)) as door:
        client = guard(Dns(case.answers), web_ports=(prey.port,), allowed=(door.socket,))
        expansion = Chains(client, NoCache()).expand(f"{door.url}/start", meter())  # type: ignore[arg-type]

        assert set(attempts) == {door.socket}
    assert expansion.end in {End.REFUSED, End.SILENT, End.NO_HOST, End.LOOP, End.TOO_MANY}
    assert (prey.connections, prey6.connections) == before


@pytest.mark.parametrize("port", PORTS)
def test_only_web_ports_are_asked(port: str, attempts: Attempts) -> None:
    """A public address on any other port is refused too."""
    with pytest.raises((BadLink, GuardError)):
        visit(guard(Dns((PUBLIC,))), f"http://example.com:{port}/")

    assert attempts == []


def test_a_name_is_resolved_once_and_the_answer_is_what_is_connected_to(
    attempts: Attempts,
) -> None:
    """DNS rebinding: the second answer, which is hostile, is never asked for."""
    dns = Dns((PUBLIC,), ("127.0.0.1",))

    with pytest.raises(Unreachable):
        visit(guard(dns), "http://rebind.example.com/")

    assert dns.asked == ["rebind.example.com"]
    assert attempts == [(PUBLIC, 80)]


def test_a_name_that_is_rebound_between_two_hops_is_refused(
    prey: Server, attempts: Attempts
) -> None:
    """A host that was fine for the first hop is checked again for the second."""
    before = prey.connections
    with serving(lambda _: redirect(f"http://rebind.example.com:{prey.port}/")) as door:
        dns = Dns(("127.0.0.1",), ("127.0.0.1",))
        client = guard(dns, web_ports=(prey.port,), allowed=(door.socket,))
        first = f"http://rebind.example.com:{door.port}/"
        expansion = Chains(client, NoCache()).expand(first, meter())  # type: ignore[arg-type]

    assert expansion.end is End.REFUSED
    assert set(attempts) == {door.socket}
    assert prey.connections == before


def test_an_exception_for_one_port_opens_no_other(prey: Server, attempts: Attempts) -> None:
    """A local run's exception is for one socket, not for the machine."""
    client = guard(Dns(), web_ports=(prey.port,), allowed=(("127.0.0.1", prey.port + 1),))

    with pytest.raises(GuardError):
        visit(client, f"{prey.url}/")

    assert attempts == []


def test_the_environment_cannot_send_us_through_a_proxy(
    prey: Server, attempts: Attempts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy would resolve the name itself."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, prey.url)

    with pytest.raises(Unreachable):
        visit(guard(Dns((PUBLIC,))), "http://example.com/")

    assert attempts == [(PUBLIC, 80)]


def test_the_table_is_long_enough() -> None:
    """Issue 3 asks for 60 cases at least, each of them different."""
    assert len(set(CASES)) == len(CASES) >= 60


class NoCache:
    """Keeps nothing."""

    def get(self, kind: str, asked: str) -> None:
        """Nothing."""

    def put(self, kind: str, asked: str, value: Any, life_s: int) -> bool:
        """Nothing."""
        return False


def test_a_second_parser_sees_the_same_host() -> None:
    """What is checked, what is connected to and the Host header are one and the same part."""
    with serving(lambda _: Told()) as server:
        client = guard(Dns(("127.0.0.1",)), allowed=(server.socket,))
        visit(client, f"http://BÜCHER.example:{server.port}/ä?q=ü#frag")

        (asked,) = server.asked
    assert asked.headers["host"] == f"xn--bcher-kva.example:{server.port}"
    assert asked.path == "/%C3%A4?q=%C3%BC"
