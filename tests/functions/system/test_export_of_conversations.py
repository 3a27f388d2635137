"""An export shows conversations as their owner wrote them."""

import base64
import json
from typing import Any

from functions.system.ports import build_ports
from utilsbot.clock import Clock
from utilsbot.discord.attachments import AttachmentDownloader
from utilsbot.runtime import Parts
from utilsbot.sealing import XChaChaSeal
from utilsbot.settings import Secret
from utilsbot.store import table as store_table
from utilsbot.store.chat_rows import Turn
from utilsbot.store.chats import Chats

_KEY = Secret(base64.b64encode(b"k" * 32).decode())
_USER = "300000000000000001"


class _OneKey:
    """A parameter store with one secret."""

    def read(self, name: str) -> Secret:
        assert name == "/utilsbot/chat-key"
        return _KEY


def _export(table: str, clock: Clock, **environment: str) -> dict[str, Any]:
    parts = Parts(environment, clock, store_table.connect(), table, AttachmentDownloader())
    ports: Any = build_ports(parts, _OneKey())
    exported: dict[str, Any] = ports["holdings"].export(_USER)
    return exported


def _converse(table: str, clock: Clock) -> None:
    seal = XChaChaSeal(lambda: _KEY)
    client = store_table.connect()
    chats = Chats(client, table, seal, now=clock.now, life_s=3600, max_tokens=1000)
    chats.add(_USER, "channel", Turn("1", "What is rain?", "Water.", 5, int(clock.now())))


def test_an_export_can_be_read(table: str, clock: Clock) -> None:
    """Questions and answers in the clear, for nobody but their owner."""
    _converse(table, clock)

    (chat,) = _export(table, clock, CHAT_KEY_PARAMETER="/utilsbot/chat-key")["chats"]

    assert [(turn["question"], turn["answer"]) for turn in chat["turns"]] == [
        ("What is rain?", "Water.")
    ]
    json.dumps(chat)


def test_without_the_key_the_sealed_rows_are_exported(table: str, clock: Clock) -> None:
    """Nothing that is held is left out, readable or not."""
    _converse(table, clock)

    (row,) = _export(table, clock)["chats"]
    assert "What is rain?" not in json.dumps(row)
