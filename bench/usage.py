"""What the processes of a run use, read from /proc: memory now, processor time so far."""

import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


class Used(NamedTuple):
    """One or several processes."""

    memory_mb: float
    cpu_s: float
    processes: int = 1


def usage(stack_pid: int, others: dict[str, int]) -> dict[str, Used]:
    """By function's name, the stack itself as `stack`, and others by theirs.

    Args:
        stack_pid: of the stack; its children are functions.
        others: more processes by name.
    """
    found: dict[str, list[Used]] = defaultdict(list)
    for pid in _children(stack_pid):
        if name := _function(pid):
            found[name].append(_used(pid))
    for name, pid in {"stack": stack_pid, **others}.items():
        found[name].append(_used(pid))
    return {
        name: Used(max(u.memory_mb for u in used), sum(u.cpu_s for u in used), len(used))
        for name, used in found.items()
    }


def _children(parent: int) -> Iterator[int]:
    for task in Path(f"/proc/{parent}/task").glob("*/children"):
        try:
            yield from map(int, task.read_text().split())
        except OSError:
            continue


def _function(pid: int) -> str:
    """The name of the function that a process runs; empty if it runs none."""
    try:
        raw = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return ""
    variables = dict(item.partition(b"=")[::2] for item in raw)
    return variables.get(b"AWS_LAMBDA_FUNCTION_NAME", b"").decode()


def _used(pid: int) -> Used:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return Used(0.0, 0.0)
    cpu_s = (int(fields[11]) + int(fields[12])) / _TICKS
    return Used(int(fields[21]) * _PAGE_BYTES / 2**20, cpu_s)
