"""`python -m bench.rehearsal`: rehearses a deployment and prints what came of it."""

import asyncio
import sys
import tempfile
from pathlib import Path

from bench.rehearsal.rehearse import Rehearsal
from bench.rehearsal.steps import Steps, say


async def main(folder: Path) -> int:
    """Rehearses in a folder; the exit status."""
    steps = Steps()
    rehearsal = Rehearsal(folder, steps)
    await rehearsal.run()
    say("")
    say("What the rehearsal's copy of the template has otherwise than infra/template.yaml:")
    for note in rehearsal.notes:
        say(f"  - {note}")
    return steps.finish()


if __name__ == "__main__":
    if len(sys.argv) > 1:  # a folder that stays, to look at its logs
        kept = Path(sys.argv[1]).resolve()
        kept.mkdir(parents=True)
        sys.exit(asyncio.run(main(kept)))
    with tempfile.TemporaryDirectory(prefix="utilsbot-rehearsal-") as made:
        sys.exit(asyncio.run(main(Path(made))))
