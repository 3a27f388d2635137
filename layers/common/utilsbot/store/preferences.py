"""Preferences: what users have chosen for themselves, in the row that the gate reads anyway."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from utilsbot.store import keys
from utilsbot.store.table import item_of, key_of, store_error, values_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class Preferences:
    """Reads and changes users' preferences."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        """Args: table: its name."""
        self._client = client
        self._table = table

    def of(self, user_id: str) -> dict[str, str]:
        """What a user has chosen, by name; what they have not is missing.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        key = key_of(keys.user(user_id))
        try:
            answer = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)
        except (ClientError, BotoCoreError) as error:
            raise store_error(error) from None
        return _chosen(values_of(answer.get("Item", {})))

    def choose(self, user_id: str, chosen: Mapping[str, str]) -> dict[str, str]:
        """Changes some preferences and leaves the others.

        Args:
            user_id: whose.
            chosen: at least one, by name, as `wordle_board`.

        Returns:
            All of them afterwards.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        pairs = list(chosen.items())
        key = key_of(keys.user(user_id))
        try:
            answer = self._client.update_item(
                TableName=self._table,
                Key=key,
                UpdateExpression="SET " + ", ".join(f"#{at} = :{at}" for at in range(len(pairs))),
                ExpressionAttributeNames={
                    f"#{at}": f"{keys.PREFERS}{name}" for at, (name, _) in enumerate(pairs)
                },
                ExpressionAttributeValues=item_of(
                    {f":{at}": value for at, (_, value) in enumerate(pairs)}
                ),
                ReturnValues="ALL_NEW",
            )
        except (ClientError, BotoCoreError) as error:
            raise store_error(error) from None
        return _chosen(values_of(answer["Attributes"]))


def _chosen(row: Mapping[str, Any]) -> dict[str, str]:
    prefix = keys.PREFERS
    return {
        name.removeprefix(prefix): value for name, value in row.items() if name.startswith(prefix)
    }
