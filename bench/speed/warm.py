"""CPU of one call in a warm process, over a bare verification of the same bytes beside it."""

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from bench.speed import samples
from bench.speed.figures import Figure, Row, figure
from bench.speed.samples import Request
from bench.speed.session import Session, Timing, WrongAnswer
from bench.speed.subjects import Subject, front_door, node_peers, python_peers, python_subject

UNIT = "times a bare PyNaCl verification of the same bytes (CPU)"
REQUESTS: Mapping[str, Callable[[], Request]] = {
    "PING": samples.ping,
    "refused": samples.refused,
    "deferred": lambda: samples.command("hash", {"text": "hello " * 20}),
    "answered": lambda: samples.command("version", answer=4),
}
_BUDGETS = {"PING": 1.17, "deferred": 1.8}
_QUIET, _BOTH, _BOTO3 = "ours, without its log line", "ours, on the wire", "ours on boto3"
_PLAIN = "ours, without metrics"
_PROMISES = "floor with our promises"
_SLOW = frozenset({"slash-create (Node)"})
Running = tuple[Subject, Session]
Times = dict[tuple[str, str], list[Timing]]


def rows(
    code: str, aws_url: str, authority: Path, say: Callable[[str], None], *, quick: bool
) -> list[Row]:
    """The rows of the warm front door.

    Args:
        code: the folders of our code.
        aws_url: a server that answers AWS's calls at once, over TLS.
        authority: whom to trust for it.
        say: hears of peers that failed.
        quick: fewer repetitions.
    """
    wire = {"AWS_ENDPOINT_URL": aws_url, "AWS_CA_BUNDLE": str(authority)}
    subjects = [
        python_subject("floor", "floor", "floor"),
        python_subject(_PROMISES, "promises", "floor"),
        front_door("ours", code, "none"),
        front_door(_QUIET, code, "none", {"LOG_LEVEL": "ERROR"}),
        front_door(_PLAIN, code, "none", {"METRICS": "off"}),
        front_door(_BOTH, code, "wire", wire),
        front_door(_BOTO3, code, "boto3", wire),
        *python_peers(),
        *node_peers(),
    ]
    times = _times(subjects, 5 if quick else 15, 60 if quick else 150, say)
    found = [_row(kind, times) for kind in REQUESTS]
    return [*found, *_promised_rows(times), *_quiet_rows(times), *_wire_rows(times)]


def _times(
    subjects: Sequence[Subject], rounds: int, calls: int, say: Callable[[str], None]
) -> Times:
    """Every subject takes its turn in every round, each with a freshly signed request."""
    times: Times = {}
    with contextlib.ExitStack() as stack:
        running = [(subject, stack.enter_context(Session(subject))) for subject in subjects]
        for round_ in range(rounds + 1):
            for (subject, session), kind in _turns(list(running)):
                few = calls // (50 if subject.name in _SLOW else 8 if "wire" in subject.name else 1)
                try:
                    timing = session.run(REQUESTS[kind](), max(few, 5))
                except WrongAnswer as error:
                    say(f"left out, it failed: {error}")
                    running.remove((subject, session))
                    break
                if round_:  # the first one warms up
                    times.setdefault((subject.name, kind), []).append(timing)
    return times


def _turns(running: Sequence[Running]) -> Iterator[tuple[Running, str]]:
    for kind in REQUESTS:
        for one in running:
            if kind in one[0].kinds:
                yield one, kind


def _ratio(times: Times, name: str, kind: str) -> Figure | None:
    """Over the verification beside it; for Node over PyNaCl's, not over Node's own."""
    found = times.get((name, kind))
    if not found:
        return None
    if "(Node)" not in name:
        return figure([timing.own_us / timing.floor_us for timing in found])
    verify = figure([timing.floor_us for timing in times["floor", kind]]).median
    return figure([timing.own_us / verify for timing in found])


def _row(kind: str, times: Times) -> Row:
    own = {"floor", "ours", _PROMISES, _QUIET, _PLAIN, _BOTH, _BOTO3}
    names = {name for name, _ in times} - own
    peers = {name: ratio for name in sorted(names) if (ratio := _ratio(times, name, kind))}
    ours = _ratio(times, "ours", kind)
    assert ours
    notes = {
        "PING": "As deployed, with its log line and metrics; no peer writes one.",
        "refused": "A well-formed signature by another key, which costs a whole verification.",
        "deferred": "As deployed, with its log line and metrics, outside the two network calls.",
        "answered": "/version: verified, gated and answered by the front door itself.",
    }
    return Row(
        f"warm CPU, {kind}",
        ours,
        UNIT,
        _ratio(times, "floor", kind),
        peers,
        _BUDGETS.get(kind),
        notes[kind],
    )


def _promised_rows(times: Times) -> Iterator[Row]:
    """Beside the least code that does the same, with nothing checked."""
    for kind in ("PING", "deferred"):
        ours = _ratio(times, "ours", kind)
        assert ours
        yield Row(
            f"warm CPU, {kind}, beside its promises",
            ours,
            UNIT,
            _ratio(times, _PROMISES, kind),
            note="The floor is one straight function with the same write, message, answer and log "
            "line, and without a check, a type, a route or a language (adapters/promises.py).",
        )


def _quiet_rows(times: Times) -> Iterator[Row]:
    for kind in ("PING", "deferred"):
        quiet = _ratio(times, _QUIET, kind)
        assert quiet
        peers = _row(kind, times).peers
        yield Row(
            f"warm CPU, {kind}, without the log line",
            quiet,
            UNIT,
            _ratio(times, "floor", kind),
            peers,
            _BUDGETS[kind],
            "The same work as the peers do, none of which logs; our gate still in it. "
            f"With the log line, but without the metrics in it: {_ratio(times, _PLAIN, kind)}.",
        )


def _wire_rows(times: Times) -> Iterator[Row]:
    """Both network calls made, over the same on boto3."""
    ours, boto3 = times[_BOTH, "deferred"], times[_BOTO3, "deferred"]
    pairs = zip(ours, boto3, strict=True)
    yield Row(
        "warm CPU, deferred with both network calls",
        figure([a.own_us / b.own_us for a, b in pairs]),
        "times the same front door on boto3 (CPU)",
        budget=0.4,
        note=f"{figure([t.own_us for t in ours])} µs against {figure([t.own_us for t in boto3])}.",
    )
