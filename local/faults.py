"""Faults on purpose: `--faults discord_429=0.3,duplicate_delivery=0.1,seed=7`."""

import random
from collections.abc import Mapping

AVAILABLE: Mapping[str, str] = {
    "discord_429": "a call of Discord's API is rate limited",
    "discord_404_race": "Discord does not know the token for a moment after the deferral",
    "duplicate_delivery": "SQS delivers a message twice",
}
"""What can be injected, with what it does."""

PLANNED = (
    "discord_5xx",
    "discord_timeout",
    "worker_crash",
    "store_throttle",
    "queue_refuses",
    "slow_store",
)
"""Names that are reserved and not available yet."""


class BadFaults(ValueError):
    """The specification is wrong; the message says what and which names there are."""


class Faults:
    """Decides when a fault happens: the same seed gives the same decisions a fault."""

    def __init__(
        self, probabilities: Mapping[str, float] | None = None, seed: int | None = None
    ) -> None:
        """Args: probabilities: 0 to 1 by name. seed: None for a random one."""
        self.probabilities = dict(probabilities or {})
        self.seed = random.SystemRandom().randrange(2**32) if seed is None else seed
        # One stream a fault, so that how often one is asked for never shifts another.
        self._dice = {name: random.Random(f"{self.seed}:{name}") for name in self.probabilities}  # noqa: S311

    def happens(self, name: str) -> bool:
        """Whether the fault happens this time."""
        dice = self._dice.get(name)
        return dice is not None and dice.random() < self.probabilities[name]

    def between(self, name: str, low: float, high: float) -> float:
        """A number for a fault that happens: how long, how late."""
        return self._dice[name].uniform(low, high) if name in self._dice else low

    def __str__(self) -> str:
        """As `parse` takes it, the seed included."""
        parts = [f"{name}={probability:g}" for name, probability in self.probabilities.items()]
        return ",".join([*parts, f"seed={self.seed}"]) if parts else "none"


def parse(text: str) -> Faults:
    """The faults of a `--faults` option.

    Raises:
        BadFaults: a name is unknown or not available yet, or a number is out of range.
    """
    probabilities: dict[str, float] = {}
    seed: int | None = None
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, equals, raw = (piece.strip() for piece in part.partition("="))
        if name == "seed":
            seed = _seed(raw)
            continue
        _check_name(name)
        if name in probabilities:
            raise BadFaults(f"{name} is given twice")
        probabilities[name] = _probability(name, raw) if equals else 1.0
    return Faults(probabilities, seed)


def _seed(raw: str) -> int:
    if not (raw.isascii() and raw.isdecimal()):
        raise BadFaults(f"seed should be a whole number, not {raw!r}")
    return int(raw)


def _check_name(name: str) -> None:
    if name in PLANNED:
        raise BadFaults(f"{name} is not available yet; available are {', '.join(AVAILABLE)}")
    if name not in AVAILABLE:
        raise BadFaults(f"there is no fault {name!r}; available are {', '.join(AVAILABLE)}")


def _probability(name: str, raw: str) -> float:
    try:
        probability = float(raw)
    except ValueError:
        probability = -1.0
    if not 0 <= probability <= 1:
        raise BadFaults(f"{name} should be a probability from 0 to 1, not {raw!r}")
    return probability
