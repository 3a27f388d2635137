"""The loop of every worker: takes commands from its queue, runs each once, and answers each.

claim → run → reply → record. The reply goes out before the record, because a command that dies
between the two must be answered again rather than be counted and never answered; a redelivered
command repeats the same PATCH, and the record counts once whatever happens (docs/decisions/0004).
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Protocol, cast

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from utilsbot.catalog import Catalog
from utilsbot.clock import Clock
from utilsbot.context import Context
from utilsbot.delivery import Delivery
from utilsbot.discord.interaction import TOKEN_LIFE_S, TOKEN_MARGIN_S, parse_interaction
from utilsbot.discord.snowflake import reference_id
from utilsbot.envelope import LIFE_S, Envelope
from utilsbot.error_reply import error_reply
from utilsbot.errors import (
    DiscordError,
    Overdue,
    RateLimited,
    ServiceError,
    StoreError,
    UserError,
)
from utilsbot.i18n import speak
from utilsbot.invoke import invoke
from utilsbot.job import Job
from utilsbot.log import Logger, describe, user_hash
from utilsbot.meter import ApiCall, Meter
from utilsbot.outbox import Outbox
from utilsbot.progress import Progress
from utilsbot.reply import Reply
from utilsbot.reports import Report
from utilsbot.routing import route
from utilsbot.store.command_log import Claim, CommandLog, Ending, Entry
from utilsbot.store.persistence import persistently

MARGIN_S = 2.0
"""What is kept of the function's time for the record and the log line."""
_REPLY_S = 4.0
"""What external calls leave of it for the answer, however long they take."""
_RETRY_DELAY_S = 5
_PREVIEW_S = 2.0
"""What one edit on the way may take: the final reply is worth waiting for, this is not."""


class Retry(Exception):
    """Not now: the message goes back to the queue."""

    def __init__(self, reason: str, delay_s: int) -> None:
        """Args: delay_s: until the queue hands it out again."""
        super().__init__(reason)
        self.delay_s = delay_s


class Queue(Protocol):
    """The queue that the messages come from."""

    def delay(self, receipt_handle: str, delay_s: int) -> None:
        """Makes a message visible again after so many seconds; best effort."""


class Take(Protocol):
    """Deals with one message: returning deletes it, raising keeps it."""

    def __call__(self, record: SQSRecord, deadline: float, facts: Mapping[str, Any]) -> None:
        """Args: deadline: monotonic seconds. facts: of the invocation, for the canonical line."""


def each_message(
    event: dict[str, Any], context: LambdaContext, clock: Clock, cold: bool, take: Take
) -> PartialItemFailureResponse:
    """Hands out the messages of an SQS event; answers which of them to keep in the queue.

    Args:
        event: Lambda's.
        context: the invocation's.
        clock: the process's.
        cold: whether it is the first invocation of its execution environment.
        take: deals with each, until MARGIN_S before the function's time is over.
    """
    deadline = clock.monotonic() + context.get_remaining_time_in_millis() / 1000 - MARGIN_S
    facts = {"request_id": context.aws_request_id, "cold": cold}
    processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)
    return process_partial_response(
        event, lambda record: take(record, deadline, facts), processor, context
    )


class Worker:
    """A group's worker; one instance lives as long as its execution environment."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        ports: Mapping[str, Any],
        command_log: CommandLog,
        outbox: Outbox,
        queue: Queue,
        clock: Clock,
        log: Logger,
        report: Report,
        max_receives: int,
    ) -> None:
        """Args: ports: what commands are given, by parameter name. max_receives: the redrive's."""
        self._report = report
        self._catalog = catalog
        self._ports = ports
        self._command_log = command_log
        self._outbox = outbox
        self._queue = queue
        self._clock = clock
        self._log = log
        self._max_receives = max_receives
        self._cold = True

    def handle(self, event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
        """Lambda's entry point for SQS events: answers which messages to keep in the queue."""
        cold, self._cold = self._cold, False
        return each_message(event, context, self._clock, cold, self._take)

    def _take(self, record: SQSRecord, deadline: float, facts: Mapping[str, Any]) -> None:
        """One message: returning deletes it, raising keeps it."""
        began = self._clock.monotonic()
        attempt = int(record.attributes.approximate_receive_count)
        line: dict[str, Any] = {"attempt": attempt, "message_id": record.message_id, **facts}
        try:
            self._process(record, attempt, deadline, line)
        except Retry as error:
            line |= {"outcome": "retry", "reason": str(error), "delay_s": error.delay_s}
            self._queue.delay(record.receipt_handle, error.delay_s)
            raise
        except Exception as error:
            line |= {"outcome": "poison", **describe(error)}
            raise
        finally:
            line["duration_ms"] = round((self._clock.monotonic() - began) * 1000, 1)
            level = "ERROR" if "frames" in line else "INFO"
            self._log("command", level=level, **line)

    def _process(
        self, record: SQSRecord, attempt: int, deadline: float, line: dict[str, Any]
    ) -> None:
        envelope = Envelope.decode(record.body)
        job = self._job(envelope, attempt)
        line |= {
            "interaction_id": job.interaction.id,
            "reference": job.context.reference,
            "command": job.entry.command,
            "group": job.entry.group,
            "user": user_hash(job.interaction.user.id),
            "guild_id": job.interaction.guild_id,
            "queued_ms": round((job.context.now - envelope.received_at) * 1000),
        }
        silence_s = self._outbox.silence_s(job.interaction)
        if silence_s and self._clock.monotonic() + silence_s >= deadline - _REPLY_S:
            # Run now, the command could not be answered and would be run, and paid for, again.
            raise Retry("discord: it wants nothing for a while", int(silence_s) + 1)
        lease_s = deadline - self._clock.monotonic() + 2 * MARGIN_S
        claim = self._claim(job, lease_s)
        if claim is Claim.DONE:
            line["outcome"] = "duplicate"
            return
        if claim is Claim.BUSY:
            # Its claim lasts no longer than ours would; coming back sooner would only use up the
            # receives, and a command that is still at work would be taken for one that failed.
            raise Retry("another worker has it", int(lease_s) + 1)
        if job.context.now - envelope.received_at > LIFE_S:
            self._expire(job, deadline, line)
        else:
            self._answer(job, deadline, line)

    def _job(self, envelope: Envelope, attempt: int) -> Job:
        interaction = parse_interaction(envelope.interaction)
        speak(envelope.language)
        call = route(interaction, self._catalog)
        if envelope.private is not None:
            call = call._replace(private=envelope.private)
        context = Context(
            interaction=interaction,
            now=self._clock.now(),
            reference=reference_id(interaction.id),
            private=call.private,
            developer=envelope.developer,
            values=call.values,
            fields=call.fields,
            language=envelope.language,
            ai_requests=envelope.ai_requests,
        )
        entry = Entry(
            user_id=interaction.user.id,
            interaction_id=interaction.id,
            command=call.name,
            group=call.command.group,
            guild_id=interaction.guild_id,
            reference=context.reference,
            received_at=envelope.received_at,
            first_today=envelope.first_today,
        )
        return Job(interaction, call, context, entry, attempt, attempt >= self._max_receives)

    def _claim(self, job: Job, lease_s: float) -> Claim:
        try:
            return self._command_log.claim(job.entry, now=job.context.now, lease_s=lease_s)
        except StoreError as error:
            raise Retry(f"store: {error}", _RETRY_DELAY_S) from None

    def _answer(self, job: Job, deadline: float, line: dict[str, Any]) -> None:
        """Runs a claimed command, sends its reply and records both."""
        began = self._clock.monotonic()
        meter = Meter(self._clock.monotonic, deadline - _REPLY_S)
        progress = self._progress(job, meter.deadline)
        reply, outcome = self._run(job, meter, progress, line)
        line["run_ms"] = round((self._clock.monotonic() - began) * 1000, 1)
        sent_at = self._clock.monotonic()
        try:
            delivery = self._delivery(job, deadline, line, adrift=progress.adrift)
            outcome = delivery.send(reply, outcome)
        except DiscordError as error:
            self._give_back(job)
            wait_s = error.retry_after_s if isinstance(error, RateLimited) else _RETRY_DELAY_S
            raise Retry(f"discord: {error}", int(wait_s) + 1) from None
        except StoreError as error:
            self._give_back(job)
            raise Retry(f"store: {error}", _RETRY_DELAY_S) from None
        line |= {
            "outcome": outcome,
            "reply_ms": round((self._clock.monotonic() - sent_at) * 1000, 1),
        }
        duration_ms = int((self._clock.monotonic() - began) * 1000)
        failed = outcome in {"error", "service_error", "undeliverable"}
        ending = Ending(outcome, failed, duration_ms, job.attempt)
        self._record(job, ending, meter.calls, deadline, line)

    def _expire(self, job: Job, deadline: float, line: dict[str, Any]) -> None:
        """Ends a claimed command that is too old to be run; says so while Discord takes it."""
        line["outcome"] = "expired"
        left_s = job.entry.received_at + TOKEN_LIFE_S - TOKEN_MARGIN_S - job.context.now
        if left_s > 0:
            until = min(deadline, self._clock.monotonic() + left_s)
            try:
                reply = error_reply(Overdue(), job.context.reference)
                self._delivery(job, until, line).send(reply, "expired")
            except (DiscordError, StoreError) as error:
                line["cause"] = str(error)
        self._record(job, Ending("expired", True, 0, job.attempt), (), deadline, line)

    def _run(
        self, job: Job, meter: Meter, progress: Progress, line: dict[str, Any]
    ) -> tuple[Reply, str]:
        """What the command answers, and how that counts."""
        try:
            ports = {**self._ports, "meter": meter, "progress": progress}
            return cast("Reply", invoke(job.call, job.context, ports)), "ok"
        except UserError as error:
            line["reason"] = type(error).__name__
            outcome = "service_error" if isinstance(error, ServiceError) else "user_error"
            return error_reply(error, job.context.reference), outcome
        except StoreError as error:
            if not job.last:
                self._give_back(job)
                raise Retry(f"store: {error}", _RETRY_DELAY_S) from None
            line |= describe(error)
            return error_reply(error, job.context.reference), "service_error"
        except ServiceError as error:
            line |= describe(error) | {"cause": str(error)}
            return error_reply(error, job.context.reference), "service_error"
        except Exception as error:
            line |= describe(error)
            tags = {"reference": job.context.reference, "command": job.entry.command}
            self._report(error, tags)
            return error_reply(error, job.context.reference), "error"
        finally:
            if meter.calls:
                line["calls"] = [
                    {"api": call.api, "outcome": call.outcome, "ms": call.duration_ms}
                    for call in meter.calls
                ]
                if tokens := sum(call.tokens for call in meter.calls):
                    line["tokens"] = tokens

    def _progress(self, job: Job, deadline: float) -> Progress:
        """What a command may show while it runs, bound to its interaction."""

        def show(reply: Reply) -> None:
            self._outbox.preview(
                job.interaction,
                reply,
                received_at=job.entry.received_at,
                deadline=min(deadline, self._clock.monotonic() + _PREVIEW_S),
            )

        return Progress(show, self._clock.monotonic)

    def _delivery(
        self, job: Job, deadline: float, line: dict[str, Any], *, adrift: bool = False
    ) -> Delivery:
        log, clock = self._command_log, self._clock
        return Delivery(self._outbox, log, clock, job, deadline=deadline, line=line, adrift=adrift)

    def _give_back(self, job: Job) -> None:
        try:
            self._command_log.release(job.entry)
        except StoreError:
            self._log("claim not released", level="WARNING", reference=job.context.reference)

    def _record(
        self,
        job: Job,
        ending: Ending,
        calls: Sequence[ApiCall],
        deadline: float,
        line: dict[str, Any],
    ) -> None:
        """Bookkeeping never fails a command that was answered, but it tries."""
        now = job.context.now
        finish = partial(self._command_log.finish, job.entry, ending, now=now, calls=calls)
        try:
            persistently(finish, self._clock, deadline)
        except StoreError as error:
            line |= {"recorded": False, "cause": str(error)}
