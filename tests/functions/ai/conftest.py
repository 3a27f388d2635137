"""The stand-in, and the group on a fresh table."""

from collections.abc import Callable, Iterator

import pytest

from tests.fakes import FakeClock
from tests.functions.ai.house import House, ServedStandIn, served_standin
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


Build = Callable[..., House]


@pytest.fixture
def build(table: str, gemini: ServedStandIn) -> Iterator[Build]:
    """Makes the group with further settings; time stands still."""
    built: list[House] = []

    def make(**environment: str) -> House:
        built.append(House(table, FakeClock(NOW), gemini.url, **environment))
        return built[-1]

    yield make
    for house in built:
        house.close()


@pytest.fixture
def house(build: Build) -> House:
    """The group with the stand-in's settings."""
    return build(AI_STALL_S="1")
