"""What is stored of a user's games, as values that need no AWS library."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from utilsbot.store.game_stats import GameStats


class GameRow(NamedTuple):
    """A stored game; what is in `state` is the game's own business."""

    slot: str
    """A user has one game at a time in each slot of a kind of game."""
    version: int
    expires_at: int
    """Epoch seconds when the store may forget it."""
    state: Mapping[str, Any]
    """JSON values."""


class Shelf(NamedTuple):
    """All that is stored of a user and a kind of game."""

    rows: Mapping[str, GameRow]
    """By slot."""
    stats: GameStats
    preferences: Mapping[str, str]
