"""Audit: who changed what for everybody, when and why; kept for a year.

An entry is written in the same transaction as its change, so there is none without the other. It
lies in the month's partition, and copies lie with the user or guild that it concerns and with the
user who made it: so /privacy finds every entry that names a user without a search.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from utilsbot.store import keys, system_keys
from utilsbot.store.operators import Change, ChangePage, Subject
from utilsbot.store.table import item_of, key_of, store_error, values_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def audit_writes(table: str, change: Change) -> list[Any]:
    """The items of a transaction that note a change: two, or three where it concerns a member."""
    item = item_of(
        {
            "at": int(change.at * 1000),
            "actor_id": change.actor_id,
            "action": change.action,
            "subject_kind": change.subject.kind,
            "subject_id": change.subject.id,
            "detail": change.detail,
            "expires_at": int(change.at) + system_keys.AUDIT_LIFE_S,
        }
    )
    return [{"Put": {"TableName": table, "Item": key_of(key) | item}} for key in audit_keys(change)]


def audit_keys(change: Change) -> list[keys.Key]:
    """Where an entry lies: the trail, the actor, and the user or guild that it concerns."""
    entry_id, subject = change.entry_id, change.subject
    found = [
        system_keys.audit(entry_id, change.at),
        system_keys.audit_of_user(change.actor_id, entry_id),
    ]
    if subject.kind == "user" and subject.id != change.actor_id:
        found.append(system_keys.audit_of_user(subject.id, entry_id))
    if subject.kind == "guild":
        found.append(system_keys.audit_of_guild(subject.id, entry_id))
    return found


class Audit:
    """Writes and reads the trail."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        """Args: table: its name."""
        self._client = client
        self._table = table

    def commit(self, writes: Sequence[Any], change: Change) -> bool:
        """Makes a change and notes it, or neither.

        Args:
            writes: conditional items of a transaction; may be empty for what happens elsewhere.
            change: what is noted.

        Returns:
            False if a condition did not hold because it was so already; a redelivered interaction
            whose change was made before is True again.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        items = [*writes, *audit_writes(self._table, change)]
        try:
            self._client.transact_write_items(TransactItems=items)
        except self._client.exceptions.TransactionCanceledException as error:
            reasons = {reason.get("Code") for reason in error.response["CancellationReasons"]}
            if reasons <= {"None", "ConditionalCheckFailed"}:
                return self.is_noted(change)
            raise store_error(error) from None
        except (ClientError, BotoCoreError) as error:
            raise store_error(error) from None
        return True

    def recent(self, month_of: float, *, before: str | None = None, limit: int = 10) -> ChangePage:
        """Entries of a UTC month, newest first.

        Args:
            month_of: any moment of the month; epoch seconds.
            before: go on below this entry id.
            limit: at most so many.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        partition = system_keys.audit("", month_of).pk
        return self._page(partition, system_keys.audit(before or "9" * 20, 0).sk, "0", limit)

    def of_user(self, user_id: str, limit: int = 5) -> ChangePage:
        """The newest entries that a user is in.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        low, high = (system_keys.audit_of_user(user_id, digit * 20) for digit in "09")
        return self._page(high.pk, high.sk, low.sk, limit)

    def of_guild(self, guild_id: str, limit: int = 5) -> ChangePage:
        """The newest entries about a guild.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        low, high = (system_keys.audit_of_guild(guild_id, digit * 20) for digit in "09")
        return self._page(high.pk, high.sk, low.sk, limit)

    def _page(self, partition: str, below: str, above: str, limit: int) -> ChangePage:
        try:
            answer = self._client.query(
                TableName=self._table,
                KeyConditionExpression="pk = :pk AND sk BETWEEN :above AND :below",
                ExpressionAttributeValues=item_of(
                    {":pk": partition, ":above": above, ":below": below}
                ),
                ScanIndexForward=False,
                Limit=limit + 2,  # one that BETWEEN includes, one that tells of more
            )
        except (ClientError, BotoCoreError) as error:
            raise store_error(error) from None
        rows = [values_of(item) for item in answer["Items"]]
        found = [_change(row) for row in rows if row["sk"] != below]
        return ChangePage(tuple(found[:limit]), len(found) > limit)

    def is_noted(self, change: Change) -> bool:
        """Whether an earlier delivery of the same interaction has made this change.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        key = key_of(system_keys.audit(change.entry_id, change.at))
        try:
            answer = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)
        except (ClientError, BotoCoreError) as error:
            raise store_error(error) from None
        return "Item" in answer


def _change(row: Mapping[str, Any]) -> Change:
    return Change(
        entry_id=row["sk"].rpartition("#")[2].lstrip("0"),
        at=int(row["at"]) / 1000,
        actor_id=row["actor_id"],
        action=row["action"],
        subject=Subject(row["subject_kind"], row["subject_id"]),
        detail=row["detail"],
    )
