"""Daily allowances in requests and tokens: reserved for all who pay, or for nobody, before a call.

A reservation is one transaction over the rows of the user, the guild and everybody, each of which
must have room for it; what was not needed is given back afterwards. A worker that dies in between
leaves its reservation standing until the day ends, which errs on the side of the operator's bill.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError

from utilsbot.errors import StoreError
from utilsbot.store.keys import Key
from utilsbot.store.table import item_of, key_of, store_error, values_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_DAY_S = 24 * 3600
_KEPT_S = 90 * _DAY_S
_MAX_TRIES = 8
_PAUSE_S = 0.05


class Purse(NamedTuple):
    """A row that a request is paid from, and its limits a day."""

    whose: str
    """A word for who it is, as `user`."""
    key: Key
    requests: int
    tokens: int


class Used(NamedTuple):
    """What was used of a purse on one day, reservations included."""

    requests: int = 0
    tokens: int = 0


class Allowances:
    """Reserves, settles and shows."""

    def __init__(
        self,
        client: "DynamoDBClient",
        table: str,
        *,
        now: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        """Args: table: its name. now: epoch seconds. sleep: waits between tries, in seconds."""
        self._client = client
        self._table = table
        self._now = now
        self._sleep = sleep

    def reserve(self, purses: Sequence[Purse], tokens: int) -> Purse | None:
        """Takes one request and some tokens from every purse, or from none.

        Args:
            purses: who pays; at most 25.
            tokens: as many as the call can cost at the most.

        Returns:
            None if all had room, else the first one that had not.

        Raises:
            StoreError: DynamoDB did not answer or refused, or too many callers were in the way.
        """
        items: list[Any] = [{"Update": self._taking(purse, tokens)} for purse in purses]
        for attempt in range(1, _MAX_TRIES + 1):
            try:
                self._client.transact_write_items(TransactItems=items)
            except self._client.exceptions.TransactionCanceledException as error:
                reasons = [r.get("Code") for r in error.response["CancellationReasons"]]
                for purse, reason in zip(purses, reasons, strict=False):
                    if reason == "ConditionalCheckFailed":
                        return purse
                if "TransactionConflict" not in reasons:
                    raise store_error(error) from None
            except (ClientError, BotoCoreError) as error:
                raise store_error(error) from None
            else:
                return None
            self._sleep(_PAUSE_S * attempt)
        raise StoreError("TransactionConflict")

    def settle(self, purses: Sequence[Purse], *, reserved: int, spent: int, charge: bool) -> None:
        """Puts what was spent in the place of what was reserved.

        Args:
            purses: as reserved.
            reserved: tokens.
            spent: tokens; may be more than was reserved.
            charge: False gives the request back too.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        for purse in purses:
            try:
                self._client.update_item(
                    TableName=self._table,
                    Key=key_of(purse.key),
                    UpdateExpression="ADD requests :requests, tokens :tokens",
                    ConditionExpression="attribute_exists(pk)",
                    ExpressionAttributeValues=item_of(
                        {":requests": 0 if charge else -1, ":tokens": spent - reserved}
                    ),
                )
            except (ClientError, BotoCoreError) as error:
                raise store_error(error) from None

    def used(self, keys: Sequence[Key]) -> list[Used]:
        """What was used, in the order of the keys (at most 100).

        Raises:
            StoreError: DynamoDB did not answer or refused, or answered in part.
        """
        request: Any = {self._table: {"Keys": [key_of(key) for key in keys]}}
        try:
            answer = self._client.batch_get_item(RequestItems=request)
        except (ClientError, BotoCoreError) as error:
            raise store_error(error) from None
        if answer.get("UnprocessedKeys"):
            raise StoreError("UnprocessedKeys")
        rows = [values_of(item) for item in answer["Responses"].get(self._table, [])]
        found = {
            Key(str(row["pk"]), str(row["sk"])): Used(int(row["requests"]), int(row["tokens"]))
            for row in rows
        }
        return [found.get(key, Used()) for key in keys]

    def starts_again_at(self) -> int:
        """When the next UTC day begins: epoch seconds."""
        return (int(self._now()) // _DAY_S + 1) * _DAY_S

    def _taking(self, purse: Purse, tokens: int) -> dict[str, Any]:
        room = purse.requests > 0 and tokens <= purse.tokens
        values = {
            ":one": 1,
            ":tokens": tokens,
            ":requests": purse.requests,
            ":most": purse.tokens - tokens,
            ":expires_at": int(self._now()) + _KEPT_S,
        }
        fits = "requests < :requests AND tokens <= :most"
        return {
            "TableName": self._table,
            "Key": key_of(purse.key),
            "UpdateExpression": "ADD requests :one, tokens :tokens SET expires_at = :expires_at",
            "ConditionExpression": f"attribute_not_exists(pk) OR ({fits})" if room else fits,
            "ExpressionAttributeValues": item_of(values),
        }
