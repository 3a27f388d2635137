"""Who is on the whitelist and the blacklist: users and guilds, with reasons.

The flag on the User or Guild row is what the gate reads; a row in the list's own partition makes
the list readable without a Scan. Both change in one transaction, with the audit entry.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from utilsbot.store import keys, system_keys
from utilsbot.store.audit import Audit
from utilsbot.store.operators import Change, Kind, Listing, ListPage, Member, Roll
from utilsbot.store.table import item_of, key_of, store_error, values_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class Memberships:
    """The whitelist and the blacklist."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        """Args: table: its name."""
        self._client = client
        self._table = table
        self._audit = Audit(client, table)

    def add(self, roll: Roll, member: Member, change: Change) -> bool:
        """Puts a member on a list; the change's detail is the reason.

        Returns:
            False if it was there already: its reason stays.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        row = item_of(
            {
                "reason": change.detail,
                "added_by": change.actor_id,
                "added_at": int(change.at * 1000),
            }
        )
        key = system_keys.member(roll.value, member.kind.value, member.id)
        put = {"Put": {"TableName": self._table, "Item": key_of(key) | row}}
        return self._audit.commit([self._flag(roll, member, on=True), put], change)

    def remove(self, roll: Roll, member: Member, change: Change) -> bool:
        """Takes a member off a list.

        Returns:
            False if it was not there.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        key = system_keys.member(roll.value, member.kind.value, member.id)
        delete = {"Delete": {"TableName": self._table, "Key": key_of(key)}}
        return self._audit.commit([self._flag(roll, member, on=False), delete], change)

    def find(self, roll: Roll, member: Member) -> Listing | None:
        """A member's entry, or None.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        key = system_keys.member(roll.value, member.kind.value, member.id)
        try:
            answer = self._client.get_item(
                TableName=self._table, Key=key_of(key), ConsistentRead=True
            )
        except (ClientError, BotoCoreError) as error:
            raise store_error(error) from None
        return _listing(values_of(answer["Item"])) if "Item" in answer else None

    def page(self, roll: Roll, *, after: str = "", before: str = "", limit: int = 10) -> ListPage:
        """A page of a list: the first, the one after a cursor, or the one before it.

        Args:
            roll: which list.
            after: a cursor, as `cursor` makes them; the page begins behind it.
            before: a cursor; the page ends in front of it.
            limit: members a page.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        partition = system_keys.member(roll.value, "", "").pk
        start = before or after
        request: dict[str, Any] = {"ExclusiveStartKey": key_of(keys.Key(partition, start))}
        try:
            answer = self._client.query(
                TableName=self._table,
                KeyConditionExpression="pk = :pk",
                ExpressionAttributeValues=item_of({":pk": partition}),
                ScanIndexForward=not before,
                Limit=limit + 1,
                **(request if start else {}),
            )
            total = self._count(partition)
        except (ClientError, BotoCoreError) as error:
            raise store_error(error) from None
        found = [_listing(values_of(item)) for item in answer["Items"]]
        more, found = len(found) > limit, found[:limit]
        if before:
            return ListPage(tuple(reversed(found)), total, more, has_after=True)
        return ListPage(tuple(found), total, bool(after), more)

    def _count(self, partition: str) -> int:
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues=item_of({":pk": partition}),
            Select="COUNT",
        )
        return sum(page["Count"] for page in pages)

    def _flag(self, roll: Roll, member: Member, *, on: bool) -> Any:
        condition = "#flag = :true" if not on else "attribute_not_exists(#flag) OR #flag <> :true"
        return {
            "Update": {
                "TableName": self._table,
                "Key": key_of(member.profile),
                "UpdateExpression": "SET #flag = :true" if on else "REMOVE #flag",
                "ConditionExpression": condition,
                "ExpressionAttributeNames": {"#flag": roll.flag},
                "ExpressionAttributeValues": item_of({":true": True}),
            }
        }


def _listing(row: Mapping[str, Any]) -> Listing:
    kind, _, member_id = row["sk"].partition("#")
    return Listing(
        Member(Kind(kind), member_id),
        row["reason"],
        row["added_by"],
        int(row["added_at"]) / 1000,
    )
