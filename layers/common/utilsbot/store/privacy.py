"""Everything that the store holds of one user: found, exported, erased, and looked for again.

Most of it lies in the user's own partition and is found by one Query, whatever it is called: a new
entity there is exported and erased without a line of code here. store.privacy_map finds the rest.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from utilsbot.errors import StoreError
from utilsbot.i18n import N_
from utilsbot.store import keys, system_keys
from utilsbot.store.keys import Key
from utilsbot.store.operators import Kind, Roll
from utilsbot.store.privacy_map import (
    ELSEWHERE,
    Row,
    audit_copies,
    failures,
    kind_of,
    memberships,
    standings,
)
from utilsbot.store.records import Erasure, Kept
from utilsbot.store.table import item_of, key_of, store_error, values_of, write_if

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_DAY_S = 24 * 3600
_ROUNDS = 3
_BATCH_TRIES = 8
ERASED = "erased"
"""Stands in audit entries in place of a user's id."""


class Privacy:
    """Exports and erases a user."""

    def __init__(
        self,
        client: "DynamoDBClient",
        table: str,
        now: Callable[[], float],
        conversations: Callable[[str], list[dict[str, Any]]] | None = None,
    ) -> None:
        """Makes no call yet.

        Args:
            client: boto3's.
            table: its name.
            now: epoch seconds.
            conversations: a user's conversations opened, in place of their sealed rows.
        """
        self._conversations = conversations
        self._client = client
        self._table = table
        self._now = now

    def export(self, user_id: str) -> dict[str, list[dict[str, Any]]]:
        """Every row that is about a user, by kind, as JSON values.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        found: dict[str, list[dict[str, Any]]] = {}
        own = self._own(user_id)
        for row in own:
            found.setdefault(kind_of(row["sk"]), []).append(_plain(row))
        for label in dict.fromkeys(label for label, _ in ELSEWHERE.values()):
            finders = dict.fromkeys(find for name, find in ELSEWHERE.values() if name == label)
            wanted = dict.fromkeys(key for find in finders for key in find(user_id, own))
            if rows := self._get(wanted):
                found[label] = [_plain(row) for row in rows]
        if self._conversations and "chats" in found:
            found["chats"] = self._conversations(user_id)
        return found

    def erase(self, user_id: str) -> Erasure:
        """Erases a user, looks again, and says what is left.

        What lies elsewhere goes first, because the user's own rows say where it is: an erasure
        that is cut short can be done again.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        erased, kept = 0, self._keep(user_id)
        for _ in range(_ROUNDS):
            doomed, anonymous = self._doomed(user_id)
            for key in anonymous:
                self._anonymise(key)
            self._delete([key for key in doomed if not _is_own(key, user_id)])
            self._delete([key for key in doomed if _is_own(key, user_id)])
            erased += len(doomed)
            remaining, _ = self._doomed(user_id)
            if not remaining:
                break
        return Erasure(erased, len(remaining), tuple(kept))

    def _keep(self, user_id: str) -> list[Kept]:
        """Prepares what stays and says why."""
        own = self._own(user_id)
        kept = []
        if self._today(own, user_id):
            ends_at = (int(self._now()) // _DAY_S + 1) * _DAY_S
            for row in self._today(own, user_id):
                self._expire(row, ends_at)
            kept.append(
                Kept(N_("today's use of daily allowances, so that limits stay limits"), ends_at)
            )
        if any(_is_banned(row) for row in own):
            kept.append(Kept(N_("that you are not allowed to use this bot, and why")))
        if any(_is_by(row, user_id) for row in own):
            text = N_("what you changed for everybody, or for a server as its admin, for a year")
            kept.append(Kept(text))
        return kept

    def _doomed(self, user_id: str) -> tuple[list[Key], list[Key]]:
        """What is to go, and audit entries whose subject is to be made anonymous."""
        own = self._own(user_id)
        banned = any(_is_banned(row) for row in own)
        today = {row["sk"] for row in self._today(own, user_id)}
        ban = system_keys.member(Roll.BLACKLIST.value, Kind.USER.value, user_id)
        doomed = [
            Key(row["pk"], row["sk"])
            for row in own
            if row["sk"] not in today and not _is_by(row, user_id) and not _is_only_ban(row)
        ]
        elsewhere = [
            *standings(user_id, own),
            *memberships(user_id, own),
            *failures(user_id, own),
        ]
        found = [Key(row["pk"], row["sk"]) for row in self._get(dict.fromkeys(elsewhere))]
        doomed += [key for key in found if not (banned and key == ban)]
        about = [row for row in own if not _is_by(row, user_id)]
        return doomed, list(audit_copies(user_id, about))

    def _own(self, user_id: str) -> list[Row]:
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues=item_of({":pk": keys.user(user_id).pk}),
            ConsistentRead=True,
        )
        try:
            return [values_of(item) for page in pages for item in page["Items"]]
        except (ClientError, BotoCoreError) as error:
            raise store_error(error) from None

    def _today(self, own: Sequence[Row], user_id: str) -> list[Row]:
        prefix, _, suffix = keys.user_allowance(user_id, "\n", self._now()).sk.partition("\n")
        return [r for r in own if r["sk"].startswith(prefix) and r["sk"].endswith(suffix)]

    def _get(self, wanted: Iterable[Key]) -> list[Row]:
        """Rows by key; what does not exist is left out."""
        rows: list[Row] = []
        for batch in _batches(wanted, 100):
            asked: dict[str, Any] = {
                self._table: {"Keys": [key_of(key) for key in batch], "ConsistentRead": True}
            }
            for _ in range(_BATCH_TRIES):
                try:
                    answer = self._client.batch_get_item(RequestItems=asked)
                except (ClientError, BotoCoreError) as error:
                    raise store_error(error) from None
                rows += [values_of(item) for item in answer["Responses"].get(self._table, [])]
                asked = dict(answer.get("UnprocessedKeys", {}))
                if not asked:
                    break
            else:
                raise StoreError("UnprocessedKeys")
        return rows

    def _delete(self, doomed: Sequence[Key]) -> None:
        banned = [key for key in doomed if key.sk == "PROFILE" and self._spare_ban(key)]
        for batch in _batches((key for key in doomed if key not in banned), 25):
            asked: dict[str, Any] = {
                self._table: [{"DeleteRequest": {"Key": key_of(key)}} for key in batch]
            }
            for _ in range(_BATCH_TRIES):
                try:
                    answer = self._client.batch_write_item(RequestItems=asked)
                except (ClientError, BotoCoreError) as error:
                    raise store_error(error) from None
                asked = dict(answer.get("UnprocessedItems", {}))
                if not asked:
                    break
            else:
                raise StoreError("UnprocessedItems")

    def _spare_ban(self, profile: Key) -> bool:
        """Leaves of a blacklisted user's profile the ban alone; False if there is no ban."""
        return self._try(
            self._client.put_item,
            Item=key_of(profile) | item_of({"blacklisted": True}),
            ConditionExpression="blacklisted = :true",
            ExpressionAttributeValues=item_of({":true": True}),
        )

    def _expire(self, row: Row, at: int) -> None:
        self._try(
            self._client.update_item,
            Key=key_of(Key(row["pk"], row["sk"])),
            UpdateExpression="SET expires_at = :at",
            ConditionExpression="attribute_exists(pk)",
            ExpressionAttributeValues=item_of({":at": at}),
        )

    def _anonymise(self, key: Key) -> None:
        self._try(
            self._client.update_item,
            Key=key_of(key),
            UpdateExpression="SET subject_id = :erased, detail = :erased",
            ConditionExpression="attribute_exists(pk)",
            ExpressionAttributeValues=item_of({":erased": ERASED}),
        )

    def _try(self, call: Callable[..., object], **request: Any) -> bool:
        """A conditional write; False if the condition did not hold."""
        return write_if(call, TableName=self._table, **request)


def _is_own(key: Key, user_id: str) -> bool:
    return key.pk == keys.user(user_id).pk


def _is_banned(row: Row) -> bool:
    return row["sk"] == "PROFILE" and row.get("blacklisted") is True


def _is_only_ban(row: Row) -> bool:
    return _is_banned(row) and set(row) == {"pk", "sk", "blacklisted"}


def _is_by(row: Row, user_id: str) -> bool:
    """Whether it is the copy of a change that the user made."""
    return bool(row["sk"].startswith("AUDIT#") and row["actor_id"] == user_id)


def _batches(wanted: Iterable[Key], size: int) -> Iterator[list[Key]]:
    rest = iter(wanted)
    while batch := list(islice(rest, size)):
        yield batch


def _plain(value: Any) -> Any:
    """A row as JSON values: whole numbers as numbers, sets as lists, bytes in hex."""
    match value:
        case Mapping():
            return {str(name): _plain(inner) for name, inner in value.items() if name != "pk"}
        case set() | frozenset() | list() | tuple():
            listed = [_plain(inner) for inner in value]
            return sorted(listed, key=str) if isinstance(value, set | frozenset) else listed
        case bytes():
            return value.hex()
        case str() | bool() | None:
            return value
        case _ if hasattr(value, "value") and isinstance(value.value, bytes):  # boto3's Binary
            return value.value.hex()
        case _:
            return int(value) if value == int(value) else float(value)
