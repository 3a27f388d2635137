"""What the system group's tests share."""

import itertools
import os

import pytest

from tests.functions.system.system_house import House, indexed_table
from utilsbot.clock import Clock

_names = itertools.count()


@pytest.fixture
def house(aws: dict[str, str], clock: Clock) -> House:
    """The group on an empty table."""
    name = f"system-{os.getpid()}-{next(_names)}"
    indexed_table(name)
    return House(name, clock)
