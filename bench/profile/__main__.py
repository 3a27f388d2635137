"""`python -m bench.profile`: writes what the cost model and the simulation are made of.

It runs one command of each group through a local stack of its own and keeps the result in
cli/pricing/measured.json; `make docs` brings the pages up to date with it.
"""

import argparse
import platform
import sys
import time

from bench.profile import measuring
from bench.profile.measuring import Profile
from bench.speed.stack import COMMANDS
from cli.pricing.measured import PATH, Measured, write
from cli.pricing.template import memory_by_group

_TRIES = 5


def main(arguments: list[str] | None = None) -> None:
    """Measures and writes."""
    parser = argparse.ArgumentParser(prog="python -m bench.profile", description=__doc__)
    parser.add_argument("--commands", type=int, default=20, help="of each group (default: 20)")
    asked = parser.parse_args(arguments)
    memory_mb = memory_by_group()
    names = (measuring.FRONT_DOOR, *COMMANDS)
    found = {name: _patiently(name, asked.commands, memory_mb[name]) for name in names}
    rows = {kind: size for one in found.values() for kind, size in one.rows.items()}
    write(
        Measured(
            date=time.strftime("%Y-%m-%d", time.gmtime()),
            machine=f"{platform.machine()}, Python {platform.python_version()}",
            commands=asked.commands,
            functions={name: one.function for name, one in found.items()},
            groups={name: one.group for name, one in found.items()},
            rows=dict(sorted(rows.items())),
        )
    )
    print(f"{PATH} is new; `make docs` brings the pages up to date.")


def _patiently(name: str, commands: int, memory_mb: int) -> Profile:
    """Measures a group again where a busy machine made a command miss one of its clocks."""
    for _ in range(_TRIES):
        sys.stderr.write(f"{name}\n")
        try:
            return measuring.profile(name, commands, memory_mb)
        except RuntimeError as error:
            sys.stderr.write(f"once more: {error}\n")
    raise SystemExit(f"{name} cannot be measured here")


if __name__ == "__main__":
    main()
