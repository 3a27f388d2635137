"""A player on an empty table of moto."""

import pytest

from functions.games.wordle_play import Wordle
from tests.fakes import FakeClock
from tests.functions.games.player import Player, wordle_of


@pytest.fixture
def wordle(table: str, fake_clock: FakeClock) -> Wordle:
    """The moves."""
    return wordle_of(table, fake_clock)


@pytest.fixture
def player(wordle: Wordle, fake_clock: FakeClock) -> Player:
    """A player in a server."""
    return Player(wordle, fake_clock)
