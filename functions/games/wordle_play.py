"""What a player's moves do: read, decide by the rules, write, and again if the race was lost.

A move that is delivered twice finds its own id in the game and changes nothing. A move that cannot
be made changes nothing either, and the note of what is seen says why.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import NamedTuple

from functions.games.wordle_game import KEPT_S, Game, Mode, Move, Status, read_game
from functions.games.wordle_notes import (
    NO_DAILY,
    NO_GAME,
    OVER,
    REPLACED,
    against_hard_mode,
    late,
    no_word,
    not_listed,
    resumed,
    tried,
)
from functions.games.wordle_ports import Look, Seen, Store, Words
from functions.games.wordle_rules import LENGTH
from functions.games.wordle_text import Palette
from utilsbot.errors import ServiceError, StoreError
from utilsbot.i18n import _
from utilsbot.store.game_rows import GameRow
from utilsbot.store.game_stats import GameStats, Standing

_TRIES = 12
"""A game takes at most seven moves, so nobody loses more races for one."""
_PAUSE_S = 0.03
_AVOIDED = 100
"""So many of a player's last random words do not come again."""


class _Table(NamedTuple):
    """A player's games as they were read."""

    games: dict[Mode, Game]
    versions: dict[Mode, int]
    stats: GameStats
    look: Look

    def seen(self, game: Game | None, note: str = "") -> Seen:
        return Seen(game, self.stats, self.look, note)

    def choose(self, move: Move, mode: Mode | None) -> Game | None:
        """The game that a move without a game's id means: its own, one that runs, the latest."""
        games = [game for game in self.games.values() if mode in {None, game.mode}]
        return max(
            games,
            key=lambda game: (game.has(move), not game.over, game.touched_at),
            default=None,
        )


class Wordle:
    """The moves."""

    def __init__(
        self,
        store: Store,
        words: Words,
        daily_secret: Callable[[], bytes | None],
        sleep: Callable[[float], None],
    ) -> None:
        """Args: daily_secret: the operator's, or None: no daily game. sleep: waits seconds."""
        self._store = store
        self._words = words
        self._daily_secret = daily_secret
        self._sleep = sleep

    def start(self, move: Move, mode: Mode, *, hard: bool) -> Seen:
        """Begins a game, or shows the one that runs; a day's word is played once.

        Raises:
            StoreError: the store did not answer.
        """

        def attempt(table: _Table) -> Seen | None:
            current = table.games.get(mode)
            if current and _is_current(current, move):
                return table.seen(current, resumed(current, move, hard))
            answer = self._answer(table, move, mode)
            if answer is None:
                return table.seen(None, _(NO_DAILY))
            earlier = (current.answer, *current.earlier)[:_AVOIDED] if current else ()
            game = Game(
                mode=mode,
                id=move.day.isoformat() if mode is Mode.DAILY else move.id,
                answer=answer,
                hard=hard,
                touched_at=move.at,
                guild_id=move.guild_id,
                earlier=earlier if mode is Mode.RANDOM else (),
            )
            return self._save(move.user_id, table, game)

        return self._until_done(move, attempt)

    def guess(
        self,
        move: Move,
        word: str,
        *,
        mode: Mode | None = None,
        game_id: str | None = None,
        turn: int | None = None,
    ) -> Seen:
        """Makes a guess; what is no word, breaks hard mode or comes too late costs nothing.

        Args:
            move: whose and when.
            word: as it was typed.
            mode: of which game; None: the one that runs, or was touched last.
            game_id: the game that the form belongs to.
            turn: how many guesses the game had when the form was opened.

        Raises:
            StoreError: the store did not answer.
        """
        word = word.strip().lower()

        def attempt(table: _Table) -> Seen | None:
            game = table.choose(move, mode)
            problem = _problem(game, move, game_id)
            if game is None or problem is not None:
                return table.seen(game, problem or "")
            problem = late(game, word, turn) or self._word_problem(game, word)
            if problem:
                return table.seen(game, problem)
            return self._save(move.user_id, table, game.guessed(word, move))

        return self._until_done(move, attempt)

    def give_up(self, move: Move, mode: Mode, game_id: str) -> Seen:
        """Ends a game as a loss.

        Raises:
            StoreError: the store did not answer.
        """

        def attempt(table: _Table) -> Seen | None:
            game = table.choose(move, mode)
            problem = _problem(game, move, game_id)
            if game is None or problem is not None:
                return table.seen(game, problem or "")
            return self._save(move.user_id, table, game.given_up(move))

        return self._until_done(move, attempt)

    def look_at(self, move: Move, mode: Mode, game_id: str) -> Seen:
        """A game as it is.

        Raises:
            StoreError: the store did not answer.
        """

        def attempt(table: _Table) -> Seen:
            game = table.choose(move, mode)
            if game is None:
                return table.seen(None, _(NO_GAME))
            return table.seen(game, "" if game.id == game_id else _(REPLACED))

        return self._until_done(move, attempt)

    def last_finished(self, move: Move, mode: Mode | None = None, *, guessed: bool = False) -> Seen:
        """The player's latest game that is over, and their figures.

        Args:
            move: whose and when.
            mode: of which kind; None: of any.
            guessed: only a game with a guess, because no other has squares.

        Raises:
            StoreError: the store did not answer.
        """

        def attempt(table: _Table) -> Seen:
            games = [
                game
                for game in table.games.values()
                if game.over and mode in {None, game.mode} and (game.guesses or not guessed)
            ]
            return table.seen(max(games, key=lambda game: game.touched_at, default=None))

        return self._until_done(move, attempt)

    def prefer(self, move: Move, preferences: Mapping[str, str]) -> None:
        """Remembers how boards should look.

        Raises:
            StoreError: the store did not answer.
        """
        self._store.prefer(move.user_id, preferences)

    def stats_of(self, user_id: str) -> GameStats:
        """Somebody's figures as they stand.

        Raises:
            StoreError: the store did not answer.
        """
        return self._store.read(user_id, ()).stats

    def leaderboard(self, guild_id: str) -> list[Standing]:
        """Every player of a guild.

        Raises:
            StoreError: the store did not answer.
        """
        return self._store.leaderboard(guild_id)

    def _until_done(self, move: Move, attempt: Callable[[_Table], Seen | None]) -> Seen:
        """Reads and tries until no race is lost; games whose time is over are ended on the way."""
        for number in range(_TRIES):
            table = self._read(move.user_id)
            overdue = next((g for g in table.games.values() if g.is_late(move.at)), None)
            if overdue:
                self._save(move.user_id, table, overdue.expired())
                continue
            seen = attempt(table)
            if seen is not None:
                return seen
            self._sleep(_PAUSE_S * number)
        raise StoreError("too many races for one game")

    def _read(self, user_id: str) -> _Table:
        shelf = self._store.read(user_id, [mode.value for mode in Mode])
        rows = {Mode(slot): row for slot, row in shelf.rows.items()}
        return _Table(
            games={mode: read_game(row.state) for mode, row in rows.items()},
            versions={mode: row.version for mode, row in rows.items()},
            stats=shelf.stats,
            look=_look(shelf.preferences),
        )

    def _save(self, user_id: str, table: _Table, game: Game) -> Seen | None:
        """Stores a game, and counts it if it has just ended; None: a race was lost."""
        row = GameRow(
            slot=game.mode.value,
            version=table.versions.get(game.mode, 0) + 1,
            expires_at=int(game.ends_at + KEPT_S),
            state=game.state(),
        )
        result = game.result()
        if result is None:
            return table.seen(game) if self._store.write(user_id, row) else None
        if self._store.finish(user_id, row, result, table.stats, game.guild_id):
            return Seen(game, table.stats.plus(result), table.look)
        return None

    def _answer(self, table: _Table, move: Move, mode: Mode) -> str | None:
        """A new game's word: a random one is none of the player's last, nor the day's."""
        if mode is Mode.DAILY:
            return self._daily(move)
        avoid = {word for game in table.games.values() for word in (game.answer, *game.earlier)}
        with suppress(ServiceError):  # a random game does not need the operator's secret
            avoid.add(self._daily(move) or "")
        return self._words.random(avoid)

    def _daily(self, move: Move) -> str | None:
        """The day's word; None: there is no daily game."""
        secret = self._daily_secret()
        return self._words.daily(move.day, secret) if secret else None

    def _word_problem(self, game: Game, word: str) -> str | None:
        if not (word.isascii() and word.isalpha() and len(word) == LENGTH):
            return no_word()
        if word in game.words:
            return tried(word)
        if not self._words.accepts(word):
            return not_listed(word)
        return against_hard_mode(word, game.words, game.answer) if game.hard else None


def _is_current(game: Game, move: Move) -> bool:
    """Whether a start shows this game: it runs, it is the day's, or this very move began it."""
    if game.mode is Mode.DAILY:  # compared as text, so a late message cannot bring a day back
        return game.id >= move.day.isoformat()
    return not game.over or int(game.id) >= int(move.id)


def _problem(game: Game | None, move: Move, game_id: str | None) -> str | None:
    """Why a game takes no move; empty if it has taken this very one."""
    if game is None:
        return _(NO_GAME)
    if game_id is not None and game.id != game_id:
        return _(REPLACED)
    if game.has(move):
        return ""
    if game.over:
        return _(OVER) if game.status is not Status.EXPIRED else ""
    return None


def _look(preferences: Mapping[str, str]) -> Look:
    contrast = preferences.get("palette") == Palette.CONTRAST.value
    palette = Palette.CONTRAST if contrast else Palette.CLASSIC
    return Look(preferences.get("board") == "text", palette)
