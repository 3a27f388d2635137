"""ApiUsage: how often a user's commands called each external API, by the day and for ever.

The counts grow in the transaction that ends a command (store.command_log), whose condition on the
log row makes them exact under redelivery.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError

from utilsbot.meter import ApiCall
from utilsbot.store import keys
from utilsbot.store.table import item_of, key_of, store_error, values_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class Usage(NamedTuple):
    """A user's use of one API."""

    calls: int = 0
    failures: int = 0
    tokens: int = 0
    duration_ms: int = 0


def usage_updates(table: str, user_id: str, calls: Sequence[ApiCall], now: float) -> list[Any]:
    """The updates that count a command's calls: two items of a transaction for each API.

    Args:
        table: its name.
        user_id: whose command it was.
        calls: what it called.
        now: epoch seconds; gives the day.
    """
    updates = []
    for api, usage in _sums(calls).items():
        updates.append(_update(table, keys.api_usage(user_id, api), usage, None))
        expires_at = int(now) + keys.USAGE_LIFE_S
        updates.append(_update(table, keys.api_usage(user_id, api, now), usage, expires_at))
    return updates


def _sums(calls: Iterable[ApiCall]) -> dict[str, Usage]:
    sums: dict[str, Usage] = {}
    for call in calls:
        so_far = sums.get(call.api, Usage())
        sums[call.api] = Usage(
            so_far.calls + 1,
            so_far.failures + call.failed,
            so_far.tokens + call.tokens,
            so_far.duration_ms + call.duration_ms,
        )
    return sums


def _update(table: str, key: keys.Key, usage: Usage, expires_at: int | None) -> dict[str, Any]:
    values: dict[str, Any] = {f":{name}": value for name, value in usage._asdict().items()}
    added = ", ".join(f"{name} :{name}" for name in usage._fields)
    expression = f"ADD {added}"
    if expires_at is not None:
        expression += " SET expires_at = :expires_at"
        values[":expires_at"] = expires_at
    return {
        "Update": {
            "TableName": table,
            "Key": key_of(key),
            "UpdateExpression": expression,
            "ExpressionAttributeValues": item_of(values),
        }
    }


class UsageReader:
    """Reads what was counted."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        """Args: table: its name."""
        self._client = client
        self._table = table

    def of(self, user_id: str, api: str, at: float | None = None) -> Usage:
        """A user's use of an API on the UTC day of `at` (epoch seconds), or of all time.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        key = key_of(keys.api_usage(user_id, api, at))
        try:
            answer = self._client.get_item(TableName=self._table, Key=key)
        except (ClientError, BotoCoreError) as error:
            raise store_error(error) from None
        row = values_of(answer.get("Item", {}))
        return Usage(*(int(row.get(name, 0)) for name in Usage._fields))
