"""Hands an accepted command to its group's queue, before Discord is told that we work on it."""

from collections.abc import Mapping

from functions.interactions.commands.ping import QueueProbe
from utilsbot.aws import AwsClient, AwsError
from utilsbot.clock import Clock
from utilsbot.envelope import Envelope
from utilsbot.errors import NotConfigured, QueueError


class Handover:
    """Sends envelopes to the groups' queues."""

    def __init__(self, client: AwsClient, queue_urls: Mapping[str, str], clock: Clock) -> None:
        """Args: client: for sqs. queue_urls: by group."""
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
            raise NotConfigured(f"The group `{group}`")
        try:
            self._client.call(
                "AmazonSQS.SendMessage", {"QueueUrl": url, "MessageBody": envelope.encode()}
            )
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
