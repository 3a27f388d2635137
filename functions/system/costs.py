"""What commands cost at AWS's list price: an estimate from what was counted and measured.

docs/costs.md has the whole bill of a command; this one follows the counters of the day.
"""

from typing import NamedTuple

from utilsbot.prices import usd

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
    requests = usd("HTTP API", runs) + usd("Lambda requests", 2 * runs)
    return Cost(
        compute=usd("Lambda compute", seconds * MEMORY_GB),
        requests=requests + usd("SQS", SQS_REQUESTS * runs),
        store=usd("DynamoDB writes", WRITES * runs),
    )
