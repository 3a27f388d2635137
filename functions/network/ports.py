"""The adapters that this group's commands are given, by the names of their parameters."""

from functools import partial

import httpx

from functions.network.calls import Calls
from functions.network.chains import Chains
from functions.network.guard.client import GuardedClient
from functions.network.guard.resolver import Lookup, Resolver, system_lookup
from functions.network.ip_lookup import IpLookup
from functions.network.ip_providers import IpApi, IpWhois
from functions.network.provider_http import ProviderHttp
from functions.network.screenshots import Screenshots
from functions.network.settings import NetworkSettings
from functions.network.shot_providers import ApiFlash, ScreenshotOne, ShotProvider
from utilsbot.runtime import Parts
from utilsbot.secrets import SecretReader
from utilsbot.store.budget import Budgets
from utilsbot.store.cache import Cache
from utilsbot.store.reloading_secrets import reloading_secrets


def build_ports(
    parts: Parts,
    *,
    secrets: SecretReader | None = None,
    http_client: httpx.Client | None = None,
    lookup: Lookup = system_lookup,
) -> dict[str, object]:
    """Every port of the group.

    Args:
        parts: what the worker shares.
        secrets: by default Parameter Store, which /reload makes fresh.
        http_client: for the services; by default one with explicit time limits.
        lookup: resolves names; its answers are checked whatever it is.

    Raises:
        BadSettings: naming every variable that is wrong.
    """
    settings = NetworkSettings.from_env(parts.environment)
    clock = parts.clock
    resolver = Resolver(lookup, settings.guard_allow)
    client = GuardedClient(resolver, monotonic=clock.monotonic, allowed=settings.guard_allow)
    calls = Calls(clock.sleep)
    http = ProviderHttp(clock, http_client)
    secrets = secrets or reloading_secrets(parts.dynamodb, parts.table, clock)
    cache = Cache(parts.dynamodb, parts.table, clock.now)
    budgets = Budgets(parts.dynamodb, parts.table, clock.now)
    return {
        "chains": Chains(client, cache),
        "lookup": IpLookup(
            (IpApi(http, settings.ip_api_url), IpWhois(http, settings.ipwhois_url)),
            resolver=resolver,
            calls=calls,
            cache=cache,
            budgets=budgets,
            clock=clock,
        ),
        "screenshots": Screenshots(
            _shot_providers(settings, http, secrets),
            checker=client,
            calls=calls,
            budgets=budgets,
            daily_limit=settings.screenshots_a_day,
            at_once=settings.screenshots_at_once,
        ),
    }


def _shot_providers(
    settings: NetworkSettings, http: ProviderHttp, secrets: SecretReader
) -> list[ShotProvider]:
    """Those that have a key, the better one first."""
    providers: list[ShotProvider] = []
    if name := settings.screenshotone_parameter:
        key = partial(secrets.read, name)
        providers.append(ScreenshotOne(http, settings.screenshotone_url, key))
    if name := settings.apiflash_parameter:
        key = partial(secrets.read, name)
        providers.append(ApiFlash(http, settings.apiflash_url, key))
    return providers
