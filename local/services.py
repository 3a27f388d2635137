"""The services outside AWS and Discord: a stand-in for each, unless `.env` has a real key.

A stand-in is served below `/standins/` and speaks the real wire format. The functions find it by
the template's own parameters, and their secrets in the local Parameter Store.
"""

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.routing import BaseRoute, Mount

from local.standins.gemini import API_KEY, CHAT_KEY, GeminiStandIn
from local.standins.ip_services import ip_api_routes, ipwhois_routes
from local.standins.screenshot_services import apiflash_routes, is_available, screenshotone_routes
from local.standins.site import site_routes

_KEY = "stand-in"
_SECRETS = {
    "DAILY_WORD_SECRET": "DailyWordParameter",
    "SCREENSHOTONE_KEY": "ScreenshotOneKeyParameter",
    "APIFLASH_KEY": "ApiflashKeyParameter",
    "GEMINI_KEY": "GeminiKeyParameter",
    "CHAT_KEY": "ChatKeyParameter",
    "FAILED_KEY": "FailedKeyParameter",
    "DISCORD_BOT_TOKEN": "BotTokenParameter",
}
"""The variable of `.env` that holds a secret → the template's parameter for where it is kept."""
_OURS = {"DISCORD_BOT_TOKEN"}
"""Secrets of services that are always stand-ins here; a real one has no business there."""


@dataclass(frozen=True)
class Services:
    """What the local run offers in place of the world outside."""

    routes: list[BaseRoute]
    parameters: Mapping[str, str]
    """The template's parameters."""
    secrets: Mapping[str, str]
    """SecureString parameters by name."""
    variables: Mapping[str, Mapping[str, str]]
    """Variables by function that no template gives: what only a local run may allow."""
    features: str = "sandbox"
    """What the front door may list beside what the template says: here it runs in a process."""


def services(base_url: str, dotenv: Mapping[str, str]) -> Services:
    """The services of a local run.

    Args:
        base_url: where the local server listens.
        dotenv: real keys, by the names in `.env`.
    """
    values = {
        "DAILY_WORD_SECRET": secrets.token_hex(),
        "GEMINI_KEY": API_KEY,
        "CHAT_KEY": CHAT_KEY,
        "FAILED_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "DISCORD_BOT_TOKEN": _KEY,
    }
    addresses = {
        "IpApiUrl": f"{base_url}/standins/ip-api",
        "IpwhoisUrl": f"{base_url}/standins/ipwhois",
    }
    if is_available():
        values |= {"SCREENSHOTONE_KEY": _KEY, "APIFLASH_KEY": _KEY}
    if "GEMINI_KEY" not in dotenv:
        addresses["GeminiUrl"] = f"{base_url}/standins/gemini"
    if "SCREENSHOTONE_KEY" not in dotenv:
        addresses["ScreenshotOneUrl"] = f"{base_url}/standins/screenshotone"
    if "APIFLASH_KEY" not in dotenv:
        addresses["ApiflashUrl"] = f"{base_url}/standins/apiflash"
    values |= {name: dotenv[name] for name in _SECRETS if name in dotenv and name not in _OURS}
    kept = {name: f"/utilsbot/local/{name.lower().replace('_', '-')}" for name in values}
    return Services(
        routes=_routes(),
        parameters=addresses | {_SECRETS[name]: kept[name] for name in values},
        secrets={kept[name]: value for name, value in values.items()},
        variables={
            "NetworkFunction": {"GUARD_ALLOW": urlsplit(base_url).netloc},
            "SystemFunction": {"SANDBOX_FUNCTION": "local"},
        },
    )


def _routes() -> list[BaseRoute]:
    return [
        Mount("/standins/ip-api", routes=ip_api_routes()),
        Mount("/standins/ipwhois", routes=ipwhois_routes()),
        Mount("/standins/screenshotone", routes=screenshotone_routes(_KEY)),
        Mount("/standins/apiflash", routes=apiflash_routes(_KEY)),
        Mount("/standins/gemini", routes=GeminiStandIn().routes),
        Mount("/standins/site", routes=site_routes()),
    ]
