"""What the store of a running stack holds of a player, read past the bot."""

import boto3

from functions.games.wordle_game import Game, Mode, read_game
from functions.games.wordle_words import answers
from tests.stack.conftest import RunningStack
from utilsbot.store.game_rows import Shelf
from utilsbot.store.games import Games


def shelf_of(stack: RunningStack, user_id: str) -> Shelf:
    """A user's Wordle games, figures and preferences."""
    client = boto3.client("dynamodb", endpoint_url=stack.get("/health")["aws"])
    (table,) = client.list_tables()["TableNames"]
    return Games(client, table, "wordle").read(user_id, [mode.value for mode in Mode])


def game_of(stack: RunningStack, user_id: str, mode: Mode = Mode.RANDOM) -> Game:
    """A user's game of that kind, with its answer."""
    return read_game(shelf_of(stack, user_id).rows[mode.value].state)


def wrong_words(game: Game, count: int) -> list[str]:
    """Words that may be guessed and are not the answer."""
    return [word for word in answers() if word != game.answer][:count]
