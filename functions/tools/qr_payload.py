"""What the text in a code is for: a link, a secret, or just text."""

from enum import Enum
from typing import NamedTuple
from urllib.parse import urlsplit


class Purpose(Enum):
    """What a text in a code is for."""

    TEXT = "text"
    LINK = "link"
    WIFI = "wifi"
    ONE_TIME_CODES = "one_time_codes"

    @property
    def is_secret(self) -> bool:
        """Whether others should not see it."""
        return self in {Purpose.WIFI, Purpose.ONE_TIME_CODES}


class Payload(NamedTuple):
    """A text and its purpose."""

    purpose: Purpose
    text: str
    host: str = ""
    """Of a link, where it leads, as the browser takes it."""


def understand(text: str) -> Payload:
    """The purpose of a text."""
    start = text.replace("\ufeff", "").lstrip().lower()  # phones pass over byte-order marks too
    if start.startswith("wifi:"):
        return Payload(Purpose.WIFI, text)
    if start.startswith(("otpauth://", "otpauth-migration://")):
        return Payload(Purpose.ONE_TIME_CODES, text)
    host = _host(text)
    return Payload(Purpose.LINK, text, host) if host else Payload(Purpose.TEXT, text)


def _host(text: str) -> str:
    """The host of a web address that can be shown as a link as it is; else nothing.

    Anything but printable ASCII stays text: look-alike letters make other hosts look trusted.
    """
    if not (text.isascii() and text.isprintable()) or any(c in ' <>"`\\^{|}' for c in text):
        return ""
    try:
        parts = urlsplit(text)
        return (parts.hostname or "") if parts.scheme in {"http", "https"} else ""
    except ValueError:
        return ""
