"""Stand-ins for ip-api.com and ipwho.is: their forms, their limits, invented places.

Sources: https://ip-api.com/docs/api:json (X-Rl, X-Ttl, 429, status and message), and
https://ipwhois.io/documentation.
"""

import time
from collections.abc import Callable
from hashlib import sha256
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

MARK = "Stand-in (not real data)"
HEADERS = {"X-Stand-In": "utilsbot"}
_PLACES = (
    ("Iceland", "IS", "Europe", "Capital Region", "Reykjavik", 64.1466, -21.9426),
    ("Kenya", "KE", "Africa", "Nairobi County", "Nairobi", -1.2864, 36.8172),
    ("Japan", "JP", "Asia", "Tokyo", "Tokyo", 35.6895, 139.6917),
    ("Chile", "CL", "South America", "Santiago Metropolitan", "Santiago", -33.4489, -70.6693),
)
_ZONES = ("Atlantic/Reykjavik", "Africa/Nairobi", "Asia/Tokyo", "America/Santiago")


class RateLimit:
    """ip-api.com's: so many requests in a window that begins with the first one."""

    def __init__(
        self, per_window: int = 45, window_s: int = 60, now: Callable[[], float] = time.monotonic
    ) -> None:
        """Args: now: seconds."""
        self._per_window = per_window
        self._window_s = window_s
        self._now = now
        self._ends_at = 0.0
        self._left = 0

    def take(self) -> tuple[bool, dict[str, str]]:
        """Whether one more request is taken, and the headers that say how it stands."""
        now = self._now()
        if now >= self._ends_at:
            self._ends_at, self._left = now + self._window_s, self._per_window
        taken = self._left > 0
        self._left = max(0, self._left - 1)
        ttl = max(1, int(self._ends_at - now + 0.999))
        return taken, {"X-Rl": str(self._left), "X-Ttl": str(ttl), **HEADERS}


def ip_api_routes(limit: RateLimit | None = None) -> list[BaseRoute]:
    """ip-api.com below this path."""
    limit = limit or RateLimit()

    def look_up(request: Request) -> Response:
        taken, headers = limit.take()
        if not taken:
            return Response(status_code=429, headers=headers)
        query = request.path_params["query"]
        found = _ip_api(query)
        wanted = request.query_params.get("fields")
        if wanted:
            found = {key: value for key, value in found.items() if key in wanted.split(",")}
        return JSONResponse(found, headers=headers)

    return [Route("/json/{query:path}", look_up)]


def ipwhois_routes() -> list[BaseRoute]:
    """ipwho.is below this path."""

    def look_up(request: Request) -> Response:
        return JSONResponse(_ipwhois(request.path_params["query"]), headers=HEADERS)

    return [Route("/{query:path}", look_up)]


def _parse(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def _seed(address: IPv4Address | IPv6Address) -> int:
    """The same address has the same place every time."""
    return sha256(address.packed).digest()[0]


def _ip_api(query: str) -> dict[str, Any]:
    address = _parse(query)
    if address is None:
        return {"status": "fail", "message": "invalid query", "query": query}
    if not address.is_global:
        kind = "private range" if address.is_private else "reserved range"
        return {"status": "fail", "message": kind, "query": query}
    seed = _seed(address)
    country, code, continent, region, city, latitude, longitude = _PLACES[seed % len(_PLACES)]
    return {
        "status": "success",
        "continent": continent,
        "country": country,
        "countryCode": code,
        "regionName": region,
        "city": city,
        "zip": "",
        "lat": latitude,
        "lon": longitude,
        "timezone": _ZONES[seed % len(_PLACES)],
        "isp": MARK,
        "org": MARK,
        "as": f"AS{64512 + seed} {MARK}",  # a private-use number, RFC 6996
        "asname": "STAND-IN",
        "mobile": False,
        "proxy": False,
        "hosting": bool(seed % 2),
        "query": query,
    }


def _ipwhois(query: str) -> dict[str, Any]:
    address = _parse(query)
    if address is None:
        return {"ip": query, "success": False, "message": "Invalid IP address"}
    if not address.is_global:
        return {"ip": query, "success": False, "message": "Reserved range"}
    seed = _seed(address)
    country, code, continent, region, city, latitude, longitude = _PLACES[seed % len(_PLACES)]
    return {
        "ip": query,
        "success": True,
        "type": f"IPv{address.version}",
        "continent": continent,
        "country": country,
        "country_code": code,
        "region": region,
        "city": city,
        "latitude": latitude,
        "longitude": longitude,
        "postal": "",
        "connection": {"asn": 64512 + seed, "org": MARK, "isp": MARK, "domain": ""},
        "timezone": {"id": _ZONES[seed % len(_PLACES)]},
    }
