"""The front door's settings."""

from collections.abc import Mapping
from typing import NamedTuple

from utilsbot import settings as s
from utilsbot.metrics import Metrics, read_metrics

PUBLIC_KEY: s.Setting[tuple[bytes, ...]] = s.Setting(
    "DISCORD_PUBLIC_KEY",
    s.public_keys,
    "the application's public key; two, comma separated, during a rotation",
    required=True,
)
SUPPORT_URL = s.Setting("SUPPORT_URL", s.address, "where users get help, shown by /info", "")
FEATURES: s.Setting[frozenset[str]] = s.Setting(
    "FEATURES", s.words, "what is configured beside the queues, comma separated", frozenset()
)
_QUEUE_PREFIX = "QUEUE_URL_"


class Settings(NamedTuple):
    """What the front door is told by its environment."""

    public_keys: tuple[bytes, ...]
    table: str
    queue_urls: Mapping[str, str]
    """By group: QUEUE_URL_TOOLS and so on."""
    developers: frozenset[str]
    closed_beta: bool
    support_url: str
    features: frozenset[str]
    log_level: str
    metrics: Metrics

    @classmethod
    def from_env(cls, environment: Mapping[str, str]) -> "Settings":
        """The settings.

        Raises:
            BadSettings: naming every variable that is missing or wrong.
        """
        reader = s.Reader(environment)
        settings = cls(
            public_keys=reader.read(PUBLIC_KEY),
            table=reader.read(s.TABLE),
            queue_urls={
                name.removeprefix(_QUEUE_PREFIX).lower(): url
                for name, url in environment.items()
                if name.startswith(_QUEUE_PREFIX) and url
            },
            developers=reader.read(s.DEVELOPERS),
            closed_beta=reader.read(s.CLOSED_BETA),
            support_url=reader.read(SUPPORT_URL),
            features=reader.read(FEATURES),
            log_level=reader.read(s.LOG_LEVEL),
            metrics=read_metrics(reader, "interactions"),
        )
        reader.finish()
        return settings
