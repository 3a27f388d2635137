"""The runs that docs/scale.md shows: percentiles by load, and by the share of cold starts."""

import math
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from bench.simulation.run import Outcome, Simulation
from bench.simulation.world import World, commands

LOADS: Final = (0.001, 0.01, 0.1, 1.0, 3.0, 5.0, 10.0, 20.0, 40.0, 60.0)
"""Commands a second."""
COLD: Final = (0.001, 0.01, 0.03, 0.1, 0.3, 1.0)
STEADY: Final = 2.0
"""Commands a second while the share of cold starts is changed: below every limit."""
SPAN_S: Final = 1200.0
"""Longer than a token lives, so that commands that wait too long are seen."""
SLOW_GROUP: Final = "ai"


class Row(NamedTuple):
    """One run; seconds."""

    x: float
    """The load, or the share of cold starts."""
    cold: float
    ack_p50: float
    ack_p99: float
    answer_p50: float
    answer_p99: float
    """Of every group but the slow one."""
    slow_p50: float
    slow_p99: float
    late: float
    """The share whose acknowledgement came after 3 s, when Discord had given up."""
    refused: float
    """The share that the API's rate limit sent away."""
    expired: float
    """The share that waited longer than a token lives."""


def percentile(values: Iterable[float], of_100: float) -> float:
    """The nearest rank; 0 of nothing."""
    ordered = sorted(values)
    rank = math.ceil(len(ordered) * of_100 / 100)
    return ordered[max(0, rank - 1)] if ordered else 0.0


def row(world: World, x: float, rate: float, number: int, seed: int) -> Row:
    """One run.

    Args:
        world: the deployment.
        x: what the row is called.
        rate: commands a second.
        number: of commands.
        seed: of their luck.
    """
    ran = Simulation(world).run(commands(world, rate, number, seed))
    acks = [one.ack_s for one in ran.outcomes if one.ack_s is not None]
    fast = _answers(ran.outcomes, slow=False)
    slow = _answers(ran.outcomes, slow=True)
    lost = sum(one.ack_s is not None and one.answer_s is None for one in ran.outcomes)
    return Row(
        x,
        ran.cold,
        percentile(acks, 50),
        percentile(acks, 99),
        percentile(fast, 50),
        percentile(fast, 99),
        percentile(slow, 50),
        percentile(slow, 99),
        late=sum(ack > 3 for ack in acks) / number,
        refused=(number - len(acks)) / number,
        expired=lost / number,
    )


def _answers(outcomes: Sequence[Outcome], *, slow: bool) -> list[float]:
    return [
        one.answer_s
        for one in outcomes
        if one.answer_s is not None and (one.group == SLOW_GROUP) == slow
    ]


def by_load(world: World, number: int, seed: int) -> list[Row]:
    """A row for each of LOADS: so many commands, or as many as come in SPAN_S."""
    return [row(world, rate, rate, max(number, round(rate * SPAN_S)), seed) for rate in LOADS]


def by_cold(world: World, number: int, seed: int) -> list[Row]:
    """A row for each of COLD."""
    return [row(world._replace(cold=share), share, STEADY, number, seed) for share in COLD]
