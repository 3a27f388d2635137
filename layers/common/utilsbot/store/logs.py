"""Reads the command log: by user from their partition, by guild through the index `by_guild`.

The index is sparse (rows of direct messages have no guild_id) and holds keys only, so a command
costs one more write unit in a guild and its ending none; the rows come with one BatchGetItem.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from utilsbot.errors import StoreError
from utilsbot.store import keys
from utilsbot.store.keys import Key
from utilsbot.store.records import Line, LogPage
from utilsbot.store.table import item_of, key_of, store_error, values_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

BY_GUILD = "by_guild"
"""The index: guild_id, sk."""
_TRIES = 5


class Logs:
    """Reads the command log."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        """Args: table: its name."""
        self._client = client
        self._table = table

    def of_user(self, user_id: str, *, before: str | None = None, limit: int = 10) -> LogPage:
        """A user's commands, newest first.

        Args:
            user_id: whose.
            before: go on with what is older than this interaction.
            limit: at most so many.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        values = {":key": keys.command_log(user_id, "").pk}
        return self._page({}, "pk = :key", values, before, limit)

    def of_guild(self, guild_id: str, *, before: str | None = None, limit: int = 10) -> LogPage:
        """A guild's commands, newest first; a command shows a moment after it was taken.

        Args:
            guild_id: whose.
            before: go on with what is older than this interaction.
            limit: at most so many.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        index = {"IndexName": BY_GUILD}
        return self._page(index, "guild_id = :key", {":key": guild_id}, before, limit)

    def find(
        self, interaction_id: str, *, user_id: str | None = None, guild_id: str | None = None
    ) -> Line | None:
        """The line of an interaction, by whoever called it or the guild it was called in.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        key = keys.command_log(user_id or "", interaction_id)
        if user_id:
            rows = self._rows([key])
        elif guild_id:
            rows = self._of_index(guild_id, key.sk)
        else:
            rows = []
        return _line(rows[0]) if rows else None

    def _of_index(self, guild_id: str, sort_key: str) -> list[Mapping[str, Any]]:
        try:
            answer = self._client.query(
                TableName=self._table,
                IndexName=BY_GUILD,
                KeyConditionExpression="guild_id = :guild AND sk = :sk",
                ExpressionAttributeValues=item_of({":guild": guild_id, ":sk": sort_key}),
            )
        except (ClientError, BotoCoreError) as error:
            raise store_error(error) from None
        return self._rows([Key(item["pk"]["S"], item["sk"]["S"]) for item in answer["Items"]])

    def _page(
        self,
        where: Mapping[str, Any],
        partition: str,
        values: dict[str, str],
        before: str | None,
        limit: int,
    ) -> LogPage:
        low = keys.command_log("", "0").sk
        high = keys.command_log("", str(int(before) - 1) if before else "9" * 20).sk
        try:
            answer = self._client.query(
                TableName=self._table,
                KeyConditionExpression=f"{partition} AND sk BETWEEN :low AND :high",
                ExpressionAttributeValues=item_of({**values, ":low": low, ":high": high}),
                ScanIndexForward=False,
                Limit=limit + 1,
                **where,
            )
        except (ClientError, BotoCoreError) as error:
            raise store_error(error) from None
        items, more = answer["Items"][:limit], len(answer["Items"]) > limit
        if where:
            rows = self._rows([Key(item["pk"]["S"], item["sk"]["S"]) for item in items])
        else:
            rows = [values_of(item) for item in items]
        newest_first = sorted(rows, key=lambda row: str(row["sk"]), reverse=True)
        return LogPage(tuple(map(_line, newest_first)), more)

    def _rows(self, wanted: list[Key]) -> list[Mapping[str, Any]]:
        """Rows of the table by key, at most 100; the index knows keys only."""
        rows: list[Mapping[str, Any]] = []
        asked: dict[str, Any] = {self._table: {"Keys": [key_of(key) for key in wanted]}}
        if not wanted:
            return rows
        for _ in range(_TRIES):
            try:
                answer = self._client.batch_get_item(RequestItems=asked)
            except (ClientError, BotoCoreError) as error:
                raise store_error(error) from None
            rows += [values_of(item) for item in answer["Responses"].get(self._table, [])]
            asked = dict(answer.get("UnprocessedKeys", {}))
            if not asked:
                return rows
        raise StoreError("UnprocessedKeys")


def _line(row: Mapping[str, Any]) -> Line:
    return Line(
        interaction_id=row["sk"].rpartition("#")[2].lstrip("0"),
        user_id=row["pk"].partition("#")[2],
        command=row["command"],
        group=row["command_group"],
        guild_id=row.get("guild_id"),
        reference=row["reference"],
        outcome=row.get("outcome", "working"),
        received_at=int(row["received_at"]) / 1000,
        duration_ms=int(row.get("duration_ms", 0)),
        attempt=int(row.get("attempt", 0)),
    )
