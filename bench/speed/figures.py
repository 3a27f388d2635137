"""Figures with their spread, and the rows of the report."""

import statistics
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple


class Figure(NamedTuple):
    """A median of repeated measurements, with the quartiles on both sides."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        """As a table shows it."""
        if self.low == self.high:
            return _short(self.median)
        return f"{_short(self.median)} ({_short(self.low)} to {_short(self.high)})"


def figure(values: Sequence[float], less: float = 0) -> Figure:
    """The figure of some measurements, each without `less`."""
    rest = [value - less for value in values]
    if len(rest) < 2:
        return Figure(rest[0], rest[0], rest[0])
    low, median, high = statistics.quantiles(rest, n=4, method="inclusive")
    return Figure(median, low, high)


def exact(value: float) -> Figure:
    """A figure that is counted and not measured."""
    return Figure(value, value, value)


class Row(NamedTuple):
    """One metric."""

    metric: str
    ours: Figure
    unit: str
    floor: Figure | None = None
    peers: Mapping[str, Figure] = {}
    budget: float | None = None
    """The most that `ours` may be."""
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the budget is kept; None: there is none."""
        return None if self.budget is None else self.ours.median <= self.budget

    def result(self) -> dict[str, Any]:
        """As bench/results.json has it."""
        return {
            "metric": self.metric,
            "ours": _rounded(self.ours),
            "floor": _rounded(self.floor) if self.floor else None,
            "peers": {name: _rounded(peer) for name, peer in self.peers.items()},
            "unit": self.unit,
            "budget": None if self.budget is None else round(self.budget, 3),
            "met": self.met,
        }


def _rounded(value: Figure) -> float:
    return round(value.median, 3)


def _short(value: float) -> str:
    if value and abs(value) < 100:
        return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"
    return f"{value:,.0f}"
