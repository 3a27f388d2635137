"""Lets a command show how far it is: edits of its deferred reply while it runs, about one a second.

Progress is a courtesy: whatever goes wrong with it is swallowed, no edit is repeated or waited for,
and the final reply is always sent by the worker's ordinary delivery.
"""

from collections.abc import Callable

from utilsbot.errors import DiscordError, OutcomeUnknown, RateLimited, TokenExpired, UserError
from utilsbot.reply import Reply

INTERVAL_S = 1.0
"""Between two edits: Discord takes about 5 in 2 s of one token, and 30 in 60 s of one channel."""
SLOW_AFTER = 15
"""Edits after which the interval doubles, so that a long answer leaves the channel some room."""


class Progress:
    """Shows a reply on the way, or does not: a command may call it as often as it likes."""

    def __init__(self, show: Callable[[Reply], None], monotonic: Callable[[], float]) -> None:
        """Args: show: sends one edit; may raise. monotonic: seconds."""
        self._show = show
        self._now = monotonic
        self._next_at = monotonic()
        self.edits = 0
        """How many were shown."""
        self.adrift = False
        """Whether Discord left one unanswered, and so may carry it out at any moment."""

    def __call__(self, reply: Reply) -> None:
        """Shows a reply unless the last one was shown just now; never raises for Discord's part.

        Args:
            reply: only its first message is shown.
        """
        if self._now() < self._next_at:
            return
        wait_s = INTERVAL_S if self.edits < SLOW_AFTER else 2 * INTERVAL_S
        try:
            self._show(reply)
            self.edits += 1
        except TokenExpired:
            wait_s = float("inf")
        except RateLimited as error:
            wait_s = max(wait_s, error.retry_after_s)
        except OutcomeUnknown:
            self.adrift = True
        except (DiscordError, UserError, ValueError):  # a limit of Discord's is a ValueError
            pass
        self._next_at = self._now() + wait_s
