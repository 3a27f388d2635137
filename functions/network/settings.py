"""What the network group's function is told by its environment."""

from collections.abc import Mapping
from ipaddress import ip_address
from typing import NamedTuple

from utilsbot import settings as s


def _sockets(raw: str) -> frozenset[tuple[str, int]]:
    """`address:port` pairs, separated by commas."""
    pairs = set()
    for part in raw.split(","):
        address, _, port = part.strip().rpartition(":")
        try:
            pairs.add((str(ip_address(address.strip("[]"))), int(port)))
        except ValueError:
            raise ValueError("should be IP addresses with ports, as 127.0.0.1:8080") from None
    return frozenset(pairs)


IP_API_URL = s.Setting("IP_API_URL", s.address, "ip-api.com, or a stand-in", "http://ip-api.com")
IPWHOIS_URL = s.Setting("IPWHOIS_URL", s.address, "ipwho.is, or a stand-in", "https://ipwho.is")
SCREENSHOTONE_URL = s.Setting(
    "SCREENSHOTONE_URL", s.address, "ScreenshotOne, or a stand-in", "https://api.screenshotone.com"
)
SCREENSHOTONE_PARAMETER = s.Setting(
    "SCREENSHOTONE_KEY_PARAMETER", s.text, "SSM parameter with ScreenshotOne's access key", ""
)
APIFLASH_URL = s.Setting(
    "APIFLASH_URL", s.address, "ApiFlash, or a stand-in", "https://api.apiflash.com"
)
APIFLASH_PARAMETER = s.Setting(
    "APIFLASH_KEY_PARAMETER", s.text, "SSM parameter with ApiFlash's access key", ""
)
SCREENSHOTS_A_DAY = s.Setting(
    "SCREENSHOTS_A_DAY", s.whole_number, "screenshots that everybody together may take a day", 200
)
SCREENSHOTS_AT_ONCE = s.Setting(
    "SCREENSHOTS_AT_ONCE", s.whole_number, "screenshots that are taken at once", 4
)
GUARD_ALLOW: s.Setting[frozenset[tuple[str, int]]] = s.Setting(
    "GUARD_ALLOW", _sockets, "stand-ins that the guard lets through; never set on AWS", frozenset()
)


class NetworkSettings(NamedTuple):
    """The group's settings."""

    ip_api_url: str
    ipwhois_url: str
    screenshotone_url: str
    screenshotone_parameter: str
    """Empty: not set up."""
    apiflash_url: str
    apiflash_parameter: str
    """Empty: not set up."""
    screenshots_a_day: int
    screenshots_at_once: int
    guard_allow: frozenset[tuple[str, int]]

    @classmethod
    def from_env(cls, environment: Mapping[str, str]) -> "NetworkSettings":
        """The settings.

        Raises:
            BadSettings: naming every variable that is wrong.
        """
        reader = s.Reader(environment)
        settings = cls(
            ip_api_url=reader.read(IP_API_URL),
            ipwhois_url=reader.read(IPWHOIS_URL),
            screenshotone_url=reader.read(SCREENSHOTONE_URL),
            screenshotone_parameter=reader.read(SCREENSHOTONE_PARAMETER),
            apiflash_url=reader.read(APIFLASH_URL),
            apiflash_parameter=reader.read(APIFLASH_PARAMETER),
            screenshots_a_day=reader.read(SCREENSHOTS_A_DAY),
            screenshots_at_once=reader.read(SCREENSHOTS_AT_ONCE),
            guard_allow=reader.read(GUARD_ALLOW),
        )
        reader.finish()
        return settings
