"""Takes what failed three times: tells the user, ends and counts the command, keeps it.

claim → tell → record. The claim keeps a worker out that is still at it, and shows whether the user
has an answer already: then nothing is said and nothing counted. A worker may have answered and died
before it could write that down; Discord knows, and the command ends as answered. A message leaves
its queue only when it was recorded here or answered there; until then it comes back, for up to 14
days. Many fail at once and meet on the day's counters, so a record is tried several times in place.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.rescue.letters import Letter, Stray, read_letter, stray_id
from functions.rescue.telling import RETRY_S, AlreadyAnswered, Teller, Window
from utilsbot.catalog import Catalog
from utilsbot.clock import Clock
from utilsbot.discord.interaction import TOKEN_LIFE_S
from utilsbot.discord.snowflake import created_at
from utilsbot.errors import ServiceError, StoreError
from utilsbot.log import Logger, describe, user_hash
from utilsbot.store.command_log import Claim, CommandLog, Ending
from utilsbot.store.failed import Failed, Failures, bound_to
from utilsbot.store.persistence import persistently
from utilsbot.worker import MARGIN_S, Queue, Retry, each_message

_BUSY_S, _LONGEST_RETRY_S = 5, 900
_FOR_TELLING = 0.75
"""The part of the time that telling may take, however slow Discord is; the record has the rest."""

Close = Callable[[bytes, str], bytes]
"""Seals a content, bound to a name; utilsbot.sealing.XChaChaSeal.close."""


class Parts(NamedTuple):
    """What the rescue works with."""

    catalog: Catalog
    command_log: CommandLog
    failures: Failures
    window: Window
    queues: Mapping[str, tuple[str, Queue]]
    """The last part of each dead-letter queue's ARN → its group and itself."""
    close: Close | None
    """None: no command is kept for a replay."""
    clock: Clock
    log: Logger
    max_receives: int
    """What a message had been received before it came here: the groups' queues' maxReceiveCount."""


class Rescue:
    """The function; one instance lives as long as its execution environment."""

    def __init__(self, parts: Parts) -> None:
        """Makes no call yet."""
        self._parts = parts
        self._teller = Teller(parts.window, parts.command_log, parts.clock)
        self._cold = True

    def handle(self, event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
        """Lambda's entry point for SQS events: answers which messages to keep in the queue."""
        cold, self._cold = self._cold, False
        return each_message(event, context, self._parts.clock, cold, self._take)

    def _take(self, record: SQSRecord, deadline: float, facts: Mapping[str, Any]) -> None:
        """One message: returning deletes it, raising keeps it."""
        clock = self._parts.clock
        began, attempt = clock.monotonic(), int(record.attributes.approximate_receive_count)
        group, queue = self._parts.queues.get(
            record.event_source_arn.rpartition(":")[2], ("", None)
        )
        line: dict[str, Any] = {"attempt": attempt, "message_id": record.message_id, **facts}
        line["group"] = group
        try:
            self._process(record, group, deadline, line)
        except Exception as error:
            delay_s = error.delay_s if isinstance(error, Retry) else self._later(attempt)
            line |= {"outcome": "retry", "delay_s": delay_s, **_reason(error)}
            if queue:
                queue.delay(record.receipt_handle, delay_s)
            raise
        finally:
            line["duration_ms"] = round((clock.monotonic() - began) * 1000, 1)
            kept = line.get("outcome") in {"rescued", "failed", "stray"}
            level = "ERROR" if "frames" in line else "WARNING" if kept else "INFO"
            self._parts.log("rescue", level=level, **line)

    def _process(
        self, record: SQSRecord, group: str, deadline: float, line: dict[str, Any]
    ) -> None:
        try:
            letter = read_letter(record.body, self._parts.catalog, group)
        except Stray as error:
            self._keep_stray(record, group, str(error), deadline, line)
            return
        entry = letter.entry
        line |= {
            "interaction_id": entry.interaction_id,
            "reference": entry.reference,
            "command": entry.command,
            "group": entry.group,
            "user": user_hash(entry.user_id),
            "guild_id": entry.guild_id,
            "queued_ms": round((self._parts.clock.now() - entry.received_at) * 1000),
        }
        claim = self._claim(letter, deadline)
        if claim is Claim.DONE:
            line["outcome"] = "answered"
            return
        if claim is Claim.BUSY:
            raise Retry("a worker has it", _BUSY_S)
        try:
            self._rescue(record, letter, deadline, line)
        except (StoreError, Retry):
            self._give_back(letter)
            raise

    def _claim(self, letter: Letter, deadline: float) -> Claim:
        clock = self._parts.clock
        lease_s = deadline - clock.monotonic() + 2 * MARGIN_S
        return self._parts.command_log.claim(letter.entry, now=clock.now(), lease_s=lease_s)

    def _rescue(
        self, record: SQSRecord, letter: Letter, deadline: float, line: dict[str, Any]
    ) -> None:
        """Tells the user and records it; a claimed command."""
        attempt = int(record.attributes.approximate_receive_count)
        began = self._parts.clock.monotonic()
        try:
            untold = self._teller.tell(letter, began + _FOR_TELLING * (deadline - began))
        except AlreadyAnswered:
            self._end_answered(letter, attempt, deadline)
            line["outcome"] = "answered"
            return
        sealed, until = self._sealed(record.body, letter, line)
        failed = Failed(
            id=letter.interaction.id,
            at=self._parts.clock.now(),
            group=letter.entry.group,
            message_id=record.message_id,
            command=letter.entry.command,
            user_id=letter.entry.user_id,
            guild_id=letter.entry.guild_id,
            received_at=letter.entry.received_at,
            told=not untold,
            reason=untold,
            replay_until=until,
            size_bytes=len(record.body.encode(errors="replace")),
            first_today=letter.entry.first_today,
        )
        keep = partial(self._parts.failures.keep, failed, letter.entry, attempt, sealed)
        persistently(keep, self._parts.clock, deadline)
        line |= {"outcome": "failed" if untold else "rescued", "replayable": sealed is not None}
        line |= {"reason": untold} if untold else {}

    def _sealed(
        self, body: str, letter: Letter, line: dict[str, Any]
    ) -> tuple[bytes | None, float | None]:
        """The command as it may be kept, and until when."""
        until = created_at(letter.interaction.id) + TOKEN_LIFE_S
        close = self._parts.close
        if close is None or not letter.replayable or until <= self._parts.clock.now():
            return None, None
        try:
            return close(body.encode(errors="replace"), bound_to(letter.interaction.id)), until
        except ServiceError as error:  # the key cannot be read: the rest is kept all the same
            line["not_sealed"] = str(error)
            return None, None

    def _keep_stray(
        self, record: SQSRecord, group: str, reason: str, deadline: float, line: dict[str, Any]
    ) -> None:
        """A message that no front door of ours wrote: what is known of it, and not what it says."""
        sent_at_ms = int(record.attributes.sent_timestamp or 0)
        failed = Failed(
            id=stray_id(record.message_id, sent_at_ms),
            at=self._parts.clock.now(),
            group=group,
            message_id=record.message_id,
            received_at=sent_at_ms / 1000,
            reason=reason,
            size_bytes=len(record.body.encode(errors="replace")),
        )
        line |= {"reference": failed.reference, "reason": reason}
        keep = partial(self._parts.failures.keep_stray, failed)
        persistently(keep, self._parts.clock, deadline)
        line["outcome"] = "stray"

    def _end_answered(self, letter: Letter, attempt: int, deadline: float) -> None:
        """Ends and counts what a worker answered and did not record; how it ended, nobody knows."""
        clock, ending = self._parts.clock, Ending("answered", False, 0, attempt)
        finish = partial(self._parts.command_log.finish, letter.entry, ending, now=clock.now())
        persistently(finish, clock, deadline)

    def _give_back(self, letter: Letter) -> None:
        try:
            self._parts.command_log.release(letter.entry)
        except StoreError:
            reference = letter.entry.reference
            self._parts.log("claim not released", level="WARNING", reference=reference)

    def _later(self, attempt: int) -> int:
        """Seconds until the next try: soon at first, then ever more rarely for up to 14 days.

        SQS counts a message's receives across all queues, so the first one here is no first.
        """
        tries = max(1, attempt - self._parts.max_receives)
        return min(RETRY_S << min(tries - 1, 10), _LONGEST_RETRY_S)


def _reason(error: Exception) -> dict[str, Any]:
    """What the log line says of it; the frames only where it is not understood."""
    if isinstance(error, StoreError):
        return {"reason": f"store: {error}"}
    return {"reason": str(error)} if isinstance(error, Retry) else describe(error)
