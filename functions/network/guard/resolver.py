"""Looks names up once, within a time limit, and lets only checked addresses out."""

import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from ipaddress import ip_address
from typing import Any

from functions.network.guard.addresses import IpAddress, special_range
from functions.network.guard.failures import Refusal, Unresolved
from functions.network.guard.links import is_local_name

Lookup = Callable[[str, int], list[Any]]
"""As socket.getaddrinfo(host, port, type=SOCK_STREAM): tuples whose last part is the address."""

_MOST_LOOKUPS = 4
"""Look-ups under way at once; one that hangs cannot be stopped, only left behind."""


def system_lookup(host: str, port: int) -> list[Any]:
    """The operating system's resolver."""
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)


class Resolver:
    """Names and literal addresses to checked addresses."""

    def __init__(
        self, lookup: Lookup = system_lookup, allowed: frozenset[tuple[str, int]] = frozenset()
    ) -> None:
        """Makes no look-up yet.

        Args:
            lookup: the resolver.
            allowed: (address, port) pairs that are let through whatever range they are in: the
                stand-ins of a local run, never set on AWS.
        """
        self._lookup = lookup
        self._allowed = allowed
        self._threads = ThreadPoolExecutor(_MOST_LOOKUPS, thread_name_prefix="resolve")

    def resolve(self, host: str, port: int, timeout_s: float) -> list[IpAddress]:
        """Every address of a host, all of them checked.

        Args:
            host: ASCII, as in Link.
            port: a refusal may depend on it.
            timeout_s: for the look-up.

        Raises:
            Refusal: one of its addresses is not public. A name with public and other addresses is
                refused as a whole, because that is what a rebinding attack looks like.
            Unresolved: it has no address, or the look-up took too long.
        """
        addresses = self.addresses(host, port, timeout_s)
        for address in addresses:
            found = special_range(address)
            if found and (str(address), port) not in self._allowed:
                raise Refusal(host, str(address), found)
        return addresses

    def addresses(self, host: str, port: int, timeout_s: float) -> list[IpAddress]:
        """Every address of a host, unchecked: to be told, not to be connected to.

        Raises:
            Refusal: the name means something on our own machine or network only.
            Unresolved: it has no address, or the look-up took too long.
        """
        try:
            return [ip_address(host)]
        except ValueError:
            pass
        if is_local_name(host):
            raise Refusal(host, "", None)
        try:
            answers = self._threads.submit(self._lookup, host, port).result(timeout_s)
        except FutureTimeout:
            raise Unresolved(host, timeout_s) from None
        except (OSError, UnicodeError):
            raise Unresolved(host) from None
        # A scope (fe80::1%eth0) is part of the text and makes the address link-local anyway.
        found = [ip_address(str(answer[4][0]).partition("%")[0]) for answer in answers]
        if not found:
            raise Unresolved(host)
        return list(dict.fromkeys(found))
