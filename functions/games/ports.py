"""The adapters that this group's commands are given, by the names of their parameters."""

from functions.games.settings import GamesSettings
from functions.games.wordle_pictures import Pictures
from functions.games.wordle_play import Wordle
from functions.games.wordle_words import WordLists
from utilsbot.runtime import Parts
from utilsbot.secrets import SecretReader
from utilsbot.store.games import Games
from utilsbot.store.reloading_secrets import reloading_secrets


def build_ports(parts: Parts, secrets: SecretReader | None = None) -> dict[str, object]:
    """Every port of the group.

    Args:
        parts: what the worker shares.
        secrets: by default Parameter Store, which /reload makes fresh.

    Raises:
        BadSettings: naming every variable that is wrong.
    """
    parameter = GamesSettings.from_env(parts.environment).daily_word_parameter
    reader = secrets or reloading_secrets(parts.dynamodb, parts.table, parts.clock)

    def daily_secret() -> bytes | None:
        return reader.read(parameter).reveal().encode() if parameter else None

    store = Games(parts.dynamodb, parts.table, "wordle")
    return {
        "wordle": Wordle(store, WordLists(), daily_secret, parts.clock.sleep),
        "pictures": Pictures(),
    }
