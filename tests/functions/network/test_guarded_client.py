"""The guarded client against real servers on loopback: what it sends, and where it stops."""

import contextlib
import gzip
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from functions.network.guard.client import MAX_BODY_BYTES, GuardedClient
from functions.network.guard.failures import (
    GuardError,
    NotHttp,
    Refusal,
    TookTooLong,
    Unreachable,
    Unresolved,
)
from functions.network.guard.links import parse_link
from functions.network.guard.resolver import Resolver
from tests.functions.network.loopback import Server, Told, html, serving

_HTML = ("Content-Type", "text/html")


def _client(port: int, **more: Any) -> GuardedClient:
    """A client that may open one port of loopback, where every name leads."""
    allowed = frozenset({("127.0.0.1", port)})

    def lookup(host: str, asked_port: int) -> list[Any]:
        if host == "nowhere.example":
            raise socket.gaierror("no such host")
        return [(0, 0, 0, "", ("127.0.0.1", asked_port))]

    return GuardedClient(
        Resolver(lookup, allowed), monotonic=time.monotonic, allowed=allowed, **more
    )


@contextlib.contextmanager
def _raw(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server that does not keep to HTTP: the port of one that is called, and answers, once."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(10)  # closing it would not wake a thread that waits

    def serve() -> None:
        with contextlib.suppress(OSError):
            connection, _ = listening.accept()
            with connection:
                answer(connection)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.close()
        thread.join()


def _get(server: Server, path: str = "/") -> bytes:
    link = parse_link(f"http://site.example:{server.port}{path}")
    return _client(server.port).fetch("GET", link, 5).body


def test_the_request_says_whom_it_means_and_who_asks() -> None:
    """The host's name although the address is pinned; no cookies, no referrer, nothing packed."""
    with serving(lambda _: html("x")) as server:
        _get(server, "/a?b=c")
        (asked,) = server.asked

    assert (asked.method, asked.path) == ("GET", "/a?b=c")
    assert asked.headers.pop("user-agent").startswith("UtilsBotPlus/")
    assert asked.headers == {
        "host": f"site.example:{server.port}",
        "accept": "text/html,*/*;q=0.1",
        "accept-encoding": "identity",
    }


def test_a_redirect_is_answered_and_not_followed() -> None:
    """Following is the chain's matter, which checks every hop."""
    with serving(lambda _: Told(302, (("Location", "/ü"),))) as server:
        link = parse_link(server.url)
        answer = _client(server.port).fetch("HEAD", link, 5)

    assert (answer.status, server.connections) == (302, 1)
    assert answer.location is not None


def test_only_the_beginning_of_a_body_is_read() -> None:
    """A page without an end costs no more than a large one."""
    with serving(lambda _: Told(200, (_HTML,), b"x" * (4 * MAX_BODY_BYTES))) as server:
        assert len(_get(server)) == MAX_BODY_BYTES


def test_a_bomb_is_unpacked_no_further_than_the_limit() -> None:
    """100 MB of zeros in 100 KB, although we asked for nothing packed."""
    bomb = gzip.compress(b"0" * 100_000_000, mtime=0)
    packed = ("Content-Encoding", "gzip")
    with serving(lambda _: Told(200, (_HTML, packed), bomb)) as server:
        assert len(_get(server)) == MAX_BODY_BYTES


@pytest.mark.parametrize(
    ("encoding", "body", "expected"),
    [
        ("gzip", gzip.compress(b"<title>hi</title>", mtime=0), b"<title>hi</title>"),
        ("GZIP", gzip.compress(b"hi", mtime=0), b"hi"),
        ("gzip", b"not gzip at all", b""),
        ("br", b"\x0b\x02\x80hi\x03", b""),
        ("gzip, br", b"?", b""),
    ],
)
def test_a_packed_body_is_read_or_left(encoding: str, body: bytes, expected: bytes) -> None:
    """What cannot be unpacked safely is no page, and no error either."""
    with serving(lambda _: Told(200, (_HTML, ("Content-Encoding", encoding)), body)) as server:
        assert _get(server) == expected


def test_what_is_no_page_is_not_downloaded() -> None:
    """Of an image or a film only the headers are of interest."""
    film = ("Content-Type", "video/mp4")
    with serving(lambda _: Told(200, (film,), b"x" * 1000)) as server:
        assert _get(server) == b""


def test_a_server_that_says_nothing_ends_at_the_deadline() -> None:
    """It accepts, and is silent."""
    done = threading.Event()

    def say_nothing(_: socket.socket) -> None:
        done.wait(5)

    with _raw(say_nothing) as port:
        with pytest.raises(TookTooLong, match=r"`127\.0\.0\.1` took too long to answer"):
            _client(port).fetch("GET", parse_link(f"http://127.0.0.1:{port}"), 0.2)
        done.set()


def test_headers_that_drip_end_at_the_deadline() -> None:
    """Each byte comes in time, all together would take for ever."""
    done = threading.Event()

    def drip(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not done.wait(0.02):
            connection.sendall(b"x")

    began = time.monotonic()
    with _raw(drip) as port:
        with pytest.raises(TookTooLong):
            _client(port).fetch("GET", parse_link(f"http://127.0.0.1:{port}"), 0.3)
        done.set()
    assert time.monotonic() - began < 3


def test_a_body_that_drips_gives_what_has_come() -> None:
    """The title may be in it."""
    done = threading.Event()

    def drip(connection: socket.socket) -> None:
        connection.recv(4096)
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9999\r\n\r\n"
        connection.sendall(head + b"<title>slow</title>")
        while not done.wait(0.02):
            connection.sendall(b"x")

    with _raw(drip) as port:
        answer = _client(port).fetch("GET", parse_link(f"http://127.0.0.1:{port}"), 0.3)
        done.set()
    assert answer.body.startswith(b"<title>slow</title>")


@pytest.mark.parametrize(
    "said",
    [b"SSH-2.0-OpenSSH_9\r\n", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"A" * 200_000],
)
def test_what_does_not_speak_http_is_said_to(said: bytes) -> None:
    """As a mail or a shell server would answer, or headers without an end."""

    def say(connection: socket.socket) -> None:
        connection.recv(4096)  # what is closed unread is reset, and that is another failure
        connection.sendall(said)

    with _raw(say) as port, pytest.raises(NotHttp):
        _client(port).fetch("GET", parse_link(f"http://127.0.0.1:{port}"), 2)


def test_nobody_at_the_port_is_unreachable() -> None:
    """A refused connection."""
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as listening:
        port = listening.getsockname()[1]
    with pytest.raises(Unreachable, match=r"`127\.0\.0\.1` cannot be reached"):
        _client(port).fetch("GET", parse_link(f"http://127.0.0.1:{port}"), 2)


def test_a_name_without_an_address_is_unresolved() -> None:
    """And the user is told which one."""
    with pytest.raises(Unresolved, match=r"`nowhere\.example` cannot be found"):
        _client(80).fetch("GET", parse_link("http://nowhere.example"), 2)


def test_a_resolver_that_hangs_ends_at_the_deadline() -> None:
    """The system's resolver knows no time limit."""
    done = threading.Event()

    def hang(host: str, port: int) -> list[Any]:
        done.wait(5)
        return []

    client = GuardedClient(Resolver(hang), monotonic=time.monotonic)
    with pytest.raises(Unresolved, match="could not be looked up within"):
        client.fetch("GET", parse_link("http://slow.example"), 0.1)
    done.set()


def test_a_check_alone_connects_to_nothing() -> None:
    """For addresses that somebody else will open."""
    with serving(lambda _: html("x")) as server:
        assert _client(server.port).check(parse_link(f"http://a.example:{server.port}"), 2)
        with pytest.raises(Refusal, match=r"127\.0\.0\.0/8 is for the machine itself"):
            _client(server.port).check(parse_link("http://a.example"), 2)
    assert server.connections == 0


class _Tls:
    """A TLS server with a certificate of our own for `site.example`."""

    def __init__(self, folder: Path) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(1)
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("site.example")]), False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
            .sign(key, hashes.SHA256())
        )
        pem = certificate.public_bytes(serialization.Encoding.PEM)
        secret = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        (folder / "both.pem").write_bytes(pem + secret)
        self.trust = ssl.create_default_context(cadata=pem.decode())
        self.asked_for: list[str | None] = []
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(folder / "both.pem")
        self._context.sni_callback = lambda _, name, __: self.asked_for.append(name)

    def answer(self, connection: socket.socket) -> None:
        """One answer over TLS."""
        with (
            contextlib.suppress(ssl.SSLError),
            self._context.wrap_socket(connection, server_side=True) as secured,
        ):
            secured.recv(4096)
            secured.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")


def test_tls_is_for_the_name_although_the_address_is_pinned(tmp_path: Path) -> None:
    """SNI and the certificate's check use the host, not the IP address."""
    tls = _Tls(tmp_path)
    with _raw(tls.answer) as port:
        link = parse_link(f"https://site.example:{port}/")
        answer = _client(port, ssl_context=tls.trust).fetch("GET", link, 5)

    assert answer.status == 204
    assert tls.asked_for == ["site.example"]


@pytest.mark.parametrize(("host", "trusted"), [("other.example", True), ("site.example", False)])
def test_a_certificate_for_another_name_or_of_nobody_is_refused(
    host: str, trusted: bool, tmp_path: Path
) -> None:
    """And the user is told that it is the certificate."""
    tls = _Tls(tmp_path)
    with _raw(tls.answer) as port:
        client = _client(port, ssl_context=tls.trust if trusted else None)
        with pytest.raises(GuardError, match=f"`{host}` shows no valid certificate"):
            client.fetch("GET", parse_link(f"https://{host}:{port}/"), 5)
