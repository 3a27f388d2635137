"""Keeps the functions' log lines as CloudWatch Logs would, and answers `GET /play/logs`."""

import time
from collections import deque
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from local.events import Event, Events

KEPT = 20_000
"""Lines; the oldest go first."""


class Logs:
    """The lines of every function since the stack started."""

    def __init__(self, events: Events, now: Callable[[], float] = time.time) -> None:
        """Args: events: where functions publish what they write. now: epoch seconds."""
        self._lines: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._number = 0
        self._now = now
        events.watch(self._take)

    def _take(self, event: Event) -> None:
        if event["type"] != "log":
            return
        self._number += 1
        self._lines.append(
            {
                "number": self._number,
                "at": self._now(),
                "function": event["function"],
                "line": event["line"],
            }
        )

    async def show(self, request: Request) -> Response:
        """The lines after number `after` that are not older than `since` (epoch seconds)."""
        try:
            after = int(request.query_params.get("after", "0"))
            since = float(request.query_params.get("since", "0"))
        except ValueError:
            return JSONResponse({"error": "after and since should be numbers"}, 400)
        lines = [one for one in self._lines if one["number"] > after and one["at"] >= since]
        return JSONResponse({"lines": lines, "last": self._number})
