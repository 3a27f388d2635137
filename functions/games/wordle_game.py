"""One game of Wordle as a value: what it is, what a move makes of it, how it is stored."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from functions.games.wordle_rules import ATTEMPTS, Mark, Marks, keyboard, score
from utilsbot.store.game_stats import Result

DAY_S = 24 * 3600
IDLE_S = 24 * 3600
"""A random game ends by itself when its last move is so old."""
KEPT_S = 30 * DAY_S
"""How long a game is kept after its time: an abandoned one counts if its player returns by then."""


class Mode(StrEnum):
    """The two slots of a player."""

    DAILY = "daily"
    """Everybody's word of the UTC day, once."""
    RANDOM = "random"
    """A word of one's own, as often as one likes."""


class Status(StrEnum):
    """How far a game is."""

    PLAYING = "playing"
    WON = "won"
    LOST = "lost"
    GIVEN_UP = "given_up"
    EXPIRED = "expired"
    """Its time was over before it was."""


class Move(NamedTuple):
    """Who does something, where and when; the same however often it is delivered."""

    id: str
    """The interaction's."""
    user_id: str
    at: float
    """When Discord made the interaction: epoch seconds."""
    guild_id: str | None = None

    @property
    def day(self) -> date:
        """The UTC day."""
        return datetime.fromtimestamp(self.at, UTC).date()


class Guess(NamedTuple):
    """A word that counted, and the move that it came with."""

    word: str
    move_id: str


class Game(NamedTuple):
    """A game."""

    mode: Mode
    id: str
    """Daily: the day, as 2026-11-23. Random: the id of the move that began it."""
    answer: str
    hard: bool
    touched_at: float
    """The last move: epoch seconds."""
    guesses: tuple[Guess, ...] = ()
    status: Status = Status.PLAYING
    ended_by: str = ""
    """The move that gave it up."""
    guild_id: str | None = None
    """Where the last move was made: its leaderboard counts the game."""
    earlier: tuple[str, ...] = ()
    """Answers of this slot's games before, the latest first."""

    @property
    def over(self) -> bool:
        """Whether no move is possible any more."""
        return self.status is not Status.PLAYING

    @property
    def won_in(self) -> int | None:
        """How many guesses it took; None unless it was won."""
        return len(self.guesses) if self.status is Status.WON else None

    @property
    def words(self) -> tuple[str, ...]:
        """The guessed words."""
        return tuple(guess.word for guess in self.guesses)

    @property
    def marks(self) -> tuple[Marks, ...]:
        """The marks of each guess."""
        return tuple(score(word, self.answer) for word in self.words)

    @property
    def keys(self) -> Mapping[str, Mark]:
        """What is known of the letters."""
        return keyboard(self.words, self.answer)

    @property
    def ends_at(self) -> float:
        """When it ends by itself unless a move comes first: epoch seconds."""
        if self.mode is Mode.DAILY:
            midnight = datetime.combine(date.fromisoformat(self.id), datetime.min.time(), UTC)
            return midnight.timestamp() + DAY_S
        return self.touched_at + IDLE_S

    def has(self, move: Move) -> bool:
        """Whether the game has taken that move already."""
        return move.id in {self.ended_by, *(guess.move_id for guess in self.guesses)}

    def is_late(self, at: float) -> bool:
        """Whether its time is over."""
        return not self.over and at >= self.ends_at

    def guessed(self, word: str, move: Move) -> "Game":
        """The game after a guess that counts."""
        status = Status.WON if word == self.answer else Status.PLAYING
        if status is Status.PLAYING and len(self.guesses) + 1 == ATTEMPTS:
            status = Status.LOST
        guesses = (*self.guesses, Guess(word, move.id))
        return self._touched(move)._replace(guesses=guesses, status=status)

    def given_up(self, move: Move) -> "Game":
        """The game after its player gave it up."""
        return self._touched(move)._replace(status=Status.GIVEN_UP, ended_by=move.id)

    def expired(self) -> "Game":
        """The game after its time."""
        return self._replace(status=Status.EXPIRED)

    def _touched(self, move: Move) -> "Game":
        return self._replace(touched_at=max(self.touched_at, move.at), guild_id=move.guild_id)

    def result(self) -> Result | None:
        """How it counts: nothing while it goes on, or if it expired before the first guess."""
        if not self.over or (self.status is Status.EXPIRED and not self.guesses):
            return None
        day = date.fromisoformat(self.id).toordinal() if self.mode is Mode.DAILY else None
        return Result(self.mode.value, self.won_in is not None, self.won_in or 0, day)

    def state(self) -> dict[str, Any]:
        """As the store keeps it."""
        return self._asdict()


def read_game(state: Mapping[str, Any]) -> Game:
    """The game of a stored state."""
    return Game(
        **{
            **state,
            "mode": Mode(state["mode"]),
            "status": Status(state["status"]),
            "guesses": tuple(Guess(*guess) for guess in state["guesses"]),
            "earlier": tuple(state["earlier"]),
        }
    )
