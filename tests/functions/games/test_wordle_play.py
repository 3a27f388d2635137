"""Moves on a real store: games begin, go on, end and count as they should, whatever comes twice."""

from collections.abc import Collection
from datetime import UTC, datetime

import pytest

from functions.games.wordle_game import Game, Mode, Move, Status
from functions.games.wordle_notes import NO_DAILY, NO_GAME, REPLACED
from functions.games.wordle_play import Wordle
from functions.games.wordle_ports import Seen
from functions.games.wordle_words import WordLists
from tests.fakes import FakeClock
from tests.functions.games.player import SECRET, wordle_of
from tests.interactions import GUILD_ID, USER_ID, snowflake
from utilsbot.store.games import Games
from utilsbot.store.table import connect

WRONG = ("slate", "crony", "audio", "pitch", "bumpy", "fjord", "vixen")
DAY_S = 24 * 3600


class Table:
    """Makes moves, each with an id and a time of its own."""

    def __init__(self, wordle: Wordle, clock: FakeClock) -> None:
        """Args: clock: a second passes with each move."""
        self.wordle = wordle
        self.clock = clock
        self._count = 0

    def move(self, guild_id: str | None = GUILD_ID) -> Move:
        """A new move."""
        self._count += 1
        self.clock.advance(1)
        now = self.clock.seconds
        return Move(snowflake(now, self._count), USER_ID, now, guild_id)

    def start(self, mode: Mode = Mode.RANDOM, *, hard: bool = False) -> Game:
        """The game that a start shows."""
        game = self.wordle.start(self.move(), mode, hard=hard).game
        assert game is not None
        return game

    def guess(self, word: str, mode: Mode | None = None) -> Seen:
        """What is seen after a guess."""
        return self.wordle.guess(self.move(), word, mode=mode)

    def wrong(self, game: Game, count: int = 1) -> Seen:
        """What is seen after so many wrong guesses."""
        words = [word for word in WRONG if word != game.answer and word not in game.words]
        return [self.guess(word, game.mode) for word in words[:count]][-1]

    @property
    def figures(self) -> tuple[int, int]:
        """Games played and won."""
        stats = self.wordle.stats_of(USER_ID)
        return stats.played, stats.won


@pytest.fixture
def play(wordle: Wordle, fake_clock: FakeClock) -> Table:
    """An empty table."""
    return Table(wordle, fake_clock)


def status(seen: Seen) -> Status:
    """How far the game is that is seen."""
    assert seen.game is not None
    return seen.game.status


def test_a_win_counts_once_with_its_guesses(play: Table) -> None:
    """Won at the third guess: played, won, the distribution, the leaderboard."""
    game = play.start()
    play.wrong(game, 2)
    seen = play.guess(game.answer.upper())
    assert status(seen) is Status.WON
    assert seen.stats == play.wordle.stats_of(USER_ID)
    assert play.figures == (1, 1)
    assert seen.stats.scores == {3: 1}
    (standing,) = play.wordle.leaderboard(GUILD_ID)
    assert (standing.user_id, standing.won, standing.average) == (USER_ID, 1, 3)


def test_the_last_move_decides_whose_leaderboard_counts_a_game(play: Table) -> None:
    """One that began in a server and ended in a direct message is on none."""
    for begun_in, ended_in, standings in ((GUILD_ID, None, 0), (None, GUILD_ID, 1)):
        game = play.wordle.start(play.move(begun_in), Mode.RANDOM, hard=False).game
        assert game is not None
        play.wordle.guess(play.move(ended_in), game.answer)
        assert len(play.wordle.leaderboard(GUILD_ID)) == standings
    assert play.figures == (2, 2)


def test_six_wrong_guesses_are_a_loss(play: Table) -> None:
    """The sixth ends it, and a seventh changes nothing."""
    game = play.start()
    assert status(play.wrong(game, 6)) is Status.LOST
    assert play.figures == (1, 0)
    assert "over already" in play.guess(game.answer).note
    assert play.figures == (1, 0)


def test_giving_up_is_a_loss(play: Table) -> None:
    """Even before the first guess; it was said so."""
    game = play.start()
    seen = play.wordle.give_up(play.move(), Mode.RANDOM, game.id)
    assert status(seen) is Status.GIVEN_UP
    assert play.figures == (1, 0)


def test_starting_again_goes_on_with_the_game(play: Table) -> None:
    """Nobody is locked out, and nobody loses a game by calling the command again."""
    game = play.start()
    play.wrong(game)
    again = play.wordle.start(play.move(), Mode.RANDOM, hard=True)
    assert again.game is not None
    assert (again.game.id, len(again.game.guesses)) == (game.id, 1)
    assert "begun without hard mode" in again.note


def test_the_daily_word_is_played_once(play: Table) -> None:
    """After the end a start shows the finished game until the next day has another word."""
    game = play.start(Mode.DAILY)
    today = datetime.fromtimestamp(play.clock.seconds, UTC).date()
    assert game.answer == WordLists().daily(today, SECRET)
    play.guess(game.answer, Mode.DAILY)
    assert play.start(Mode.DAILY).over
    assert play.figures == (1, 1)
    play.clock.advance(DAY_S)
    tomorrow = play.start(Mode.DAILY)
    assert not tomorrow.over
    assert tomorrow.id != game.id


def test_daily_and_random_run_side_by_side(play: Table) -> None:
    """A guess without a mode goes to the one that was touched last."""
    daily, random = play.start(Mode.DAILY), play.start(Mode.RANDOM)
    assert play.wrong(daily).game == play.guess("zzzzz").game
    play.start(Mode.RANDOM)
    play.wrong(random)
    seen = play.guess("zzzzz")
    assert seen.game is not None
    assert seen.game.mode is Mode.RANDOM


def test_streaks_of_dailies_are_days_in_a_row(play: Table) -> None:
    """Two days won, a day missed, one won."""
    for pause in (1, 1, 2, 1):
        game = play.start(Mode.DAILY)
        play.guess(game.answer, Mode.DAILY)
        play.clock.advance(pause * DAY_S)
    tally = play.wordle.stats_of(USER_ID).tally(Mode.DAILY)
    assert (tally.played, tally.streak, tally.longest) == (4, 1, 3)


def test_no_word_no_cost(play: Table) -> None:
    """Non-words, repeats and other forms take no guess."""
    game = play.start()
    tried = next(word for word in WRONG if word != game.answer)
    play.guess(tried)
    for word in ("zzzzz", "abc", "ab de", "árbol", "cranes", tried):
        seen = play.guess(word)
        assert "cost nothing" in seen.note
        assert seen.game is not None
        assert seen.game.words == (tried,)


def test_hard_mode_wants_the_hints_used(play: Table) -> None:
    """A guess that drops a hint costs nothing and is explained; the answer always goes."""
    game = play.start(hard=True)
    words = [word for word in ("slate", "audio", "crony") if set(word) & set(game.answer)]
    play.guess(words[0])
    miss = next(word for word in ("fuzzy", "slate", "berry") if not _uses(word, words[0]))
    assert "Hard mode: guess 1" in play.guess(miss).note
    assert status(play.guess(game.answer)) is Status.WON


def _uses(word: str, other: str) -> bool:
    return bool(set(word) & set(other))


def test_a_delivery_more_changes_nothing(play: Table) -> None:
    """Start, guess, last guess and giving up, each three times: one game, one count, one view."""
    begin = play.move()
    games = [play.wordle.start(begin, Mode.RANDOM, hard=False).game for _ in range(3)]
    game = games[0]
    assert game is not None
    assert games == [game] * 3
    wrong = next(word for word in WRONG if word != game.answer)
    for word, count in ((wrong, 1), (game.answer, 2)):
        move = play.move()
        seen = [play.wordle.guess(move, word) for _ in range(3)]
        assert seen == [seen[0]] * 3
        assert seen[0].note == ""
        assert seen[0].game is not None
        assert len(seen[0].game.guesses) == count
    assert play.figures == (1, 1)
    assert play.wordle.start(begin, Mode.RANDOM, hard=False).game == seen[0].game
    second = play.start()
    give_up = play.move()
    for _ in range(3):
        assert status(play.wordle.give_up(give_up, Mode.RANDOM, second.id)) is Status.GIVEN_UP
    assert play.figures == (2, 1)


def test_two_forms_of_one_turn_play_once(play: Table) -> None:
    """The second form is told that its turn is over; its word is not lost on a turn."""
    game = play.start()
    first, second = [word for word in WRONG if word != game.answer][:2]
    play.wordle.guess(play.move(), first, mode=Mode.RANDOM, game_id=game.id, turn=0)
    seen = play.wordle.guess(play.move(), second, mode=Mode.RANDOM, game_id=game.id, turn=0)
    assert seen.game is not None
    assert seen.game.words == (first,)
    assert "was not played" in seen.note
    assert "opened for guess 1" in seen.note


def test_buttons_of_older_games_show_the_latest(play: Table) -> None:
    """Guessing, giving up and looking at a game that is gone harm none that runs."""
    old = play.start()
    play.guess(old.answer)
    new = play.start()
    for seen in (
        play.wordle.guess(play.move(), new.answer, mode=Mode.RANDOM, game_id=old.id, turn=0),
        play.wordle.give_up(play.move(), Mode.RANDOM, old.id),
        play.wordle.look_at(play.move(), Mode.RANDOM, old.id),
    ):
        assert seen.note == REPLACED
        assert status(seen) is Status.PLAYING
    assert play.figures == (1, 1)


def test_without_a_game_a_guess_says_so(play: Table) -> None:
    """Nothing is begun behind the player's back."""
    for seen in (play.guess("crane"), play.wordle.give_up(play.move(), Mode.DAILY, "2026-01-01")):
        assert (seen.game, seen.note) == (None, NO_GAME)


def test_without_a_secret_there_is_no_daily(table: str, fake_clock: FakeClock) -> None:
    """It is said plainly, and random games work."""
    play = Table(wordle_of(table, fake_clock, secret=None), fake_clock)
    assert play.wordle.start(play.move(), Mode.DAILY, hard=False).note == NO_DAILY
    assert play.start(Mode.RANDOM)


@pytest.mark.parametrize("mode", Mode)
def test_an_abandoned_game_is_one_loss(play: Table, mode: Mode) -> None:
    """A game with a guess counts once when its player returns; the random streak is over."""
    game = play.start(mode)
    play.wrong(game)
    play.clock.advance(DAY_S)
    late = play.guess(game.answer, mode)
    assert status(late) is Status.EXPIRED
    play.wordle.last_finished(play.move())
    assert play.figures == (1, 0)
    assert not play.start(mode).over
    assert play.figures == (1, 0)


def test_a_game_without_a_guess_leaves_no_trace(play: Table) -> None:
    """Opened and left behind is not played."""
    game = play.start()
    play.clock.advance(DAY_S)
    assert play.start().id != game.id
    assert play.figures == (0, 0)


def test_a_guess_counts_for_the_moment_it_was_made(play: Table) -> None:
    """Sent before midnight and delivered after it, it is still in time."""
    game = play.start(Mode.DAILY)
    move = play.move()
    play.clock.advance(DAY_S)
    assert status(play.wordle.guess(move, game.answer, mode=Mode.DAILY)) is Status.WON


def test_random_words_do_not_come_again_soon(play: Table) -> None:
    """A player's last games have different words."""
    answers = []
    for _ in range(12):
        game = play.start()
        answers.append(game.answer)
        play.guess(game.answer)
    assert len(set(answers)) == 12
    assert play.wordle.stats_of(USER_ID).tally(Mode.RANDOM).streak == 12


def test_a_random_word_is_not_the_days(table: str, fake_clock: FakeClock) -> None:
    """Not even for a player who has not begun the daily."""
    words = Words()
    store = Games(connect(), table, "wordle")
    play = Table(Wordle(store, words, lambda: SECRET, fake_clock.sleep), fake_clock)
    play.start(Mode.RANDOM)
    today = datetime.fromtimestamp(fake_clock.seconds, UTC).date()
    assert words.avoided == {words.daily(today, SECRET)}


class Words(WordLists):
    """Remembers what the last random word had to avoid."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.avoided: Collection[str] = ()

    def random(self, avoid: Collection[str]) -> str:
        """As WordLists."""
        self.avoided = avoid
        return super().random(avoid)
