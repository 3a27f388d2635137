"""What the front door imports: how many modules, and which take the time."""

import re
import statistics
import subprocess
from collections import defaultdict
from typing import NamedTuple

from bench.speed.figures import Row, exact
from bench.speed.subjects import PEERS, python_peers
from bench.speed.subjects import front_door as subject

_LINE = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \| ( *)(\S+)")
_COUNT = "\nimport sys; sys.stderr.write(f'modules {len(sys.modules)}\\n')"


class Module(NamedTuple):
    """One import."""

    name: str
    own_ms: float
    with_all_ms: float
    """With everything that it was the first to import."""


def front_door(code: str, *, runs: int) -> tuple[list[Module], Row]:
    """The imports of a cold front door, the dearest first, and how many modules there are then."""
    environment = subject("ours", code, "none").environment
    python = str(PEERS / "floor" / "bin" / "python")
    paths = f"import sys; sys.path[:0] = {code.split(':')!r}\n"
    own: defaultdict[str, list[int]] = defaultdict(list)
    whole: defaultdict[str, list[int]] = defaultdict(list)
    count = 0
    for _ in range(runs):
        done = subprocess.run(  # noqa: S603
            [python, "-I", "-X", "importtime", "-c", paths + _IMPORT + _COUNT],
            env=dict(environment),
            capture_output=True,
            text=True,
            check=True,
        )
        for self_us, all_us, _depth, name in _LINE.findall(done.stderr):
            own[name].append(int(self_us))
            whole[name].append(int(all_us))
        count = int(re.findall(r"modules (\d+)", done.stderr)[-1])
    modules = [
        Module(name, statistics.median(own[name]) / 1000, statistics.median(whole[name]) / 1000)
        for name in own
    ]
    peers = {name: exact(found) for name, found in _peers()}
    row = Row("modules imported when ready", exact(count), "modules", peers=peers)
    return sorted(modules, key=lambda module: -module.own_ms), row


_IMPORT = "import functions.interactions.handler"


def _peers() -> list[tuple[str, int]]:
    """The same count of each peer, its adapter's own modules included (json, time)."""
    counts = []
    for peer in python_peers():
        adapter = peer.command[-1]
        script = f"exec(compile(open({adapter!r}).read(), 'adapter', 'exec'))" + _COUNT
        done = subprocess.run(  # noqa: S603
            [peer.command[0], "-I", "-c", script],
            env=dict(peer.environment),
            capture_output=True,
            text=True,
            check=False,
        )
        found = re.findall(r"modules (\d+)", done.stderr)
        if found:
            counts.append((peer.name, int(found[-1])))
    return counts
