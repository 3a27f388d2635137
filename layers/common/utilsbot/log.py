"""Structured logs: one canonical JSON line an invocation, the same form in every function.

The front door writes it with this module alone; the workers through structlog
(utilsbot.log_structured), with the processors of this module. No line carries a token, an option,
a message or any other input of a user, and of an unexpected exception only its type and its frames.
"""

import json
import re
import sys
from collections.abc import Callable, Mapping
from hashlib import sha256
from time import gmtime, strftime, time
from types import TracebackType
from typing import Any, Protocol

LEVELS = {"DEBUG": 10, "INFO": 20, "WARNING": 30, "ERROR": 40}
MASK = "***"

_SENSITIVE = frozenset(
    {
        "authorization", "body", "content", "cookie", "data", "embeds", "fields", "headers",
        "input", "json", "options", "password", "payload", "prompt", "secret", "text", "token",
        "url", "value", "values",
    }
)  # fmt: skip
# An interaction token is base64url of "interaction:…", and webhook paths carry it. Also for JSON of
# texts, so neither a quote nor a backslash belongs to a token.
_BEGINNING = "aW50ZXJhY3Rpb2"
_TOKENS = re.compile(_BEGINNING + r"[0-9A-Za-z_-]+|(?<=/webhooks/)\d+/[^/\s\"'\\]+")
_PLAIN = frozenset({str, int, float, bool, type(None)})
_WRITER = json.JSONEncoder(separators=(",", ":"))


class Logger(Protocol):
    """Writes one line."""

    def __call__(self, event: str, *, level: str = "INFO", **fields: Any) -> None:
        """Args: event: a fixed phrase. fields: what the line says; redacted."""


def redact(value: Any, key: str = "") -> Any:
    """A copy without secrets: sensitive keys masked at any depth, tokens masked in any text."""
    return _copied(value, key, lambda text: _TOKENS.sub(MASK, text))


def _copied(value: Any, key: str, text: Callable[[str], str]) -> Any:
    """A copy that JSON can hold, sensitive keys masked, every text as `text` makes it."""
    if key.lower() in _SENSITIVE and value not in (None, "", 0, False):
        return MASK
    if isinstance(value, str):
        return text(value)
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, Mapping):
        return {str(name): _copied(inner, str(name), text) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_copied(inner, "", text) for inner in value]
    return text(str(value))


def _is_plain(name: str, value: Any) -> bool:
    """Whether a field needs no second look, as most do not."""
    return type(value) in _PLAIN and name.lower() not in _SENSITIVE


def _line(fields: Mapping[str, Any]) -> str:
    """The JSON of `redact(fields)`, with one search for tokens in all of it.

    `_aws` is left as it is: utilsbot.metrics makes it, of nothing but its own words and numbers.
    """
    plain = {
        name: value if name == "_aws" or _is_plain(name, value) else _copied(value, name, str)
        for name, value in fields.items()
    }
    line = _WRITER.encode(plain)
    if _BEGINNING in line or "/webhooks/" in line:
        line = _TOKENS.sub(MASK, line)
    return line


def user_hash(user_id: str) -> str:
    """A user in the logs: the same person is recognisable, the id is not written down."""
    return sha256(f"utilsbot:{user_id}".encode()).hexdigest()[:12]


def describe(error: BaseException) -> dict[str, Any]:
    """An exception for a log line: type and frames, without the message, which may hold input."""
    return {"error": type(error).__name__, "frames": _frames(error.__traceback__)}


def _frames(traceback: TracebackType | None) -> list[str]:
    frames = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        place = "/".join(code.co_filename.split("/")[-3:])
        frames.append(f"{place}:{traceback.tb_lineno} {code.co_name}")
        traceback = traceback.tb_next
    return frames[-12:]


def timestamp(now: float) -> str:
    """ISO 8601 in UTC with milliseconds."""
    return f"{strftime('%Y-%m-%dT%H:%M:%S', gmtime(now))}.{int(now % 1 * 1000):03d}Z"


def light_logger(
    function: str,
    level: str = "INFO",
    *,
    now: Callable[[], float] = time,
) -> Logger:
    """The front door's logger.

    Args:
        function: the function's name in every line.
        level: the least level that is written.
        now: epoch seconds.
    """
    least = LEVELS[level]

    def log(event: str, *, level: str = "INFO", **fields: Any) -> None:
        if LEVELS[level] < least:
            return
        line = {"timestamp": timestamp(now()), "level": level, "event": event, "function": function}
        sys.stdout.write(_line(line | fields) + "\n")

    return log
