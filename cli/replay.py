"""Runs a failed command again: gives it back to its group's queue while it can be answered."""

from typing import NamedTuple

from cli.target import Target
from utilsbot.clock import Clock
from utilsbot.envelope import LIFE_S
from utilsbot.errors import ServiceError
from utilsbot.store.command_log import Entry
from utilsbot.store.failed import Failed, Failures, bound_to
from utilsbot.store.logs import Logs

MARGIN_S = 20.0
"""What a worker gets at least before it would find the command too old."""
_LOOK_EVERY_S = 0.25


class CannotReplay(Exception):
    """Why not; a sentence for the operator."""


class Replayed(NamedTuple):
    """What became of it."""

    outcome: str
    """As the command log has it; `working` if it was not waited for, or not long enough."""

    @property
    def good(self) -> bool:
        """Whether its user has what the command answers, be it that their input is wrong."""
        return self.outcome in {"ok", "user_error"}


class Replayer:
    """Replays what a target's rescue kept."""

    def __init__(self, target: Target, clock: Clock | None = None) -> None:
        """Args: clock: the system's by default."""
        self._target = target
        self._clock = clock or Clock()
        self._failures = Failures(target.dynamodb, target.table)
        self._logs = Logs(target.dynamodb, target.table)

    def why_not(self, failed: Failed) -> str:
        """Why it cannot be run again, as far as its entry says; "" if it can."""
        now = self._clock.now()
        if not failed.user_id:
            return "the message is no command"
        if now > failed.received_at + LIFE_S - MARGIN_S:
            return (
                "Discord takes answers for 15 minutes only, and they are over: the user has to "
                "type it again"
            )
        if failed.replay_until is None:
            return (
                "its input was not kept: either this command is not replayable, it was a form, or "
                "no FailedKeyParameter is set (docs/failed.md)"
            )
        return ""

    def replay(self, failed: Failed, wait_s: float) -> Replayed:
        """Gives it back to the queue and waits for its end.

        Args:
            failed: what.
            wait_s: at most so long; 0: not at all.

        Raises:
            CannotReplay: it was not sent.
            StoreError: DynamoDB did not answer or refused.
            click.ClickException: the stack cannot be asked.
        """
        if reason := self.why_not(failed):
            raise CannotReplay(reason)
        body, queue_url = self._open(failed), self._target.queue_url(failed.group)
        reopened = self._failures.reopen(failed, self._clock.now())
        # One that is under way may be there without a message, if somebody stopped us right here;
        # a second message does no harm, because the claim lets one worker in.
        if not reopened and self._outcome(failed, 0) != "working":
            raise CannotReplay("it has been answered since")
        self._send(failed, queue_url, body)
        return Replayed(self._outcome(failed, wait_s))

    def _open(self, failed: Failed) -> str:
        from utilsbot.sealing import XChaChaSeal

        sealed = self._failures.sealed(failed, self._clock.now())
        if sealed is None:
            raise CannotReplay("the command is not kept any more")
        parameter = self._target.parameter("FailedKeyParameter")
        seal = XChaChaSeal(lambda: self._target.secret(parameter))
        try:
            opened = seal.open(sealed, bound_to(failed.id))
        except ServiceError as error:
            raise CannotReplay(str(error)) from None
        if opened is None:
            raise CannotReplay("it was sealed with a key that is not there any more")
        return opened.decode()

    def _send(self, failed: Failed, queue_url: str, body: str) -> None:
        """Sends it, or ends it again as it was."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            self._target.sqs.send_message(QueueUrl=queue_url, MessageBody=body)
        except (BotoCoreError, ClientError) as error:
            self._failures.keep(failed, _entry(failed), 0)
            raise CannotReplay(f"the queue did not take it: {error}") from None

    def _outcome(self, failed: Failed, wait_s: float) -> str:
        deadline = self._clock.monotonic() + wait_s
        while True:
            line = self._logs.find(failed.id, user_id=failed.user_id)
            outcome = line.outcome if line else "working"
            if outcome != "working" or self._clock.monotonic() >= deadline:
                return outcome
            self._clock.sleep(_LOOK_EVERY_S)


def _entry(failed: Failed) -> Entry:
    return Entry(
        user_id=failed.user_id or "",
        interaction_id=failed.id,
        command=failed.command,
        group=failed.group,
        guild_id=failed.guild_id,
        reference=failed.reference,
        received_at=failed.received_at,
        first_today=failed.first_today,
    )
