"""What Wordle's moves need from outside, and what comes out of them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple, Protocol

from functions.games.wordle_game import Game
from functions.games.wordle_text import Palette
from utilsbot.store.game_rows import GameRow, Shelf
from utilsbot.store.game_stats import GameStats, Result, Standing


class Store(Protocol):
    """utilsbot.store.games.Games."""

    def read(self, user_id: str, slots: Sequence[str]) -> Shelf:
        """The user's games, figures and preferences."""

    def write(self, user_id: str, row: GameRow) -> bool:
        """Stores a game; False: lost a race."""

    def finish(
        self, user_id: str, row: GameRow, result: Result, seen: GameStats, guild_id: str | None
    ) -> bool:
        """Stores a game's end and counts it; False: lost a race."""

    def prefer(self, user_id: str, preferences: Mapping[str, str]) -> None:
        """Remembers preferences."""

    def leaderboard(self, guild_id: str) -> list[Standing]:
        """Every player of a guild."""


class Words(Protocol):
    """functions.games.wordle_words.WordLists."""

    def accepts(self, word: str) -> bool:
        """Whether a word may be guessed."""

    def random(self, avoid: Collection[str]) -> str:
        """An answer."""

    def daily(self, day: date, secret: bytes) -> str:
        """The answer of a UTC day."""


class Look(NamedTuple):
    """How a player wants boards."""

    text: bool = False
    palette: Palette = Palette.CLASSIC


class Seen(NamedTuple):
    """What a player sees after a move."""

    game: Game | None
    """None: there is no such game (any more)."""
    stats: GameStats
    look: Look
    note: str = ""
    """What the move did not do, and why; Markdown."""
