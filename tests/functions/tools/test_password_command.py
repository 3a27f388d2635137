"""/password, from Discord's JSON to the reply and its button."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.tools.commands.password import SPEC
from functions.tools.ports import build_ports
from tests.answers import AttachedFiles, context_of, embed_of, field_of, reply_to
from tests.interactions import command_interaction, component_interaction
from utilsbot.discord.components import Button
from utilsbot.errors import BadInput, UnknownCommand
from utilsbot.reply import Colour, Reply
from utilsbot.spec import Ack

_PORTS = build_ports(AttachedFiles())


def _password(**options: Any) -> Reply:
    return reply_to(command_interaction("password", options=options), _PORTS)


def _press(custom_id: str) -> Reply:
    return reply_to(component_interaction(custom_id), _PORTS)


def _shown(reply: Reply) -> str:
    found = re.fullmatch(r"```\n(.+)\n```", embed_of(reply).description)
    assert found
    return found[1]


def _button(reply: Reply) -> Button:
    ((button,),) = (row.components for row in reply.rows)
    assert isinstance(button, Button)
    return button


def test_without_options() -> None:
    """16 characters with symbols and nothing ambiguous, and the strength of exactly that."""
    reply = _password()
    password = _shown(reply)
    assert len(password) == 16
    assert re.search(r"[^A-Za-z0-9]", password)
    assert field_of(reply, "Strength").startswith("**101.4 bits**, strong")
    assert "16 characters, drawn evenly from 82" in field_of(reply, "How it was made")
    assert embed_of(reply).colour == Colour.SUCCESS


def test_no_two_are_alike() -> None:
    """Each call draws anew."""
    assert _shown(_password()) != _shown(_password())


def test_a_passphrase() -> None:
    """Words of the list with the separator, and their strength."""
    reply = _password(kind="passphrase", words=5, separator="space")
    assert len(_shown(reply).split(" ")) == 5
    assert field_of(reply, "Strength").startswith("**64.6 bits**, good")
    assert "5 words, each drawn evenly from 7,772" in field_of(reply, "How it was made")


def test_weak_ones_look_weak() -> None:
    """A short one is made as asked, in amber and with the truth."""
    reply = _password(length=8)
    assert embed_of(reply).colour == Colour.WARNING
    assert "weak" in field_of(reply, "Strength")


@pytest.mark.parametrize(
    "options", [{"length": 7}, {"length": 129}, {"words": 2}, {"words": 13}, {"kind": "runes"}]
)
def test_limits_hold_on_our_side_too(options: dict[str, Any]) -> None:
    """What Discord's client would not send is refused."""
    with pytest.raises(BadInput):
        _password(**options)


@given(
    st.sampled_from(["characters", "passphrase"]),
    st.integers(8, 128),
    st.booleans(),
    st.booleans(),
    st.integers(3, 12),
    st.sampled_from(["hyphen", "space", "dot", "underscore"]),
)
def test_another_is_of_the_same_kind(
    kind: str, length: int, symbols: bool, unambiguous: bool, words: int, separator: str
) -> None:
    """The button carries every option: pressing it says the same of another password."""
    first = _password(
        kind=kind,
        length=length,
        include_symbols=symbols,
        exclude_ambiguous=unambiguous,
        words=words,
        separator=separator,
    )
    second = _press(_button(first).custom_id)
    assert embed_of(second).fields == embed_of(first).fields
    assert _button(second) == _button(first)
    assert _shown(second) != _shown(first)


def test_another_is_in_place_and_private() -> None:
    """The press edits the private message; nothing is posted."""
    (action,) = SPEC.actions
    assert action.ack is Ack.UPDATE
    assert action.owner_only
    body = command_interaction("password")
    assert context_of(body)[0].private


def test_no_password_is_in_a_custom_id() -> None:
    """Custom ids are stored by Discord with the message and sent back in the open."""
    reply = _password()
    assert _shown(reply) not in _button(reply).custom_id


@pytest.mark.parametrize(
    "arguments",
    [
        "characters/7/1/1/6/hyphen",
        "characters/129/1/1/6/hyphen",
        "characters/99999999999/1/1/6/hyphen",
        "characters/١٦/1/1/6/hyphen",
        "characters/-9/1/1/6/hyphen",
        "characters/16/2/1/6/hyphen",
        "characters/16/1/x/6/hyphen",
        "passphrase/16/1/1/2/hyphen",
        "passphrase/16/1/1/6/none",
        "runes/16/1/1/6/hyphen",
        "characters/16",
        "characters/16/1/1/6/hyphen/more",
    ],
)
def test_an_altered_custom_id_is_refused(arguments: str) -> None:
    """Custom ids come from outside: every part is checked again."""
    with pytest.raises(UnknownCommand):
        _press(f"password/again/{arguments}")
