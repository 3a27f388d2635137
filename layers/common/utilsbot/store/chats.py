"""Chat: conversations with their memory, sealed by the application, bounded and short-lived.

A row is one conversation of one user in one place. Its turns are sealed with the row's identity and
version, so no row can be read without the application's key, put in another's place or rolled back
unseen. A turn is added under the version that was read (optimistic locking); whoever comes second
reads again and adds behind, so a history loses nothing and has one order. A turn carries its
interaction's id, so a command that runs twice adds once.
"""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from utilsbot.errors import StoreError
from utilsbot.store import keys
from utilsbot.store.chat_rows import Chat, Picture, Turn
from utilsbot.store.table import item_of, key_of, store_error, values_of, write_if

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MAX_TURNS = 50
_MAX_TRIES = 10
_MAX_SEALED_BYTES = 300_000
"""DynamoDB takes 400 KB an item."""


class Seal(Protocol):
    """Encrypts and authenticates."""

    def close(self, content: bytes, bound_to: str) -> bytes:
        """The content sealed; it opens only with the same `bound_to`."""

    def open(self, sealed: bytes, bound_to: str) -> bytes | None:
        """The content, or None if the seal is broken, another key's, or bound to another thing."""


class Chats:
    """Conversations of one table."""

    def __init__(
        self,
        client: "DynamoDBClient",
        table: str,
        seal: Seal,
        *,
        now: Callable[[], float],
        life_s: int,
        max_tokens: int,
    ) -> None:
        """Makes no call yet.

        Args:
            client: boto3's.
            table: its name.
            seal: closes what is written.
            now: epoch seconds.
            life_s: seconds after the last turn until a conversation is forgotten.
            max_tokens: how much of a conversation is remembered.
        """
        self._client = client
        self._table = table
        self._seal = seal
        self._now = now
        self._life_s = life_s
        self._max_tokens = max_tokens

    def read(self, owner_id: str, place: str) -> Chat | None:
        """The owner's conversation in a place; None if there is none, or none that can be read.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        return self._chat(owner_id, self._row(owner_id, place))

    def add(
        self, owner_id: str, place: str, turn: Turn, *, to: str | None = None, fresh: bool = False
    ) -> Chat | None:
        """Adds a turn to a conversation; the oldest ones are forgotten to make room.

        Args:
            owner_id: whose conversation.
            place: where.
            turn: it is added once, however often this is called.
            to: the conversation that it must belong to; None takes the one that is there, or
                begins one.
            fresh: begins a new one in any case, in the place of what is there.

        Returns:
            The conversation with the turn, or None if the one that it belongs to has ended.

        Raises:
            StoreError: DynamoDB did not answer or refused, or there were endless races.
        """
        for _ in range(_MAX_TRIES):
            seen = self._row(owner_id, place)
            chat = self._chat(owner_id, seen)
            if chat and chat.turn_of(turn.interaction_id):
                return chat
            if to is not None and (chat is None or chat.id != to):
                return None
            earlier = chat if chat and not fresh else None
            new = Chat(
                id=earlier.id if earlier else turn.interaction_id,
                owner_id=owner_id,
                place=place,
                version=int(seen.get("version", 0)) + 1,
                turns=self._bounded((*(earlier.turns if earlier else ()), turn)),
                expires_at=int(self._now()) + self._life_s,
            )
            if self._write(new, seen):
                return new
        raise StoreError("too many races for one conversation")

    def end(self, owner_id: str, place: str, chat_id: str) -> bool:
        """Forgets a conversation; False if it was not there any more.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        return write_if(
            self._client.delete_item,
            TableName=self._table,
            Key=key_of(keys.chat(owner_id, place)),
            ConditionExpression="chat_id = :id",
            ExpressionAttributeValues=item_of({":id": chat_id}),
        )

    def all_of(self, owner_id: str) -> list[Chat]:
        """Every conversation of a user that can be read, for an export.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        chats = (self._chat(owner_id, values_of(item)) for item in self._items_of(owner_id))
        return [chat for chat in chats if chat is not None]

    def forget_all(self, owner_id: str) -> int:
        """Deletes every conversation of a user, readable or not, and says how many there were.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        items = self._items_of(owner_id)
        for item in items:
            try:
                self._client.delete_item(
                    TableName=self._table, Key={"pk": item["pk"], "sk": item["sk"]}
                )
            except (ClientError, BotoCoreError) as error:
                raise store_error(error) from None
        return len(items)

    def _items_of(self, owner_id: str) -> list[dict[str, Any]]:
        try:
            pages = self._client.get_paginator("query").paginate(
                TableName=self._table,
                KeyConditionExpression="pk = :pk AND begins_with(sk, :chats)",
                ExpressionAttributeValues=item_of(
                    {":pk": keys.user(owner_id).pk, ":chats": keys.CHATS}
                ),
                ConsistentRead=True,
            )
            return [dict(item) for page in pages for item in page["Items"]]
        except (ClientError, BotoCoreError) as error:
            raise store_error(error) from None

    def _row(self, owner_id: str, place: str) -> dict[str, Any]:
        try:
            answer = self._client.get_item(
                TableName=self._table,
                Key=key_of(keys.chat(owner_id, place)),
                ConsistentRead=True,
            )
        except (ClientError, BotoCoreError) as error:
            raise store_error(error) from None
        return values_of(answer.get("Item", {}))

    def _chat(self, owner_id: str, row: dict[str, Any]) -> Chat | None:
        if not row or int(row["expires_at"]) <= self._now():  # DynamoDB's TTL takes up to days
            return None
        place = str(row["sk"]).removeprefix(keys.CHATS)
        chat_id, version = str(row["chat_id"]), int(row["version"])
        content = self._seal.open(bytes(row["sealed"]), _bound(owner_id, place, chat_id, version))
        if content is None:
            return None
        turns = tuple(_turn(raw) for raw in json.loads(content))
        return Chat(chat_id, owner_id, place, version, turns, int(row["expires_at"]))

    def _bounded(self, turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
        """The newest turns that fit, and always the last one."""
        kept: list[Turn] = []
        tokens = size = 0
        for turn in reversed(turns[-MAX_TURNS:]):
            tokens += turn.tokens
            size += len(json.dumps(turn))
            if kept and (tokens > self._max_tokens or size > _MAX_SEALED_BYTES):
                break
            kept.append(turn)
        return tuple(reversed(kept))

    def _write(self, chat: Chat, seen: dict[str, Any]) -> bool:
        """Writes a conversation over the row that was seen; False if that has changed."""
        bound = _bound(chat.owner_id, chat.place, chat.id, chat.version)
        content = json.dumps(chat.turns, separators=(",", ":")).encode()
        item = {
            "chat_id": chat.id,
            "version": chat.version,
            "sealed": self._seal.close(content, bound),
            "turns": len(chat.turns),
            "expires_at": chat.expires_at,
        }
        condition, values = "attribute_not_exists(pk)", {}
        if seen:
            condition = "version = :version AND chat_id = :id"
            values = {":version": seen["version"], ":id": seen["chat_id"]}
        key = key_of(keys.chat(chat.owner_id, chat.place))
        request: dict[str, Any] = {
            "TableName": self._table,
            "Item": key | item_of(item),
            "ConditionExpression": condition,
        }
        if values:
            request["ExpressionAttributeValues"] = item_of(values)
        return write_if(self._client.put_item, **request)


def _bound(owner_id: str, place: str, chat_id: str, version: int) -> str:
    return f"chat/1/{owner_id}/{place}/{chat_id}/{version}"


def _turn(raw: list[Any]) -> Turn:
    """A turn from JSON, where every tuple is a list."""
    turn = Turn(*raw)
    return turn._replace(
        texts=tuple((name, text) for name, text in turn.texts),
        pictures=tuple(Picture(*picture) for picture in turn.pictures),
    )
