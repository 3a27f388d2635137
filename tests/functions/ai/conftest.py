"""The stand-in, and the group on a fresh table."""

from collections.abc import Iterator

import pytest
from tests.functions.ai.house import House, ServedStandIn, served_standin

from tests.fakes import FakeClock
from tests.interactions import NOW


@pytest.fixture(scope="session")
def _served() -> Iterator[ServedStandIn]:
    with served_standin() as served:
        yield served


@pytest.fixture
def gemini(_served: ServedStandIn) -> ServedStandIn:
    """The stand-in, its requests forgotten."""
    _served.standin.requests.clear()
    return _served


@pytest.fixture
def house(table: str, gemini: ServedStandIn) -> House:
    """The group with the stand-in's settings; time stands still."""
    return House(table, FakeClock(NOW), gemini.url, AI_STALL_S="1")
