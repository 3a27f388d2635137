"""An AWS that answers every call of the front door well, and refuses what AWS itself would refuse.

Only for promises about input: moto keeps rows, this keeps none, and is a hundred times faster.
Sources: SQS API reference, SendMessage (the characters that a body may have); DynamoDB developer
guide, naming rules and data types (Unicode text in UTF-8).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

_NOT_IN_SQS = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MOST_BYTES = 1024 * 1024


class MemoryAws:
    """In the place of utilsbot.aws.AwsClient; `calls` is what was asked of it."""

    def __init__(self) -> None:
        """Nothing asked yet."""
        self.calls: list[tuple[str, Mapping[str, Any]]] = []

    def call(self, target: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """The answer of a service to which everybody is welcome.

        Raises:
            AssertionError: AWS would not take the request.
        """
        for text in _texts(body):
            text.encode()  # half a surrogate pair is no text for any of AWS's services
        self.calls.append((target, body))
        if target.endswith(".BatchGetItem"):
            return {"Responses": {}}
        if target.endswith(".SendMessage"):
            message = str(body["MessageBody"])
            found = _NOT_IN_SQS.search(message)
            assert found is None, f"SQS refuses U+{ord(found[0]):04X} in a message"
            assert 0 < len(message.encode()) <= _MOST_BYTES, "SQS takes up to 1 MiB"
        if target.endswith(".GetQueueAttributes"):
            return {"Attributes": {"ApproximateNumberOfMessages": "0"}}
        return {}

    @property
    def sent(self) -> list[str]:
        """The messages that were put into queues."""
        return [str(body["MessageBody"]) for target, body in self.calls if "SendMessage" in target]


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield str(key)
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
