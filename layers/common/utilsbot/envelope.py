"""What travels through a queue: the interaction as Discord sent it, and what the gate decided."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from utilsbot.discord.wire import MAX_DEPTH, read_json
from utilsbot.i18n import DEFAULT

VERSION = 1
LIFE_S = 14 * 60
"""A command older than this is not run: its token lives 15 minutes, and an answer takes time."""
_WRITER = json.JSONEncoder(separators=(",", ":"))


class MalformedEnvelope(ValueError):
    """A queue message that no front door of ours wrote."""


class Envelope(NamedTuple):
    """One command under way. It holds a live token and what a user typed: never logged."""

    interaction: Mapping[str, Any]
    received_at: float
    """Epoch seconds when the front door took it."""
    developer: bool = False
    private: bool | None = None
    """Whether only the caller sees the answer, as it was acknowledged; None: as the spec says."""
    language: str = DEFAULT
    """What to answer in: one of utilsbot.i18n.LANGUAGES."""
    first_today: bool = False
    """Whether it is the caller's first command of the UTC day."""
    ai_requests: int | None = None
    """AI questions a day that the guild's administrators allow; None: they set nothing."""
    text: str = ""
    """The interaction's JSON as it came, so that `encode` need not write it anew."""

    def encode(self) -> str:
        """The message body: JSON in ASCII, since SQS does not take every character."""
        told: dict[str, Any] = {"v": VERSION, **self._asdict()}
        interaction, text = told.pop("interaction"), told.pop("text")
        if not text or not text.isascii():
            text = _WRITER.encode(interaction)
        return f'{_WRITER.encode(told)[:-1]},"interaction":{text}}}'

    @classmethod
    def decode(cls, text: str) -> "Envelope":
        """The envelope of a message body.

        Raises:
            MalformedEnvelope: not JSON, another version, or a part is missing or of another type.
        """
        try:
            body = read_json(text, MAX_DEPTH + 1)
            if body["v"] != VERSION or not isinstance(body["interaction"], dict):
                raise MalformedEnvelope("another version")
            known = {name: body[name] for name in cls._fields if name in body and name != "text"}
            known["received_at"] = float(known["received_at"])
            return cls(**known)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise MalformedEnvelope(type(error).__name__) from None
