"""`make simulate`: writes docs/scale.md's tables and plots; the same seed gives the same figures.

The times are those of cli/pricing: CPU as measured (python -m bench.profile), waiting as assumed.
"""

import argparse
from pathlib import Path

from bench.simulation import report
from bench.simulation.sweep import by_cold, by_load
from bench.simulation.world import deployed
from cli.pricing.measured import load
from cli.pricing.model import FRONT_DOOR
from cli.pricing.template import api_rate, limits

_ACCOUNT = 1000
"""Lambda's concurrency in a region, unless AWS gave less or more."""
_DOCS = Path(__file__).parents[2] / "docs"


def main(arguments: list[str] | None = None) -> None:
    """Simulates and writes."""
    parser = argparse.ArgumentParser(prog="make simulate", description=__doc__)
    parser.add_argument("--commands", type=int, default=4000, help="of each run, at least")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    world = deployed(load(), {**limits(), FRONT_DOOR: _ACCOUNT}, api_rate())
    loads, colds = (f(world, asked.commands, asked.seed) for f in (by_load, by_cold))
    text = report.section(world, loads, colds, asked.seed)
    page = _DOCS / "scale.md"
    page.write_text(report.replaced(page.read_text(), text))
    for name, chart in report.charts(loads, colds).items():
        (_DOCS / "images" / name).write_text(chart)
    print(text)


if __name__ == "__main__":
    main()
