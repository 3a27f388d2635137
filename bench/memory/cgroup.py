"""A control group that gives a process the share of a core that goes with Lambda's memory."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from cli.pricing.model import VCPU_MB

_CONTROLLER = Path("/sys/fs/cgroup/cpu")
PERIOD_US: Final = 20_000
"""Of the kernel's bandwidth control: a share of it may be used, then the process is held back."""


class NoControl(Exception):
    """This machine lets us limit no process; the message says why."""


class CpuGroup:
    """The control group of one function's processes."""

    def __init__(self, folder: Path) -> None:
        """Use `cpu_group`."""
        self._folder = folder

    def limit(self, memory_mb: int) -> None:
        """Sets the share of one core to that of so much memory, at most a whole one."""
        quota = min(1.0, memory_mb / VCPU_MB) * PERIOD_US
        (self._folder / "cpu.cfs_quota_us").write_text(str(round(quota)))

    def held_ms(self) -> float:
        """How long its processes were held back so far, though they had work."""
        stat = dict(line.split() for line in (self._folder / "cpu.stat").read_text().splitlines())
        return int(stat["throttled_time"]) / 1e6

    def pids(self) -> list[int]:
        """Its processes."""
        return [int(pid) for pid in (self._folder / "cgroup.procs").read_text().split()]


@contextmanager
def cpu_group(name: str) -> Iterator[tuple[Path, CpuGroup]]:
    """Makes one, without a limit as yet, in a folder of its own; both go afterwards.

    Its processes must have ended by then.

    Raises:
        NoControl: not root, not Linux, or no `cpu` controller of control groups version 1.
    """
    try:
        parent = Path(tempfile.mkdtemp(prefix="utilsbot-", dir=_CONTROLLER))
        folder = parent / name
        folder.mkdir()
        (folder / "cpu.cfs_period_us").write_text(str(PERIOD_US))
    except OSError as error:
        raise NoControl(f"{_CONTROLLER}: {os.strerror(error.errno or 0)}") from error
    try:
        yield parent, CpuGroup(folder)
    finally:
        folder.rmdir()
        parent.rmdir()
