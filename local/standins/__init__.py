"""Stand-ins for the services that the network group calls; what they answer says so.

Written from the services' documentation and not from our adapters, so that each checks the other.
`routes` are mounted by the local stack under one address; `wiring` says which variables of the
network function, and which parameters of Parameter Store, then point there.
"""

from collections.abc import Mapping
from typing import NamedTuple

from starlette.routing import BaseRoute, Mount

from local.standins import ip_services, screenshot_services, site

PREFIX = "/standins"
ACCESS_KEY = "stand-in-access-key"
"""The only key that the screenshot services take."""


class Wiring(NamedTuple):
    """What makes the network function use the stand-ins."""

    environment: Mapping[str, str]
    """Variables of the network function; the template's parameters have the same names."""
    parameters: Mapping[str, str]
    """SecureString parameters to create in the local Parameter Store."""


def routes() -> list[BaseRoute]:
    """Every stand-in, and a small site with links to follow."""
    return [
        Mount(f"{PREFIX}/ip-api", routes=ip_services.ip_api_routes()),
        Mount(f"{PREFIX}/ipwhois", routes=ip_services.ipwhois_routes()),
        Mount(
            f"{PREFIX}/screenshotone", routes=screenshot_services.screenshotone_routes(ACCESS_KEY)
        ),
        Mount(f"{PREFIX}/apiflash", routes=screenshot_services.apiflash_routes(ACCESS_KEY)),
        Mount(f"{PREFIX}/site", routes=site.site_routes()),
    ]


def wiring(base_url: str) -> Wiring:
    """The settings for stand-ins under an address.

    Without a Chromium on this machine the screenshot services stay unset, so that /screenshot says
    plainly that it is not set up.

    Args:
        base_url: where the routes are mounted, as `http://127.0.0.1:8080`; an IP address.
    """
    environment = {
        "IP_API_URL": f"{base_url}{PREFIX}/ip-api",
        "IPWHOIS_URL": f"{base_url}{PREFIX}/ipwhois",
        "GUARD_ALLOW": base_url.rpartition("/")[2],
    }
    parameters: dict[str, str] = {}
    if screenshot_services.is_available():
        parameters = {f"/utilsbot/local/{name}-key": ACCESS_KEY for name in _SHOT_SERVICES}
        for name in _SHOT_SERVICES:
            environment[f"{name.upper()}_URL"] = f"{base_url}{PREFIX}/{name}"
            environment[f"{name.upper()}_KEY_PARAMETER"] = f"/utilsbot/local/{name}-key"
    return Wiring(environment, parameters)


_SHOT_SERVICES = ("screenshotone", "apiflash")
