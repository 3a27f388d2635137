"""`utilsbot local` with what only a chaos or load run needs.

Its argument is JSON: public_key, record, aws_url, faults, visibility_s, concurrency, keep, dotenv,
and `plant`, the name of a bug that bench.planted puts into the functions.
"""

import asyncio
import json
import sys
from pathlib import Path

from local.faults import parse
from local.options import Options
from local.stack import run


def main() -> None:
    """Runs until it is told to end."""
    told = json.loads(sys.argv[1])
    plant = told.pop("plant", None)
    if plant:
        told |= {"runtime": "bench.planted", "variables": {"UTILSBOT_PLANT": plant}}
    record, faults = Path(told.pop("record")), parse(told.pop("faults", ""))
    asyncio.run(run(Options(port=0, reload=False, record=record, faults=faults, **told)))


if __name__ == "__main__":
    main()
