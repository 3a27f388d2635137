"""Flags: the one row of switches that the front door reads every 20 s (store.admissions)."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from utilsbot.store import keys
from utilsbot.store.audit import Audit
from utilsbot.store.operators import Change, State
from utilsbot.store.table import item_of, key_of, store_error, values_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_MAPS = "SET #off = if_not_exists(#off, :off), #ids = if_not_exists(#ids, :ids)"
# A value each, though both are empty: ministack makes one map of a value that is used twice.


class Flags:
    """Reads and changes the switches."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        """Args: table: its name."""
        self._client = client
        self._table = table
        self._audit = Audit(client, table)

    def state(self) -> State:
        """The switches as they are now.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        key = key_of(keys.flags())
        try:
            answer = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)
        except (ClientError, BotoCoreError) as error:
            raise store_error(error) from None
        row = values_of(answer.get("Item", {}))
        return State(
            off=row.get("off", {}),
            maintenance=row.get("maintenance", ""),
            closed_beta=row.get("closed_beta"),
            version=int(row.get("version", 0)),
            command_ids=row.get("command_ids", {}),
        )

    def switch_off(self, name: str, reason: str, change: Change) -> bool:
        """Switches a group or a command off.

        Args:
            name: the group's name or the command's slug.
            reason: what users see; empty: a standard sentence.
            change: what is noted.

        Returns:
            False if it was off for the same reason already.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        self._make_maps()
        return self._commit(
            "SET #off.#name = :reason",
            "attribute_not_exists(#off.#name) OR #off.#name <> :reason",
            {"#off": "off", "#name": name},
            {":reason": reason},
            change,
        )

    def switch_on(self, name: str, change: Change) -> bool:
        """Switches a group or a command on again; False if it was on.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        return self._commit(
            "REMOVE #off.#name",
            "attribute_exists(#off.#name)",
            {"#off": "off", "#name": name},
            {},
            change,
        )

    def set_maintenance(self, text: str, change: Change) -> bool:
        """Begins maintenance with a text for everyone but developers, or ends it with an empty one.

        Returns:
            False if it was so already.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        if not text:
            condition, names = "attribute_exists(#text)", {"#text": "maintenance"}
            return self._commit("REMOVE #text", condition, names, {}, change)
        return self._commit(
            "SET #text = :text",
            "attribute_not_exists(#text) OR #text <> :text",
            {"#text": "maintenance"},
            {":text": text},
            change,
        )

    def set_closed_beta(self, closed: bool | None, change: Change) -> bool:
        """Opens or closes the beta, or with None leaves it to the deployment's setting again.

        Returns:
            False if it was so already.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        names = {"#beta": "closed_beta"}
        if closed is None:
            return self._commit("REMOVE #beta", "attribute_exists(#beta)", names, {}, change)
        condition = "attribute_not_exists(#beta) OR #beta <> :closed"
        return self._commit("SET #beta = :closed", condition, names, {":closed": closed}, change)

    def reload(self, change: Change) -> bool:
        """Tells every instance to drop what it has cached (see ReloadWatch).

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        return self._commit(
            "SET #version = if_not_exists(#version, :none) + :one, reloaded_by = :entry",
            "attribute_not_exists(reloaded_by) OR reloaded_by <> :entry",  # a redelivery is one
            {"#version": "version"},
            {":none": 0, ":one": 1, ":entry": change.entry_id},
            change,
        )

    def note_command_ids(self, registered: Mapping[str, str], gone: Collection[str] = ()) -> None:
        """Notes Discord's ids of commands, by name, for links in /help.

        Args:
            registered: ids by name; at most 130, all that Discord takes.
            gone: names that are no longer registered.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        self._make_maps()
        names = {"#ids": "command_ids"}
        values: dict[str, Any] = {}
        sets, removes = [], []
        for at, (name, command_id) in enumerate(registered.items()):
            names[f"#{at}"], values[f":{at}"] = name, command_id
            sets.append(f"#ids.#{at}=:{at}")
        for at, name in enumerate(sorted(set(gone) - registered.keys())):
            names[f"#g{at}"] = name
            removes.append(f"#ids.#g{at}")
        update = " ".join(
            f"{verb} {','.join(parts)}"
            for verb, parts in (("SET", sets), ("REMOVE", removes))
            if parts
        )
        if update:
            self._update(update, names, values)

    def _make_maps(self) -> None:
        """Paths into a map need the map; making it changes nothing that anybody reads."""
        self._update(_MAPS, {"#off": "off", "#ids": "command_ids"}, {":off": {}, ":ids": {}})

    def _update(self, update: str, names: dict[str, str], values: dict[str, Any]) -> None:
        request: dict[str, Any] = {"ExpressionAttributeValues": item_of(values)} if values else {}
        try:
            self._client.update_item(
                TableName=self._table,
                Key=key_of(keys.flags()),
                UpdateExpression=update,
                ExpressionAttributeNames=names,
                **request,
            )
        except (ClientError, BotoCoreError) as error:
            raise store_error(error) from None

    def _commit(
        self,
        update: str,
        condition: str,
        names: dict[str, str],
        values: dict[str, Any],
        change: Change,
    ) -> bool:
        write: dict[str, Any] = {
            "TableName": self._table,
            "Key": key_of(keys.flags()),
            "UpdateExpression": update,
            "ConditionExpression": condition,
            "ExpressionAttributeNames": names,
        }
        if values:
            write["ExpressionAttributeValues"] = item_of(values)
        return self._audit.commit([{"Update": write}], change)
