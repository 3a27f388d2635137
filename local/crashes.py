"""Where a worker is killed (SIGKILL): before, during or after its reply.

The poller plans a crash for an invocation; whoever sees the reply pass carries it out.
"""

import asyncio
from collections.abc import Callable

from local.faults import Faults

FAULT = "worker_crash"
BEFORE, DURING, AFTER = "before", "during", "after"
PLACES = (BEFORE, DURING, AFTER)
_AFTER_S = 0.02
"""So long the worker has for what comes after its reply."""
_BEFORE_S = 0.015
"""A claim and a reply take longer than that."""


class Crashes:
    """The crashes that are planned, by interaction."""

    def __init__(self, faults: Faults) -> None:
        """Args: faults: decides."""
        self._faults = faults
        self._planned: dict[str, tuple[str, Callable[[], None]]] = {}

    def plan(self, interaction_id: str, kill: Callable[[], None]) -> str | None:
        """Decides about an invocation that begins; the place, or None if it lives.

        A command that is killed before its reply dies while it runs: within 15 ms.
        """
        if not self._faults.happens(FAULT, interaction_id):
            return None
        place = self._faults.one_of(FAULT, PLACES, interaction_id)
        if place == BEFORE:
            delay_s = self._faults.between(FAULT, 0, _BEFORE_S, interaction_id)
            asyncio.get_running_loop().call_later(delay_s, kill)
        else:
            self._planned[interaction_id] = (place, kill)
        return place

    def replying(self, interaction_id: str) -> bool:
        """A reply has come and is carried out, its answer not yet sent: whether its sender died."""
        place, kill = self._planned.get(interaction_id, ("", _nothing))
        if place != DURING:
            return False
        del self._planned[interaction_id]
        kill()
        return True

    def replied(self, interaction_id: str) -> None:
        """The answer to a reply has been sent."""
        place, kill = self._planned.get(interaction_id, ("", _nothing))
        if place == AFTER:
            del self._planned[interaction_id]
            delay_s = self._faults.between(FAULT, 0, _AFTER_S, interaction_id)
            asyncio.get_running_loop().call_later(delay_s, kill)

    def forget(self, interaction_id: str) -> None:
        """The invocation is over."""
        self._planned.pop(interaction_id, None)


def _nothing() -> None:
    """Nobody is to be killed."""
