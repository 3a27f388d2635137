"""`make load`: sustained load, bursts and saturation at the endpoint, without faults.

Arrivals follow a clock and wait for nobody, and times count from when a command was due, so that a
slow answer cannot hide the wait of those behind it. docs/load.md keeps results and says how to read
them. It ends with 0 where every acknowledged command was answered and no function's memory grew.
"""

import argparse
import asyncio
import contextlib
import os
import platform
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, count, islice
from pathlib import Path
from typing import NamedTuple

from bench.audit import Sent, judge
from bench.deeds import Deed, Script
from bench.endpoint import Ack, Endpoint
from bench.processes import Process, start_stack
from bench.recording import ACK_LIMIT_S, Recording
from bench.store_view import Aws
from bench.usage import Used, usage
from local.discord.signing import Signer
from local.ministack import MiniStack

_SAMPLE_S = 5.0
_SETTLE_S = 120.0
_GROWTH = 0.05
"""By so much the memory of a warm function may differ at the end."""
_BURST = 50
_STEPS = (0.5, 1, 2, 4)
"""Of the saturation: times the sustained rate, for so many seconds each:"""
_STEP_S = 10.0


class Arrival(NamedTuple):
    """A command and how it went."""

    phase: str
    deed: Deed
    ack: Ack
    late_s: float
    """How much later than due it was sent."""


class Load:
    """One load run."""

    def __init__(self, asked: argparse.Namespace, folder: Path) -> None:
        """Args: folder: for its files."""
        self._asked = asked
        self._folder = folder
        self._signer = Signer()
        self._arrivals: list[Arrival] = []
        self._samples: list[tuple[int, dict[str, Used]]] = []
        self._answered: dict[str, float] = {}
        self._recording: Recording
        self._endpoint: Endpoint

    async def run(self) -> bool:
        """Whether everything was answered and nothing grew."""
        async with contextlib.AsyncExitStack() as cleanup:
            aws = await MiniStack.start(self._folder)
            cleanup.push_async_callback(aws.stop)
            stack = await self._start(aws, cleanup)
            self._recording = Recording(self._folder / "recording.jsonl")
            cleanup.callback(self._recording.close)
            self._endpoint = Endpoint(stack.url, self._signer)
            cleanup.push_async_callback(self._endpoint.close)
            watching = asyncio.create_task(self._watch(stack, aws))
            cleanup.callback(watching.cancel)
            began = time.monotonic()
            queues = Aws(aws.url)
            await self._drive(stack.url, queues)
            self._sample(stack, aws)
            waiting = await self._drained(queues)
            store = await asyncio.to_thread(queues.store)
            sent = [Sent(arrival.deed, arrival.ack) for arrival in self._arrivals]
            verdict = judge(sent, self._recording.cases, store, waiting, in_turn=False)
            steady = self._report(time.monotonic() - began)
            for finding in verdict.told():
                _say(finding)
            _say(verdict.line())
            return steady and verdict.good

    async def _start(self, aws: MiniStack, cleanup: contextlib.AsyncExitStack) -> Process:
        options = {
            "public_key": self._signer.public_key,
            "aws_url": aws.url,
            "concurrency": self._asked.concurrency,
            "keep": 5_000,
            "one_trace_id": True,
        }
        stack = await start_stack(self._folder, options)
        cleanup.push_async_callback(stack.stop)
        return stack

    async def _drive(self, url: str, queues: Aws) -> None:
        """First uses, warm-up, sustained, bursts, saturation."""
        asked = self._asked
        users = _users(asked.seed, url)
        for deed in _first_uses(users):
            await self._post("first uses", deed, time.monotonic())
            await self._drained(queues)
        deeds = chain.from_iterable(users)
        bursts = asked.commands // 10
        await self._at_rate("warm-up", islice(deeds, asked.rate * 10), asked.rate)
        await self._at_rate("sustained", islice(deeds, asked.commands - bursts), asked.rate)
        await self._settle()
        for _ in range(bursts // _BURST):
            await self._at_rate("burst", islice(deeds, _BURST), 0)
            await asyncio.sleep(_BURST / asked.rate)
        await self._settle()
        for times in _STEPS:
            rate = asked.rate * times
            phase = f"at {rate:g}/s"
            await self._at_rate(phase, islice(deeds, int(rate * _STEP_S)), rate)
            await self._settle()

    async def _at_rate(self, phase: str, deeds: Iterable[Deed], rate: float) -> None:
        """Sends each when it is due. Args: rate: a second; 0: all at once."""
        began, tasks = time.monotonic(), []
        for number, deed in enumerate(deeds):
            due = began + (number / rate if rate else 0.0)
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            tasks.append(asyncio.create_task(self._post(phase, deed, due)))
        await asyncio.gather(*tasks)
        _say(f"{phase}: {len(tasks)} commands in {time.monotonic() - began:.1f} s")

    async def _post(self, phase: str, deed: Deed, due: float) -> None:
        late_s = time.monotonic() - due
        ack = await self._endpoint.post(deed.body)
        self._arrivals.append(Arrival(phase, deed, ack, late_s))

    async def _settle(self) -> None:
        """Until everything has an answer."""
        until = time.monotonic() + _SETTLE_S
        while time.monotonic() < until:
            if not self._recording.open:
                return
            await asyncio.sleep(0.1)

    async def _drained(self, aws: Aws) -> dict[str, int]:
        """What is in the queues when everything is recorded, which comes after its answer."""
        until = time.monotonic() + _SETTLE_S
        while (waiting := await asyncio.to_thread(aws.waiting)) and time.monotonic() < until:
            await asyncio.sleep(0.2)
        return waiting

    async def _watch(self, stack: Process, aws: MiniStack) -> None:
        sampled = 0.0
        while True:
            await asyncio.to_thread(self._recording.read)
            if time.monotonic() - sampled > _SAMPLE_S:
                sampled = time.monotonic()
                self._sample(stack, aws)
            await asyncio.sleep(0.1)

    def _sample(self, stack: Process, aws: MiniStack) -> None:
        self._samples.append((len(self._arrivals), usage(stack.pid, {"aws": aws.pid})))

    def _report(self, seconds: float) -> bool:
        total = len(self._arrivals)
        _print(
            f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; "
        )
        _print(
            f"{total} commands in {seconds:.0f} s, {self._asked.concurrency} processes a function"
        )
        self._report_times()
        self._report_cpu(total)
        return self._report_memory()

    def _report_times(self) -> None:
        _print("")
        _print(
            "| phase | commands | not acknowledged | acknowledged after: p50 | p95 | p99 | most "
            "| later than 3 s | answered after: p50 | p95 | p99 | most |"
        )
        _print("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
        phases: dict[str, list[Arrival]] = defaultdict(list)
        for arrival in self._arrivals:
            phases[arrival.phase].append(arrival)
        for phase, arrivals in phases.items():
            acks = [a.late_s + a.ack.elapsed_s for a in arrivals if a.ack.status == 200]
            missed = sum(a.ack.status != 200 for a in arrivals)
            late = sum(a.ack.elapsed_s > ACK_LIMIT_S for a in arrivals)
            cells = [phase, str(len(arrivals)), str(missed), *_cells(acks), str(late)]
            _print(f"| {' | '.join([*cells, *_cells(list(self._answer_times(arrivals)))])} |")

    def _answer_times(self, arrivals: Iterable[Arrival]) -> Iterator[float]:
        for arrival in arrivals:
            case = self._recording.cases.get(str(arrival.deed.body["id"]))
            if case and case.deferred and case.answered_at is not None:
                yield arrival.late_s + case.answered_at - arrival.ack.sent_at

    def _report_cpu(self, count: int) -> None:
        _, last = self._samples[-1]
        _print("")
        _print("| process | processes | CPU a command of the run | commands a second and core |")
        _print("|---|--:|--:|--:|")
        for name, used in sorted(last.items()):
            ms = used.cpu_s * 1000 / max(1, count)
            _print(f"| {name} | {used.processes} | {ms:.2f} ms | {1000 / ms if ms else 0:.0f} |")

    def _report_memory(self) -> bool:
        """Whether no function's memory grew after a quarter of the run."""
        total = len(self._arrivals)
        marks = [0.25, 0.5, 0.75, 1.0]
        at = [next(s for n, s in self._samples if n >= total * mark) for mark in marks]
        _print("")
        _print("| largest process, MB | 25 % | 50 % | 75 % | 100 % of the commands | grown |")
        _print("|---|--:|--:|--:|--:|--:|")
        steady = True
        for name in sorted(at[-1]):
            sizes = [sample[name].memory_mb if name in sample else 0.0 for sample in at]
            grown = sizes[-1] / sizes[0] - 1 if sizes[0] else 0.0
            steady = steady and (grown <= _GROWTH or not name.endswith("Function"))
            cells = [f"{size:.1f}" for size in sizes]
            _print(f"| {name} | {' | '.join(cells)} | {grown:+.1%} |")
        return steady


def _users(seed: int, url: str) -> Iterator[list[Deed]]:
    """What one user after the other types; presses need an answer to be on."""
    script = Script(seed, url)
    for number in count():
        yield [deed for deed in script.user(number) if not deed.presses]


def _first_uses(users: Iterator[list[Deed]]) -> list[Deed]:
    """Everything once, and /privacy after /chat, whose key it then loads.

    What a process loads for a first use stays, and is no growth.
    """
    first = next(deeds for deeds in users if any(deed.name == "chat" for deed in deeds))
    return sorted(first, key=lambda deed: deed.name == "privacy show")


def _cells(seconds: Sequence[float]) -> list[str]:
    """p50, p95, p99 and the most, in ms."""
    ordered = sorted(seconds)
    if not ordered:
        return ["-"] * 4
    at = [ordered[min(len(ordered) - 1, int(len(ordered) * p))] for p in (0.5, 0.95, 0.99, 1.0)]
    return [f"{value * 1000:.0f} ms" for value in at]


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def main(argv: list[str] | None = None) -> int:
    """The exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.load", description=__doc__)
    parser.add_argument("--commands", type=int, default=20_000, help="sustained and in bursts")
    parser.add_argument("--rate", type=int, default=40, help="a second, sustained")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--concurrency", type=int, default=2, help="processes of a function")
    parser.add_argument("--folder", type=Path, help="keeps the recording and the logs there")
    asked = parser.parse_args(argv)
    with contextlib.ExitStack() as cleanup:
        folder = asked.folder
        if folder is None:
            folder = Path(cleanup.enter_context(tempfile.TemporaryDirectory(prefix="load-")))
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "recording.jsonl").unlink(missing_ok=True)
        return 0 if asyncio.run(Load(asked, folder).run()) else 1


if __name__ == "__main__":
    sys.exit(main())
