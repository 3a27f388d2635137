"""`utilsbot local` with what only a chaos or load run needs.

Its argument is JSON: public_key, record, aws_url, faults, visibility_s, concurrency, keep, dotenv;
`plant`, the name of a bug that bench.planted puts into the functions; and `one_trace_id`, which
shows memory that grows without what AWS's runtime client loses: it puts each event's trace id into
the environment, and the C library keeps every value that a variable has had.
"""

import asyncio
import json
import sys
from pathlib import Path

from local import runtime_api
from local.faults import parse
from local.options import Options
from local.stack import run


def main() -> None:
    """Runs until it is told to end."""
    told = json.loads(sys.argv[1])
    plant = told.pop("plant", None)
    if plant:
        told |= {"runtime": "bench.planted", "variables": {"UTILSBOT_PLANT": plant}}
    if told.pop("one_trace_id", False):
        constant = runtime_api.trace_id()
        runtime_api.trace_id = lambda: constant
    record, faults = Path(told.pop("record")), parse(told.pop("faults", ""))
    asyncio.run(run(Options(port=0, reload=False, record=record, faults=faults, **told)))


if __name__ == "__main__":
    main()
