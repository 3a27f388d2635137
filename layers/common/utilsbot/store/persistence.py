"""Writes that are worth several tries, because what they note has happened already.

The counters of a command are one row a day, so transactions meet there now and then.
"""

import random
from collections.abc import Callable
from typing import TypeVar

from utilsbot.clock import Clock
from utilsbot.errors import StoreError

_TRIES = 8
_Result = TypeVar("_Result")


def persistently(write: Callable[[], _Result], clock: Clock, deadline: float) -> _Result:
    """What the write returns; it is repeated after growing, jittered waits.

    Args:
        write: one try; harmless when repeated.
        clock: its `sleep` is how waits are made.
        deadline: moment of `clock.monotonic` after which no further try begins.

    Raises:
        StoreError: the last try's.
    """
    for attempt in range(1, _TRIES):
        try:
            return write()
        except StoreError:
            pause_s = min(1.0, 0.05 * 2**attempt) * (0.5 + random.random() / 2)  # noqa: S311
            if clock.monotonic() + pause_s >= deadline:
                raise
            clock.sleep(pause_s)
    return write()
