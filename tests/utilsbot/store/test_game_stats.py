"""Figures of finished games against a recount from the whole history."""

from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from utilsbot.store.game_stats import GameStats, Result, Standing, Tally, read_stats

_games = st.lists(st.tuples(st.booleans(), st.integers(1, 6)), max_size=40)
_days = st.dictionaries(st.integers(739_000, 739_040), st.booleans(), max_size=30)


def tally_of(results: list[Result]) -> Tally:
    """All of them, counted one by one."""
    tally = Tally()
    for result in results:
        tally = tally.plus(result)
    return tally


@given(_games)
def test_games_in_a_row(games: list[tuple[bool, int]]) -> None:
    """Played, won, scores, best, and the runs of wins."""
    tally = tally_of([Result("random", won, score if won else 0) for won, score in games])
    runs = [len(list(group)) for won, group in groupby(games, key=lambda g: g[0]) if won]
    scores = [score for won, score in games if won]
    assert (tally.played, tally.won) == (len(games), len(scores))
    assert tally.longest == max(runs, default=0)
    assert tally.streak_on(999_999) == (runs[-1] if games and games[-1][0] else 0)
    assert tally.scores == {score: scores.count(score) for score in set(scores)}
    assert tally.best == min(scores, default=None)
    assert tally.score_sum == sum(scores)


@given(_days, st.integers(0, 5))
def test_days_in_a_row(days: dict[int, bool], later: int) -> None:
    """A streak is the days won without a gap that end yesterday or today."""
    tally = tally_of([Result("daily", days[day], 3, day) for day in sorted(days)])
    today = max(days, default=739_000) + later
    won = {day for day, is_won in days.items() if is_won}
    end = today if today in days else today - 1
    current = 0
    while end - current in won:
        current += 1
    assert tally.streak_on(today) == current
    streaks = [sum(1 for _ in _chain(day, won)) for day in won]
    assert tally.longest == max(streaks, default=0)


def _chain(day: int, won: set[int]) -> range:
    end = day
    while end in won:
        end += 1
    return range(day, end)


def test_tallies_are_apart_and_add_up() -> None:
    """Two ways to play have streaks of their own and common totals."""
    stats = GameStats()
    for result in (
        Result("daily", True, 3, 100),
        Result("random", False),
        Result("random", True, 3),
    ):
        stats = stats.plus(result)
    assert (stats.version, stats.played, stats.won) == (3, 3, 2)
    assert stats.scores == {3: 2}
    assert (stats.tally("daily").streak, stats.tally("random").streak) == (1, 1)
    assert stats.tally("other") == Tally()


def test_attributes_are_read_back() -> None:
    """What the store keeps is what was counted."""
    tally = tally_of([Result("daily", True, 4, 100), Result("daily", True, 4, 101)])
    item = {"version": 2, "tallies": {"daily": tally.attributes()}}
    assert read_stats(item) == GameStats(2, {"daily": tally})
    assert read_stats({}) == GameStats()


def test_a_standing_has_an_average_of_wins_only() -> None:
    """Lost games do not count to it; without a win there is none."""
    assert Standing("1", 5, 2, 7, 0, 0).average == 3.5
    assert Standing("1", 5, 0, 0, 0, 0).average is None
    assert Standing("1", 5, 2, 7, streak=4, last_day=100).streak_on(101) == 4
    assert Standing("1", 5, 2, 7, streak=4, last_day=100).streak_on(102) == 0
