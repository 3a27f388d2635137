"""Daily allowances in requests and tokens: reserved for all who pay, or for nobody, before a call.

A reservation is one transaction over the rows of the user, the guild and everybody, each of which
must have room for it; another one puts what was spent in its place. A worker that dies in between
leaves its reservation standing until the day ends, which errs on the side of the operator's bill.

The first row, the user's, remembers for all of them: `charged`, the interactions that have paid a
request, so that one which is run again pays tokens only; and `standing`, the reservations that are
not settled, so that a transaction which is repeated, because its answer was lost, does nothing
(docs/decisions/0012).
"""

from collections.abc import Callable, Mapping, Sequence
from secrets import token_hex
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
_CHECK_FAILED = "ConditionalCheckFailed"


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


class Reservation(NamedTuple):
    """What one run of an interaction may cost at the most, and who pays."""

    purses: Sequence[Purse]
    """At most 25, the user's first."""
    tokens: int
    id: int
    """The interaction's."""
    name: str
    """Unlike any other run's."""

    @classmethod
    def of(cls, purses: Sequence[Purse], tokens: int, interaction_id: str) -> "Reservation":
        """A new one, for which nothing is taken yet."""
        return cls(purses, tokens, int(interaction_id), token_hex(8))


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

    def reserve(self, reservation: Reservation) -> Purse | None:
        """Takes one request and the tokens from every purse, or from none.

        An interaction that has paid its request in an earlier run pays the tokens only.

        Returns:
            None if all had room, else the first one that had not.

        Raises:
            StoreError: DynamoDB did not answer or refused, or too many callers were in the way.
        """
        for again in (False, True):
            reasons = self._transact(
                [self._taking(reservation, purse, again=again) for purse in reservation.purses]
            )
            if not reasons:
                return None
            row = values_of(reasons[0].get("Item", {}))
            if reservation.name in row.get("standing", ()):
                return None  # taken by this very call: its answer was lost, boto3 has repeated it
            if reservation.id not in row.get("charged", ()):
                break
        return next(
            purse
            for purse, reason in zip(reservation.purses, reasons, strict=True)
            if reason.get("Code") == _CHECK_FAILED
        )

    def settle(self, reservation: Reservation, *, spent: int, charge: bool) -> None:
        """Puts what was spent in the place of what was reserved, in all purses or in none, once.

        Args:
            reservation: as it was made.
            spent: tokens; may be more than were reserved.
            charge: False gives the interaction's request back too.

        Raises:
            StoreError: DynamoDB did not answer or refused, or too many callers were in the way.
        """
        reasons = self._transact(
            [self._giving(reservation, purse, spent, charge=charge) for purse in reservation.purses]
        )
        if reasons and reasons[0].get("Code") != _CHECK_FAILED:  # that one: it was settled before
            raise StoreError(_CHECK_FAILED)

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

    def _transact(self, items: Sequence[Any]) -> Sequence[Mapping[str, Any]]:
        """Writes all items; where a condition does not hold none, and says which: a reason each."""
        for attempt in range(1, _MAX_TRIES + 1):
            try:
                self._client.transact_write_items(TransactItems=items)
            except self._client.exceptions.TransactionCanceledException as error:
                reasons: Sequence[Any] = error.response["CancellationReasons"]
                codes = {reason.get("Code") for reason in reasons}
                if _CHECK_FAILED in codes:
                    return reasons
                if "TransactionConflict" not in codes:
                    raise store_error(error) from None
            except (ClientError, BotoCoreError) as error:
                raise store_error(error) from None
            else:
                return ()
            self._sleep(_PAUSE_S * attempt)
        raise StoreError("TransactionConflict")

    def _taking(self, reservation: Reservation, purse: Purse, *, again: bool) -> dict[str, Any]:
        """What a reservation does to a purse; `again`: its interaction has paid its request."""
        requests, tokens = 0 if again else 1, reservation.tokens
        room = requests <= purse.requests and tokens <= purse.tokens
        change = "ADD requests :requests, tokens :tokens"
        fits = "requests <= :most_requests AND tokens <= :most_tokens"
        values: dict[str, Any] = {
            ":requests": requests,
            ":tokens": tokens,
            ":most_requests": purse.requests - requests,
            ":most_tokens": purse.tokens - tokens,
            ":expires_at": int(self._now()) + _KEPT_S,
        }
        if purse == reservation.purses[0]:
            change += ", charged :ids, standing :names"
            fits += f" AND NOT contains({'standing, :name' if again else 'charged, :id'})"
            values |= {":ids": {reservation.id}, ":names": {reservation.name}}
            values |= {":name": reservation.name} if again else {":id": reservation.id}
        condition = f"attribute_not_exists(pk) OR ({fits})" if room else fits
        return self._update(purse, f"{change} SET expires_at = :expires_at", condition, values)

    def _giving(
        self, reservation: Reservation, purse: Purse, spent: int, *, charge: bool
    ) -> dict[str, Any]:
        """What settling does to a purse."""
        change, condition = "ADD requests :requests, tokens :tokens", "attribute_exists(pk)"
        values: dict[str, Any] = {
            ":requests": 0 if charge else -1,
            ":tokens": spent - reservation.tokens,
        }
        if purse == reservation.purses[0]:
            change += " DELETE standing :names"
            condition = "contains(standing, :name)"
            values |= {":names": {reservation.name}, ":name": reservation.name}
            if not charge:
                change += ", charged :ids"
                values[":ids"] = {reservation.id}
        return self._update(purse, change, condition, values)

    def _update(
        self, purse: Purse, change: str, condition: str, values: dict[str, Any]
    ) -> dict[str, Any]:
        return {
            "Update": {
                "TableName": self._table,
                "Key": key_of(purse.key),
                "UpdateExpression": change,
                "ConditionExpression": condition,
                "ExpressionAttributeValues": item_of(values),
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            }
        }
