"""What the store and the queues hold at the end, read with boto3 alone and none of the bot's code.

The forms of the keys are those of docs/data.md.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import boto3
from boto3.dynamodb.types import TypeDeserializer
from botocore.config import Config

_WAITING = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)


class LogRow(NamedTuple):
    """A command's row: the claim on it, and how it ended."""

    user_id: str
    command: str
    status: str
    outcome: str
    attempt: int


class GameFigures(NamedTuple):
    """A player's one kind of game."""

    guesses: tuple[str, ...]
    """Of the random game, in order."""
    answer: str
    status: str
    played: int


class Store(NamedTuple):
    """Everything that the audit looks at."""

    log: Mapping[str, LogRow]
    """By interaction."""
    log_rows: Counter[str]
    """How many rows an interaction has."""
    runs: Counter[str]
    """The day's counters by command."""
    used: Mapping[str, int]
    """What each user's row counts."""
    ai_calls: Mapping[str, int]
    """Calls of the model in each user's lifetime row."""
    ai_requests: Mapping[str, int]
    """What is taken from each user's allowance."""
    games: Mapping[str, GameFigures]


class Aws:
    """The local AWS."""

    def __init__(self, url: str) -> None:
        """Args: url: its endpoint."""
        session = boto3.session.Session("local", "local", region_name="us-east-1")
        config = Config(connect_timeout=2, read_timeout=60, proxies={})
        self._dynamodb = session.client("dynamodb", endpoint_url=url, config=config)
        self._sqs = session.client("sqs", endpoint_url=url, config=config)

    def waiting(self) -> dict[str, int]:
        """How many messages each queue has that has any."""
        found = {}
        for url in self._sqs.list_queues().get("QueueUrls", []):
            answer = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
            attributes: Mapping[Any, str] = answer["Attributes"]
            count = sum(int(attributes.get(name, 0)) for name in _WAITING)
            if count:
                found[url.rpartition("/")[2]] = count
        return found

    def store(self) -> Store:
        """Everything in the one table."""
        (table,) = self._dynamodb.list_tables()["TableNames"]
        pages = self._dynamodb.get_paginator("scan").paginate(TableName=table)
        return read_store(_plain(item) for page in pages for item in page["Items"])


def _plain(item: Mapping[str, Any]) -> dict[str, Any]:
    deserialize = TypeDeserializer().deserialize
    return {name: deserialize(value) for name, value in item.items()}


def read_store(items: Iterator[Mapping[str, Any]]) -> Store:
    """The rows of a table, sorted out."""
    log: dict[str, LogRow] = {}
    log_rows: Counter[str] = Counter()
    runs: Counter[str] = Counter()
    used: dict[str, int] = {}
    calls: dict[str, int] = defaultdict(int)
    requests: dict[str, int] = defaultdict(int)
    states: dict[str, Mapping[str, Any]] = {}
    played: dict[str, int] = {}
    for item in items:
        kind, _, owner = str(item["pk"]).partition("#")
        sort = str(item["sk"])
        if kind == "STATS":
            runs[sort.removeprefix("COMMAND#")] += int(item.get("runs", 0))
        elif kind != "USER":
            continue
        elif sort == "PROFILE":
            used[owner] = int(item.get("total_commands_used", 0))
        elif sort.startswith("LOG#"):
            interaction_id = sort.removeprefix("LOG#").lstrip("0")
            log_rows[interaction_id] += 1
            log[interaction_id] = _log_row(owner, item)
        elif sort == "API#ALL#gemini":
            calls[owner] += int(item.get("calls", 0))
        elif sort.startswith("ALLOWANCE#gemini#"):
            requests[owner] += int(item.get("requests", 0))
        elif sort == "GAME#wordle#random":
            states[owner] = json.loads(item["state"])
        elif sort == "GAMESTATS#wordle":
            played[owner] = int(item.get("tallies", {}).get("random", {}).get("played", 0))
    games = {owner: _game(state, played.get(owner, 0)) for owner, state in states.items()}
    return Store(log, log_rows, runs, used, calls, requests, games)


def _log_row(owner: str, item: Mapping[str, Any]) -> LogRow:
    return LogRow(
        owner,
        str(item.get("command", "")),
        str(item.get("status", "")),
        str(item.get("outcome", "")),
        int(item.get("attempt", 0)),
    )


def _game(state: Mapping[str, Any], played: int) -> GameFigures:
    guesses = tuple(str(g[0] if isinstance(g, list) else g.get("word")) for g in state["guesses"])
    return GameFigures(guesses, str(state["answer"]), str(state["status"]), played)
