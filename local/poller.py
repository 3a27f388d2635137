"""What Lambda's event source mapping does: fetches messages, invokes, deletes what succeeded.

What fails stays in the queue until its visibility timeout; redrive is the queue's own.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from local.crashes import Crashes
from local.faults import Faults
from local.function import LocalFunction
from local.runtime_api import Result
from local.template import REGION, QueueSource
from utilsbot.envelope import Envelope, MalformedEnvelope

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

LONG_POLL_S = 2
"""Lambda waits 20 s; ours ends sooner, so that stopping is quick."""
_RETRY_S = 1.0
_HELD_BACK_S = (0.2, 2.0)
_TWICE = ("at once", "afterwards")


def sqs_event(messages: Sequence[Mapping[str, Any]], queue_arn: str) -> dict[str, Any]:
    """The event that a function gets for some messages of `receive_message`."""
    return {"Records": [_record(message, queue_arn) for message in messages]}


def _record(message: Mapping[str, Any], queue_arn: str) -> dict[str, Any]:
    attributes = message.get("MessageAttributes", {})
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": dict(message.get("Attributes", {})),
        "messageAttributes": {name: _attribute(value) for name, value in attributes.items()},
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": REGION,
    }


def _attribute(value: Mapping[str, Any]) -> dict[str, Any]:
    names = {"StringValue": "stringValue", "BinaryValue": "binaryValue", "DataType": "dataType"}
    known = {names[key]: item for key, item in value.items() if key in names}
    return {"stringListValues": [], "binaryListValues": [], **known}


def delivered_again(message: Mapping[str, Any]) -> dict[str, Any]:
    """The message as a second delivery of it looks."""
    attributes = dict(message.get("Attributes", {}))
    count = int(attributes.get("ApproximateReceiveCount", "1"))
    return {**message, "Attributes": attributes | {"ApproximateReceiveCount": str(count + 1)}}


def succeeded(
    result: Result, messages: Sequence[Mapping[str, Any]], *, partial_failures: bool
) -> list[str]:
    """The receipt handles to delete after an invocation.

    An answer that Lambda would not understand counts as a failure of the whole batch
    (Lambda Developer Guide, "Implementing partial batch responses").
    """
    handles = {str(m["MessageId"]): str(m["ReceiptHandle"]) for m in messages}
    if result.error:
        return []
    if not partial_failures:
        return list(handles.values())
    failed = _failed_ids(result)
    if failed is None or not failed <= handles.keys():
        return []
    return [handle for message_id, handle in handles.items() if message_id not in failed]


def _failed_ids(result: Result) -> set[str] | None:
    """The ids that the answer names; None if it is no partial batch response."""
    answer = result.json
    failures = (answer or {}).get("batchItemFailures") if isinstance(answer, dict | None) else 0
    if failures is None:
        return set()
    if not isinstance(failures, list):
        return None
    ids = [item.get("itemIdentifier") for item in failures if isinstance(item, dict)]
    whole = len(ids) == len(failures) and all(isinstance(i, str) and i for i in ids)
    return {str(i) for i in ids} if whole else None


def interaction_of(message: Mapping[str, Any]) -> str | None:
    """The id of the interaction that a message carries, if it is one of ours."""
    try:
        return str(Envelope.decode(str(message["Body"])).interaction["id"])
    except (MalformedEnvelope, KeyError):
        return None


class QueuePoller:
    """Feeds one queue to one function, as many messages at once as it has processes."""

    def __init__(
        self,
        source: QueueSource,
        function: LocalFunction,
        sqs: "SQSClient",
        *,
        faults: Faults,
        on_done: Callable[[str], None],
        crashes: Crashes | None = None,
    ) -> None:
        """Args: sqs: a client whose read time-out is longer than a long poll.

        `on_done` hears the id of each interaction that is worked off. `crashes` kills workers.
        """
        self._on_done = on_done
        self.source = source
        self.error: str | None = None
        """Why the queue could not be read the last time, if so."""
        self._function = function
        self._sqs = sqs
        self._url = sqs.get_queue_url(QueueName=source.queue_arn.rpartition(":")[2])["QueueUrl"]
        self._faults = faults
        self._crashes = crashes or Crashes(Faults())
        self._free = asyncio.Semaphore(function.concurrency)
        self._at_work: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Until cancelled."""
        try:
            while True:
                await self._free.acquire()
                messages = await self._next()
                if messages:
                    task = asyncio.create_task(self._deliver(messages))
                    self._at_work.add(task)
                    task.add_done_callback(self._at_work.discard)
                else:
                    self._free.release()
        finally:
            for task in self._at_work:
                task.cancel()

    async def _next(self) -> list[Mapping[str, Any]]:
        try:
            messages = await asyncio.to_thread(self._receive)
        except (BotoCoreError, ClientError) as error:
            self.error = str(error)
            await asyncio.sleep(_RETRY_S)
            return []
        self.error = None
        return messages

    def _receive(self) -> list[Mapping[str, Any]]:
        answer = self._sqs.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=min(10, self.source.batch_size),
            WaitTimeSeconds=LONG_POLL_S,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        return list(answer.get("Messages", []))

    async def _deliver(self, messages: list[Mapping[str, Any]]) -> None:
        """One batch, with the faults that it meets."""
        key = interaction_of(messages[0]) or ""
        if self._faults.happens("out_of_order", key):
            self._free.release()  # those behind it pass
            await asyncio.sleep(self._faults.between("out_of_order", *_HELD_BACK_S, key))
            await self._free.acquire()
        try:
            again = [delivered_again(m) for m in messages if self._is_doubled(m)]
            if again and self._faults.one_of("duplicate_delivery", _TWICE, key) == "at once":
                await asyncio.gather(self._invoke(messages), self._invoke(again))
                return
            await self._invoke(messages)
            if again:
                await self._invoke(again)
        finally:
            self._free.release()

    def _is_doubled(self, message: Mapping[str, Any]) -> bool:
        return self._faults.happens("duplicate_delivery", interaction_of(message) or "")

    async def _invoke(self, messages: Sequence[Mapping[str, Any]]) -> None:
        ids = {str(m["MessageId"]): interaction_of(m) for m in messages}

        def begun(kill: Callable[[], None]) -> None:
            for interaction_id in filter(None, ids.values()):
                self._crashes.plan(interaction_id, kill)

        result = await self._function.invoke(sqs_event(messages, self.source.queue_arn), begun)
        for interaction_id in filter(None, ids.values()):
            self._crashes.forget(interaction_id)
        partial = self.source.partial_failures
        done = succeeded(result, messages, partial_failures=partial)
        try:
            await asyncio.to_thread(self._delete, done)
        except (BotoCoreError, ClientError) as error:
            self.error = str(error)
        for message in messages:
            worked_off = ids[str(message["MessageId"])]
            if message["ReceiptHandle"] in done and worked_off:
                self._on_done(worked_off)

    def _delete(self, handles: Iterable[str]) -> None:
        for handle in handles:
            self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=handle)
