"""Lets a warm worker notice /reload: one small read every 20 s at the most, and none while idle."""

from collections.abc import Callable, Sequence
from typing import Protocol

from utilsbot.clock import Clock
from utilsbot.errors import StoreError
from utilsbot.store.operators import State

LOOK_EVERY_S = 20
"""As the front door looks for switches: together with a command's own time within 30 s."""


class Source(Protocol):
    """utilsbot.store.flags.Flags."""

    def state(self) -> State:
        """The switches as they are now."""


class ReloadWatch:
    """Drops caches when the operators' version number has changed."""

    def __init__(self, flags: Source, clock: Clock, drops: Sequence[Callable[[], object]]) -> None:
        """Args: drops: what empties the caches, as Powertools' `parameters.clear_caches`."""
        self._flags = flags
        self._clock = clock
        self._drops = drops
        self._looked_at: float | None = None
        self._version: int | None = None

    def look(self) -> bool:
        """Looks if it is time to, before a command; whether caches were dropped.

        A store that does not answer changes nothing: bookkeeping never fails a command.
        """
        now = self._clock.monotonic()
        if self._looked_at is not None and now - self._looked_at < LOOK_EVERY_S:
            return False
        self._looked_at = now
        try:
            version = self._flags.state().version
        except StoreError:
            return False
        seen, self._version = self._version, version
        if seen in {None, version}:
            return False
        for drop in self._drops:
            drop()
        return True
