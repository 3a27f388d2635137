"""Failed: the commands that the rescue gave up, kept for 14 days for whoever runs the bot.

The list is a partition a UTC day, named by when the interaction's id was made, so a reference id is
a key. It holds nothing that a user typed. The command itself lies sealed in a row of its own in the
user's partition, and only while its token lives: later nothing could be answered.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError

from utilsbot.discord.snowflake import created_at, reference_id
from utilsbot.store import keys, system_keys
from utilsbot.store.command_log import CommandLog, Ending, Entry
from utilsbot.store.keys import Key
from utilsbot.store.table import item_of, key_of, store_error, values_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

RESCUED, GIVEN_UP = "rescued", "failed"
"""How the command log ends a command that the rescue told its user of, or could not."""
_DAY_S = 24 * 3600


class Failed(NamedTuple):
    """One message of a dead-letter queue, and what became of it."""

    id: str
    """The interaction's; of a message that is none, one made of the time when it was sent."""
    at: float
    """When the rescue took it up: epoch seconds."""
    group: str
    """Whose queue it was in."""
    message_id: str
    """SQS's."""
    command: str = ""
    """As the command log names it; empty: the message is no command."""
    user_id: str | None = None
    guild_id: str | None = None
    received_at: float = 0
    """When the front door took it: epoch seconds."""
    told: bool = False
    """Whether the user was told."""
    reason: str = ""
    """What is wrong with a message that is no command, or why the user was not told."""
    replay_until: float | None = None
    """Until when the sealed command is kept; None: it was not."""
    size_bytes: int = 0
    """The message's."""
    first_today: bool = False
    """Whether it counted its user for the UTC day."""
    replayed_at: float | None = None
    """When somebody last ran it again."""

    @property
    def reference(self) -> str:
        """What the user was given."""
        return reference_id(self.id)

    @property
    def key(self) -> Key:
        """Its place in the list."""
        return system_keys.failed(self.id, created_at(self.id))


class Failures:
    """Keeps, lists, reopens and drops."""

    def __init__(
        self, client: "DynamoDBClient", table: str, last: "DynamoDBClient | None" = None
    ) -> None:
        """Args: table: its name. last: as for CommandLog."""
        self._client = client
        self._last = last or client
        self._table = table
        self._log = CommandLog(client, table, last)

    def keep(self, failed: Failed, entry: Entry, attempt: int, sealed: bytes | None = None) -> bool:
        """Ends a claimed command as failed, counts it and lists it: all or nothing.

        Args:
            failed: its user_id is the entry's.
            entry: its log row.
            attempt: how often its message was received.
            sealed: the command, to be kept until `failed.replay_until`.

        Returns:
            False if the command was ended before; then nothing is counted or kept again.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        expires_at = int(failed.at) + system_keys.FAILED_LIFE_S
        own = system_keys.failed_of_user(entry.user_id, failed.id)
        puts = [self._row(failed), self._put(own, {"expires_at": expires_at})]
        if sealed is not None and failed.replay_until is not None:
            key = system_keys.failed_command(entry.user_id, failed.id)
            until = int(failed.replay_until)
            puts.append(self._put(key, {"sealed": sealed, "expires_at": until}))
        # 0 ms, because no run of it ended; stats add the time of runs.
        ending = Ending(RESCUED if failed.told else GIVEN_UP, True, 0, attempt)
        return self._log.finish(entry, ending, now=failed.at, also=puts)

    def keep_stray(self, failed: Failed) -> None:
        """Lists a message that is no command; doing it again changes nothing.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        try:
            self._last.put_item(**self._row(failed)["Put"])
        except (ClientError, BotoCoreError) as error:
            raise store_error(error) from None

    def newest(self, now: float, since: float | None = None) -> Iterator[Failed]:
        """What is kept, newest first, read page by page as it is asked for.

        Args:
            now: epoch seconds.
            since: nothing whose id was made before; epoch seconds. None: everything.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        # An id is made up to 14 days before its message is read here: a queue's longest life.
        oldest = max(since or 0, now - 2 * system_keys.FAILED_LIFE_S)
        today = int(now) // _DAY_S * _DAY_S
        for day in range(today, int(oldest) // _DAY_S * _DAY_S - 1, -_DAY_S):
            for failed in self._day(day):
                if created_at(failed.id) >= oldest:
                    yield failed

    def find(self, interaction_id: str) -> Failed | None:
        """One by its id (of a reference: utilsbot.discord.snowflake.interaction_id).

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        key = system_keys.failed(interaction_id, created_at(interaction_id))
        item = self._call("get_item", Key=key_of(key), ConsistentRead=True).get("Item")
        return _failed(values_of(item)) if item else None

    def sealed(self, failed: Failed, now: float) -> bytes | None:
        """The sealed command, while it is kept.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        key = key_of(system_keys.failed_command(failed.user_id or "", failed.id))
        item = self._call("get_item", Key=key, ConsistentRead=True).get("Item")
        row = values_of(item or {})
        # DynamoDB deletes what has expired some time later.
        return bytes(row["sealed"]) if row and int(row["expires_at"]) > now else None

    def reopen(self, failed: Failed, now: float) -> bool:
        """Lets a worker take the command once more, and takes its count back.

        Returns:
            False if it is not at its failed end: it runs again, or has been answered since.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        key = keys.command_log(failed.user_id or "", failed.id)
        opening = {
            "TableName": self._table,
            "Key": key_of(key),
            "UpdateExpression": "SET #status = :working, lease_until = :zero REMOVE outcome",
            "ConditionExpression": "#status = :done AND outcome IN (:rescued, :failed)",
            "ExpressionAttributeNames": {"#status": "status"},
            "ExpressionAttributeValues": item_of(
                {
                    ":working": "working",
                    ":zero": 0,
                    ":done": "done",
                    ":rescued": RESCUED,
                    ":failed": GIVEN_UP,
                }
            ),
        }
        counting = {
            "TableName": self._table,
            "Key": key_of(keys.stats(failed.command, failed.at)),
            "UpdateExpression": "ADD runs :less, failures :less, people :user",
            "ExpressionAttributeValues": item_of({":less": -1, ":user": -int(failed.first_today)}),
        }
        noting = self._row(failed._replace(replayed_at=now))
        updates: list[Any] = [{"Update": opening}, {"Update": counting}, noting]
        try:
            self._client.transact_write_items(TransactItems=updates)
        except self._client.exceptions.TransactionCanceledException as error:
            reasons = [reason.get("Code") for reason in error.response["CancellationReasons"]]
            if reasons[0] == "ConditionalCheckFailed":
                return False
            raise store_error(error) from None
        except (ClientError, BotoCoreError) as error:
            raise store_error(error) from None
        return True

    def drop(self, failed: Failed) -> None:
        """Forgets it; the command log's line stays. Doing it again changes nothing.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        doomed = [failed.key]
        if failed.user_id:
            doomed.append(system_keys.failed_command(failed.user_id, failed.id))
            doomed.append(system_keys.failed_of_user(failed.user_id, failed.id))
        for key in doomed:
            self._call("delete_item", Key=key_of(key))

    def _day(self, day: float) -> Iterator[Failed]:
        start: dict[str, Any] = {}
        while True:
            answer = self._call(
                "query",
                KeyConditionExpression="pk = :pk",
                ExpressionAttributeValues=item_of({":pk": system_keys.failed("", day).pk}),
                ScanIndexForward=False,
                Limit=100,
                **start,
            )
            yield from (_failed(values_of(item)) for item in answer["Items"])
            if not answer.get("LastEvaluatedKey"):
                return
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    def _row(self, failed: Failed) -> Any:
        values = failed._asdict() | {
            name: int(value * 1000) if (value := getattr(failed, name)) is not None else None
            for name in _TIMES
        }
        return self._put(
            failed.key, values | {"expires_at": int(failed.at) + system_keys.FAILED_LIFE_S}
        )

    def _put(self, key: Key, values: Mapping[str, Any]) -> Any:
        return {"Put": {"TableName": self._table, "Item": key_of(key) | item_of(values)}}

    def _call(self, name: str, **request: Any) -> dict[str, Any]:
        try:
            answer = getattr(self._client, name)(TableName=self._table, **request)
        except (ClientError, BotoCoreError) as error:
            raise store_error(error) from None
        return dict(answer)


def bound_to(interaction_id: str) -> str:
    """What a sealed command is bound to: in another's place it does not open."""
    return f"failed {interaction_id}"


_TIMES = ("at", "received_at", "replay_until", "replayed_at")


def _failed(row: Mapping[str, Any]) -> Failed:
    values = {name: row[name] for name in Failed._fields if name in row}
    times = {name: int(values[name]) / 1000 for name in _TIMES if name in values}
    return Failed(**{**values, **times, "size_bytes": int(row.get("size_bytes", 0))})
