"""Time as a value that is passed in, so that tests own it."""

import time
from collections.abc import Callable
from math import inf
from typing import NamedTuple


class Clock(NamedTuple):
    """Where a function gets its time from."""

    now: Callable[[], float] = time.time
    """Epoch seconds, UTC."""
    monotonic: Callable[[], float] = time.monotonic
    """Seconds from an arbitrary start, for durations."""
    sleep: Callable[[float], None] = time.sleep
    """Waits so many seconds."""


class Deadline:
    """When all waiting must be over: never, until it is set; set anew for each interaction."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Args: monotonic: as Clock's."""
        self._monotonic = monotonic
        self._at = inf

    def set(self, after_s: float) -> None:
        """Args: after_s: seconds from now."""
        self._at = self._monotonic() + after_s

    def left_s(self) -> float:
        """Seconds until then; below 0 afterwards, infinite before it was set."""
        return self._at - self._monotonic()
