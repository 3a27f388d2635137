"""Tells a user what can be told only once: a POST, which nobody can repeat or take back.

note → post. A command comes back whose record failed, or whose worker died, and must not tell its
user again; so the note goes first, on the log row, under the claim (docs/decisions/0013).
"""

from collections.abc import Callable
from contextlib import suppress
from functools import partial

from utilsbot.clock import Clock
from utilsbot.errors import DiscordError, StoreError
from utilsbot.store.command_log import CommandLog, Entry
from utilsbot.store.persistence import persistently


def tell_once(
    log: CommandLog, entry: Entry, tell: Callable[[], None], clock: Clock, deadline: float
) -> None:
    """Tells, unless it was told under an earlier claim of this command.

    Under one claim it may be called again, where the first text could not be sent as it was.

    Args:
        log: where it is noted.
        entry: the command, which is claimed.
        tell: posts; a DiscordError of it means that the message is certainly not there.
        clock: the process's.
        deadline: moment of `clock.monotonic` after which no further try of a note begins; one
            takes up to 1.5 s.

    Raises:
        DiscordError: as `tell` raised it. The note was taken back, if the store took that.
        StoreError: it could not be noted, and so was not told.
    """
    try:
        if persistently(partial(log.begin_telling, entry), clock, deadline):
            tell()
    except (DiscordError, StoreError):
        with suppress(StoreError):
            persistently(partial(log.undo_telling, entry), clock, deadline)
        raise
