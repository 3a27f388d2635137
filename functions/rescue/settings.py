"""What the rescue is told by its environment."""

from collections.abc import Mapping
from typing import NamedTuple

from utilsbot import settings as s
from utilsbot.metrics import Metrics, read_metrics
from utilsbot.runtime import MAX_RECEIVES
from utilsbot.settings import Setting

_QUEUE = "DEAD_LETTERS_"
KEY_PARAMETER = Setting(
    "FAILED_KEY_PARAMETER",
    s.text,
    "the SecureString with the key that seals failed commands; empty: none is kept",
    "",
)


class RescueSettings(NamedTuple):
    """The settings."""

    table: str
    discord_api: str
    log_level: str
    metrics: Metrics
    key_parameter: str
    max_receives: int
    """The maxReceiveCount of every group's queue."""
    dead_letters: Mapping[str, str]
    """Each group's dead-letter queue's address."""

    @classmethod
    def from_env(cls, environment: Mapping[str, str]) -> "RescueSettings":
        """The settings.

        Raises:
            BadSettings: naming every variable that is missing or wrong.
        """
        reader = s.Reader(environment)
        settings = cls(
            table=reader.read(s.TABLE),
            discord_api=reader.read(s.DISCORD_API),
            log_level=reader.read(s.LOG_LEVEL),
            metrics=read_metrics(reader, "rescue"),
            key_parameter=reader.read(KEY_PARAMETER),
            max_receives=reader.read(MAX_RECEIVES),
            dead_letters={
                name.removeprefix(_QUEUE).lower(): url
                for name, url in environment.items()
                if name.startswith(_QUEUE) and url
            },
        )
        reader.finish()
        return settings
