"""`python -m bench.memory`: what each size of memory makes of each function, for docs/costs.md.

Runs as root on Linux with control groups version 1. It writes cli/pricing/memory.json and prints
it; `make docs` brings the page up to date.
"""

import argparse
import platform
import sys
import time

from rich.console import Console
from rich.table import Table

from bench.memory.cgroup import PERIOD_US, NoControl
from bench.memory.measuring import FRONT_DOOR, sizes
from bench.speed.stack import COMMANDS
from cli.pricing.measured import MEMORY_PATH, Memories, write_memories

SIZES = (256, 512, 1024, 1769)
"""The smallest first: moto slows down with each command, and its waits favour who is held back."""
_FRONT_DOOR_SIZES = (128, *SIZES)


def main(arguments: list[str] | None = None) -> None:
    """Measures, prints and writes."""
    parser = argparse.ArgumentParser(prog="python -m bench.memory", description=__doc__)
    parser.add_argument("--commands", type=int, default=40, help="at each size (default: 40)")
    parser.add_argument("--colds", type=int, default=5, help="new processes (default: 5)")
    asked = parser.parse_args(arguments)
    found = {}
    for name in (FRONT_DOOR, *COMMANDS):
        sys.stderr.write(f"{name} …\n")
        chosen = _FRONT_DOOR_SIZES if name == FRONT_DOOR else SIZES
        try:
            found[name] = sizes(name, chosen, colds=asked.colds, commands=asked.commands)
        except NoControl as error:
            raise SystemExit(f"bench.memory: {error}") from error
    memories = Memories(
        date=time.strftime("%Y-%m-%d", time.gmtime()),
        machine=f"{platform.machine()}, Python {platform.python_version()}",
        commands=asked.commands,
        colds=asked.colds,
        period_ms=PERIOD_US / 1000,
        groups=found,
    )
    show(memories)
    write_memories(memories)
    print(f"{MEMORY_PATH} is new; `make docs` brings the page up to date.")


def show(memories: Memories) -> None:
    """Prints the table."""
    table = Table("group", "MB", "CPU ms", "held back ms", "duration ms", "init ms", "first ms")
    table.add_column("peak MB")
    for name, measured in memories.groups.items():
        for memory_mb, one in measured.items():
            table.add_row(name, str(memory_mb), *map(str, one))
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
