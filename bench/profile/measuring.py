"""One command of each group through the local stack, and what a bill would count of it.

Beside what bench.speed measures: the table's writes by kind, the bytes of the log lines and of the
answers, the calls of outside services, CPU from a process's start until it is ready, and memory.
"""

import json
import math
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from bench.profile.units_moto import INDEX, TRANSACTION
from bench.speed import samples
from bench.speed import stack as bench
from bench.speed.samples import Request
from cli.pricing.measured import Function, Group

FRONT_DOOR = "interactions"
_FRONT_DOOR_COMMAND = "/help"
_MOTO = "bench.profile.units_moto"
"""The one that tells writes apart."""
_TRIES = 5
_SETTLE_S = 30.0
_UNIT_BYTES = 1024
_EVENT_BYTES = 26
"""What CloudWatch Logs bills of each event besides its text."""


class Profile(NamedTuple):
    """One group."""

    group: Group
    function: Function
    rows: dict[str, int]


class Seen(NamedTuple):
    """What the local AWS and the log have at a moment."""

    calls: Counter[str]
    writes: Counter[str]
    log_lines: int
    recorded: int
    """Bytes of the recording."""


def patiently(name: str, commands: int, memory_mb: int) -> Profile:
    """As `profile`, and again where a busy machine made a command miss one of its clocks.

    Raises:
        RuntimeError: it did so every time.
    """
    for _ in range(_TRIES):
        sys.stderr.write(f"{name}\n")
        try:
            return profile(name, commands, memory_mb)
        except RuntimeError as error:
            sys.stderr.write(f"once more: {error}\n")
    raise RuntimeError(f"{name} cannot be measured here")


def profile(name: str, commands: int, memory_mb: int) -> Profile:
    """Measures one group on a new stack, so that nothing is cached.

    Args:
        name: the group.
        commands: how many.
        memory_mb: what the template gives its function.

    Raises:
        RuntimeError: a command was not answered in time.
    """
    with bench.running(moto=_MOTO) as stack:
        pid = stack.pids[name]
        init = bench.cpu_ms(pid)
        found = group(stack, name, commands)
        return Profile(found, Function(memory_mb, round(init), peak_mb(pid)), rows(stack))


def group(stack: bench.Stack, name: str, commands: int) -> Group:
    """Runs a group's command so many times, after three to warm up."""
    if name == FRONT_DOOR:
        return _answered_in_front(stack, commands)
    start = _seen(stack)
    bench.measure(stack, name, warm_up=0, commands=3)
    _recorded(stack, name, start.log_lines, 3)
    before = _seen(stack)
    found = bench.measure(stack, name, warm_up=0, commands=commands)
    _recorded(stack, name, before.log_lines, commands)
    after = _seen(stack)
    lines = canonical_lines(stack, before.log_lines)
    worked = [line for function, line in lines if belongs(function, name)]
    return Group(
        command=bench.COMMANDS[name][0],
        front_cpu_ms=round(found.front_door_cpu_ms, 2),
        worker_cpu_ms=round(found.worker_cpu_ms, 2),
        calls=_ours(after.calls - before.calls, commands),
        writes=_units(stack, after.writes - before.writes, commands),
        log_bytes=round(sum(map(_log_bytes, lines)) / commands),
        metric_bytes=round(sum(metric_bytes(line) for _, line in lines) / commands),
        out_bytes=round(_sent_bytes(stack, before.recorded) / commands),
        services=_services(worked, commands),
        edits=round(_edits(stack, before.recorded) / commands, 2),
    )


def _answered_in_front(stack: bench.Stack, commands: int) -> Group:
    pid = stack.pids[FRONT_DOOR]
    for number in range(3):
        _ask(stack, number)
    before, cpu = _seen(stack), bench.cpu_ms(pid)
    answered = sum(_ask(stack, 3 + number) for number in range(commands))
    cpu, after = bench.cpu_ms(pid) - cpu, _seen(stack)
    lines = canonical_lines(stack, before.log_lines)
    return Group(
        command=_FRONT_DOOR_COMMAND,
        front_cpu_ms=round(cpu / commands, 2),
        worker_cpu_ms=0.0,
        calls=_ours(after.calls - before.calls, commands),
        writes=_units(stack, after.writes - before.writes, commands),
        log_bytes=round(sum(map(_log_bytes, lines)) / commands),
        metric_bytes=round(sum(metric_bytes(line) for _, line in lines) / commands),
        out_bytes=round(answered / commands),
        services={},
        edits=0.0,
    )


def _ask(stack: bench.Stack, number: int) -> int:
    """Sends one /help; the answer's bytes."""
    user = str(320_000_000_000_000_000 + number)
    request: Request = samples.command("help", user_id=user, answer=4)
    answer = httpx.post(
        f"{stack.url}/interactions",
        content=request.body,
        headers={k: v for k, v in request.headers.items() if k not in {"host", "content-length"}},
        timeout=30,
        trust_env=False,
    )
    if answer.status_code != 200 or answer.json().get("type") != request.type:
        raise RuntimeError(f"not answered: {answer.status_code} {answer.text[:200]}")
    return len(answer.content)


def _seen(stack: bench.Stack) -> Seen:
    with httpx.Client(trust_env=False) as client:
        writes = Counter(client.get(f"{stack.aws_url}/bench/units").json())
    recorded = stack.recording.stat().st_size if stack.recording.exists() else 0
    return Seen(bench.calls(stack), writes, last_line(stack), recorded)


def _recorded(stack: bench.Stack, name: str, after: int, commands: int) -> None:
    """Waits for the canonical lines of the last commands: the answer is out before the record."""
    until = time.monotonic() + _SETTLE_S
    while sum(belongs(function, name) for function, _ in canonical_lines(stack, after)) < commands:
        if time.monotonic() > until:
            raise RuntimeError(f"{name} does not come to an end")
        time.sleep(0.05)


def last_line(stack: bench.Stack) -> int:
    """The number of the last log line so far."""
    found = httpx.get(f"{stack.url}/play/logs", trust_env=False).json()
    return int(found["last"])


def canonical_lines(stack: bench.Stack, after: int) -> list[tuple[str, Any]]:
    """The functions' names and JSON lines since number `after`, as /play/logs counts them.

    What Lambda itself writes is assumed, not read.
    """
    found = httpx.get(f"{stack.url}/play/logs", params={"after": after}, trust_env=False).json()
    lines = [(one["function"], one["line"]) for one in found["lines"]]
    lines = [
        (f, json.loads(one) if isinstance(one, str) else one) for f, one in lines if _json(one)
    ]
    return [(function, line) for function, line in lines if "event" in line]


def _json(line: Any) -> bool:
    return isinstance(line, dict) or str(line).startswith("{")


def belongs(function: str, name: str) -> bool:
    """Whether a function of the template is a group's."""
    return function.lower() == f"{name}function"


def _log_bytes(line: tuple[str, Any]) -> int:
    return _length(line[1]) + 1 + _EVENT_BYTES


def _length(value: Any) -> int:
    return len(json.dumps(value, separators=(",", ":")).encode())


def metric_bytes(line: Mapping[str, Any]) -> int:
    """What the metrics add to a line: `_aws`, its dimensions and the values that it names."""
    if "_aws" not in line:
        return 0
    names = {"_aws", "Group", "Command", "Reason"}
    for directive in line["_aws"]["CloudWatchMetrics"]:
        names |= {metric["Name"] for metric in directive["Metrics"]}
    return _length(line) - _length({name: v for name, v in line.items() if name not in names})


def _services(lines: list[Any], commands: int) -> dict[str, float]:
    calls = Counter(call["api"] for line in lines for call in line.get("calls", ()))
    return _per(calls, commands)


def _per(counts: Mapping[str, float], commands: int) -> dict[str, float]:
    return {name: round(n / commands, 2) for name, n in sorted(counts.items()) if n}


def _ours(calls: Mapping[str, int], commands: int) -> dict[str, float]:
    """The functions' calls; receiving and deleting are the event source mapping's."""
    return _per({c: n for c, n in calls.items() if c.split()[0].endswith("Function")}, commands)


def rows(stack: bench.Stack) -> dict[str, int]:
    """The mean size of a row of each kind, bytes."""
    sizes = httpx.get(f"{stack.aws_url}/bench/rows", trust_env=False).json()
    return {kind: round(size["mean"]) for kind, size in sorted(sizes.items())}


def _units(stack: bench.Stack, made: Mapping[str, int], commands: int) -> dict[str, float]:
    """Write units a command, by "FUNCTION KIND"; a transaction's count twice."""
    sizes = httpx.get(f"{stack.aws_url}/bench/rows", trust_env=False).json()
    units: dict[str, float] = {}
    for name, number in sorted(made.items()):
        kind = name.split()[1]
        size = 1 if INDEX in name else math.ceil(sizes.get(kind, {"mean": 1})["mean"] / _UNIT_BYTES)
        units[name] = round(number * size * (2 if TRANSACTION in name else 1) / commands, 2)
    return units


def _exchanges(stack: bench.Stack, since: int) -> Iterator[Any]:
    with stack.recording.open("rb") as file:
        file.seek(since)
        for line in file:
            yield json.loads(line)


def _edits(stack: bench.Stack, since: int) -> int:
    return sum(one.get("method") == "PATCH" for one in _exchanges(stack, since))


def _sent_bytes(stack: bench.Stack, since: int) -> int:
    """What goes out to Discord: bodies and files; headers are assumed, not read."""
    return sum(
        _length(one.get("json") or one.get("payload_json") or one.get("callback") or {})
        + sum(file["size"] for file in one.get("files", ()))
        for one in _exchanges(stack, since)
        if one.get("method") != "GET"
    )


def peak_mb(pid: int) -> int:
    """The most memory that a process held (VmHWM), MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return math.ceil(int(line.split()[1]) / 1024)
    return 0
