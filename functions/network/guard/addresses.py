"""Which IP addresses are public, and what the others are for.

The registry is ssrfguard's transcription of IANA's special-purpose registries. Where that library
lets some of them through (an IPv6 address that carries a public IPv4 one, public anycast services),
we let none: only ordinary global unicast addresses are ever connected to.
"""

from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import NamedTuple

from ssrfguard import DEFAULT_DENIED, AddressTable, Block, Reach

from functions.network.guard.purposes import purpose_of

IpAddress = IPv4Address | IPv6Address

_NAT64 = ip_network("64:ff9b::/96")
_COMPATIBLE = ip_network("::/96")


def _unassigned(network: str) -> Block:
    return Block(ip_network(network), "Not assigned", "RFC4291", Reach.DENIED)


# IANA gives out global unicast addresses from 2000::/3 only.
STRICT = AddressTable(
    (
        *(replace(block, reach=Reach.DENIED) for block in DEFAULT_DENIED.blocks),
        *(_unassigned(network) for network in ("::/3", "4000::/2", "8000::/1")),
    )
)


class Range(NamedTuple):
    """A range of addresses that is not the public internet."""

    network: str
    """As `10.0.0.0/8`."""
    purpose: str
    """What it is for, in English; translated where it is shown."""
    rfc: str


def special_range(address: IpAddress) -> Range | None:
    """The special-purpose range that an address is in, or None if it is a public one."""
    block = STRICT.match(address)
    if block is None:
        return None
    return Range(str(block.network), purpose_of(block.name), block.rfc)


def carried_ipv4(address: IpAddress) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for: mapped, 6to4, Teredo or NAT64."""
    if isinstance(address, IPv4Address):
        return None
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour
    if address.teredo:
        return address.teredo[1]
    if address in _NAT64 or (address in _COMPATIBLE and int(address) > 0xFFFF):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None
