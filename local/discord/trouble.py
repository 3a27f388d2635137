"""What can go wrong with a call of Discord's API, on purpose: `--faults discord_5xx=…` and so on.

Each comes before Discord has done the work or after it, when its caller cannot know.
"""

import asyncio
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from local.faults import Faults
from local.serving import abort

HOLD_S = 12.0
"""Longer than the worker waits for an answer (10 s at the most)."""
_STATUSES = ("500", "502", "503", "504")
_SLOW_S = (0.05, 0.5)


class Trouble(NamedTuple):
    """What a call meets; nothing by default."""

    before: bool = False
    """It comes to nothing."""
    after: bool = False
    """Its work is done, its answer is lost."""
    status: int = 0
    """What is answered in the place of the answer; 0: nothing."""
    hold_s: float = 0.0
    """For so long the connection says nothing."""
    delay_s: float = 0.0
    """How much later the call is taken."""

    async def response(self, request: Request) -> Response:
        """What goes over the wire."""
        if self.status:
            body = {"message": f"{self.status}: on purpose, by --faults", "code": 0}
            return JSONResponse(body, self.status)
        until = asyncio.get_running_loop().time() + self.hold_s
        while asyncio.get_running_loop().time() < until and not await request.is_disconnected():
            await asyncio.sleep(0.1)
        abort(request)
        return Response()  # nobody gets it: the connection is gone


def trouble(faults: Faults, key: str) -> Trouble:
    """What a call about `key` (an interaction's id, else the path) meets this time."""
    slow = faults.happens("slow_everything", key)
    delay_s = faults.between("slow_everything", *_SLOW_S, key) if slow else 0.0
    for name in ("discord_5xx", "discord_timeout", "discord_reset"):
        if not faults.happens(name, key):
            continue
        done = faults.one_of(name, ("before", "after"), key) == "after"
        status = int(faults.one_of(f"{name} status", _STATUSES, key)) if "5xx" in name else 0
        if status in {500, 503}:  # Discord's own word that it has failed
            done = False
        hold_s = HOLD_S if name == "discord_timeout" else 0.0
        return Trouble(not done, done, status, hold_s, delay_s)
    return Trouble(delay_s=delay_s)
