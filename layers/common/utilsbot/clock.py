"""Time as a value that is passed in, so that tests own it."""

import time
from collections.abc import Callable
from typing import NamedTuple


class Clock(NamedTuple):
    """Where a function gets its time from."""

    now: Callable[[], float] = time.time
    """Epoch seconds, UTC."""
    monotonic: Callable[[], float] = time.monotonic
    """Seconds from an arbitrary start, for durations."""
    sleep: Callable[[float], None] = time.sleep
    """Waits so many seconds."""
