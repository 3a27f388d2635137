"""Everything that `utilsbot costs --json` says, and the page of the docs too."""

from collections.abc import Sequence
from typing import Any

from cli.pricing import designs
from cli.pricing.assumptions import ASSUMED, COMMANDS_PER_USER, MONTH_S
from cli.pricing.compare import ASYNCHRONOUS, machine
from cli.pricing.measured import Measured
from cli.pricing.model import (
    DEPLOYED,
    command,
    idle,
    money,
    month,
    per_million,
    times,
    total,
    traces,
)
from cli.pricing.template import Fixed
from utilsbot.prices import DATE, PRICES, REGION

USERS = (100, 10_000, 1_000_000)


def report(
    measured: Measured,
    fixed: Fixed,
    users: Sequence[float] = USERS,
    per_user: float = COMMANDS_PER_USER,
) -> dict[str, Any]:
    """The figures, US dollars unless they say otherwise.

    Args:
        measured: the profile.
        fixed: what is there anyway.
        users: a day, of each month.
        per_user: commands a day.
    """
    return {
        "prices": {"date": DATE, "region": REGION},
        "measured": {"date": measured.date, "machine": measured.machine},
        "per_million": {name: _group(measured, name) for name in measured.groups},
        "idle_month": _bill(idle(fixed)),
        "months": [_month(measured, fixed, number, per_user) for number in users],
        "budget": _budget(measured),
    }


def _group(measured: Measured, name: str) -> dict[str, Any]:
    took = times(measured, name)
    bill = _bill(command(measured, name), 1e6)
    ms = {"front_ms": round(took.front_s * 1000, 1), "worker_ms": round(took.worker_s * 1000, 1)}
    return {"command": measured.groups[name].command, **ms, **bill}


def _bill(units: dict[str, float], number: float = 1.0) -> dict[str, Any]:
    parts = {part: usd * number for part, usd in money(units).items() if usd}
    return {
        "total": round(total(parts.values()), 4),
        "parts": {part: round(usd, 4) for part, usd in parts.items()},
    }


def _month(measured: Measured, fixed: Fixed, users: float, per_user: float) -> dict[str, Any]:
    units = month(measured, fixed, users, per_user=per_user)
    small = month(measured, fixed, users, DEPLOYED._replace(metrics=False), per_user=per_user)
    small = {part: n for part, n in small.items() if part not in {"Alarms", "Dashboards"}}
    queueless = money(month(measured, fixed, users, ASYNCHRONOUS, per_user=per_user))
    elsewhere = machine(measured, users, per_user=per_user)
    return {
        "users": users,
        "commands": round(users * per_user * MONTH_S / 86400),
        **_bill(units),
        "after_free_tier": round(total(money(units, free=True).values()), 2),
        "smallest": round(total(money(small, free=True).values()), 2),
        "tracing": round(PRICES["X-Ray"].usd * traces(users * per_user), 2),
        "without_queue": round(total(queueless.values()), 2),
        "always_on": {
            "machine": f"{elsewhere.number} x {elsewhere.instance.name}",
            "cores": round(elsewhere.cores, 3),
            "memory_mb": round(elsewhere.memory_mb),
            "total": round(elsewhere.usd, 2),
        },
    }


def _budget(measured: Measured) -> dict[str, Any]:
    parts = per_million(command(measured, designs.GROUP, DEPLOYED))
    now = total(parts.values())
    return {
        "command": measured.groups[designs.GROUP].command,
        "limit": designs.BUDGET_USD,
        "now": round(now, 2),
        "met": now <= designs.BUDGET_USD,
        "floor": round(designs.floor(measured), 2),
        "options": [
            {"title": one.option.title, "saves": round(one.saved, 2), "loses": one.option.loses}
            for one in designs.priced(measured)
        ],
    }


def assumptions() -> list[tuple[str, str, str]]:
    """The table: name, value with its unit, reason."""
    return [(name, f"{one.value:g} {one.unit}", one.why) for name, one in ASSUMED.items()]


def price_list() -> list[tuple[str, str, str, str]]:
    """The table: part, US dollars, for what, source."""
    return [
        (part, *_readable(one.usd, one.unit), f"aws.amazon.com/{one.source}")
        for part, one in PRICES.items()
    ]


def _readable(usd: float, unit: str) -> tuple[str, str]:
    return (f"{usd * 1e6:g}", f"a million: {unit}") if usd < 0.001 else (f"{usd:.2f}", unit)


def calls_alone() -> float:
    """A million deferred commands without time, bytes and answers."""
    calls = {"HTTP API": 1, "Lambda requests": 2, "SQS": 3, "DynamoDB writes": 3}
    return total(PRICES[part].usd * number * 1e6 for part, number in calls.items())
