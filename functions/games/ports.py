"""The adapters that this group's commands are given, by the names of their parameters."""

from functions.games.settings import GamesSettings
from functions.games.wordle_pictures import Pictures
from functions.games.wordle_play import Wordle
from functions.games.wordle_words import WordLists
from utilsbot.runtime import Parts
from utilsbot.secrets import ParameterStore, SecretReader
from utilsbot.store.games import Games


def build_ports(parts: Parts, secrets: SecretReader | None = None) -> dict[str, object]:
    """Every port of the group.

    Args:
        parts: what the worker shares.
        secrets: Parameter Store by default.

    Raises:
        BadSettings: naming every variable that is wrong.
    """
    parameter = GamesSettings.from_env(parts.environment).daily_word_parameter
    reader = secrets or ParameterStore()

    def daily_secret() -> bytes | None:
        return reader.read(parameter).reveal().encode() if parameter else None

    store = Games(parts.dynamodb, parts.table, "wordle")
    return {
        "wordle": Wordle(store, WordLists(), daily_secret, parts.clock.sleep),
        "pictures": Pictures(),
    }
