"""Discord's rate limits for one bucket each. Source: topics/rate-limits.mdx.

The numbers are those seen in the wild (5 in 2 s a webhook token); bots must read the headers.
"""

import hashlib
import math
from collections.abc import Callable
from typing import NamedTuple


class Rate(NamedTuple):
    """So many calls in a window."""

    calls: int
    per_s: float


WEBHOOK = Rate(5, 2.0)
"""Of one interaction token."""
OTHER = Rate(10, 10.0)
"""Of any other route; Discord's vary."""


class Verdict(NamedTuple):
    """Whether a call passes, and what to tell the caller."""

    headers: dict[str, str]
    retry_after_s: float | None = None
    """None: it passes."""


class RateLimits:
    """Fixed windows, as X-RateLimit-Reset suggests."""

    def __init__(self, now: Callable[[], float]) -> None:
        """Args: now: epoch seconds."""
        self._now = now
        self._windows: dict[str, tuple[float, int]] = {}

    def take(self, key: str, rate: Rate) -> Verdict:
        """Counts a call to a bucket."""
        now = self._now()
        self._forget(now)
        ends, used = self._windows.get(key, (now + rate.per_s, 0))
        if used >= rate.calls:
            return limited(key, rate, ends - now, now)
        self._windows[key] = (ends, used + 1)
        return Verdict(_headers(key, rate, rate.calls - used - 1, ends, now))

    def _forget(self, now: float) -> None:
        over = [key for key, (ends, _) in self._windows.items() if ends <= now]
        for key in over:
            del self._windows[key]


def limited(key: str, rate: Rate, retry_after_s: float, now: float, scope: str = "user") -> Verdict:
    """The verdict of a 429. Args: scope: user, shared or global."""
    wait_s = max(0.001, round(retry_after_s, 3))
    headers = _headers(key, rate, 0, now + wait_s, now)
    headers |= {"Retry-After": str(math.ceil(wait_s)), "X-RateLimit-Scope": scope}
    if scope == "global":
        headers["X-RateLimit-Global"] = "true"
    return Verdict(headers, wait_s)


def _headers(key: str, rate: Rate, remaining: int, ends: float, now: float) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(rate.calls),
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset": f"{ends:.3f}",
        "X-RateLimit-Reset-After": f"{max(0.0, ends - now):.3f}",
        "X-RateLimit-Bucket": hashlib.sha256(key.encode()).hexdigest()[:32],
    }
