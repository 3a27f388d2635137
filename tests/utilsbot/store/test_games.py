"""Games in the store: versions, the transaction that ends a game, leaderboards, preferences."""

import boto3
import pytest

from utilsbot.errors import StoreError
from utilsbot.store import keys
from utilsbot.store.game_rows import GameRow, Shelf
from utilsbot.store.game_stats import GameStats, Result, Standing
from utilsbot.store.games import Games
from utilsbot.store.table import connect, key_of

USER, GUILD = "300000000000000001", "400000000000000001"
WON = Result("daily", True, 3, day=100)


def row(version: int = 1, **state: str) -> GameRow:
    """A game in the daily slot."""
    return GameRow("daily", version, 2_000_000_000, state)


@pytest.fixture
def games(table: str) -> Games:
    """The store of one kind of game."""
    return Games(connect(), table, "wordle")


def test_nothing_stored_is_an_empty_shelf(games: Games) -> None:
    """A new user has no game, no figures, no preferences."""
    assert games.read(USER, ["daily", "random"]) == Shelf({}, GameStats(), {})


def test_what_is_written_is_read(games: Games) -> None:
    """By slot, with its version."""
    assert games.write(USER, row(answer="crane"))
    assert games.read(USER, ["daily", "random"]).rows == {"daily": row(answer="crane")}
    assert games.read(USER, ["random"]).rows == {}


def test_the_second_of_two_writers_is_told(games: Games) -> None:
    """A write that has not seen the last one changes nothing."""
    assert games.write(USER, row())
    assert not games.write(USER, row(word="late"))
    assert games.write(USER, row(2, word="first"))
    assert not games.write(USER, row(2, word="late"))
    assert not games.write(USER, row(7))
    assert games.read(USER, ["daily"]).rows["daily"] == row(2, word="first")


def test_an_end_counts_everywhere(games: Games) -> None:
    """The game, the figures and the leaderboard change together."""
    assert games.finish(USER, row(status="won"), WON, GameStats(), GUILD)
    shelf = games.read(USER, ["daily"])
    assert shelf.rows["daily"] == row(status="won")
    assert shelf.stats == GameStats().plus(WON)
    assert games.leaderboard(GUILD) == [Standing(USER, 1, 1, 3, streak=1, last_day=100)]


@pytest.mark.parametrize("stale", ["game", "stats"])
def test_an_end_that_comes_late_counts_nowhere(games: Games, stale: str) -> None:
    """If the game or the figures have moved on, nothing is written at all."""
    assert games.finish(USER, row(status="won"), WON, GameStats(), GUILD)
    seen = GameStats() if stale == "stats" else GameStats().plus(WON)
    before = games.read(USER, ["daily"]), games.leaderboard(GUILD)
    again = row(1 if stale == "game" else 2, status="again")
    assert not games.finish(USER, again, WON, seen, GUILD)
    assert (games.read(USER, ["daily"]), games.leaderboard(GUILD)) == before


def test_figures_go_on(games: Games) -> None:
    """The second end builds on the first; a game without a day leaves the daily streak alone."""
    assert games.finish(USER, row(), WON, GameStats(), GUILD)
    lost = Result("random", False)
    assert games.finish(USER, row(2), lost, games.read(USER, []).stats, GUILD)
    assert games.read(USER, []).stats == GameStats().plus(WON).plus(lost)
    assert games.leaderboard(GUILD) == [Standing(USER, 2, 1, 3, streak=1, last_day=100)]


def test_a_game_outside_guilds_is_on_no_leaderboard(games: Games) -> None:
    """In a direct message only the player's own figures grow."""
    assert games.finish(USER, row(), WON, GameStats(), None)
    assert games.read(USER, []).stats.played == 1
    assert games.leaderboard(GUILD) == []


def test_the_figures_name_the_guilds(games: Games, table: str) -> None:
    """Whoever erases a user finds their rows on leaderboards without a scan."""
    seen = GameStats()
    for version, guild in enumerate((GUILD, "400000000000000002"), start=1):
        assert games.finish(USER, row(version), WON, seen, guild)
        seen = seen.plus(WON)
    key = key_of(keys.game_stats(USER, "wordle"))
    item = boto3.client("dynamodb").get_item(TableName=table, Key=key)["Item"]
    assert set(item["guilds"]["SS"]) == {GUILD, "400000000000000002"}


def test_leaderboards_are_a_guilds_own(games: Games) -> None:
    """Many players of one guild, none of another."""
    for at in range(30):
        assert games.finish(f"3000000000000000{at:02}", row(), WON, GameStats(), GUILD)
    assert games.finish(USER + "9", row(), WON, GameStats(), "400000000000000002")
    assert len(games.leaderboard(GUILD)) == 30


def test_preferences_are_remembered_one_by_one(games: Games) -> None:
    """A later choice leaves the others alone, and other games' preferences are not seen."""
    games.prefer(USER, {"board": "text", "palette": "classic"})
    games.prefer(USER, {"palette": "contrast"})
    assert games.read(USER, []).preferences == {"board": "text", "palette": "contrast"}


def test_a_store_that_fails_says_so(aws: dict[str, str]) -> None:
    """Every call raises StoreError with AWS's code, and nothing else."""
    games = Games(connect(), "no-such-table", "wordle")
    for call in (
        lambda: games.read(USER, ["daily"]),
        lambda: games.write(USER, row()),
        lambda: games.finish(USER, row(), WON, GameStats(), GUILD),
        lambda: games.prefer(USER, {"board": "text"}),
        lambda: games.leaderboard(GUILD),
    ):
        with pytest.raises(StoreError, match="ResourceNotFoundException"):
            call()
