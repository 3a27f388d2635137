"""Puts a checked body and its files into a message, as Discord does on creation and on edit."""

from collections.abc import Mapping, Sequence
from typing import Any

from local.discord.form import Refusal
from local.discord.messages import (
    EPHEMERAL,
    SUPPRESS_EMBEDS,
    V2,
    MessageForm,
    check_message,
    file_number,
    is_empty,
)
from local.discord.state import Message, Session, State, StoredFile
from local.multipart import Part

DEFAULT_FILE_LIMIT_BYTES = 10 * 1024 * 1024


def write_message(
    state: State,
    session: Session,
    message: Message,
    raw: Any,
    files: Sequence[Part],
    *,
    allowed_flags: int,
) -> None:
    """Fills or edits a message; what the body does not name stays as it is.

    Raises:
        Refusal: Discord refuses the body; the message is unchanged.
    """
    limit = session.body.get("attachment_size_limit") or DEFAULT_FILE_LIMIT_BYTES
    form = check_message(
        raw,
        files,
        v2=bool(message.flags & V2),
        allowed_flags=allowed_flags,
        file_limit_bytes=int(limit),
    )
    body = raw if isinstance(raw, Mapping) else {}
    kept = _kept_files(message, form)
    after: dict[str, Any] = {
        "content": (form.content or "") if form.given("content") else message.content,
        "embeds": _plain(body, "embeds", message.embeds, form),
        "components": _plain(body, "components", message.components, form),
        "attachments": [*kept, *files],
        "poll": form.poll,
    }
    if is_empty(after):
        raise Refusal(400, 50006, "Cannot send an empty message")
    message.files = [*kept, *_store(state, form, files, ephemeral=message.private)]
    _describe(message.files, form)
    message.content, message.embeds = after["content"], after["embeds"]
    message.components = after["components"]
    message.flags = _flags(message.flags, form)


def _plain(
    body: Mapping[str, Any], key: str, before: list[dict[str, Any]], form: MessageForm
) -> list[dict[str, Any]]:
    """A list as it was sent (null empties it), or as it was if it was not sent."""
    return list(body.get(key) or []) if form.given(key) else before


def _kept_files(message: Message, form: MessageForm) -> list[StoredFile]:
    """An `attachments` list names every file that stays (webhook.mdx, Edit Webhook Message)."""
    if not form.given("attachments"):
        return list(message.files)
    named = {str(item.id) for item in form.attachments or []}
    return [file for file in message.files if file.id in named]


def _store(
    state: State, form: MessageForm, files: Sequence[Part], *, ephemeral: bool
) -> list[StoredFile]:
    """New files; one that a given `attachments` list leaves out is thrown away."""
    entries = {str(item.id): item for item in form.attachments or []}
    stored = []
    for part in files:
        entry = entries.get(file_number(part))
        if form.attachments is not None and entry is None:
            continue
        name = (entry.filename if entry else None) or part.filename or "file"
        kind = part.content_type
        new = state.add_file(name, part.content, kind, ephemeral=ephemeral)
        new.description = entry.description if entry else None
        stored.append(new)
    return stored


def _describe(files: Sequence[StoredFile], form: MessageForm) -> None:
    descriptions = {str(item.id): item.description for item in form.attachments or []}
    for file in files:
        file.description = descriptions.get(file.id) or file.description


def _flags(before: int, form: MessageForm) -> int:
    """EPHEMERAL never changes, IS_COMPONENTS_V2 is only added, SUPPRESS_EMBEDS goes both ways."""
    if form.flags is None:
        return before
    sticky = before & (EPHEMERAL | V2)
    return sticky | (form.flags & (V2 | SUPPRESS_EMBEDS)) | (before & ~(V2 | SUPPRESS_EMBEDS))
