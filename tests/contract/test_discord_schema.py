"""The contract kit refuses what Discord refuses."""

from typing import Any

import pytest

from tests.contract.discord_schema import (
    assert_callback,
    assert_message_create,
    assert_message_edit,
    assert_registration,
)
from utilsbot.discord.components import Button, Modal, Select, SelectOption, TextInput, row
from utilsbot.discord.limits import LimitExceeded
from utilsbot.discord.messages import callback_message, callback_update, render
from utilsbot.reply import Embed, Field, File, Reply

FULL = Reply(
    content="text",
    embeds=(
        Embed(
            "Title", "Text", (Field("a", "b", inline=True),), footer="f", image="attachment://a.png"
        ),
        Embed(url="https://example.org/", title="x", timestamp="2026-01-01T00:00:00+00:00"),
    ),
    files=(File("a.png", b"1", "image/png", "A picture"),),
    rows=(
        row(Button("Again", "hash/again", emoji="🔁"), Button("Off", "hash/off", disabled=True)),
        row(Select("hash/pick", (SelectOption("A", "a", "first", default=True),), "choose")),
    ),
)


def test_a_full_reply_is_valid_both_ways() -> None:
    """Everything that a Reply can hold is valid as an edit and as a new message."""
    (message,) = render(FULL, attachment_limit_bytes=100, max_messages=5)
    files = [(file.name, len(file.content)) for file in message.files]
    assert_message_edit(message.edit_payload, files)
    assert_message_create(message.create_payload | {"flags": 64}, files)


def test_callbacks_that_we_send() -> None:
    """Each type of answer that we give is valid for its interactions."""
    reply = Reply(embeds=(Embed("Pong"),), rows=FULL.rows)
    modal = Modal("Title", "totp/secret", (TextInput("secret", "Secret", "Base32"),))
    assert_callback({"type": 1}, 1)
    assert_callback({"type": 4, "data": callback_message(reply, private=True)}, 2)
    assert_callback({"type": 5, "data": {"flags": 64}}, 2)
    assert_callback({"type": 5}, 5)
    assert_callback({"type": 6}, 3)
    assert_callback({"type": 7, "data": callback_update(reply)}, 3)
    assert_callback({"type": 8, "data": {"choices": [{"name": "a", "value": "b"}]}}, 4)
    assert_callback({"type": 8, "data": {"choices": []}}, 4)
    assert_callback({"type": 9, "data": modal.payload()}, 2)


@pytest.mark.parametrize(
    ("body", "interaction_type"),
    [
        ({"type": 10}, None),
        ({"type": 9, "data": {"title": "t", "custom_id": "c", "components": []}}, None),
        ({"type": 5, "data": {"content": "lost"}}, None),
        ({"type": 5, "data": {"flags": 4}}, None),
        ({"type": 6, "data": {"content": "lost"}}, None),
        ({"type": 4, "data": {"content": "x" * 2001}}, None),
        ({"type": 4, "data": {"content": "x", "colour": 1}}, None),
        ({"type": 4, "data": {"content": "x", "flags": 1}}, None),
        ({"type": 4, "data": {}}, None),
        ({"type": 7, "data": {}}, None),
        ({"type": 8, "data": {}}, None),
        ({"type": 8, "data": {"choices": [{"name": "a", "value": "b" * 101}]}}, None),
        ({"type": 4, "data": {"content": "x"}}, 4),
        ({"type": 9, "data": {}}, 5),
    ],
)
def test_bad_callbacks(body: dict[str, Any], interaction_type: int | None) -> None:
    """Answers that Discord refuses, or whose parts it loses, fail."""
    with pytest.raises((AssertionError, LimitExceeded)):
        assert_callback(body, interaction_type)


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"content": "x", "username": "bot"},
        {"content": "x", "embed": {}},
        {"embeds": [{"title": "t", "fields": [{"name": "n", "value": "v", "inline": "yes"}]}]},
        {"content": "x", "components": [{"type": 1, "components": []}]},
        {"content": "x", "attachments": [{"id": "first", "filename": "a"}]},
    ],
)
def test_bad_messages(payload: dict[str, Any]) -> None:
    """Follow-ups that Discord refuses, or whose parts it drops, fail."""
    with pytest.raises((AssertionError, LimitExceeded)):
        assert_message_create(payload)


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"content": "x", "flags": 64},
        {"content": "", "embeds": [], "components": [], "attachments": []},
    ],
)
def test_bad_edits(payload: dict[str, Any]) -> None:
    """Edits that change nothing, clear everything or set a fixed flag fail."""
    with pytest.raises((AssertionError, LimitExceeded)):
        assert_message_edit(payload)


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Hash"},
        {"description": ""},
        {"default_member_permissions": 8},
        {"contexts": [7]},
        {"cooldown": 1},
        {"options": [{"type": 3, "name": "a", "description": "b", "max_length": 6001}]},
        {"options": [{"type": 12, "name": "a", "description": "b"}]},
    ],
)
def test_bad_commands(change: dict[str, Any]) -> None:
    """Registrations that Discord refuses, or whose parts it drops, fail."""
    good = {"type": 1, "name": "hash", "description": "Digests"}
    assert_registration([good])
    with pytest.raises((AssertionError, LimitExceeded)):
        assert_registration([good | change])
