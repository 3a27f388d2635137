"""A fresh process, from its start to the first acknowledged command."""

import statistics
import sysconfig
from collections.abc import Callable
from pathlib import Path

import certifi

from bench.speed import samples
from bench.speed.figures import Figure, Row, figure
from bench.speed.session import ColdTiming, WrongAnswer, fresh
from bench.speed.subjects import (
    ENVIRONMENT,
    PEERS,
    Subject,
    front_door,
    node_peers,
    python_peers,
    python_subject,
)

CPU, WALL = "ms CPU above bare Python", "ms from the start of the process, bare Python's included"
_OURS, _FLOOR, _TWO, _VERIFY = "ours", "floor", "floor, two sends", "floor, no send"
_BOTO3, _IMPORT = "ours on boto3", "cordless, importing alone"
_BARE, _BARE_NODE = "bare Python", "bare Node"


def rows(
    code: str, aws_url: str, authority: Path, say: Callable[[str], None], *, quick: bool
) -> list[Row]:
    """The rows of the cold front door; the arguments are those of warm.rows."""
    subjects = _subjects(code, aws_url, authority)
    times: dict[str, list[ColdTiming]] = {}
    for round_ in range(4 if quick else 12):
        for subject in list(subjects):
            try:
                timing = _start(subject)
            except WrongAnswer as error:
                say(f"left out, it failed: {error}")
                subjects.remove(subject)
                continue
            if round_:  # the first one fills the page cache
                times.setdefault(subject.name, []).append(timing)
    return _rows(times)


def _subjects(code: str, aws_url: str, authority: Path) -> list[Subject]:
    """A trust store of the size that each one reads on Lambda: five for us, all for the rest."""
    small, big = authority.with_name("five.pem"), authority.with_name("all.pem")
    ca, every = authority.read_text(), Path(certifi.where()).read_text(encoding="ascii")
    from utilsbot.amazon_roots import PEM

    small.write_text(PEM + ca)
    big.write_text(every + ca)
    wire = {"AWS_ENDPOINT_URL": aws_url, "BENCH_AWS": "wire"}
    ours = {"AWS_ENDPOINT_URL": aws_url, "AWS_CA_BUNDLE": str(small)}
    least = {"AWS_ENDPOINT_URL": aws_url, "SSL_CERT_FILE": str(small)}
    heavy = {"AWS_ENDPOINT_URL": aws_url, "AWS_CA_BUNDLE": str(big)}
    bare = (str(PEERS / "floor" / "bin" / "python"), "-I", "-c", "pass")
    subjects = [
        Subject(_BARE, bare, ENVIRONMENT, frozenset()),
        python_subject(_VERIFY, "floor", "floor"),
        python_subject(_FLOOR, "floor", "floor", {"BENCH_SENDS": "1", **least}),
        python_subject(_TWO, "floor", "floor", {"BENCH_SENDS": "2", **least}),
        front_door(_OURS, code, "wire", ours),
        front_door(_BOTO3, code, "boto3", heavy),
    ]
    for peer in python_peers():
        if peer.name == "cordless":
            alone = {"BENCH_IMPORT_ONLY": "1"}
            subjects.append(python_subject(_IMPORT, "cordless", "cordless", alone))
            variables = wire | {"AWS_CA_BUNDLE": str(big)}
            subjects.append(python_subject("cordless", "cordless", "cordless", variables))
        else:
            subjects.append(peer)
    for number, peer in enumerate(node_peers()):
        if not number:
            bare_node = (peer.command[0], "-e", "0")
            subjects.append(Subject(_BARE_NODE, bare_node, peer.environment, frozenset()))
        subjects.append(peer)
    return subjects


def _start(subject: Subject) -> ColdTiming:
    silent = subject.name in {_BARE, _BARE_NODE, _IMPORT}
    command = samples.command("hash", {"text": "hello " * 20})
    return fresh(subject, None if silent else command)


def _rows(times: dict[str, list[ColdTiming]]) -> list[Row]:
    def cpu(name: str) -> Figure:
        bare = times[_BARE_NODE if "(Node)" in name else _BARE]
        less = statistics.median(timing.cpu_ms for timing in bare)
        return figure([timing.cpu_ms for timing in times[name]], less)

    def wall(name: str) -> Figure:
        return figure([timing.wall_ms for timing in times[name]])

    ours, floor, own = cpu(_OURS), cpu(_FLOOR), {_OURS, _FLOOR, _VERIFY, _BARE, _BARE_NODE}
    others = [name for name in times if name not in own]
    rows = [
        Row(
            "cold start, CPU",
            ours,
            CPU,
            floor,
            {name: cpu(name) for name in others},
            2 * floor.median,
            "To the first acknowledged command: import, verify, gate (a read and a write), "
            "enqueue, over TLS. The floor sends once; the budget is twice the same run's floor. "
            f"Verification and JSON alone: {cpu(_VERIFY)}. Node's peers: above bare Node.",
        ),
        _over("cordless importing alone", ours, times, _IMPORT, cpu, 1.0),
        _over("the same on boto3", ours, times, _BOTO3, cpu, 0.35),
        Row(
            "cold start, wall",
            wall(_OURS),
            WALL,
            wall(_FLOOR),
            {name: wall(name) for name in others},
            note=f"Bare Python: {wall(_BARE)}; {sysconfig.get_platform()}.",
        ),
    ]
    return [row for row in rows if row]


def _over(
    what: str,
    ours: Figure,
    times: dict[str, list[ColdTiming]],
    name: str,
    cpu: Callable[[str], Figure],
    budget: float,
) -> Row | None:
    if name not in times:
        return None
    other = cpu(name).median
    ratio = Figure(ours.median / other, ours.low / other, ours.high / other)
    return Row(
        f"cold start, CPU over {what}", ratio, "times (CPU above bare Python)", budget=budget
    )
