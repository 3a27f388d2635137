"""Reads and changes what a guild's administrators set, each change with its audit entry.

Every write is conditional and in one transaction with the entry that notes it. The front door reads
the same row every 20 s (store.admissions).
"""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from utilsbot.errors import StoreError
from utilsbot.store import keys
from utilsbot.store.audit import Audit
from utilsbot.store.guild_settings import GuildSettings, guild_settings
from utilsbot.store.operators import Change
from utilsbot.store.table import item_of, key_of, store_error

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_MAX_ATTEMPTS = 4


class GuildSettingsStore:
    """The settings of guilds."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        """Args: table: its name."""
        self._client = client
        self._table = table
        self._audit = Audit(client, table)

    def of(self, guild_id: str) -> GuildSettings:
        """A guild's settings as they are now.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        key = key_of(keys.guild(guild_id))
        try:
            answer = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)
        except (ClientError, BotoCoreError) as error:
            raise store_error(error) from None
        return guild_settings(answer.get("Item", {}))

    def switch_off(
        self, guild_id: str, names: Collection[str], among: Collection[str], change: Change
    ) -> bool:
        """Of some groups and commands, switches exactly these off; all others stay as they are.

        Args:
            guild_id: where.
            names: groups and commands that are to be off.
            among: those that are decided about.
            change: what is noted.

        Returns:
            False if it was so already.

        Raises:
            StoreError: DynamoDB did not answer or refused, or endless races.
        """
        for _ in range(_MAX_ATTEMPTS):
            seen = self.of(guild_id).off
            wanted = (seen - set(among)) | set(names)
            if wanted == seen:
                return self._audit.is_noted(change)
            write = self._update("commands_off", _set_of(wanted), guild_id)
            write["ConditionExpression"] = "#it = :seen" if seen else "attribute_not_exists(#it)"
            if seen:
                write.setdefault("ExpressionAttributeValues", {})[":seen"] = _set_of(seen)
            if self._audit.commit([{"Update": write}], change):
                return True
        raise StoreError("too many races for one guild's settings")

    def set_private_only(self, guild_id: str, on: bool, change: Change) -> bool:
        """Whether every answer in the guild is private; False if it was so already.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        return self._set(guild_id, "private_only", True if on else None, change)

    def set_language(self, guild_id: str, locale: str, change: Change) -> bool:
        """What public answers speak, empty for the caller's; False if it was so already.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        return self._set(guild_id, "language", locale or None, change)

    def set_ai_requests(self, guild_id: str, requests: int | None, change: Change) -> bool:
        """AI questions a day, None for the operator's limit; False if it was so already.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        return self._set(guild_id, "ai_requests", requests, change)

    def _set(self, guild_id: str, attribute: str, value: str | int | None, change: Change) -> bool:
        new = item_of({"new": value}).get("new")
        write = self._update(attribute, new, guild_id)
        write["ConditionExpression"] = (
            "attribute_not_exists(#it) OR #it <> :new" if new else "attribute_exists(#it)"
        )
        return self._audit.commit([{"Update": write}], change)

    def _update(self, attribute: str, new: dict[str, Any] | None, guild_id: str) -> dict[str, Any]:
        """An update without its condition; None removes the attribute."""
        write: dict[str, Any] = {
            "TableName": self._table,
            "Key": key_of(keys.guild(guild_id)),
            "UpdateExpression": "SET #it = :new" if new else "REMOVE #it",
            "ExpressionAttributeNames": {"#it": attribute},
        }
        return write | ({"ExpressionAttributeValues": {":new": new}} if new else {})


def _set_of(names: Collection[str]) -> dict[str, Any] | None:
    """A string set; None for an empty one, which DynamoDB does not have."""
    return {"SS": sorted(names)} if names else None
