"""The workers' logger: structlog with the processors and the form of utilsbot.log."""

import logging
import time
from typing import Any

import structlog

from utilsbot.log import LEVELS, Logger, redact, timestamp


def structured_logger(function: str, level: str = "INFO") -> Logger:
    """A logger that writes the same JSON lines as the front door's.

    Libraries that log through the standard library come out in the same form, from WARNING up: the
    lower levels may name addresses that carry tokens (httpx logs every URL at INFO).

    Args:
        function: the function's name in every line.
        level: the least level that is written.
    """
    structlog.configure(
        processors=[_form, structlog.processors.JSONRenderer(separators=(",", ":"))],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=structlog.PrintLoggerFactory(),
        cache_logger_on_first_use=False,
    )
    bound = structlog.get_logger(function=function)
    _capture_libraries(function)

    def log(event: str, *, level: str = "INFO", **fields: Any) -> None:
        bound.log(LEVELS[level], event, **fields)

    return log


def _form(_logger: object, method: str, event: structlog.types.EventDict) -> dict[str, Any]:
    """Redacts, and orders the keys as the front door does."""
    line = dict(event)
    head = {
        "timestamp": timestamp(time.time()),
        "level": method.upper(),
        "event": line.pop("event"),
        "function": line.pop("function"),
    }
    return head | dict(redact(line))


class _Forward(logging.Handler):
    """Hands the records of libraries to structlog, without their arguments."""

    def __init__(self, function: str) -> None:
        super().__init__(logging.WARNING)
        self._log = structlog.get_logger(function=function)

    def emit(self, record: logging.LogRecord) -> None:
        """One record."""
        self._log.log(record.levelno, "library", library=record.name, says=str(record.msg))


def _capture_libraries(function: str) -> None:
    root = logging.getLogger()
    root.handlers[:] = [_Forward(function)]
    root.setLevel(logging.WARNING)
