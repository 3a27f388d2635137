"""Cache: answers of external services, kept for a while and shared by all instances.

What was asked may be a user's input, so it is in the key only as a digest. A cache never fails a
command: a store that does not answer is a miss, and what cannot be kept is not kept.
"""

import json
from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from utilsbot.store import keys
from utilsbot.store.table import item_of, key_of, values_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MAX_VALUE_BYTES = 100_000
"""Larger answers are not kept; DynamoDB takes 400 KB an item."""


class Cache:
    """JSON values by kind and question."""

    def __init__(self, client: "DynamoDBClient", table: str, now: Callable[[], float]) -> None:
        """Args: table: its name. now: epoch seconds."""
        self._client = client
        self._table = table
        self._now = now

    def get(self, kind: str, asked: str) -> Any | None:
        """The value, or None if there is none, it is too old, or the store does not answer.

        Args:
            kind: a fixed word, as `ip`.
            asked: what the value answers.
        """
        try:
            answer = self._client.get_item(TableName=self._table, Key=_key(kind, asked))
        except (ClientError, BotoCoreError):
            return None
        row = values_of(answer.get("Item", {}))
        if not row or int(row["expires_at"]) <= self._now():  # DynamoDB's TTL takes up to days
            return None
        return json.loads(row["value"])

    def put(self, kind: str, asked: str, value: Any, life_s: int) -> bool:
        """Keeps a value for so many seconds.

        Returns:
            False if it was not kept: it is too large, or the store does not answer.
        """
        text = json.dumps(value, separators=(",", ":"))
        if len(text) > MAX_VALUE_BYTES:
            return False
        item = {"value": text, "expires_at": int(self._now()) + life_s}
        try:
            self._client.put_item(TableName=self._table, Item=_key(kind, asked) | item_of(item))
        except (ClientError, BotoCoreError):
            return False
        return True


def _key(kind: str, asked: str) -> dict[str, Any]:
    return key_of(keys.cache(kind, sha256(asked.encode()).hexdigest()))
