"""What a Discord message says, as text and files. Source: resources/message.mdx."""

from collections.abc import Iterator, Mapping
from typing import Any

from utilsbot.discord.interaction import Attachment, parse_attachment


def text_of(message: Mapping[str, Any]) -> str:
    """A message's text, its embeds and what it forwards; empty if it has none."""
    return "\n\n".join(text for text in _texts(message) if text.strip()).strip()


def files_of(message: Mapping[str, Any]) -> list[Attachment]:
    """A message's attachments and those of what it forwards."""
    return [
        parse_attachment(str(raw.get("id") or "0"), raw)
        for part in (message, *_forwarded(message))
        for raw in _mappings(part.get("attachments"))
    ]


def _texts(message: Mapping[str, Any]) -> Iterator[str]:
    yield _text(message.get("content"))
    for embed in _mappings(message.get("embeds")):
        yield "\n".join(filter(None, (_text(embed.get(key)) for key in ("title", "description"))))
        for field in _mappings(embed.get("fields")):
            yield f"{_text(field.get('name'))}: {_text(field.get('value'))}"
    for part in _forwarded(message):
        yield from _texts({key: value for key, value in part.items() if key != _SNAPSHOTS})


_SNAPSHOTS = "message_snapshots"


def _forwarded(message: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for snapshot in _mappings(message.get(_SNAPSHOTS)):
        inner = snapshot.get("message")
        if isinstance(inner, Mapping):
            yield inner


def _mappings(value: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, list):
        yield from (part for part in value if isinstance(part, Mapping))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
