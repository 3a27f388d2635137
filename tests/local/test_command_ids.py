"""local.registration: the commands go to the stand-in, their ids to the bot's table."""

from collections.abc import Sequence
from typing import Any

import boto3
import pytest

from local.faults import Faults
from local.registration import NotRegistered, register
from tests.discord_api import serving
from utilsbot.store import keys
from utilsbot.store.flags import Flags
from utilsbot.store.table import key_of

TOKEN = "set-up"


def _register(url: str, table: str, names: Sequence[str]) -> None:
    commands = [{"type": 1, "name": name, "description": "What it does"} for name in names]
    client: Any = boto3.client("dynamodb")
    register(commands, api_url=url, token=TOKEN, dynamodb=client, table=table)


def test_ids_follow_the_code_and_switches_stay(table: str) -> None:
    """A reload drops what is gone, keeps what is there, and touches no other attribute."""
    flags = Flags(boto3.client("dynamodb"), table)
    with serving() as url:
        _register(url, table, ["hash", "qr"])
        first = dict(flags.state().command_ids)
        boto3.client("dynamodb").update_item(
            TableName=table,
            Key=key_of(keys.flags()),
            UpdateExpression="SET maintenance = :text",
            ExpressionAttributeValues={":text": {"S": "soon back"}},
        )

        _register(url, table, ["hash", "totp"])

    state = flags.state()
    assert state.command_ids.keys() == {"hash", "totp"}
    assert state.command_ids["hash"] == first["hash"]
    assert state.maintenance == "soon back"


def test_faults_are_for_the_bot_only(table: str) -> None:
    """A stack whose Discord limits every call starts all the same."""
    with serving(Faults({"discord_429": 1.0}), TOKEN) as url:
        _register(url, table, ["hash"])

    assert Flags(boto3.client("dynamodb"), table).state().command_ids.keys() == {"hash"}


def test_what_discord_refuses_is_not_noted(table: str) -> None:
    """The reason is told."""
    with serving() as url, pytest.raises(NotRegistered, match="cannot be registered"):
        _register(url, table, ["Not A Name!"])

    assert Flags(boto3.client("dynamodb"), table).state().command_ids == {}
