"""What is simulated: how long each step takes, how many there may be, and who comes when."""

import random
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from cli.pricing.assumptions import MIX, assumed
from cli.pricing.measured import Measured
from cli.pricing.model import FRONT_DOOR, init_s, times

LIFE_S: Final = 840.0
"""After so long in the queue a command is dropped, as utilsbot.envelope has it."""
_SPREAD: Final = 0.35
"""The deviation of a step's logarithm: its p99 is 2.3 times its median."""


class Station(NamedTuple):
    """One function."""

    service_s: float
    """Median, warm."""
    init_s: float
    """Median, what a cold start adds."""
    record_s: float
    """The end of service_s that comes after the answer."""
    limit: int
    """How many run at once at the most."""


class World(NamedTuple):
    """One deployment."""

    front: Mapping[str, Station]
    """The front door by the group that is called: their times differ, the environments do not."""
    workers: Mapping[str, Station]
    mix: Mapping[str, float]
    api_rate: float
    """Requests a second that the HTTP API takes, and as many at once."""
    endpoint_s: float
    pickup_s: float
    environment_s: float
    """How long an idle environment is kept."""
    cold: float | None = None
    """The share of cold starts; None: as the environments' life brings it about."""


class Command(NamedTuple):
    """One user's command, with its luck: the same in every run of a seed."""

    at: float
    group: str
    front: float
    worker: float
    """Factors of the median times."""
    cold_front: float
    cold_worker: float
    """Uniform in 0..1: below the share of cold starts, it meets one."""


def deployed(measured: Measured, limits: Mapping[str, int], api_rate: float) -> World:
    """The deployment that the template describes, with the measured times.

    Args:
        measured: the profile.
        limits: concurrency by group, the front door's among them.
        api_rate: requests a second.
    """
    starts = {name: init_s(function) for name, function in measured.functions.items()}
    taken = {name: times(measured, name) for name in measured.groups}
    record = assumed("transaction_ms") / 1000
    return World(
        front={
            name: Station(took.front_s, starts[FRONT_DOOR], 0.0, limits[FRONT_DOOR])
            for name, took in taken.items()
        },
        workers={
            name: Station(took.worker_s, starts[name], record, limits[name])
            for name, took in taken.items()
            if measured.groups[name].deferred
        },
        mix=MIX,
        api_rate=api_rate,
        endpoint_s=assumed("endpoint_ms") / 1000,
        pickup_s=assumed("pickup_ms") / 1000,
        environment_s=assumed("environment_s"),
    )


def commands(world: World, rate: float, number: int, seed: int) -> Iterator[Command]:
    """So many commands as a Poisson stream.

    Args:
        world: for the mix.
        rate: a second.
        number: of commands.
        seed: the same one gives the same people, only closer together at a higher rate.
    """
    luck = random.Random(seed)  # noqa: S311 - a simulation
    names, shares = list(world.mix), list(world.mix.values())
    at = 0.0
    for _ in range(number):
        at += luck.expovariate(1.0) / rate
        (group,) = luck.choices(names, shares)
        front, worker = luck.lognormvariate(0, _SPREAD), luck.lognormvariate(0, _SPREAD)
        yield Command(at, group, front, worker, luck.random(), luck.random())
