"""Hostile interactions of every command, made from the specs, through the front door and beyond."""

import base64
import itertools
import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings

from functions.catalog import CATALOG
from fuzz.front_door import FrontDoor, check_signed
from fuzz.interactions import interactions, signed_bytes
from fuzz.workers import GROUPS, WorkerHouse, check_worked
from local.standins import gemini
from tests.fakes import FakeClock
from tests.functions.ai.house import served_standin
from tests.interactions import NOW, Json, snowflake

_EVERY = tuple(CATALOG)
_DOOR = FrontDoor()
_USUAL_ID = snowflake(NOW)
_sequence = itertools.count(1)
_EXAMPLES = int(os.environ.get("HOSTILE_EXAMPLES", "0"))
_TRUST = settings(
    max_examples=_EXAMPLES or 16,
    # The same interactions in every run of the suite; with HOSTILE_EXAMPLES others each time.
    derandomize=not _EXAMPLES,
    database=None,
    suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large),
)


@settings(_TRUST, max_examples=_EXAMPLES or 300)
@given(interactions(_EVERY))
def test_the_front_door_answers_any_signed_interaction(body: Json) -> None:
    """An answer that Discord takes, or 400; never a 5xx, an error of ours, or what AWS refuses."""
    check_signed(_DOOR, signed_bytes(body))


@pytest.mark.parametrize("group", GROUPS)
def test_what_passes_the_front_door_hurts_no_worker(
    group: str, request: pytest.FixtureRequest
) -> None:
    """Each group's own functions, with real ports, answer every call that was let through."""
    house = request.getfixturevalue("houses")(group)
    seen: list[str] = []

    def take(body: Json) -> None:
        if body.get("id") == _USUAL_ID:  # or the second one would be a repetition
            body["id"] = snowflake(NOW, next(_sequence))
        for message in check_signed(_DOOR, signed_bytes(body)).aws.sent:
            line = house.take(message)
            check_worked(line)
            seen.append(line["outcome"])

    for module in _EVERY:
        if module.group == group:
            _TRUST(given(interactions([module]))(take))()
    assert seen.count("ok") >= 3, "the strategy makes hardly any call that is right"


@pytest.fixture
def houses(table: str, fake_clock: FakeClock) -> Iterator[object]:
    """Makes a group's worker; Gemini is the stand-in."""
    with served_standin() as standin:
        key = base64.b64encode(b"k" * 32).decode()
        environment = gemini.settings(standin.url) | {"CHAT_KEY": key}
        yield lambda group: WorkerHouse(group, table, fake_clock, environment)
