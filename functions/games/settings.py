"""What the games group's function is told by its environment."""

from collections.abc import Mapping
from typing import NamedTuple

from utilsbot import settings as s

DAILY_WORD_PARAMETER = s.Setting(
    "DAILY_WORD_PARAMETER",
    s.text,
    "SSM parameter with the secret that orders the daily words; without it there is no daily game",
    "",
)


class GamesSettings(NamedTuple):
    """The group's settings."""

    daily_word_parameter: str
    """Empty: no daily game."""

    @classmethod
    def from_env(cls, environment: Mapping[str, str]) -> "GamesSettings":
        """The settings.

        Raises:
            BadSettings: naming every variable that is wrong.
        """
        reader = s.Reader(environment)
        settings = cls(daily_word_parameter=reader.read(DAILY_WORD_PARAMETER))
        reader.finish()
        return settings
