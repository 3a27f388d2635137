"""The front door's Lambda handler.

Everything here runs on a cold start while Discord's 3 s tick, so it imports nothing that is slow:
tests/functions/interactions/test_import_budget.py holds the list.
"""

import os
from collections.abc import Mapping
from typing import Any

from functions.interactions.api_gateway import request_of, response_of
from functions.interactions.wiring import build
from utilsbot.clock import Clock

PIPELINE = build(os.environ, Clock())
_cold = True


def handle(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's entry point: an API Gateway event in, its response out."""
    global _cold
    cold, _cold = _cold, False
    headers, body = request_of(event)
    request_id = getattr(context, "aws_request_id", None)
    return response_of(PIPELINE.answer(headers, body, request_id=request_id, cold=cold))
