"""Looking addresses up at the stand-ins over loopback, with the store on moto."""

import contextlib
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount

from functions.network.calls import Calls
from functions.network.failures import ServicesFailed
from functions.network.guard.resolver import Resolver
from functions.network.ip_lookup import CACHE_S, IpLookup
from functions.network.ip_providers import IpApi, IpWhois
from functions.network.ip_report import IpInfo
from functions.network.provider_http import ProviderHttp
from local.serving import serving as serving_app
from local.standins.ip_services import MARK, RateLimit, ip_api_routes, ipwhois_routes
from tests.fakes import FakeClock
from tests.functions.network.loopback import Script, Server, Told, meter, serving
from utilsbot.errors import BadInput, ServiceError, UserError
from utilsbot.store import table as store_table
from utilsbot.store.budget import Budgets
from utilsbot.store.cache import Cache

_NOWHERE = "http://127.0.0.1:1"
