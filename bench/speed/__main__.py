"""`make bench`: everything side by side in one run; `--quick` for a short one."""

import argparse
import sys
import tempfile
from pathlib import Path

from bench.speed import cold, commands, graph, warm
from bench.speed.aws_stub import aws_stub
from bench.speed.builds import OWN, NotBuilt, built, size_rows
from bench.speed.figures import Row
from bench.speed.price import price_row
from bench.speed.report import show, write
from bench.speed.subjects import PEERS, missing, source_path


def say(text: str) -> None:
    """Progress."""
    sys.stderr.write(f"bench: {text}\n")


def _code() -> str:
    """Our front door as it ships, or where it cannot be built, from the repository."""
    try:
        return str(built(OWN, "InteractionsFunction"))
    except NotBuilt as error:
        say(f"not built, so the sources run, without bytecode made beforehand: {error}")
        return source_path()


def _sizes() -> list[Row]:
    try:
        return list(size_rows())
    except NotBuilt as error:
        say(f"no sizes: {error}")
        return []


def main() -> None:
    """Measures, prints and writes."""
    parser = argparse.ArgumentParser(prog="make bench ARGS=…", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few repetitions; writes nothing")
    quick: bool = parser.parse_args().quick
    if not (PEERS / "floor" / ".ready").is_file():
        raise SystemExit("bench: run scripts/setup-peers first; it needs the network once")
    left_out = missing()
    for name in left_out:
        say(f"{name} is not installed, so it is left out")

    def failed(text: str) -> None:
        """Notes what a message says was left out, for the page."""
        say(text)
        left_out.append(text.partition(": ")[2].partition(":")[0])

    code = _code()
    with tempfile.TemporaryDirectory() as folder, aws_stub(Path(folder)) as aws_url:
        authority = Path(folder) / "ca.pem"
        say("warm …")
        rows = warm.rows(code, aws_url, authority, failed, quick=quick)
        say("cold …")
        rows += cold.rows(code, aws_url, authority, failed, quick=quick)
    say("imports and sizes …")
    modules, count = graph.front_door(code, runs=3 if quick else 15)
    rows += [count, *_sizes()]
    say("whole commands through the local stack …")
    rows += commands.rows(failed, quick=quick)
    rows.append(price_row())
    show(rows)
    if not quick:
        write(rows, modules, left_out)


if __name__ == "__main__":
    main()
