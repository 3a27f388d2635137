"""Completes the canonical log lines: which trace they belong to, and their metrics."""

from collections.abc import Callable, Mapping
from typing import Any

from utilsbot.log import Logger
from utilsbot.metrics import Metrics

CANONICAL = frozenset({"interaction", "command", "rescue"})
"""The events of which each invocation writes one for each command."""


def trace_root(header: str) -> str | None:
    """The trace's id in Lambda's `_X_AMZN_TRACE_ID`, as X-Ray and the logs of AWS show it.

    Args:
        header: as `Root=1-67891233-abcdef012345678912345678;Parent=…;Sampled=1`.
    """
    parts = dict(part.partition("=")[::2] for part in header.split(";"))
    return parts.get("Root")


def canonical_logger(
    log: Logger, metrics: Metrics, environment: Mapping[str, str], now: Callable[[], float]
) -> Logger:
    """A logger that adds to the canonical lines, and leaves the others as they are.

    Args:
        log: writes the lines.
        metrics: where their metrics go.
        environment: usually os.environ; Lambda sets the trace anew for each invocation.
        now: epoch seconds.
    """
    memory = environment.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "")
    memory_mb = int(memory) if memory.isdecimal() else None

    def write(event: str, *, level: str = "INFO", **fields: Any) -> None:
        if event in CANONICAL:
            fields["trace_id"] = trace_root(environment.get("_X_AMZN_TRACE_ID", ""))
            fields["memory_mb"] = memory_mb
            fields |= metrics.of(fields, now())
        log(event, level=level, **fields)

    return write
