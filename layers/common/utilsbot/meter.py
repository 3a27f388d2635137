"""Measures the external calls of one command: what was called, how long, how it ended.

The worker gives every run a Meter of its own (a command asks for it as `meter`), shows its calls in
the canonical log line and counts them in ApiUsage, in the transaction that ends the command.
"""

from collections.abc import Callable
from types import TracebackType
from typing import NamedTuple


class ApiCall(NamedTuple):
    """One external call that has ended."""

    api: str
    """Which service, as `ip-api`: a fixed word, never an address that a user gave."""
    outcome: str
    """A short word for the log: `ok`, `429`, `timeout`."""
    failed: bool
    duration_ms: int
    tokens: int = 0
    """For services that bill by them."""


class OpenCall:
    """A call under way; the block sets `outcome`, `failed` and `tokens` as it learns them."""

    def __init__(self, meter: "Meter", api: str) -> None:
        """Args: api: as in ApiCall."""
        self.outcome = "ok"
        self.failed = False
        self.tokens = 0
        self._meter = meter
        self._api = api
        self._began = meter.now()

    def fail(self, outcome: str) -> None:
        """Notes a failure that is no exception."""
        self.outcome, self.failed = outcome, True

    def __enter__(self) -> "OpenCall":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Notes the call; an exception counts as a failure unless the block has said more."""
        if kind is not None and not self.failed:
            self.fail(kind.__name__)
        duration_ms = round((self._meter.now() - self._began) * 1000)
        call = ApiCall(self._api, self.outcome, self.failed, duration_ms, self.tokens)
        self._meter.calls.append(call)


class Meter:
    """The external calls of one run, and the time that is left for them."""

    def __init__(self, monotonic: Callable[[], float], deadline: float) -> None:
        """Args: deadline: of the same clock as `monotonic`; seconds."""
        self.now = monotonic
        self.deadline = deadline
        self.calls: list[ApiCall] = []

    def call(self, api: str) -> OpenCall:
        """A context manager around one external call.

        Args:
            api: which service: a fixed word.
        """
        return OpenCall(self, api)

    def left_s(self, most: float) -> float:
        """Seconds that a call may take: `most`, or what this invocation has left; never below 0."""
        return max(0.0, min(most, self.deadline - self.now()))
