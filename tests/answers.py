"""Runs a command as the worker does: routed from Discord's JSON, answered, rendered and checked."""

from collections.abc import Mapping
from typing import Any

from functions.catalog import CATALOG
from tests.contract.discord_schema import assert_callback, assert_message_edit
from tests.interactions import NOW, Json, parsed
from utilsbot.context import Context
from utilsbot.discord.components import Modal
from utilsbot.discord.interaction import Attachment
from utilsbot.discord.limits import check_modal
from utilsbot.discord.messages import render
from utilsbot.discord.snowflake import reference_id
from utilsbot.errors import UserError
from utilsbot.invoke import invoke
from utilsbot.reply import Embed, File, Reply
from utilsbot.routing import Call, route


class AttachedFiles:
    """The files that users attached, by name, in place of Discord's file server."""

    def __init__(self, **files: bytes) -> None:
        """Args: files: contents by name, with `_` for the dot."""
        self._files = {name.replace("_", "."): content for name, content in files.items()}

    def fetch(self, attachment: Attachment, *, max_bytes: int) -> bytes:
        """The file, unless it is larger than the command takes."""
        content = self._files[attachment.filename]
        if max(len(content), attachment.size) > max_bytes:
            raise UserError(f"over {max_bytes} bytes", title="File too large")
        return content


def context_of(body: Json, now: float = NOW) -> tuple[Call, Context]:
    """The call that an interaction stands for, and what its function is told."""
    interaction = parsed(body)
    call = route(interaction, CATALOG)
    context = Context(
        interaction=interaction,
        now=now,
        reference=reference_id(interaction.id),
        private=call.private,
        values=call.values,
        fields=call.fields,
    )
    return call, context


def reply_to(body: Json, ports: Mapping[str, Any], now: float = NOW) -> Reply:
    """The reply to an interaction, checked against Discord's limits and schema."""
    call, context = context_of(body, now)
    reply = invoke(call, context, ports)
    assert isinstance(reply, Reply)
    limit = context.interaction.attachment_size_limit
    (message,) = render(reply, attachment_limit_bytes=limit, max_messages=1)
    assert message.files == reply.files, "the command lets something be moved into a file"
    files = [(file.name, len(file.content)) for file in message.files]
    assert_message_edit(message.edit_payload, files)
    return reply


def modal_of(body: Json) -> Modal | None:
    """The form that an interaction is answered with, checked; None if it is deferred."""
    call, context = context_of(body)
    if call.action:
        modal = invoke(call, context, {})
    else:
        modal = call.command.function("first_answer")(context, **call.options)
    if modal is None:
        return None
    assert isinstance(modal, Modal)
    check_modal(modal.payload())
    assert_callback({"type": 9, "data": modal.payload()}, body["type"])
    return modal


def embed_of(reply: Reply) -> Embed:
    """The only embed of a reply."""
    (embed,) = reply.embeds
    return embed


def field_of(reply: Reply, name: str) -> str:
    """The value of the embed's field of that name."""
    return next(field.value for field in embed_of(reply).fields if field.name == name)


def file_of(reply: Reply) -> File:
    """The only file of a reply."""
    (file,) = reply.files
    return file
