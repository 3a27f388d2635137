"""A /reload drops the cached keys of every group that has any, on moto's Parameter Store."""

from collections.abc import Callable, Mapping
from typing import Any

import boto3
import pytest

from functions.ai.ports import build_ports as ai
from functions.games.ports import build_ports as games
from functions.network.ports import build_ports as network
from functions.system.ports import build_ports as system
from tests.fakes import FakeClock
from utilsbot.discord.attachments import AttachmentDownloader
from utilsbot.runtime import Parts
from utilsbot.store.flags import Flags
from utilsbot.store.operators import Change, Subject
from utilsbot.store.reload_watch import LOOK_EVERY_S
from utilsbot.store.table import connect

_NAME = "/utilsbot/reload-reaches-secrets"
pytestmark = pytest.mark.usefixtures("fresh_powertools")
Ports = Mapping[str, Any]


def _store(value: str) -> None:
    boto3.client("ssm").put_parameter(Name=_NAME, Value=value, Type="SecureString", Overwrite=True)


def _ai(ports: Ports) -> str:
    return str(ports["ai"]._models._read_key().reveal())


def _games(ports: Ports) -> str:
    return str(ports["wordle"]._daily_secret().decode())


def _network(ports: Ports) -> str:
    return str(ports["screenshots"]._providers[0]._key().reveal())


def _system(ports: Ports) -> str:
    return str(ports["directory"]._secrets.read(_NAME).reveal())


@pytest.mark.parametrize(
    ("build", "variable", "key"),
    [
        (ai, "GEMINI_KEY_PARAMETER", _ai),
        (games, "DAILY_WORD_PARAMETER", _games),
        (network, "SCREENSHOTONE_KEY_PARAMETER", _network),
        (system, "DISCORD_BOT_TOKEN_PARAMETER", _system),
    ],
)
def test_a_new_key_counts_after_a_reload(
    table: str,
    fake_clock: FakeClock,
    build: Callable[[Parts], Ports],
    variable: str,
    key: Callable[[Ports], str],
) -> None:
    """Within 30 s, in a worker that is warm and has read the old one."""
    client = connect()
    environment = {variable: _NAME}
    ports = build(Parts(environment, fake_clock.clock, client, table, AttachmentDownloader()))
    _store("old")
    assert key(ports) == "old"

    _store("new")
    Flags(client, table).reload(Change("100", fake_clock.seconds, "1", "reload", Subject("bot")))
    fake_clock.advance(LOOK_EVERY_S)

    assert key(ports) == "new"
    if close := getattr(ports.get("ai"), "close", None):
        close()
