"""What everybody together may ask of an API: so many calls a day, so many at once, none in a pause.

Every change is one conditional write, so the limits hold across instances. A worker that dies keeps
its place only until its lease ends; the day's count then stays one too high, which errs on the side
of the operator's bill.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError

from utilsbot.store import keys
from utilsbot.store.table import item_of, key_of, store_error, values_of, write_if

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_DAY_S = 24 * 3600
_KEPT_S = 90 * _DAY_S


class Slot(NamedTuple):
    """A place for one call under way."""

    api: str
    number: int
    owner: str


class Budgets:
    """Allowances, places and pauses by API."""

    def __init__(self, client: "DynamoDBClient", table: str, now: Callable[[], float]) -> None:
        """Args: table: its name. now: epoch seconds."""
        self._client = client
        self._table = table
        self._now = now

    def spend(self, api: str, limit: int) -> bool:
        """Takes one of the day's calls; False if `limit` of this UTC day are spent.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        return self._update(
            keys.allowance(api, self._now()),
            "ADD used :one SET expires_at = :expires_at",
            "attribute_not_exists(used) OR used < :limit" if limit > 0 else "used < :limit",
            {":one": 1, ":limit": limit, ":expires_at": int(self._now()) + _KEPT_S},
        )

    def give_back(self, api: str) -> bool:
        """Returns one of the day's calls that came to nothing; False if none was spent.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        return self._update(
            keys.allowance(api, self._now()),
            "ADD used :less",
            "used > :zero",
            {":less": -1, ":zero": 0},
        )

    def starts_again_at(self) -> int:
        """When the next UTC day begins: epoch seconds."""
        return (int(self._now()) // _DAY_S + 1) * _DAY_S

    def occupy(self, api: str, owner: str, *, places: int, lease_s: float) -> Slot | None:
        """Takes a place, or None if as many calls as `places` are under way.

        Args:
            api: which service.
            owner: the caller's interaction id; the same owner gets its own place again.
            places: how many calls may be under way at once.
            lease_s: after so many seconds the place is anyone's; longer than the call.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        now_ms = int(self._now() * 1000)
        first = sum(owner.encode()) % places if places else 0  # spreads owners over the places
        values = {
            ":owner": owner,
            ":ends_at": now_ms + int(lease_s * 1000),
            ":now": now_ms,
            ":expires_at": int(self._now() + lease_s) + _DAY_S,
        }
        for number in range(places):
            slot = Slot(api, (first + number) % places, owner)
            if self._update(
                keys.slot(api, slot.number),
                "SET owned_by = :owner, ends_at = :ends_at, expires_at = :expires_at",
                "attribute_not_exists(ends_at) OR ends_at <= :now OR owned_by = :owner",
                values,
            ):
                return slot
        return None

    def leave(self, slot: Slot) -> None:
        """Frees a place, unless somebody else has it by now.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        self._update(
            keys.slot(slot.api, slot.number),
            "SET ends_at = :zero",
            "owned_by = :owner",
            {":zero": 0, ":owner": slot.owner},
        )

    def pause(self, api: str, until: float) -> None:
        """Lets nobody call an API until then (epoch seconds); never shortens a pause.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        self._update(
            keys.pause(api),
            "SET ends_at = :ends_at, expires_at = :expires_at",
            "attribute_not_exists(ends_at) OR ends_at < :ends_at",
            {":ends_at": int(until * 1000), ":expires_at": int(until) + _DAY_S},
        )

    def paused_until(self, api: str) -> float | None:
        """The end of the API's pause (epoch seconds), or None if it may be called.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        try:
            answer = self._client.get_item(
                TableName=self._table, Key=key_of(keys.pause(api)), ConsistentRead=True
            )
        except (ClientError, BotoCoreError) as error:
            raise store_error(error) from None
        until = float(values_of(answer.get("Item", {})).get("ends_at", 0)) / 1000
        return until if until > self._now() else None

    def _update(
        self, key: keys.Key, expression: str, condition: str, values: dict[str, Any]
    ) -> bool:
        """One conditional update; False if the condition did not hold."""
        return write_if(
            self._client.update_item,
            TableName=self._table,
            Key=key_of(key),
            UpdateExpression=expression,
            ConditionExpression=condition,
            ExpressionAttributeValues=item_of(values),
        )
