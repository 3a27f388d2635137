"""What the system group's tests share."""

import itertools
import os
from collections.abc import Iterator

import pytest

from tests.functions.system.system_house import House, indexed_table
from utilsbot.clock import Clock
from utilsbot.i18n import speak

_names = itertools.count()


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    """A test that changes the language changes it for nobody else."""
    yield
    speak(None)


@pytest.fixture
def house(aws: dict[str, str], clock: Clock) -> House:
    """The group on an empty table."""
    name = f"system-{os.getpid()}-{next(_names)}"
    indexed_table(name)
    return House(name, clock)
