"""The sandbox's Lambda handler, and the same on a laptop: `python -m functions.sandbox.handler`.

There it reads one event from standard input and writes the answer to standard output.
"""

import ctypes
import json
import os
import sys
from collections.abc import Mapping
from typing import Any

from functions.sandbox.runner import run
from functions.sandbox.wire import BadRequest, outcome_json, program_of

_PR_SET_DUMPABLE = 4
_ROOT = os.environ.get("SANDBOX_ROOT") or None
"""A folder that is ours alone, emptied before every run; without it a new one for each."""


def hide() -> None:
    """Closes this process's memory and environment to its children, which have the same user."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def handle(event: Mapping[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001
    """Runs one program; nothing of it is logged."""
    try:
        program = program_of(event)
    except BadRequest as error:
        return {"error": f"bad request: {error}"}
    return outcome_json(run(program, _ROOT))


if __name__ == "__main__" or "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    hide()
if __name__ == "__main__":
    sys.stdout.write(json.dumps(handle(json.load(sys.stdin), None)))
