"""The services that know where IP addresses are, behind one protocol.

ip-api.com: https://ip-api.com/docs/api:json (free: plain HTTP, 45 requests a minute for an address
of ours; its X-Rl and X-Ttl headers must be obeyed). ipwho.is: https://ipwhois.io/documentation.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from functions.network.failures import ProviderFailed
from functions.network.ip_report import IpInfo
from functions.network.provider_http import Answer, ProviderHttp, check_status
from utilsbot.i18n import N_, _

_MAX_BYTES = 64 * 1024
_FIELDS = (
    "status,message,continent,country,countryCode,regionName,city,zip,lat,lon,timezone,isp,org,as,"
    "asname,mobile,proxy,hosting"
)


class MustPause(ProviderFailed):
    """The service takes no calls of ours for a while."""

    def __init__(self, pause_s: float) -> None:
        """Args: pause_s: seconds."""
        super().__init__(N_("{service} asks us to slow down"), word="429", blames_it=False)
        self.pause_s = pause_s


class Found(NamedTuple):
    """An answer."""

    info: IpInfo
    pause_s: float = 0
    """For so many seconds it takes no further call: this was the last one."""


class IpProvider(Protocol):
    """Looks an address up."""

    api: str
    """Its name in the log and in ApiUsage."""
    name: str
    """Its name for users."""

    def look_up(self, address: str, timeout_s: float) -> Found:
        """What it knows.

        Raises:
            MustPause: it has had too many calls.
            ProviderFailed: nothing.
        """


class IpApi:
    """ip-api.com."""

    api = "ip-api"
    name = "ip-api.com"

    def __init__(self, http: ProviderHttp, base_url: str) -> None:
        """Args: base_url: without a slash at the end."""
        self._http = http
        self._base_url = base_url

    def look_up(self, address: str, timeout_s: float) -> Found:
        """As IpProvider."""
        answer = self._http.send(
            "GET",
            f"{self._base_url}/json/{address}",
            params={"fields": _FIELDS},
            timeout_s=timeout_s,
            max_bytes=_MAX_BYTES,
        )
        if answer.status == 429:
            raise MustPause(_seconds(answer, 60))
        check_status(answer)
        last = answer.headers.get("x-rl") == "0"
        return Found(self._info(answer.json()), _seconds(answer, 60) if last else 0)

    def _info(self, found: Mapping[str, Any]) -> IpInfo:
        if found.get("status") != "success":
            raise _knows_nothing(found)
        asn, __, as_owner = _text(found, "as").partition(" ")
        return IpInfo(
            provider=self.name,
            continent=_text(found, "continent"),
            country=_text(found, "country"),
            country_code=_text(found, "countryCode"),
            region=_text(found, "regionName"),
            city=_text(found, "city"),
            postal_code=_text(found, "zip"),
            latitude=_number(found, "lat"),
            longitude=_number(found, "lon"),
            time_zone=_text(found, "timezone"),
            isp=_text(found, "isp"),
            organisation=_text(found, "org"),
            asn=asn,
            as_name=_text(found, "asname") or as_owner,
            mobile=_flag(found, "mobile"),
            proxy=_flag(found, "proxy"),
            hosting=_flag(found, "hosting"),
        )


class IpWhois:
    """ipwho.is."""

    api = "ipwhois"
    name = "ipwho.is"

    def __init__(self, http: ProviderHttp, base_url: str) -> None:
        """Args: base_url: without a slash at the end."""
        self._http = http
        self._base_url = base_url

    def look_up(self, address: str, timeout_s: float) -> Found:
        """As IpProvider."""
        answer = self._http.send(
            "GET", f"{self._base_url}/{address}", timeout_s=timeout_s, max_bytes=_MAX_BYTES
        )
        check_status(answer)
        found = answer.json()
        if found.get("success") is not True:
            raise _knows_nothing(found)
        network, security = _part(found, "connection"), _part(found, "security")
        number = network.get("asn")
        info = IpInfo(
            provider=self.name,
            continent=_text(found, "continent"),
            country=_text(found, "country"),
            country_code=_text(found, "country_code"),
            region=_text(found, "region"),
            city=_text(found, "city"),
            postal_code=_text(found, "postal"),
            latitude=_number(found, "latitude"),
            longitude=_number(found, "longitude"),
            time_zone=_text(_part(found, "timezone"), "id"),
            isp=_text(network, "isp"),
            organisation=_text(network, "org"),
            asn=f"AS{number}" if isinstance(number, int) and number else "",
            proxy=_any(security, "proxy", "vpn", "tor"),
            hosting=_flag(security, "hosting"),
        )
        return Found(info)


def _knows_nothing(found: Mapping[str, Any]) -> ProviderFailed:
    """A refusal in a body of status 200, in the service's own words."""
    says = _text(found, "message")[:100].replace("`", "'") or _("no reason given")
    limited = "limit" in says.lower()
    return ProviderFailed(
        N_("{service} knows nothing of it (it says `{message}`)"),
        word="limit" if limited else "no_data",
        blames_it=limited,
        message=says,
    )


def _seconds(answer: Answer, default: float) -> float:
    raw = answer.headers.get("x-ttl", "")
    return float(raw) if raw.isascii() and raw.isdecimal() and len(raw) < 6 else default


def _part(found: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = found.get(key)
    return value if isinstance(value, Mapping) else {}


def _text(found: Mapping[str, Any], key: str) -> str:
    value = found.get(key)
    return value.strip()[:200] if isinstance(value, str) else ""


def _number(found: Mapping[str, Any], key: str) -> float | None:
    value = found.get(key)
    usable = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if usable and abs(value) <= 180 else None  # type: ignore[arg-type]


def _flag(found: Mapping[str, Any], key: str) -> bool | None:
    value = found.get(key)
    return value if isinstance(value, bool) else None


def _any(found: Mapping[str, Any], *keys: str) -> bool | None:
    flags = [flag for key in keys if (flag := _flag(found, key)) is not None]
    return any(flags) if flags else None
