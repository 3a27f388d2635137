"""A tiny Lambda function for the tests of the runtime."""

import os
import time
from typing import Any


def handle(event: dict[str, Any], context: Any) -> Any:
    """Does what the event says."""
    match event.get("do"):
        case "raise":
            raise ValueError("on purpose")
        case "exit":
            os._exit(3)
        case "sleep":
            time.sleep(60)
        case "log":
            print('{"level":"info","message":"hi"}')  # noqa: T201
            print("plain")  # noqa: T201
    return {
        "name": context.function_name,
        "remaining": context.get_remaining_time_in_millis(),
        "request_id": context.aws_request_id,
        "pid": os.getpid(),
        "shell": sorted(os.environ),
    }
