"""What is known about an IP address, as plain data: no library, so that commands can import it."""

from typing import Any, NamedTuple


class IpInfo(NamedTuple):
    """What a service says about a public address; empty or None where it says nothing."""

    provider: str
    country: str = ""
    country_code: str = ""
    """Two letters."""
    continent: str = ""
    region: str = ""
    city: str = ""
    postal_code: str = ""
    latitude: float | None = None
    longitude: float | None = None
    time_zone: str = ""
    isp: str = ""
    organisation: str = ""
    """The network's owner."""
    asn: str = ""
    """As `AS15169`."""
    as_name: str = ""
    mobile: bool | None = None
    proxy: bool | None = None
    """A proxy, VPN or Tor exit."""
    hosting: bool | None = None
    """A data centre."""

    def to_json(self) -> dict[str, Any]:
        """For the cache."""
        return self._asdict()

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "IpInfo":
        """From the cache."""
        return cls(**value)


class SpecialRange(NamedTuple):
    """What an address that is not on the public internet is for."""

    network: str
    purpose: str
    """In English; translated where it is shown."""
    rfc: str


class IpReport(NamedTuple):
    """The answer about one address."""

    address: str
    """In its usual form."""
    version: int
    host: str = ""
    """The name that was asked for, as people read it, if it was a name."""
    others: tuple[str, ...] = ()
    """The name's further addresses."""
    special: SpecialRange | None = None
    carried: str = ""
    """The IPv4 address that an IPv6 address stands for."""
    carried_special: SpecialRange | None = None
    info: IpInfo | None = None
    """None for an address that is not public."""
