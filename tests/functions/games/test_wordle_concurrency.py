"""Many at once on one game: it ends in one state, and is counted once."""

import random
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any

import pytest

from functions.games.wordle_game import Game, Mode, Move, Status
from functions.games.wordle_play import Wordle
from functions.games.wordle_rules import ATTEMPTS
from functions.games.wordle_words import WordLists, answers
from tests.interactions import GUILD_ID, NOW, USER_ID, snowflake
from utilsbot.store.games import Games
from utilsbot.store.table import connect

GUESSES = 200


class OneAtATime:
    """DynamoDB's client, a call at a time.

    moto's transactions copy the table and put it back when they fail, which undoes what others
    wrote meanwhile; DynamoDB's do not. Between the calls everybody is free to come in between.
    """

    def __init__(self, client: Any) -> None:
        """Args: client: boto3's."""
        self._client = client
        self._lock = Lock()
        self.exceptions = client.exceptions
        self.transactions = 0

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._client, name)

        def call(**arguments: Any) -> Any:
            with self._lock:
                self.transactions += name == "transact_write_items"
                return method(**arguments)

        return call if name != "get_paginator" else method


@pytest.mark.parametrize("winning", [True, False])
def test_two_hundred_guesses_and_their_duplicates(table: str, winning: bool) -> None:
    """200 different moves, each delivered twice at once: six guesses at most, one count."""
    client = OneAtATime(connect())
    wordle = Wordle(Games(client, table, "wordle"), WordLists(), lambda: None, lambda _: None)  # type: ignore[arg-type]
    begin = Move(snowflake(NOW, 1), USER_ID, NOW, GUILD_ID)
    game = wordle.start(begin, Mode.RANDOM, hard=False).game
    assert game is not None
    rng = random.Random(1)  # noqa: S311
    words = rng.sample([word for word in answers() if word != game.answer], GUESSES)
    if winning:
        words[100:140] = [game.answer] * 40
    moves = [
        (Move(snowflake(NOW + 1, at), USER_ID, NOW + 1, GUILD_ID), word)
        for at, word in enumerate(words)
    ]
    deliveries = moves * 2
    rng.shuffle(deliveries)
    with ThreadPoolExecutor(16) as pool:
        seen = list(pool.map(lambda it: wordle.guess(it[0], it[1]), deliveries))
    end = wordle.last_finished(begin).game
    assert end is not None
    _is_sound(end, {move.id: word for move, word in moves})
    stats = wordle.stats_of(USER_ID)
    won = int(end.status is Status.WON)
    assert (stats.played, stats.won) == (1, won)
    assert sum(stats.scores.values()) == won
    (standing,) = wordle.leaderboard(GUILD_ID)
    assert (standing.played, standing.won) == (1, won)
    assert all(one.game is not None and one.game.id == game.id for one in seen)
    last = [one for one in seen if one.game is not None and one.game.over and not one.note]
    assert all(one.game == end for one in last)
    assert len(last) >= 2  # the move that ended it, and its duplicate


def _is_sound(end: Game, played: dict[str, str]) -> None:
    """Over, no guess after the end, each by another move and as it was made."""
    assert end.status in {Status.WON, Status.LOST}
    assert len({guess.move_id for guess in end.guesses}) == len(end.guesses) <= ATTEMPTS
    assert all(played[guess.move_id] == guess.word for guess in end.guesses)
    assert len(set(end.words)) == len(end.words)
    assert end.answer not in end.words[:-1]
    assert (end.words[-1] == end.answer) == (end.status is Status.WON)


def test_guesses_and_giving_up_at_once(table: str) -> None:
    """Twenty guesses race twenty ways to give up, in two games of one player: each counts once."""
    client = OneAtATime(connect())
    secret = b"secret"
    wordle = Wordle(Games(client, table, "wordle"), WordLists(), lambda: secret, lambda _: None)  # type: ignore[arg-type]
    games = {}
    for at, mode in enumerate(Mode):
        move = Move(snowflake(NOW, at), USER_ID, NOW, GUILD_ID)
        games[mode] = wordle.start(move, mode, hard=False).game

    def act(at: int) -> None:
        mode = list(Mode)[at % 2]
        game = games[mode]
        assert game is not None
        move = Move(snowflake(NOW + 1, at), USER_ID, NOW + 1, GUILD_ID)
        if at % 4 < 2:
            wordle.guess(move, answers()[at], mode=mode, game_id=game.id)
        else:
            wordle.give_up(move, mode, game.id)

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(act, range(80)))
    stats = wordle.stats_of(USER_ID)
    assert [stats.tally(mode).played for mode in Mode] == [1, 1]
    (standing,) = wordle.leaderboard(GUILD_ID)
    assert standing.played == 2
