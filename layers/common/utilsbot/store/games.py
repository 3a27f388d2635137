"""Games under way, the figures of finished ones, and guilds' leaderboards, for any kind of game.

A game is one item with a version: every write names the version that it has seen, so of two
writers one is told to look again. The move that ends a game counts it in the same transaction;
so nothing is counted twice and nothing is lost (docs/games.md).
"""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from utilsbot.errors import StoreError
from utilsbot.store import keys
from utilsbot.store.game_rows import GameRow, Shelf
from utilsbot.store.game_stats import GameStats, Result, Standing, read_stats
from utilsbot.store.keys import Key
from utilsbot.store.preferences import Preferences
from utilsbot.store.table import CONDITION_FAILED, item_of, key_of, store_error, values_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

STANDING_LIFE_S = 400 * 24 * 3600
"""Leaderboards forget who has not finished a game for so long."""
_CONFLICT = "TransactionConflictException"
_LOST_RACE = {"ConditionalCheckFailed", "TransactionConflict"}


class Games:
    """The store of one kind of game."""

    def __init__(self, client: "DynamoDBClient", table: str, name: str) -> None:
        """Args: table: its name. name: the game's, as `wordle`."""
        self._client = client
        self._table = table
        self._name = name

    def read(self, user_id: str, slots: Sequence[str]) -> Shelf:
        """The user's games, figures and preferences as they are now.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        stats, profile = keys.game_stats(user_id, self._name), keys.user(user_id)
        wanted = [*(keys.game(user_id, self._name, slot) for slot in slots), stats, profile]
        request = {"Keys": [key_of(key) for key in wanted], "ConsistentRead": True}
        try:
            answer = self._client.batch_get_item(RequestItems={self._table: request})  # type: ignore[dict-item]
        except (ClientError, BotoCoreError) as error:
            raise store_error(error) from None
        if answer.get("UnprocessedKeys"):
            raise StoreError("UnprocessedKeys")
        items = [values_of(item) for item in answer["Responses"].get(self._table, [])]
        found = {Key(item["pk"], item["sk"]): item for item in items}
        rows = {slot: found.get(keys.game(user_id, self._name, slot)) for slot in slots}
        prefix = f"{keys.PREFERS}{self._name}_"
        return Shelf(
            rows={slot: _row(slot, item) for slot, item in rows.items() if item},
            stats=read_stats(found.get(stats, {})),
            preferences={
                name.removeprefix(prefix): str(value)
                for name, value in found.get(profile, {}).items()
                if name.startswith(prefix)
            },
        )

    def write(self, user_id: str, row: GameRow) -> bool:
        """Stores a game whose end does not count, or one that goes on.

        Args:
            user_id: whose.
            row: with the version after the one that was read; 1 if there was none.

        Returns:
            False if somebody else has written since it was read: read again.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        try:
            self._client.put_item(**self._put(user_id, row))
        except ClientError as error:
            if error.response["Error"]["Code"] in {CONDITION_FAILED, _CONFLICT}:
                return False
            raise store_error(error) from None
        except BotoCoreError as error:
            raise store_error(error) from None
        return True

    def finish(
        self, user_id: str, row: GameRow, result: Result, seen: GameStats, guild_id: str | None
    ) -> bool:
        """Stores the end of a game and counts it: the game, the figures, the leaderboard, or none.

        Args:
            user_id: whose.
            row: as in `write`.
            result: how it ended.
            seen: the figures as they were read.
            guild_id: whose leaderboard counts it; None: nobody's.

        Returns:
            False if somebody else has written since they were read: read again.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        stats = seen.plus(result)
        items: list[Any] = [
            {"Put": self._put(user_id, row)},
            {"Update": self._count(user_id, stats, guild_id)},
        ]
        if guild_id:
            items.append({"Update": self._rank(user_id, guild_id, result, stats, row.expires_at)})
        try:
            self._client.transact_write_items(TransactItems=items)
        except self._client.exceptions.TransactionCanceledException as error:
            reasons = {reason.get("Code") for reason in error.response["CancellationReasons"]}
            if reasons & _LOST_RACE:
                return False
            raise store_error(error) from None
        except (ClientError, BotoCoreError) as error:
            raise store_error(error) from None
        return True

    def prefer(self, user_id: str, preferences: Mapping[str, str]) -> None:
        """Remembers what a user prefers in this kind of game.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        chosen = {f"{self._name}_{name}": value for name, value in preferences.items()}
        Preferences(self._client, self._table).choose(user_id, chosen)

    def leaderboard(self, guild_id: str) -> list[Standing]:
        """Every player of a guild: one partition, read to its end, about 8,000 players a page.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        partition = keys.standing(guild_id, self._name, "").pk
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues=item_of({":pk": partition}),
        )
        try:
            return [_standing(values_of(item)) for page in pages for item in page["Items"]]
        except (ClientError, BotoCoreError) as error:
            raise store_error(error) from None

    def _put(self, user_id: str, row: GameRow) -> Any:
        values = {
            "version": row.version,
            "state": json.dumps(row.state, separators=(",", ":")),
            "expires_at": row.expires_at,
        }
        write: dict[str, Any] = {
            "TableName": self._table,
            "Item": key_of(keys.game(user_id, self._name, row.slot)) | item_of(values),
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        if row.version > 1:
            write["ConditionExpression"] = "#version = :seen"
            write["ExpressionAttributeNames"] = {"#version": "version"}
            write["ExpressionAttributeValues"] = item_of({":seen": row.version - 1})
        return write

    def _count(self, user_id: str, stats: GameStats, guild_id: str | None) -> Any:
        tallies = {name: tally.attributes() for name, tally in stats.tallies.items()}
        values: dict[str, Any] = {":version": stats.version, ":tallies": tallies}
        update = "SET #version = :version, tallies = :tallies"
        if guild_id:  # so that /privacy finds the user's rows on leaderboards
            values[":guild"] = {guild_id}
            update += " ADD guilds :guild"
        condition = "attribute_not_exists(pk)"
        if stats.version > 1:
            values[":seen"] = stats.version - 1
            condition = "#version = :seen"
        return {
            "TableName": self._table,
            "Key": key_of(keys.game_stats(user_id, self._name)),
            "UpdateExpression": update,
            "ConditionExpression": condition,
            "ExpressionAttributeNames": {"#version": "version"},
            "ExpressionAttributeValues": item_of(values),
        }

    def _rank(
        self, user_id: str, guild_id: str, result: Result, stats: GameStats, ends_at: int
    ) -> Any:
        values = {
            ":one": 1,
            ":won": int(result.won),
            ":score": result.score if result.won else 0,
            ":expires": ends_at + STANDING_LIFE_S,
        }
        update = "SET expires_at = :expires"
        if result.day is not None:
            tally = stats.tally(result.tally)
            values |= {":streak": tally.streak, ":day": tally.last_day}
            update += ", streak = :streak, last_day = :day"
        return {
            "TableName": self._table,
            "Key": key_of(keys.standing(guild_id, self._name, user_id)),
            "UpdateExpression": f"{update} ADD played :one, won :won, score_sum :score",
            "ExpressionAttributeValues": item_of(values),
        }


def _row(slot: str, item: Mapping[str, Any]) -> GameRow:
    state = json.loads(item["state"])
    return GameRow(slot, int(item["version"]), int(item["expires_at"]), state)


def _standing(item: Mapping[str, Any]) -> Standing:
    numbers = ("played", "won", "score_sum", "streak", "last_day")
    return Standing(
        item["sk"].removeprefix(keys.standing("", "", "").sk),
        *(int(item.get(name, 0)) for name in numbers),
    )
