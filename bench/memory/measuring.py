"""One group's command at each size of memory, cold and warm, through the local stack."""

import os
import signal
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from bench.memory.cgroup import CpuGroup, cpu_group
from bench.profile.measuring import belongs, canonical_lines, last_line, peak_mb
from bench.speed import stack as bench
from cli.pricing.measured import Size

FRONT_DOOR = "interactions"
_SETTLE_S = 30.0
_TRIES = 4


def sizes(name: str, memory_mb: Sequence[int], *, colds: int, commands: int) -> dict[int, Size]:
    """Measures a group's function; of the front door, how it defers the tools' command.

    Args:
        name: the group; only its function is limited.
        memory_mb: the sizes.
        colds: how many new processes at each size.
        commands: how many warm commands at each size.

    Raises:
        NoControl: see bench.memory.cgroup.
        RuntimeError: a command was not answered in time, time and again.
    """
    with cpu_group(name) as (folder, group):
        limited = {"UTILSBOT_CPU_GROUPS": str(folder)}
        with bench.running(runtime="bench.memory.limited", variables=limited) as stack:
            subject = _Subject(stack, name, group)
            return {mb: subject.measure(mb, colds, commands) for mb in memory_mb}


class _Subject:
    """A function under measurement."""

    def __init__(self, stack: bench.Stack, name: str, group: CpuGroup) -> None:
        self._stack, self._name, self._group = stack, name, group
        self._make = bench.COMMANDS["tools" if name == FRONT_DOOR else name][1]
        self._users = count(330_000_000_000_000_000 + time.time_ns() // 1000)
        self._numbers = count()

    def measure(self, memory_mb: int, colds: int, commands: int) -> Size:
        """All figures of one size."""
        self._group.limit(memory_mb)
        cold = [self._again(self._cold) for _ in range(colds)]
        for _ in range(3):
            self._again(self._command)
        (pid,) = self._group.pids()
        cpu, held = bench.cpu_ms(pid), self._group.held_ms()
        warm = [self._command()["duration_ms"] for _ in range(commands)]
        cpu, held = bench.cpu_ms(pid) - cpu, self._group.held_ms() - held
        return Size(
            cpu_ms=round(cpu / commands, 2),
            held_ms=round(held / commands, 2),
            duration_ms=round(statistics.median(warm), 1),
            init_ms=round(statistics.median(init for init, _ in cold)),
            first_ms=round(statistics.median(first for _, first in cold)),
            peak_mb=peak_mb(pid),
        )

    def _again(self, what: Callable[[], Any]) -> Any:
        """Once more where a slow function made a command miss one of its clocks."""
        for _ in range(_TRIES - 1):
            try:
                return what()
            except RuntimeError:
                time.sleep(1)
        return what()

    def _cold(self) -> tuple[float, float]:
        """A new process' way to its first event, and how long that takes it; ms."""
        for pid in self._group.pids():
            os.kill(pid, signal.SIGKILL)
            while Path(f"/proc/{pid}").exists():
                time.sleep(0.01)
        after = last_line(self._stack)
        first = self._command()["duration_ms"]
        (init,) = (line["init_ms"] for line in self._lines(after) if line["event"] == "init")
        return init, first

    def _command(self) -> Any:
        """Runs a command; its canonical line."""
        after = last_line(self._stack)
        bench.answered(self._stack, self._make(str(next(self._users)), next(self._numbers)))
        until = time.monotonic() + _SETTLE_S
        while time.monotonic() < until:
            for line in self._lines(after):
                if "duration_ms" in line:
                    return line
            time.sleep(0.02)
        raise RuntimeError(f"{self._name} does not come to an end")

    def _lines(self, after: int) -> Iterator[Any]:
        lines = canonical_lines(self._stack, after)
        return (line for function, line in lines if belongs(function, self._name))
