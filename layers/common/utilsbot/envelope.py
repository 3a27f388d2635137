"""What travels through a queue: the interaction as Discord sent it, and when we took it."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

VERSION = 1
LIFE_S = 14 * 60
"""A command older than this is dropped: its token lives 15 minutes, and an answer takes time."""


class MalformedEnvelope(ValueError):
    """A queue message that no front door of ours wrote."""


class Envelope(NamedTuple):
    """One command under way. It holds a live token and what a user typed: never logged."""

    interaction: Mapping[str, Any]
    received_at: float
    """Epoch seconds when the front door took it."""
    developer: bool = False

    def encode(self) -> str:
        """The message body: compact JSON."""
        body = {"v": VERSION, "received_at": self.received_at, "developer": self.developer}
        return json.dumps(
            body | {"interaction": self.interaction}, separators=(",", ":"), ensure_ascii=False
        )

    @classmethod
    def decode(cls, text: str) -> "Envelope":
        """The envelope of a message body.

        Raises:
            MalformedEnvelope: not JSON, another version, or a part is missing.
        """
        try:
            body = json.loads(text)
            if body["v"] != VERSION or not isinstance(body["interaction"], dict):
                raise MalformedEnvelope("another version")
            return cls(body["interaction"], float(body["received_at"]), bool(body["developer"]))
        except (ValueError, KeyError, TypeError) as error:
            raise MalformedEnvelope(type(error).__name__) from None
