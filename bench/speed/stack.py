"""Whole commands through the local stack: each group's worker CPU, its calls of AWS, and the time.

Every function runs in a process of its own under AWS's runtime client, moto and the stand-in
services run in others, so what /proc says of a function's process is what its Lambda would compute.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from bench.speed import samples
from bench.speed.samples import PUBLIC_KEY, Request
from bench.speed.subjects import ROOT, source_path

_ANSWER_S = 30.0
_TICKS = os.sysconf("SC_CLK_TCK")
Make = Callable[[str, int], Request]
COMMANDS: Mapping[str, tuple[str, Make]] = {
    "tools": ("/hash", lambda user, _n: samples.command("hash", {"text": "hi"}, user_id=user)),
    "games": (
        "/wordle play",
        lambda user, _n: samples.command("wordle", subcommand="play", user_id=user),
    ),
    "network": (
        "/ip",
        lambda user, n: samples.command("ip", {"ip": f"1.1.{n % 250}.1"}, user_id=user),
    ),
    "ai": ("/ask", lambda user, _n: samples.command("ask", {"question": "Why?"}, user_id=user)),
    "system": ("/preferences", lambda user, _n: samples.command("preferences", user_id=user)),
}
"""One command of each group; every call is another user's, so that no cooldown is met."""


class GroupFigures(NamedTuple):
    """What one group's command took, per command."""

    worker_cpu_ms: float
    front_door_cpu_ms: float
    answer_ms: list[float]
    """From the request to Discord's receipt of the answer."""
    calls: dict[str, float]
    """By "FUNCTION CALL"; the queue's receiving and deleting are the event source mapping's."""


class Stack(NamedTuple):
    """A running `utilsbot local`."""

    url: str
    aws_url: str
    recording: Path
    pids: Mapping[str, int]
    """By the handler's group."""


@contextmanager
def running(moto: str = "bench.speed.counting_moto", **options: Any) -> Iterator[Stack]:
    """Starts it over a moto that counts, and ends both.

    Args:
        moto: the module that is that moto; it prints its port.
        options: what else `bench.run_stack` takes.

    Raises:
        RuntimeError: one of them does not come up; the message has its last words.
    """
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": source_path(), "HOME": "/nonexistent"}
    environment |= {"AWS_DEFAULT_REGION": "us-east-1", "PYTHONWARNINGS": "ignore"}
    environment |= {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
    with (
        tempfile.TemporaryDirectory() as folder,
        _child(["-m", moto], environment) as port,
    ):
        recording, aws_url = Path(folder) / "recording.jsonl", f"http://127.0.0.1:{port}"
        told = {"public_key": PUBLIC_KEY, "record": str(recording), "aws_url": aws_url, **options}
        stack = ["-m", "local.child", "bench.run_stack", json.dumps(told)]
        with _child(stack, environment) as ready:
            yield Stack(ready.partition(" ")[2], aws_url, recording, _pids())


@contextmanager
def _child(arguments: list[str], environment: Mapping[str, str]) -> Iterator[str]:
    """Starts a Python process; gives its first line, and ends it."""
    with (
        tempfile.TemporaryFile("w+") as errors,
        subprocess.Popen(  # noqa: S603
            [sys.executable, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            cwd=ROOT,
            env=dict(environment),
        ) as process,
    ):
        assert process.stdout
        try:
            line = process.stdout.readline().strip()
            if not line:
                errors.seek(0)
                raise RuntimeError(errors.read()[-2000:])
            yield line
        finally:
            process.terminate()


def _pids() -> dict[str, int]:
    """The functions' processes that descend from us, by group."""
    found = {}
    parents = {int(path.name): _parent(path) for path in Path("/proc").glob("[0-9]*")}
    for pid in parents:
        if not _descends(pid, parents):
            continue
        try:
            variables = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        except OSError:
            continue
        for variable in variables:
            if variable.startswith(b"_HANDLER=functions."):
                found[variable.decode().split(".")[1]] = pid
    return found


def _parent(path: Path) -> int:
    try:
        return int((path / "stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, ValueError, IndexError):
        return 0


def _descends(pid: int, parents: Mapping[int, int]) -> bool:
    while pid and pid != os.getpid():
        pid = parents.get(pid, 0)
    return pid == os.getpid()


def cpu_ms(pid: int) -> float:
    """User and system time of all threads of a process, also of those that ended; in 10 ms."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS * 1000


def measure(stack: Stack, group: str, *, warm_up: int, commands: int) -> GroupFigures:
    """Runs one group's command so many times, one after the other."""
    make = COMMANDS[group][1]
    users = (str(310_000_000_000_000_000 + time.time_ns() // 1000 + n) for n in range(10_000))
    for number in range(warm_up):
        answered(stack, make(next(users), number))
    before, called = _state(stack, group), calls(stack)
    times = [answered(stack, make(next(users), warm_up + n)) for n in range(commands)]
    time.sleep(0.3)  # the worker still records what it answered
    after, made = _state(stack, group), calls(stack)
    made.subtract(called)
    worker, front_door = ((a - b) / commands for a, b in zip(after, before, strict=True))
    per_command = {name: n / commands for name, n in sorted(made.items()) if n and name[0] != " "}
    return GroupFigures(worker, front_door, times, per_command)


def _state(stack: Stack, group: str) -> tuple[float, float]:
    return cpu_ms(stack.pids[group]), cpu_ms(stack.pids["interactions"])


def calls(stack: Stack) -> Counter[str]:
    """What moto was asked so far, by "FUNCTION CALL"."""
    answer = httpx.get(f"{stack.aws_url}/bench/calls", trust_env=False)
    return Counter(answer.json())


def answered(stack: Stack, request: Request) -> float:
    """Sends one command that is deferred and waits for its answer; ms between.

    Raises:
        RuntimeError: it was not deferred, or not answered in 30 s.
    """
    token = json.loads(request.body)["token"]
    seen = stack.recording.stat().st_size if stack.recording.exists() else 0
    began = time.time()
    answer = httpx.post(
        f"{stack.url}/interactions",
        content=request.body,
        headers={k: v for k, v in request.headers.items() if k not in {"host", "content-length"}},
        timeout=_ANSWER_S,
        trust_env=False,
    )
    if answer.status_code != 200 or answer.json().get("type") != 5:
        raise RuntimeError(f"not deferred: {answer.status_code} {answer.text}")
    while time.time() < began + _ANSWER_S:
        with stack.recording.open("rb") as file:
            file.seek(seen)
            for line in file:
                if line.endswith(b"\n") and token.encode() in line and b'"PATCH"' in line:
                    exchange: dict[str, Any] = json.loads(line)
                    if exchange["status"] == 200:
                        return float(exchange["ts"] - began) * 1000
        time.sleep(0.005)
    raise RuntimeError(f"no answer to {request.body}")
