"""Cheaper designs of /hash with their price, and what the budget of 5 USD would take."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from cli.pricing.measured import Measured, Memories
from cli.pricing.model import (
    DEPLOYED,
    FRONT_DOOR,
    VCPU_MB,
    Design,
    command,
    per_million,
    times,
    total,
)

BUDGET_USD: Final = 5.0
"""A million /hash, at list price (design, section 6)."""
GROUP: Final = "tools"


class Option(NamedTuple):
    """One way to pay less."""

    title: str
    change: Mapping[str, object]
    """What differs in the Design."""
    loses: str


OPTIONS: Final = (
    Option(
        "256 MB for the worker",
        {"memory_mb": {GROUP: 256}},
        "half the CPU: a warm command takes longer by its CPU time, a cold one by its init",
    ),
    Option(
        "Metrics=off",
        {"metrics": False},
        "our own metrics and the alarms on errors; a parameter, so a choice of the operator",
    ),
    Option(
        "canonical lines a third shorter",
        {"line_share": 0.67},
        "fields that the saved queries and the runbook read, or names that a person can read",
    ),
    Option(
        "no START, END and REPORT (JSON log format, SystemLogLevel WARN)",
        {"platform_log": False},
        "Lambda's own figures of memory and init in the log; crashes are still written",
    ),
    Option(
        "counters from the table's stream",
        {"writes_saved": 3.0},
        "the transaction becomes one plain conditional update; a function, a stream and a "
        "duplicate-safe sum more, and /stats a few seconds late",
    ),
    Option(
        "counters by a plain update beside the ending",
        {"writes_saved": 2.0},
        "a worker that dies between the two leaves a command uncounted",
    ),
    Option(
        "no claim for pure commands",
        {"writes_saved": 1.0},
        "two deliveries at once run twice and answer twice; /password would change before the "
        "user's eyes",
    ),
    Option(
        "no index by_guild",
        {"writes_saved": 1.0},
        "/logs guild; it would ask Logs Insights instead",
    ),
    Option(
        "batches of 10 at full load",
        {"queue_requests": 1.2},
        "a user waits for up to nine others, and a quiet bot saves nothing",
    ),
    Option(
        "a function URL for the HTTP API",
        {"http_api": False},
        "the rate limit in front, the API's own metrics and alarms; a flood costs invocations",
    ),
)
STEPS: Final = (
    "counters from the table's stream",
    "no index by_guild",
    "256 MB for the worker",
    "no START, END and REPORT (JSON log format, SystemLogLevel WARN)",
    "a function URL for the HTTP API",
    "Metrics=off",
)
"""What can be had together, the least loss first."""
KEPT: Final = 4
"""So many of STEPS keep every promise of the design; after them is the floor."""


class Priced(NamedTuple):
    """An option and what a million /hash cost with it alone."""

    option: Option
    usd: float
    saved: float


def changed(change: Mapping[str, object], design: Design = DEPLOYED) -> Design:
    """A design with a change; write units that are saved add up."""
    saved = change.get("writes_saved", 0.0)
    more = {**change, "writes_saved": design.writes_saved + saved}  # type: ignore[operator]
    return design._replace(**more)  # type: ignore[arg-type]


def price(measured: Measured, design: Design = DEPLOYED) -> float:
    """A million /hash."""
    return total(per_million(command(measured, GROUP, design)).values())


def priced(measured: Measured) -> list[Priced]:
    """Each option alone, the largest gain first."""
    now = price(measured)
    found = [(option, price(measured, changed(option.change))) for option in OPTIONS]
    return sorted((Priced(o, usd, now - usd) for o, usd in found), key=lambda p: -p.saved)


def steps(measured: Measured) -> list[tuple[str, float]]:
    """What a million /hash cost with the options of STEPS, one after the other."""
    by_title = {option.title: option for option in OPTIONS}
    design, found = DEPLOYED, []
    for title in STEPS:
        design = changed(by_title[title].change, design)
        found.append((title, price(measured, design)))
    return found


def floor(measured: Measured) -> float:
    """The least without breaking a promise of the design."""
    return steps(measured)[KEPT - 1][1]


class Memory(NamedTuple):
    """A group's function with another size, warm; each figure from the least to the most."""

    memory_mb: int
    usd: tuple[float, float]
    """A million commands."""
    billed_ms: tuple[float, float]
    """Of one."""


def memory_curve(measured: Measured, memories: Memories, name: str) -> list[Memory]:
    """What a group costs and takes by its memory, where its peak leaves a quarter free.

    One end is what was measured, CPU and the time held back, with the assumed waits; the other is
    the model's, where all CPU takes its time divided by the share of a core.

    Args:
        measured: the profile.
        memories: the sizes.
        name: the group; the front door is priced by how it defers /hash.
    """
    front = name == FRONT_DOOR
    subject = GROUP if front else name
    field = "front_cpu_ms" if front else "worker_cpu_ms"
    found = []
    for size, one in sorted(memories.groups[name].items()):
        if one.peak_mb <= 0.75 * size:
            # The CPU that the model turns into just the time that was measured.
            cpu_ms = (one.cpu_ms + one.held_ms) * min(1.0, size / VCPU_MB)
            group = measured.groups[subject]._replace(**{field: cpu_ms})  # type: ignore[arg-type]
            here = measured._replace(groups={**measured.groups, subject: group})
            design = DEPLOYED._replace(memory_mb={name: size})
            both = sorted(
                _memory(which, subject, design, front=front) for which in (here, measured)
            )
            found.append(Memory(size, *zip(*both, strict=True)))
    return found


def _memory(measured: Measured, name: str, design: Design, *, front: bool) -> tuple[float, float]:
    took = times(measured, name, design)
    usd = total(per_million(command(measured, name, design)).values())
    return usd, (took.front_s if front else took.worker_s) * 1000
