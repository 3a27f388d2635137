"""The rows of whole commands: worker CPU of each group, calls of AWS, time to the answer."""

import contextlib
from collections.abc import Callable, Iterator

from bench.speed.figures import Row, exact, figure
from bench.speed.stack import COMMANDS, GroupFigures, Stack, measure, running

_TRIES = 4
_WIRE = "calls a command, counted on the wire"
_STORE = frozenset(
    {
        "BatchGetItem",
        "DeleteItem",
        "GetItem",
        "PutItem",
        "Query",
        "TransactWriteItems",
        "UpdateItem",
    }
)


def rows(say: Callable[[str], None], *, quick: bool) -> list[Row]:
    """Runs each group's command through the local stack.

    Args:
        say: hears of groups that failed.
        quick: fewer commands.
    """
    found: list[Row] = []
    with running() as stack:
        for group, (name, _) in COMMANDS.items():
            try:
                found += _group(stack, group, name, quick=quick)
            except RuntimeError as error:
                say(f"left out, it failed: {name}: {error}")
    return found


def _group(stack: Stack, group: str, name: str, *, quick: bool) -> Iterator[Row]:
    rounds, commands = (2, 4) if quick else (5, 8)
    parts = [_part(stack, group, 0 if n else 3, commands) for n in range(rounds)]
    cpu = figure([part.worker_cpu_ms for part in parts])
    yield Row(f"worker CPU, {group} ({name})", cpu, "ms CPU a command")
    answers = figure([answer for part in parts for answer in part.answer_ms])
    yield Row(
        f"end to end, {group} ({name})",
        answers,
        "ms from request to answer, local stack on moto",
        note="moto takes most of it: it serialises, and writes a transaction in 20 ms.",
    )
    yield from _calls(group, name, parts)


def _part(stack: Stack, group: str, warm_up: int, commands: int) -> GroupFigures:
    """Once more if a command was refused: moto on a busy machine is slower than the gate waits."""
    for _ in range(_TRIES - 1):
        with contextlib.suppress(RuntimeError):
            return measure(stack, group, warm_up=warm_up, commands=commands)
    return measure(stack, group, warm_up=warm_up, commands=commands)


def _calls(group: str, name: str, parts: list[GroupFigures]) -> Iterator[Row]:
    """The queue's own ReceiveMessage and DeleteMessage are the event source mapping's."""
    calls: dict[str, float] = {}
    for part in parts:
        for call, number in part.calls.items():
            calls[call] = calls.get(call, 0) + number / len(parts)
    ours = {call: n for call, n in calls.items() if call.split()[0].endswith("Function")}
    budget = 2.0 if group == "tools" else None
    for where, front, limit in (("front door", True, 1.0), ("worker", False, budget)):
        chosen = {
            call.split()[1]: n
            for call, n in ours.items()
            if call.startswith("Interactions") == front and call.split()[1] in _STORE
        }
        writes = {call: n for call, n in chosen.items() if not call.endswith("GetItem")}
        number = sum(writes.values() if front else chosen.values())
        detail = ", ".join(f"{call} {n:.2f}" for call, n in sorted(chosen.items()))
        what = "store writes" if front else "store round trips"
        metric = f"{what}, {where}, {group} ({name})"
        yield Row(metric, exact(round(number, 2)), _WIRE, budget=limit, note=detail)
    queue = sum(n for call, n in ours.items() if call.endswith("SendMessage"))
    yield Row(f"queue sends, {group} ({name})", exact(round(queue, 2)), _WIRE)
