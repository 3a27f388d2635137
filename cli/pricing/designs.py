"""Cheaper designs of /hash with their price, and what the budget of 5 USD would take."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from cli.pricing.measured import Measured
from cli.pricing.model import DEPLOYED, Design, command, per_million, total

BUDGET_USD: Final = 5.0
"""A million /hash, at list price (design, section 6)."""
GROUP: Final = "tools"


class Option(NamedTuple):
    """One way to pay less."""

    title: str
    change: Mapping[str, object]
    """What differs in the Design."""
    loses: str
    done: bool = False


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
FLOOR: Final = {
    "memory_mb": {GROUP: 256},
    "platform_log": False,
    "writes_saved": 4.0,
    "http_api": True,
}
"""Counters from the stream, no index, 256 MB, no platform lines: what could be had in one piece."""


class Priced(NamedTuple):
    """An option and what a million /hash cost with it alone."""

    option: Option
    usd: float
    saved: float


def changed(change: Mapping[str, object]) -> Design:
    """The deployed design with a change."""
    return DEPLOYED._replace(**change)  # type: ignore[arg-type]


def price(measured: Measured, design: Design = DEPLOYED) -> float:
    """A million /hash."""
    return total(per_million(command(measured, GROUP, design)).values())


def priced(measured: Measured) -> list[Priced]:
    """Each option alone, the largest gain first."""
    now = price(measured)
    found = [(option, price(measured, changed(option.change))) for option in OPTIONS]
    return sorted((Priced(o, usd, now - usd) for o, usd in found), key=lambda p: -p.saved)
