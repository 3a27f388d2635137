"""Brings a command's reply to its user; what Discord will not take becomes an honest error."""

from functools import partial
from typing import Any

from utilsbot.clock import Clock
from utilsbot.error_reply import error_reply
from utilsbot.errors import DiscordError, TokenExpired, UserError
from utilsbot.job import Job
from utilsbot.log import describe
from utilsbot.outbox import Outbox
from utilsbot.reply import Reply
from utilsbot.spec import Ack
from utilsbot.store.command_log import CommandLog
from utilsbot.tell_once import tell_once

_FOR_NOTES_S = 1.0
"""What telling leaves of the time, because a note that was made for nothing is taken back."""


class Delivery:
    """How the reply of one job is sent."""

    def __init__(
        self,
        outbox: Outbox,
        log: CommandLog,
        clock: Clock,
        job: Job,
        *,
        deadline: float,
        line: dict[str, Any],
        adrift: bool = False,
    ) -> None:
        """Sends nothing yet.

        Args:
            outbox: sends.
            log: where it is noted that a button's user was told.
            clock: the process's.
            job: claimed.
            deadline: as for Outbox.deliver.
            line: the canonical line, for causes.
            adrift: as for Outbox.deliver.
        """
        self._outbox = outbox
        self._log = log
        self._clock = clock
        self._job = job
        self._deadline = deadline
        self._line = line
        self._adrift = adrift

    def send(self, reply: Reply, outcome: str) -> str:
        """How it ended; another outcome than the given one if an error took the reply's place.

        Args:
            reply: the command's, or an error's.
            outcome: how the command ended; `ok` if the reply is its own.

        Raises:
            DiscordError: worth another try later.
            StoreError: the same; what cannot be told twice was not told.
        """
        try:
            return self._send(reply, outcome)
        except TokenExpired:
            return "undeliverable"
        except DiscordError as error:
            if self._job.last:
                self._line |= describe(error) | {"cause": str(error)[:500]}
            raise

    def _send(self, reply: Reply, outcome: str) -> str:
        try:
            if outcome == "ok":
                self._deliver(reply)
            else:
                self._explain(reply)
        except UserError as error:
            self._explain(error_reply(error, self._job.context.reference))
            return "user_error"
        except ValueError as error:  # over one of Discord's limits: a bug of the command
            return self._confess(error, 200)
        except TokenExpired:
            raise
        except DiscordError as error:
            if error.passing:
                raise
            return self._confess(error, 500)
        return outcome

    def _confess(self, error: Exception, longest: int) -> str:
        self._line |= describe(error) | {"cause": str(error)[:longest]}
        self._explain(error_reply(error, self._job.context.reference))
        return "error"

    def _explain(self, reply: Reply) -> None:
        if self._job.call.ack is not Ack.UPDATE:
            self._deliver(reply)
            return
        # The message that the button is on keeps what it shows.
        until, received_at = self._deadline - _FOR_NOTES_S, self._job.entry.received_at
        tell = partial(
            self._outbox.tell,
            self._job.interaction,
            reply,
            received_at=received_at,
            deadline=until,
        )
        tell_once(self._log, self._job.entry, tell, self._clock, until)

    def _deliver(self, reply: Reply) -> None:
        self._outbox.deliver(
            self._job.interaction,
            reply,
            private=self._job.call.private,
            received_at=self._job.entry.received_at,
            deadline=self._deadline,
            again=self._job.attempt > 1,
            adrift=self._adrift,
        )
