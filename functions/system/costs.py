"""What commands cost at AWS's list price: an estimate from what was counted and measured.

Prices: us-east-1, first tier, without the free tier, as AWS's pricing pages had them in November
2025 (Lambda arm64, HTTP API, SQS standard, DynamoDB on demand).
"""

from typing import NamedTuple

USD_PER_GB_S = 0.0000133334
USD_PER_LAMBDA_REQUEST = 0.20 / 1e6
USD_PER_HTTP_REQUEST = 1.00 / 1e6
USD_PER_SQS_REQUEST = 0.40 / 1e6
USD_PER_WRITE = 0.625 / 1e6

MEMORY_GB = 0.5
FRONT_DOOR_S = 0.03
"""What the front door takes for a command, warm, the store and the queue included."""
SQS_REQUESTS = 3
"""Send, receive, delete."""
WRITES = 7
"""The gate 1, the claim 1 and its index 1, the transaction that ends it 2 rows at double price."""


class Cost(NamedTuple):
    """US dollars."""

    compute: float
    requests: float
    store: float

    @property
    def total(self) -> float:
        """All of it."""
        return self.compute + self.requests + self.store


def cost(runs: int, duration_ms: int) -> Cost:
    """The cost of so many commands on their way through the front door and a worker.

    Args:
        runs: how many.
        duration_ms: what the workers took for all of them together.
    """
    seconds = duration_ms / 1000 + runs * FRONT_DOOR_S
    each = 2 * USD_PER_LAMBDA_REQUEST + USD_PER_HTTP_REQUEST + SQS_REQUESTS * USD_PER_SQS_REQUEST
    return Cost(seconds * MEMORY_GB * USD_PER_GB_S, runs * each, runs * WRITES * USD_PER_WRITE)
