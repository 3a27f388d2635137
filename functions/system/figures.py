"""Sums of the day counters, as /stats shows them: by group and day, by command."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from utilsbot.store.records import Counts

OTHER = "other"
"""Commands of an earlier version, whose group is no longer known."""
_DAY_S = 24 * 3600


class Sum(NamedTuple):
    """Some counters together."""

    runs: int = 0
    failures: int = 0
    duration_ms: int = 0

    def plus(self, counts: Counts) -> "Sum":
        """These and those."""
        return Sum(
            self.runs + counts.runs,
            self.failures + counts.failures,
            self.duration_ms + counts.duration_ms,
        )

    @property
    def mean_ms(self) -> float:
        """The mean duration; 0 of nothing."""
        return self.duration_ms / self.runs if self.runs else 0.0


class Figures(NamedTuple):
    """What happened in some days."""

    days: tuple[int, ...]
    """Epoch seconds when each day began, oldest first, those without commands too."""
    total: Sum
    by_group: Mapping[str, Sum]
    """The busiest first."""
    by_command: Mapping[str, Sum]
    """The busiest first."""
    runs: Mapping[str, tuple[int, ...]]
    """By group, a number for each day."""
    failures: tuple[int, ...]
    """A number for each day."""
    people: tuple[int, ...]
    """Users of each day; somebody who came on two days is in both."""


def figures(counted: Sequence[Counts], groups: Mapping[str, str], now: float, days: int) -> Figures:
    """Adds up.

    Args:
        counted: the counters of those days.
        groups: every command's group, by its slug.
        now: epoch seconds.
        days: how many, today's included.
    """
    today = int(now) // _DAY_S * _DAY_S
    began = tuple(today - ago * _DAY_S for ago in range(days - 1, -1, -1))
    at = {day: number for number, day in enumerate(began)}
    total, failures, people = Sum(), [0] * days, [0] * days
    by_group: dict[str, Sum] = {}
    by_command: dict[str, Sum] = {}
    runs: dict[str, list[int]] = {}
    for counts in counted:
        day = at.get(counts.day_began)
        if day is None:
            continue
        group = groups.get(_slug(counts.command), OTHER)
        total = total.plus(counts)
        by_group[group] = by_group.get(group, Sum()).plus(counts)
        by_command[counts.command] = by_command.get(counts.command, Sum()).plus(counts)
        runs.setdefault(group, [0] * days)[day] += counts.runs
        failures[day] += counts.failures
        people[day] += counts.people
    busiest = _busiest(by_group)
    return Figures(
        began,
        total,
        busiest,
        _busiest(by_command),
        {group: tuple(runs[group]) for group in busiest},
        tuple(failures),
        tuple(people),
    )


def _busiest(sums: Mapping[str, Sum]) -> dict[str, Sum]:
    return dict(sorted(sums.items(), key=lambda item: (-item[1].runs, item[0])))


def _slug(command: str) -> str:
    """`qr read` and `password:again` count to qr and password."""
    return command.partition(":")[0].partition(" ")[0].replace("-", "_").lower()
