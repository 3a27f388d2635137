"""The adapters that this group's commands are given, by the names of their parameters."""

from functions.games.daily_secret import daily_secret
from functions.games.wordle_pictures import Pictures
from functions.games.wordle_play import Wordle
from functions.games.wordle_words import WordLists
from utilsbot.runtime import Parts
from utilsbot.store.games import Games


def build_ports(parts: Parts) -> dict[str, object]:
    """Every port of the group.

    Args:
        parts: the worker's.
    """
    store = Games(parts.dynamodb, parts.table, "wordle")
    secret = daily_secret(parts.environment, parts.clock)
    return {
        "wordle": Wordle(store, WordLists(), secret, parts.clock.sleep),
        "pictures": Pictures(),
    }
