"""From measured commands to units, and from units to money; no clock, no network, no file."""

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from cli.pricing.assumptions import COMMANDS_PER_USER, MIX, MONTH_S, assumed
from cli.pricing.measured import Function, Group, Measured
from cli.pricing.template import Fixed
from utilsbot.prices import PRICES

Units = dict[str, float]
"""By a name in utilsbot.prices.PRICES."""
FRONT_DOOR = "interactions"
VCPU_MB = 1769
"""The memory at which a function has one whole core (AWS, "Configure Lambda function memory")."""
_GB = 1e9
_DAYS = 365 / 12
_LOG_DAYS, _ROW_OVERHEAD = 90, 100
_LOG_ROW, _USER_ROW = "USER/LOG", "USER/PROFILE"
_METRICS = 45
"""Of Metrics=group, as the template's parameter says."""


class Times(NamedTuple):
    """What one command takes of each function, s."""

    front_s: float
    worker_s: float


class Design(NamedTuple):
    """What a deployment may choose; the defaults are the template's."""

    memory_mb: Mapping[str, int] = {}
    """Instead of the template's, by group."""
    writes_saved: float = 0.0
    """Write units a command."""
    queue_requests: float = 3.0
    """Send, receive, delete."""
    metrics: bool = True
    platform_log: bool = True
    """Whether Lambda writes START, END and REPORT."""
    line_share: float = 1.0
    """Of the canonical lines' bytes."""
    http_api: bool = True
    """False: a function URL."""
    asynchronous: bool = False
    """The front door invokes the worker as an event, without a queue."""


DEPLOYED = Design()


def memory_mb(name: str, function: Function, design: Design) -> int:
    """What a function has."""
    return design.memory_mb.get(name, function.memory_mb)


def cpu_s(cpu_ms: float, memory: int) -> float:
    """How long CPU work takes where memory decides on the share of a core."""
    return cpu_ms * assumed("cpu_factor") / 1000 * max(1.0, VCPU_MB / memory)


def waits_ms(calls: Mapping[str, float], *, front: bool) -> float:
    """What one function waits for AWS, one call after the other."""
    total = 0.0
    for call, number in calls.items():
        function, action = call.split()
        if function.startswith("Interactions") == front:
            total += number * assumed(
                "transaction_ms"
                if action.startswith("Transact")
                else "queue_ms"
                if action == "SendMessage"
                else "store_ms"
            )
    return total


def services_ms(services: Mapping[str, float]) -> float:
    """What a worker waits for outside services."""
    known = {"gemini": "gemini_ms", "ip-api": "ip-api_ms"}
    return sum(n * assumed(known.get(name, "service_ms")) for name, n in services.items())


def times(measured: Measured, name: str, design: Design = DEPLOYED) -> Times:
    """How long a group's command takes of both functions, warm."""
    group = measured.groups[name]
    front = measured.functions[FRONT_DOOR]
    front_s = cpu_s(group.front_cpu_ms, memory_mb(FRONT_DOOR, front, design))
    front_s += waits_ms(group.calls, front=True) / 1000
    if not group.deferred:
        return Times(front_s, 0.0)
    worker_s = cpu_s(group.worker_cpu_ms, memory_mb(name, measured.functions[name], design))
    waits = waits_ms(group.calls, front=False) + services_ms(group.services)
    return Times(front_s, worker_s + (waits + group.edits * assumed("discord_ms")) / 1000)


def init_s(function: Function) -> float:
    """What a cold start adds, billed like the rest; Lambda gives an init a whole core."""
    return assumed("init_s") + cpu_s(function.init_cpu_ms, VCPU_MB)


def cold_share(arrivals_per_s: float) -> float:
    """The share of a function's invocations that meet a cold start.

    Arrivals are Poisson: the share with nobody before them within an environment's idle life.
    """
    return max(assumed("cold_share"), math.exp(-arrivals_per_s * assumed("environment_s")))


def command(
    measured: Measured,
    name: str,
    design: Design = DEPLOYED,
    *,
    cold: tuple[float, float] | None = None,
) -> Units:
    """What one command of a group uses.

    Args:
        measured: the profile.
        name: the group.
        design: what the deployment chose.
        cold: shares of cold starts, of the front door and of the worker.
    """
    group = measured.groups[name]
    steady = assumed("cold_share")
    cold_front, cold_worker = cold or (steady, steady)
    took = times(measured, name, design)
    front = measured.functions[FRONT_DOOR]
    compute = (took.front_s + cold_front * init_s(front)) * _gb(FRONT_DOOR, front, design)
    invocations = 1.0
    if group.deferred:
        worker = measured.functions[name]
        compute += (took.worker_s + cold_worker * init_s(worker)) * _gb(name, worker, design)
        invocations = 2.0
    queue = 0.0 if design.asynchronous or not group.deferred else design.queue_requests
    saved = design.writes_saved if group.deferred else 0.0
    return {
        "HTTP API": float(design.http_api),
        "Lambda requests": invocations,
        "Lambda compute": compute,
        "SQS": queue,
        "DynamoDB writes": max(0.0, group.write_units - saved),
        "DynamoDB reads": assumed("switch_reads") + _reads(group),
        "Logs": _log_bytes(group, invocations, design) / _GB,
        "Traffic": (group.out_bytes + (1 + group.edits) * assumed("head_bytes")) / _GB,
    }


def _gb(name: str, function: Function, design: Design) -> float:
    return memory_mb(name, function, design) / 1024


def _reads(group: Group) -> float:
    """GetItem and Query of workers, strongly consistent where they are: a unit each."""
    actions = {"GetItem", "BatchGetItem", "Query"}
    return sum(n for call, n in group.calls.items() if call.split()[1] in actions)


def _log_bytes(group: Group, invocations: float, design: Design) -> float:
    lines = group.log_bytes - (0 if design.metrics else group.metric_bytes)
    platform = assumed("platform_bytes") * invocations if design.platform_log else 0.0
    return lines * design.line_share + platform


def idle(fixed: Fixed, design: Design = DEPLOYED) -> Units:
    """What a month costs in which nobody comes."""
    polls = fixed.mappings * assumed("pollers") * MONTH_S / assumed("poll_s")
    return {
        "SQS": 0.0 if design.asynchronous else polls,
        "Alarms": float(fixed.alarm_metrics),
        "Dashboards": float(fixed.dashboards),
    }


def month(
    measured: Measured,
    fixed: Fixed,
    users: float,
    design: Design = DEPLOYED,
    *,
    per_user: float = COMMANDS_PER_USER,
) -> Units:
    """A month with so many users a day, with tables and logs as large as they become.

    Args:
        measured: the profile.
        fixed: what is there anyway.
        users: a day.
        design: what the deployment chose.
        per_user: commands a day.
    """
    daily = users * per_user
    a_second = daily / 86400
    total = idle(fixed, design)
    for name, share in MIX.items():
        cold = (cold_share(a_second), cold_share(a_second * share))
        _add(total, command(measured, name, design, cold=cold), daily * share * _DAYS)
    stored = _stored_gb(measured, users, daily)
    more: Units = {
        "DynamoDB storage": stored,
        "DynamoDB recovery": stored,
        "KMS": min(12 * 730.0, daily * _DAYS) * fixed.functions,
        "Logs storage": total.get("Logs", 0.0) * 30 / _DAYS,
        "Metrics": _METRICS * min(1.0, a_second * 3600) if design.metrics else 0.0,
    }
    return _add(total, more, 1.0)


def traces(daily: float) -> float:
    """What X-Ray records of a month where it is on: the first each second, 5 % of the others."""
    a_second = daily / 86400
    return (min(1.0, a_second) + 0.05 * max(0.0, a_second - 1)) * MONTH_S


def _stored_gb(measured: Measured, users: float, daily: float) -> float:
    """The table in its steady state: 90 days of commands, in the index too, and the users."""
    row = measured.rows[_LOG_ROW] + 2 * _ROW_OVERHEAD + _ROW_OVERHEAD
    known = users * assumed("return_days") * (measured.rows[_USER_ROW] + _ROW_OVERHEAD)
    return (daily * _LOG_DAYS * row + known) / _GB


def _add(total: Units, units: Mapping[str, float], times_: float) -> Units:
    for part, number in units.items():
        total[part] = total.get(part, 0.0) + number * times_
    return total


def money(units: Mapping[str, float], *, free: bool = False) -> dict[str, float]:
    """US dollars by part.

    Args:
        units: what was used.
        free: of a whole month, and AWS's lasting free tier taken off.
    """
    return {
        part: max(0.0, number - (PRICES[part].free if free else 0.0)) * PRICES[part].usd
        for part, number in units.items()
    }


def per_million(units: Mapping[str, float]) -> dict[str, float]:
    """US dollars by part of a million times these units."""
    return {part: usd * 1e6 for part, usd in money(units).items()}


def total(parts: Iterable[float]) -> float:
    """Of a bill's parts."""
    return math.fsum(parts)
