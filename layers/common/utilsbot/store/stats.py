"""Stats: what the workers counted, by command and UTC day."""

from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from utilsbot.store import keys
from utilsbot.store.records import Counts
from utilsbot.store.table import item_of, store_error, values_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_DAY_S = 24 * 3600


class Stats:
    """Reads the counters."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        """Args: table: its name."""
        self._client = client
        self._table = table

    def days(self, now: float, days: int) -> list[Counts]:
        """All counters of the last so many UTC days, oldest first, today's last; a Query a day.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        today = int(now) // _DAY_S * _DAY_S
        began = range(today - (days - 1) * _DAY_S, today + 1, _DAY_S)
        return [counts for day in began for counts in self._day(day)]

    def _day(self, began: int) -> list[Counts]:
        prefix = keys.stats("", began)
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)",
            ExpressionAttributeValues=item_of({":pk": prefix.pk, ":sk": prefix.sk}),
        )
        try:
            rows = [values_of(item) for page in pages for item in page["Items"]]
        except (ClientError, BotoCoreError) as error:
            raise store_error(error) from None
        numbers = ("runs", "failures", "duration_ms", "people")
        return [
            Counts(
                began,
                row["sk"].removeprefix(prefix.sk),
                *(int(row.get(name, 0)) for name in numbers),
            )
            for row in rows
        ]
