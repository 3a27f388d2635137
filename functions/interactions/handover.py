"""Hands an accepted command to its group's queue, before Discord is told that we work on it."""

from collections.abc import Callable, Mapping
from typing import Any

from functions.interactions.commands.ping import QueueProbe
from utilsbot.aws import AwsClient, AwsError
from utilsbot.clock import Clock
from utilsbot.envelope import Envelope
from utilsbot.errors import NotConfigured, QueueError
from utilsbot.i18n import _


class Handover:
    """Sends envelopes to the groups' queues."""

    def __init__(
        self,
        client: AwsClient,
        queue_urls: Mapping[str, str],
        clock: Clock,
        trace: Callable[[], str] = str,
    ) -> None:
        """Args: client: for sqs. queue_urls: by group. trace: the X-Ray header as it is now."""
        self._trace = trace
        self._client = client
        self._queue_urls = queue_urls
        self._clock = clock

    def send(self, group: str, envelope: Envelope) -> None:
        """Puts an envelope into a group's queue.

        Raises:
            QueueError: SQS refused or did not answer in time, so nothing may be promised.
            NotConfigured: this deployment has no such group.
        """
        url = self._queue_urls.get(group)
        if not url:
            raise NotConfigured(_("The group `{group}`").format(group=group))
        message = {"QueueUrl": url, "MessageBody": envelope.encode()}
        try:
            self._client.call("AmazonSQS.SendMessage", message | _traced(self._trace()))
        except AwsError as error:
            raise QueueError(error.code) from None

    def probe(self) -> QueueProbe:
        """Asks each queue how many commands wait: the mean round trip, and their sum."""
        began, waiting = self._clock.monotonic(), 0
        try:
            for url in self._queue_urls.values():
                answer = self._client.call(
                    "AmazonSQS.GetQueueAttributes",
                    {"QueueUrl": url, "AttributeNames": ["ApproximateNumberOfMessages"]},
                )
                waiting += int(answer["Attributes"]["ApproximateNumberOfMessages"])
        except (AwsError, KeyError, ValueError):
            return QueueProbe((self._clock.monotonic() - began) * 1000, None)
        total_ms = (self._clock.monotonic() - began) * 1000
        return QueueProbe(total_ms / max(1, len(self._queue_urls)), waiting)


def _traced(header: str) -> dict[str, Any]:
    """What makes the worker's X-Ray segment part of the front door's trace, where it is sampled."""
    if "Sampled=1" not in header:
        return {}
    value = {"DataType": "String", "StringValue": header}
    return {"MessageSystemAttributes": {"AWSTraceHeader": value}}
