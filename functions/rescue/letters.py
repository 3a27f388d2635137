"""Reads a dead message: a command of somebody, or what is known of something that is none."""

from types import FunctionType
from typing import NamedTuple, cast
from zlib import crc32

from utilsbot.catalog import Catalog
from utilsbot.discord import custom_id
from utilsbot.discord.interaction import (
    Interaction,
    InteractionType,
    MalformedInteraction,
    parse_interaction,
)
from utilsbot.discord.snowflake import EPOCH_MS, reference_id
from utilsbot.envelope import Envelope, MalformedEnvelope
from utilsbot.errors import UserError
from utilsbot.routing import Call, route
from utilsbot.spec import Ack
from utilsbot.store.command_log import Entry

_END_OF_TIME = 1e11
"""Seconds; NaN and what DynamoDB could not hold are refused with what lies beyond."""


class Stray(Exception):
    """A message that is no command of anybody; says why, and never what is in it."""


class Letter(NamedTuple):
    """A command that failed for good."""

    interaction: Interaction
    envelope: Envelope
    entry: Entry
    edits: bool
    """Whether its first answer is a message of its own that waits for an edit."""
    answers_at_once: bool
    """Whether the first thing that its user sees is the whole answer, and no preview of one."""
    private: bool
    replayable: bool
    """Whether its spec allows to keep it for a replay."""


def read_letter(body: str, catalog: Catalog, group: str) -> Letter:
    """The command of a message.

    Args:
        body: the message's.
        catalog: of all groups.
        group: whose queue it was in; stands in where the catalog does not know the command.

    Raises:
        Stray: it is none.
    """
    try:
        envelope = Envelope.decode(body)
        interaction = parse_interaction(envelope.interaction)
    except MalformedEnvelope as error:
        raise Stray(f"no envelope ({error})") from None
    except MalformedInteraction as error:
        raise Stray(f"no interaction: {error}") from None
    if not 0 <= envelope.received_at < _END_OF_TIME:
        raise Stray("received_at is no time")
    call = _call(interaction, catalog)
    entry = Entry(
        user_id=interaction.user.id,
        interaction_id=interaction.id,
        command=call.name if call else _name(interaction),
        group=call.command.group if call else group,
        guild_id=interaction.guild_id,
        reference=reference_id(interaction.id),
        received_at=envelope.received_at,
        first_today=envelope.first_today is True,
    )
    return Letter(
        interaction,
        envelope,
        entry,
        edits=_edits(interaction, call),
        answers_at_once=call is not None and not _previews(call),
        private=call.private if call else True,
        replayable=_replayable(interaction, call),
    )


def _call(interaction: Interaction, catalog: Catalog) -> Call | None:
    """What it stands for, or None: a command may fail because this version does not know it."""
    try:
        return route(interaction, catalog)
    except (UserError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _edits(interaction: Interaction, call: Call | None) -> bool:
    """Of an unknown button nobody can say how it was acknowledged, and it may be another's message.

    A follow-up is right in both cases: after "thinking…" Discord makes it the answer itself
    (receiving-and-responding.mdx, Create Followup Message).
    """
    if call is None:
        return interaction.type is InteractionType.APPLICATION_COMMAND
    return call.ack is not Ack.UPDATE


def _previews(call: Call) -> bool:
    """Whether its function asks for what shows an answer that is under way (utilsbot.progress)."""
    code = cast("FunctionType", call.command.function(call.function)).__code__
    return "progress" in code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]


def _replayable(interaction: Interaction, call: Call | None) -> bool:
    """What is typed into a form is never kept, whatever the command."""
    typed = interaction.type is InteractionType.MODAL_SUBMIT
    return call is not None and call.command.spec.replayable and not typed


def _name(interaction: Interaction) -> str:
    """As Call.name, from the interaction alone; made fit for the store, because it is not ours."""
    if interaction.type is InteractionType.APPLICATION_COMMAND:
        return str(interaction.data.get("name"))[:32].encode(errors="replace").decode()
    parts = custom_id.parse(str(interaction.data.get("custom_id") or ""))
    return f"{parts.command}:{parts.action}"[:64] if parts else "unknown"


def stray_id(message_id: str, sent_at_ms: int) -> str:
    """An id for a message that has none: sorts by when it was sent, the same at every delivery."""
    return str((max(0, sent_at_ms - EPOCH_MS) << 22) | (crc32(message_id.encode()) & 0x3FFFFF))
