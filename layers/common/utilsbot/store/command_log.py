"""The command log, whose row is the claim on an interaction too, and the day's counters.

A worker takes an interaction by writing its row as `working`, and ends it with one transaction that
turns the row to `done` and counts it. So a redelivery runs nothing twice and counts nothing twice,
whatever died in between (docs/decisions/0004, and 0013 for what can be said only once). The row
never holds input.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from secrets import token_hex
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError

from utilsbot.meter import ApiCall
from utilsbot.store import keys
from utilsbot.store.table import in_the_way, item_of, key_of, store_error
from utilsbot.store.usage import usage_updates

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class Claim(Enum):
    """What a worker learns when it asks for an interaction."""

    TAKEN = "taken"
    """It is ours until the lease ends."""
    DONE = "done"
    """It was answered before: a late duplicate."""
    BUSY = "busy"
    """Another worker is at it."""


class Entry(NamedTuple):
    """Who called what, where."""

    user_id: str
    interaction_id: str
    command: str
    group: str
    guild_id: str | None
    reference: str
    received_at: float
    first_today: bool = False
    """Whether it is the user's first command of the UTC day, and so counts them."""


class Ending(NamedTuple):
    """How it ended."""

    outcome: str
    failed: bool
    """Whether it counts as a failure of ours."""
    duration_ms: int
    attempt: int


class CommandLog:
    """Claims, ends and counts commands."""

    def __init__(
        self, client: "DynamoDBClient", table: str, last: "DynamoDBClient | None" = None
    ) -> None:
        """Args: table: its name. last: for endings, as table.connect_once makes it; or `client`."""
        self._client = client
        self._last = last or client
        self._table = table

    def claim(self, entry: Entry, *, now: float, lease_s: float) -> Claim:
        """Takes an interaction, unless it is done or somebody else's.

        Args:
            entry: the command.
            now: epoch seconds.
            lease_s: after so many seconds without an ending the claim is anyone's again; longer
                than the function's time-out.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        claimed_by = token_hex(8)
        item = {
            "status": "working",
            "claimed_by": claimed_by,
            "lease_until": int((now + lease_s) * 1000),
            "received_at": int(entry.received_at * 1000),
            "command": entry.command,
            "command_group": entry.group,
            "guild_id": entry.guild_id,
            "reference": entry.reference,
            "expires_at": int(now) + keys.LOG_LIFE_S,
        }
        row = self._write_if(
            self._client.put_item,
            Item=self._key(entry) | item_of(item),
            ConditionExpression="attribute_not_exists(pk)",
        )
        if row and _is_free(row, now):  # taken over with the note that its user was told
            row = self._write_if(
                self._client.put_item,
                Item=self._key(entry) | item_of(item | {"told_by": row.get("told_by")}),
                ConditionExpression="#status = :working AND lease_until <= :now",
                ExpressionAttributeNames={"#status": "status"},
                ExpressionAttributeValues=item_of({":working": "working", ":now": int(now * 1000)}),
            )
        # Ours already: by this very call, whose answer was lost, and which boto3 has repeated.
        if row is None or row.get("claimed_by") == claimed_by:
            return Claim.TAKEN
        return Claim.DONE if row.get("status") == "done" else Claim.BUSY

    def begin_telling(self, entry: Entry) -> bool:
        """Notes that whoever has the claim is about to post what cannot be posted twice.

        May be repeated under the same claim; `finish` forgets it. For the last seconds, too: one
        try (utilsbot.tell_once repeats it).

        Returns:
            False if it was noted under an earlier claim: the user was told then, as far as anybody
            can know. True where the row was erased meanwhile; then nothing is noted.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        row = self._write_if(
            self._last.update_item,
            Key=self._key(entry),
            UpdateExpression="SET told_by = claimed_by",
            ConditionExpression="#status = :working AND "
            "(attribute_not_exists(told_by) OR told_by = claimed_by)",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues=item_of({":working": "working"}),
        )
        return not row

    def undo_telling(self, entry: Entry) -> None:
        """Takes the note of `begin_telling` back, if it is of this claim; may be repeated.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        self._write_if(
            self._last.update_item,
            Key=self._key(entry),
            UpdateExpression="REMOVE told_by",
            ConditionExpression="attribute_exists(told_by) AND told_by = claimed_by",
        )

    def release(self, entry: Entry) -> None:
        """Gives a claim back, so that a retry need not wait for the lease.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        try:
            self._client.update_item(
                TableName=self._table,
                Key=self._key(entry),
                UpdateExpression="SET lease_until = :zero",
                ConditionExpression="#status = :working",
                ExpressionAttributeNames={"#status": "status"},
                ExpressionAttributeValues=item_of({":working": "working", ":zero": 0}),
            )
        except (ClientError, BotoCoreError) as error:
            raise store_error(error) from None

    def finish(
        self,
        entry: Entry,
        ending: Ending,
        *,
        now: float,
        calls: Sequence[ApiCall] = (),
        also: Sequence[Any] = (),
    ) -> bool:
        """Ends a command and counts it and its external calls: all or nothing.

        Args:
            entry: the command.
            ending: how it ended.
            now: epoch seconds.
            calls: the external calls that it made, for ApiUsage.
            also: further items of the transaction.

        Returns:
            False if it was ended before (nothing is counted again).

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        try:
            self._last.transact_write_items(
                TransactItems=[
                    {"Update": self._ending(entry, ending)},
                    {"Update": self._count(entry, ending, now)},
                    *usage_updates(self._table, entry.user_id, calls, now),
                    *also,
                ],
            )
        except self._last.exceptions.TransactionCanceledException as error:
            reasons = [reason.get("Code") for reason in error.response["CancellationReasons"]]
            if "ConditionalCheckFailed" in reasons:
                return False
            raise store_error(error) from None
        except (ClientError, BotoCoreError) as error:
            raise store_error(error) from None
        return True

    def _ending(self, entry: Entry, ending: Ending) -> Any:
        values = {
            ":done": "done",
            ":outcome": ending.outcome,
            ":duration": ending.duration_ms,
            ":attempt": ending.attempt,
        }
        return {
            "TableName": self._table,
            "Key": self._key(entry),
            "UpdateExpression": "SET #status = :done, outcome = :outcome, duration_ms = :duration, "
            "attempt = :attempt REMOVE lease_until, claimed_by, told_by",
            "ConditionExpression": "attribute_exists(pk) AND #status <> :done",
            "ExpressionAttributeNames": {"#status": "status"},
            "ExpressionAttributeValues": item_of(values),
        }

    def _count(self, entry: Entry, ending: Ending, now: float) -> Any:
        values = {
            ":one": 1,
            ":failed": int(ending.failed),
            ":duration": ending.duration_ms,
            ":user": int(entry.first_today),
        }
        return {
            "TableName": self._table,
            "Key": key_of(keys.stats(entry.command, now)),
            "UpdateExpression": "ADD runs :one, failures :failed, "
            "duration_ms :duration, people :user",
            "ExpressionAttributeValues": item_of(values),
        }

    def _key(self, entry: Entry) -> dict[str, Any]:
        return key_of(keys.command_log(entry.user_id, entry.interaction_id))

    def _write_if(self, call: Callable[..., object], **request: Any) -> dict[str, Any] | None:
        """As `in_the_way`, on this table."""
        request["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
        return in_the_way(call, TableName=self._table, **request)


def _is_free(row: Mapping[str, Any], now: float) -> bool:
    """Whether the row's claim was given back or has run out."""
    return row.get("status") == "working" and int(row.get("lease_until", 0)) <= now * 1000
