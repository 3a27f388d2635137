"""How finished games count: figures of a user and a kind of game, as values.

Every kind of game has tallies by name (wordle: `daily` and `random`). A streak of a game that is
played once a day counts consecutive days; otherwise it counts games won in a row.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Result(NamedTuple):
    """How one game ended."""

    tally: str
    won: bool
    score: int = 0
    """Of a game that was won; less is better (wordle: guesses)."""
    day: int | None = None
    """The proleptic ordinal of the UTC day, where a day has one game; else None."""


class Tally(NamedTuple):
    """The figures of one way to play."""

    played: int = 0
    won: int = 0
    streak: int = 0
    longest: int = 0
    last_day: int = 0
    """The day that the streak ends with, as in Result; 0 where days do not matter."""
    scores: Mapping[int, int] = {}
    """How often a game was won with a score."""

    def plus(self, result: Result) -> "Tally":
        """The figures with one more game."""
        streak = self.streak_before(result.day) + 1 if result.won else 0
        scores = dict(self.scores)
        if result.won:
            scores[result.score] = scores.get(result.score, 0) + 1
        return Tally(
            played=self.played + 1,
            won=self.won + result.won,
            streak=streak,
            longest=max(self.longest, streak),
            last_day=result.day or 0,
            scores=scores,
        )

    def streak_before(self, day: int | None) -> int:
        """The streak that a game of that day would go on with."""
        return self.streak if day is None or self.last_day == day - 1 else 0

    def streak_on(self, today: int) -> int:
        """The streak as it stands today: a day missed ends it, today itself is not missed yet."""
        return self.streak if not self.last_day or self.last_day >= today - 1 else 0

    @property
    def best(self) -> int | None:
        """The best score ever."""
        return min(self.scores, default=None)

    @property
    def score_sum(self) -> int:
        """All scores together."""
        return sum(score * count for score, count in self.scores.items())

    def attributes(self) -> dict[str, Any]:
        """As the store keeps it."""
        scores = {str(score): count for score, count in self.scores.items()}
        return {**self._asdict(), "scores": scores}


class GameStats(NamedTuple):
    """A user's figures of one kind of game."""

    version: int = 0
    """0: nothing is stored yet."""
    tallies: Mapping[str, Tally] = {}

    def tally(self, name: str) -> Tally:
        """The tally of that name, empty if nothing was played."""
        return self.tallies.get(name, Tally())

    def plus(self, result: Result) -> "GameStats":
        """The figures with one more game."""
        grown = self.tally(result.tally).plus(result)
        return GameStats(self.version + 1, {**self.tallies, result.tally: grown})

    @property
    def played(self) -> int:
        """Games of all tallies."""
        return sum(tally.played for tally in self.tallies.values())

    @property
    def won(self) -> int:
        """Wins of all tallies."""
        return sum(tally.won for tally in self.tallies.values())

    @property
    def scores(self) -> dict[int, int]:
        """How often games of all tallies were won with a score."""
        together: dict[int, int] = {}
        for tally in self.tallies.values():
            for score, count in tally.scores.items():
                together[score] = together.get(score, 0) + count
        return together


class Standing(NamedTuple):
    """One player on a guild's leaderboard, which counts the games that ended in the guild."""

    user_id: str
    played: int
    won: int
    score_sum: int
    streak: int
    last_day: int

    @property
    def average(self) -> float | None:
        """The average score of the games that were won."""
        return self.score_sum / self.won if self.won else None

    def streak_on(self, today: int) -> int:
        """The streak as it stands today."""
        return Tally(streak=self.streak, last_day=self.last_day).streak_on(today)


def read_stats(item: Mapping[str, Any]) -> GameStats:
    """The figures of a stored item, or the empty ones of none."""
    tallies = {name: _read_tally(values) for name, values in item.get("tallies", {}).items()}
    return GameStats(int(item.get("version", 0)), tallies)


def _read_tally(values: Mapping[str, Any]) -> Tally:
    numbers = {name: int(value) for name, value in values.items() if name != "scores"}
    scores = {int(score): int(count) for score, count in values["scores"].items()}
    return Tally(**numbers, scores=scores)
