"""`python -m fuzz --minutes 30 [TARGET…]`: one process after another, then a table.

Runs in .tools/fuzz, which `make fuzz` sets up. What breaks a promise is kept as
fuzz/found/TARGET-…; what reaches new code goes to .fuzz/TARGET, and from there by hand to
fuzz/corpus.
"""

import argparse
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

_HERE = Path(__file__).parent
_GROWN = Path(".fuzz")
_STATE = re.compile(r"#\d+\s+\w+\s+cov: (\d+) ft: (\d+) corp: (\d+)/")


class Ran(NamedTuple):
    """What one target's run came to."""

    target: str
    executions: int
    seconds: int
    coverage: int
    """Edges of instrumented bytecode that were reached."""
    corpus: int
    """Inputs that reached something new."""
    found: bool


def main() -> int:
    """Exit code 0: nothing found, 1: something, 2: the command line."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", help="as in fuzz/parsers.py; all by default")
    parser.add_argument("--minutes", type=float, default=30.0, help="for all targets together")
    parser.add_argument("--list", action="store_true", help="show the targets")
    options = parser.parse_args()
    from fuzz.parsers import PROMISES

    if options.list:
        sys.stdout.write("\n".join(PROMISES) + "\n")
        return 0
    targets = options.targets or list(PROMISES)
    if unknown := set(targets) - set(PROMISES):
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    each_s = max(1, round(options.minutes * 60 / len(targets)))
    results = [_run(target, each_s) for target in targets]
    return int(any(result.found for result in results))


def _run(target: str, seconds: int) -> Ran:
    """One target, in a process of its own that libFuzzer ends."""
    grown, found = _GROWN / target, _HERE / "found"
    grown.mkdir(parents=True, exist_ok=True)
    found.mkdir(exist_ok=True)
    command = [
        *(sys.executable, "-m", "fuzz.harness", target, str(grown), str(_HERE / "corpus" / target)),
        *(f"-max_total_time={seconds}", "-timeout=5", "-rss_limit_mb=2048", "-max_len=8192"),
        *("-print_final_stats=1", f"-artifact_prefix={found}/{target}-"),
    ]
    ended = subprocess.run(command, capture_output=True, text=True, errors="replace")  # noqa: S603
    log = ended.stderr + ended.stdout
    states = _STATE.findall(log) or [("0", "0", "0")]
    executions = re.search(r"number_of_executed_units:\s+(\d+)", log)
    spent = re.search(r"in (\d+) second", log)
    result = Ran(
        target,
        int(executions[1]) if executions else 0,
        int(spent[1]) if spent else seconds,
        int(states[-1][0]),
        int(states[-1][2]),
        ended.returncode != 0,
    )
    (_GROWN / f"{target}.log").write_text(log)
    verdict = f"FOUND, see {_GROWN / target}.log" if result.found else "ok"
    sys.stdout.write(
        f"{target:<16} {result.executions:>10,} executions {result.seconds:>5} s "
        f"coverage {result.coverage:>5} corpus {result.corpus:>5}  {verdict}\n"
    )
    sys.stdout.flush()
    return result


if __name__ == "__main__":
    sys.exit(main())
