"""What could not be measured on a laptop, in one place, each with its reason.

Change a value here and `make docs` carries it into every figure.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple


class Assumption(NamedTuple):
    """A figure that nobody measured here."""

    value: float
    unit: str
    why: str


ASSUMED: Final[Mapping[str, Assumption]] = {
    "cpu_factor": Assumption(
        1.25,
        "times",
        "Graviton2 has slower cores than the machine that measured; TLS to AWS and Discord, which "
        "the local stack does without, is warm but not free",
    ),
    "store_ms": Assumption(6, "ms", "a DynamoDB call from Lambda: AWS says single-digit ms"),
    "transaction_ms": Assumption(15, "ms", "TransactWriteItems runs in two phases"),
    "queue_ms": Assumption(8, "ms", "SendMessage is kept in several zones before it returns"),
    "discord_ms": Assumption(120, "ms", "an edit through Discord's webhooks, from us-east-1"),
    "gemini_ms": Assumption(4000, "ms", "a Flash model's short answer, thinking low"),
    "ip-api_ms": Assumption(60, "ms", "ip-api.com, plain HTTP"),
    "service_ms": Assumption(500, "ms", "any other outside service"),
    "endpoint_ms": Assumption(12, "ms", "API Gateway, both ways; not billed"),
    "pickup_ms": Assumption(25, "ms", "from SendMessage to the worker's start; not billed"),
    "init_s": Assumption(
        0.06, "s", "sandbox, download and runtime before our code, a cold start's other half"
    ),
    "environment_s": Assumption(
        600, "s", "how long Lambda keeps an idle environment: 5 to 15 min have been observed"
    ),
    "cold_share": Assumption(
        0.003, "share", "cold starts at steady load: scaling out, and AWS's recycling"
    ),
    "platform_bytes": Assumption(
        360,
        "bytes",
        "START, END and REPORT of an invocation: 280 bytes, and 26 more of each event",
    ),
    "head_bytes": Assumption(700, "bytes", "headers and TLS of an answer and of an edit"),
    "pollers": Assumption(
        5,
        "pollers",
        "Lambda asks each queue with 5 long polls at once; it goes down to 2 when it is quiet, "
        "but not where MaximumConcurrency is set",
    ),
    "poll_s": Assumption(20, "s", "the longest poll there is"),
    "switch_reads": Assumption(
        0.5,
        "read units",
        "two rows of switches, eventually consistent, for every second command: a warm front door "
        "keeps them for 20 s",
    ),
    "daily_guilds": Assumption(0.1, "servers", "active servers for each user of a day"),
    "return_days": Assumption(
        10, "users", "known users for each user of a day: their rows are kept"
    ),
    "gateway_ms": Assumption(
        0.15,
        "ms",
        "CPU of a gateway bot for each event, its JSON read and thrown away",
    ),
    "gateway_events": Assumption(
        10, "events", "that a gateway bot is sent for each command, with the fewest intents"
    ),
    "gateway_load": Assumption(
        0.5, "share", "how busy a machine may be on average: peaks are twice it"
    ),
    "gateway_mb": Assumption(180, "MB", "a Python bot with caches, and 20 KB for each server"),
}
MIX: Final[Mapping[str, float]] = {
    "interactions": 0.05,
    "tools": 0.25,
    "games": 0.35,
    "network": 0.12,
    "ai": 0.20,
    "system": 0.03,
}
"""The share of each group's commands; `interactions` is what the front door answers itself."""
COMMANDS_PER_USER: Final = 5.0
"""A day."""
MONTH_S: Final = 730 * 3600.0


def assumed(name: str) -> float:
    """A value of the table."""
    return ASSUMED[name].value
