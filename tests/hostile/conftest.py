"""What the tests of hostile input share."""

import itertools
import os

import pytest

from tests.functions.system.system_house import indexed_table

_tables = itertools.count()


@pytest.fixture
def table(aws: dict[str, str]) -> str:
    """A table with the index that the template gives it."""
    name = f"hostile-{os.getpid()}-{next(_tables)}"
    indexed_table(name)
    return name
