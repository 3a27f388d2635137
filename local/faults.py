"""Faults on purpose: `--faults discord_429=0.3,duplicate_delivery=0.1,seed=7`."""

import random
from collections.abc import Mapping, Sequence

AVAILABLE: Mapping[str, str] = {
    "discord_429": "a call is rate limited, by each scope, for up to a second",
    "discord_429_long": "the same for 20 to 30 s, which is more than a worker may wait",
    "discord_5xx": "Discord or the proxy before it fails, before or after it has done the work",
    "discord_timeout": "Discord does not answer, before or after it has done the work",
    "discord_reset": "the connection breaks, before or after Discord has done the work",
    "discord_404_race": "Discord does not know the token for a moment after the deferral",
    "duplicate_delivery": "SQS delivers a message twice, one after the other or at once",
    "out_of_order": "SQS delivers a message after those that came later",
    "worker_crash": "a worker is killed before, during or after its reply",
    "store_throttle": "DynamoDB throttles a call, or a transaction meets another one",
    "queue_refuses": "SQS does not take a message",
    "slow_store": "DynamoDB takes long, sometimes longer than its caller waits",
    "slow_everything": "every call of AWS and of Discord takes longer",
}
"""What can be injected, with what it does."""
OF_AWS = ("store_throttle", "queue_refuses", "slow_store", "slow_everything")
"""Those that a proxy before the local AWS injects."""


class BadFaults(ValueError):
    """The specification is wrong; the message says what and which names there are."""


class Faults:
    """Decides when a fault happens.

    The decision depends on the seed, on the fault, on what it is asked about (its `key`) and on how
    often it was asked about that: neither another fault nor another key shifts it. So with the
    interaction's id as the key a run can be repeated, in whatever order its parts run.
    """

    def __init__(
        self, probabilities: Mapping[str, float] | None = None, seed: int | None = None
    ) -> None:
        """Args: probabilities: 0 to 1 by name. seed: None for a random one."""
        self.probabilities = dict(probabilities or {})
        self.seed = random.SystemRandom().randrange(2**32) if seed is None else seed
        self._asked: dict[tuple[str, str], int] = {}

    @property
    def on(self) -> dict[str, float]:
        """The faults that can happen, with their probabilities."""
        return {name: chance for name, chance in self.probabilities.items() if chance > 0}

    @property
    def of_aws(self) -> bool:
        """Whether one of them is a fault of AWS."""
        return bool(self.on.keys() & set(OF_AWS))

    def happens(self, name: str, key: str = "") -> bool:
        """Whether the fault happens this time."""
        probability = self.probabilities.get(name, 0.0)
        return probability > 0 and self._dice(name, key).random() < probability

    def between(self, name: str, low: float, high: float, key: str = "") -> float:
        """A number for a fault that happens: how long, how late."""
        return self._dice(f"{name} between", key).uniform(low, high)

    def one_of(self, name: str, choices: Sequence[str], key: str = "") -> str:
        """The form of a fault that happens: which scope, before or after."""
        return self._dice(f"{name} form", key).choice(choices)

    def _dice(self, name: str, key: str) -> random.Random:
        asked = self._asked[name, key] = self._asked.get((name, key), 0) + 1
        return random.Random(f"{self.seed}:{name}:{key}:{asked}")  # noqa: S311

    def __str__(self) -> str:
        """As `parse` takes it, the seed included."""
        parts = [f"{name}={probability:g}" for name, probability in self.probabilities.items()]
        return ",".join([*parts, f"seed={self.seed}"]) if parts else "none"


def parse(text: str) -> Faults:
    """The faults of a `--faults` option.

    Raises:
        BadFaults: a name is unknown, or a number is out of range.
    """
    probabilities: dict[str, float] = {}
    seed: int | None = None
    if text.strip() == "none":
        return Faults()
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, equals, raw = (piece.strip() for piece in part.partition("="))
        if name == "seed":
            seed = _seed(raw)
            continue
        if name not in AVAILABLE:
            raise BadFaults(f"there is no fault {name!r}; available are {', '.join(AVAILABLE)}")
        if name in probabilities:
            raise BadFaults(f"{name} is given twice")
        probabilities[name] = _probability(name, raw) if equals else 1.0
    return Faults(probabilities, seed)


def _seed(raw: str) -> int:
    if not (raw.isascii() and raw.isdecimal()):
        raise BadFaults(f"seed should be a whole number, not {raw!r}")
    return int(raw)


def _probability(name: str, raw: str) -> float:
    try:
        probability = float(raw)
    except ValueError:
        probability = -1.0
    if not 0 <= probability <= 1:
        raise BadFaults(f"{name} should be a probability from 0 to 1, not {raw!r}")
    return probability
