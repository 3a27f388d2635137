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
# An interaction token is base64url of "interaction:…", and webhook paths carry it.
_TOKENS = re.compile(r"aW50ZXJhY3Rpb2[0-9A-Za-z_-]+|(?<=/webhooks/)\d+/[^/\s\"']+")


class Logger(Protocol):
    """Writes one line."""

    def __call__(self, event: str, *, level: str = "INFO", **fields: Any) -> None:
        """Args: event: a fixed phrase. fields: what the line says; redacted."""


def redact(value: Any, key: str = "") -> Any:
    """A copy without secrets: sensitive keys masked at any depth, tokens masked in any text."""
    if key.lower() in _SENSITIVE and value not in (None, "", 0, False):
        return MASK
    if isinstance(value, Mapping):
        return {str(name): redact(inner, str(name)) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [redact(inner) for inner in value]
    if isinstance(value, str):
        return _TOKENS.sub(MASK, value)
    return value if isinstance(value, int | float | bool | None) else _TOKENS.sub(MASK, str(value))


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
        sys.stdout.write(json.dumps(line | redact(fields), separators=(",", ":")) + "\n")

    return log
