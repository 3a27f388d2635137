"""When each token may be used again, as the rate-limit headers say it.

Discord's bucket of an interaction is its token (topics/rate-limits.mdx: top-level resources), so
two tokens never wait for each other, unless a 429 is global.
"""

from utilsbot.discord.exchange import Answer

Bucket = tuple[str, str]
"""Application id and token."""


class RateLimits:
    """Moments (of one monotonic clock) before which a bucket, or anything, is not to be used."""

    def __init__(self) -> None:
        self._buckets: dict[Bucket, tuple[float, str]] = {}
        self._everything = 0.0

    def note(self, bucket: Bucket, answer: Answer, now: float) -> None:
        """Takes in an answer: a 429, or a bucket that it emptied."""
        self._buckets = {key: value for key, value in self._buckets.items() if value[0] > now}
        wait = answer.retry_after_s if answer.status == 429 else answer.empty_for_s
        if not wait:
            return
        if answer.status == 429 and answer.scope == "global":
            self._everything = now + wait
        else:
            scope = answer.scope if answer.status == 429 else "user"
            self._buckets[bucket] = (now + wait, scope)

    def wait(self, bucket: Bucket, now: float) -> tuple[float, str]:
        """Seconds until the bucket may be used, 0 for now, and the scope of what holds it up."""
        ready, scope = self._buckets.get(bucket, (0.0, ""))
        if self._everything > ready:
            ready, scope = self._everything, "global"
        return max(0.0, ready - now), scope
