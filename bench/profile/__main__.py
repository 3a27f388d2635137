"""`python -m bench.profile`: writes what the cost model and the simulation are made of.

It runs one command of each group through the local stack and keeps the result in
cli/pricing/measured.json; `make docs` brings the pages up to date with it.
"""

import argparse
import platform
import sys
import time

from bench.profile import measuring
from bench.speed.stack import COMMANDS, Stack
from cli.pricing.measured import PATH, Group, Measured, write
from cli.pricing.template import memory_by_group

_TRIES = 5


def main(arguments: list[str] | None = None) -> None:
    """Measures and writes."""
    parser = argparse.ArgumentParser(prog="python -m bench.profile", description=__doc__)
    parser.add_argument("--commands", type=int, default=20, help="of each group (default: 20)")
    asked = parser.parse_args(arguments)
    groups = {}
    with measuring.running() as stack:
        init = measuring.init_cpu_ms(stack)
        for name in (measuring.FRONT_DOOR, *COMMANDS):
            sys.stderr.write(f"{name}\n")
            groups[name] = _patiently(stack, name, asked.commands)
        rows = measuring.rows(stack)
        functions = measuring.functions(stack, memory_by_group())
    write(
        Measured(
            date=time.strftime("%Y-%m-%d", time.gmtime()),
            machine=f"{platform.machine()}, Python {platform.python_version()}",
            commands=asked.commands,
            functions={n: f._replace(init_cpu_ms=round(init[n])) for n, f in functions.items()},
            groups=groups,
            rows=rows,
        )
    )
    print(f"{PATH} is new; `make docs` brings the pages up to date.")


def _patiently(stack: Stack, name: str, commands: int) -> Group:
    """Measures a group again where a busy machine made a command miss one of its clocks."""
    for _ in range(_TRIES):
        try:
            return measuring.group(stack, name, commands)
        except RuntimeError as error:
            sys.stderr.write(f"{name} once more: {error}\n")
    raise SystemExit(f"{name} cannot be measured here")


if __name__ == "__main__":
    main()
