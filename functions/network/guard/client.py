"""The guarded client: one request, no redirects, within limits of time and size.

httpcore speaks HTTP; ssrfguard's backend opens the socket to the very address that the resolver has
checked (and checks it once more by its own table); this module adds what neither has: one deadline
for look-up, connection, handshake, headers and body together, and limits on what is read.
"""

import socket
import ssl
import zlib
from collections.abc import Callable, Iterable
from ipaddress import ip_network
from typing import Any, NamedTuple

import certifi
import httpcore
from ssrfguard import BlockedAddressError, BlockedURLError, Policy
from ssrfguard.httpx import SafeBackend

from functions.network.guard.addresses import STRICT, IpAddress
from functions.network.guard.failures import NotHttp, Refusal, TookTooLong, Unreachable
from functions.network.guard.links import Link
from functions.network.guard.resolver import Resolver
from utilsbot import __version__
from utilsbot.i18n import _

WEB_PORTS = frozenset({80, 443})
MAX_BODY_BYTES = 256 * 1024
"""How much of a body is read, and how much it may unpack to."""
_ATTEMPTS = 2
"""Addresses of a host that are tried."""
USER_AGENT = f"UtilsBotPlus/{__version__} (link preview; one request for each address asked for)"


class Fetched(NamedTuple):
    """An answer."""

    status: int
    location: str | None
    """The Location header, if it has one."""
    content_type: str
    body: bytes
    """The beginning of HTML, unpacked; empty after HEAD, or if packed in a way we do not read."""


class GuardedClient:
    """Fetches addresses that users give."""

    def __init__(
        self,
        resolver: Resolver,
        *,
        monotonic: Callable[[], float],
        allowed: frozenset[tuple[str, int]] = frozenset(),
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        """Makes no connection yet.

        Args:
            resolver: checks the addresses.
            monotonic: seconds.
            allowed: (address, port) pairs of stand-ins; never set on AWS.
            ssl_context: certificates to trust; the system's by default.
        """
        self._resolver = resolver
        self._monotonic = monotonic
        self._ports = WEB_PORTS | {port for __, port in allowed}
        self._policy = Policy(
            denied_networks=STRICT,
            allowed_networks=tuple(ip_network(address) for address, __ in allowed),
            allowed_ports=self._ports,
            max_connection_attempts=_ATTEMPTS,
        )
        self._ssl_context = ssl_context or ssl.create_default_context(cafile=certifi.where())

    def fetch(self, method: str, link: Link, timeout_s: float) -> Fetched:
        """The answer to one request; redirects are not followed.

        Args:
            method: HEAD or GET.
            link: where to.
            timeout_s: for all of it together.

        Raises:
            GuardError: nothing was fetched, and why.
        """
        deadline = self._monotonic() + timeout_s
        addresses = self.check(link, timeout_s)
        backend = _DeadlineBackend(self._backend(link, addresses), self._monotonic, deadline)
        pool = httpcore.ConnectionPool(
            ssl_context=self._ssl_context, network_backend=backend, max_keepalive_connections=0
        )
        try:
            with pool, pool.stream(method, _url(link), headers=_headers(link)) as response:
                return self._read(response, method, deadline)
        except (BlockedAddressError, BlockedURLError):
            raise Refusal(link.host, "", None) from None
        except httpcore.TimeoutException:
            why = _("`{host}` took too long to answer").format(host=link.shown_host)
            raise TookTooLong(why) from None
        except (httpcore.NetworkError, ssl.SSLError) as error:
            raise Unreachable(_unreachable(link, error)) from None
        except (httpcore.ProtocolError, httpcore.UnsupportedProtocol):
            why = _("`{host}` does not answer as a web site does").format(host=link.shown_host)
            raise NotHttp(why) from None

    def check(self, link: Link, timeout_s: float) -> list[IpAddress]:
        """The addresses that a link leads to, if it may be opened at all; connects to nothing.

        Raises:
            Refusal: it may not.
            Unresolved: it leads nowhere.
        """
        if link.port not in self._ports:
            why = _("`{host}` is asked on port {port}; only 80 and 443 are web ports")
            why = why.format(host=link.shown_host, port=link.port)
            raise Refusal(link.host, "", None, why)
        return self._resolver.resolve(link.host, link.port, timeout_s)

    def _backend(self, link: Link, addresses: list[IpAddress]) -> SafeBackend:
        """A backend that knows one host, and for it no other addresses than the checked ones."""

        def known(host: str, port: int, *__: Any) -> list[Any]:
            if (host, port) != (link.host, link.port):
                raise OSError("another host")
            return [_answer(ip, port) for ip in addresses]

        return SafeBackend(policy=self._policy, resolver=known)

    def _read(self, response: httpcore.Response, method: str, deadline: float) -> Fetched:
        headers = {name.lower(): value for name, value in response.headers}
        content_type = headers.get(b"content-type", b"").decode("latin-1")
        location = headers.get(b"location")
        body = b""
        if method != "HEAD" and b"html" in content_type.encode().lower():
            unpack = _unpacker(headers.get(b"content-encoding", b"").strip().lower())
            body = self._beginning(response.iter_stream(), unpack, deadline) if unpack else b""
        return Fetched(
            status=response.status,
            # Browsers read the header as Latin-1 or UTF-8; servers that send raw bytes mean UTF-8.
            location=location.decode("utf-8", "replace") if location is not None else None,
            content_type=content_type,
            body=body,
        )

    def _beginning(
        self, chunks: Iterable[bytes], unpack: Callable[[bytes, int], bytes], deadline: float
    ) -> bytes:
        """The first bytes of a body; what comes too late or too much is left."""
        taken, body = 0, bytearray()
        try:
            for chunk in chunks:
                taken += len(chunk)
                body += unpack(chunk, MAX_BODY_BYTES - len(body))
                too_much = len(body) >= MAX_BODY_BYTES or taken >= MAX_BODY_BYTES
                if too_much or self._monotonic() > deadline:
                    break
        except (zlib.error, httpcore.TimeoutException, httpcore.NetworkError):
            pass  # a title may stand in what did arrive
        return bytes(body)


def _answer(ip: IpAddress, port: int) -> tuple[Any, ...]:
    """As getaddrinfo answers."""
    stream = (socket.SOCK_STREAM, socket.IPPROTO_TCP, "")
    if ip.version == 4:
        return (socket.AF_INET, *stream, (str(ip), port))
    return (socket.AF_INET6, *stream, (str(ip), port, 0, 0))


def _url(link: Link) -> httpcore.URL:
    """In parts, so that nothing is parsed a second time."""
    return httpcore.URL(
        scheme=link.scheme.encode(),
        host=link.host.encode(),
        port=link.port,
        target=link.target.encode(),
    )


def _headers(link: Link) -> list[tuple[bytes | str, bytes | str]]:
    return [
        ("Host", link.authority),
        ("User-Agent", USER_AGENT),
        ("Accept", "text/html,*/*;q=0.1"),
        ("Accept-Encoding", "identity"),  # so that there is nothing to unpack; some pack anyway
    ]


def _unpacker(encoding: bytes) -> Callable[[bytes, int], bytes] | None:
    """Unpacks no more than asked for, so that a small body cannot become a large one."""
    if encoding in {b"", b"identity"}:
        return lambda chunk, most: chunk[:most]
    if encoding in {b"gzip", b"x-gzip", b"deflate"}:
        return zlib.decompressobj(zlib.MAX_WBITS | 32).decompress
    return None


def _unreachable(link: Link, error: Exception) -> str:
    if "certificate" in str(error).lower():
        return _("`{host}` shows no valid certificate").format(host=link.shown_host)
    return _("`{host}` cannot be reached").format(host=link.shown_host)


class _DeadlineStream(httpcore.NetworkStream):
    """A connection whose every wait ends at the deadline, however slowly the other side drips."""

    def __init__(
        self, inner: httpcore.NetworkStream, monotonic: Callable[[], float], deadline: float
    ) -> None:
        self._inner = inner
        self._monotonic = monotonic
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        return self._inner.read(max_bytes, self._left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._inner.write(buffer, self._left())

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        secured = self._inner.start_tls(ssl_context, server_hostname, self._left())
        return _DeadlineStream(secured, self._monotonic, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)

    def _left(self) -> float:
        left_s = self._deadline - self._monotonic()
        if left_s <= 0:
            raise httpcore.ReadTimeout("the deadline")
        return left_s


class _DeadlineBackend(httpcore.NetworkBackend):
    """Opens connections that obey a deadline."""

    def __init__(self, inner: SafeBackend, monotonic: Callable[[], float], deadline: float) -> None:
        self._inner = inner
        self._monotonic = monotonic
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        left_s = self._deadline - self._monotonic()
        if left_s <= 0:
            raise httpcore.ConnectTimeout("the deadline")
        # A dead IPv6 address must not use up the time of the IPv4 one.
        each_s = left_s / _ATTEMPTS
        stream = self._inner.connect_tcp(host, port, each_s, local_address, socket_options)
        return _DeadlineStream(stream, self._monotonic, self._deadline)
