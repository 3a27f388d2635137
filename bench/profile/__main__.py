"""`python -m bench.profile`: writes what the cost model and the simulation are made of.

It runs one command of each group through a local stack of its own and keeps the result in
cli/pricing/measured.json; `make docs` brings the pages up to date with it.
"""

import argparse
import platform
import time

from bench.profile import measuring
from bench.speed.stack import COMMANDS
from cli.pricing.measured import PATH, Measured, write
from cli.pricing.template import memory_by_group


def main(arguments: list[str] | None = None) -> None:
    """Measures and writes."""
    parser = argparse.ArgumentParser(prog="python -m bench.profile", description=__doc__)
    parser.add_argument("--commands", type=int, default=20, help="of each group (default: 20)")
    asked = parser.parse_args(arguments)
    memory_mb = memory_by_group()
    names = (measuring.FRONT_DOOR, *COMMANDS)
    found = {name: measuring.patiently(name, asked.commands, memory_mb[name]) for name in names}
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


if __name__ == "__main__":
    main()
