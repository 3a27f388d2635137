"""Finds the links of a message, as Discord's client would make them clickable."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

_LINK = re.compile(r"""https?://[^\s<>"|`]+""", re.IGNORECASE)
_LAST = ".,;:!?'*_~"
"""What ends a sentence or closes formatting, and no address."""


def links_of(message: Mapping[str, Any]) -> tuple[str, ...]:
    """The web addresses of a message's text, embeds, link buttons and forwarded messages.

    Args:
        message: a message object (resources/message.mdx).

    Returns:
        Each address once, in the order of the message.
    """
    found: dict[str, None] = {}
    for text in _texts(message):
        for match in _LINK.finditer(text):
            found[_trimmed(match[0])] = None
    return tuple(found)


def _texts(message: Mapping[str, Any]) -> Iterator[str]:
    yield _text(message.get("content"))
    for embed in _mappings(message.get("embeds")):
        yield from (_text(embed.get(key)) for key in ("url", "title", "description"))
        for field in _mappings(embed.get("fields")):
            yield _text(field.get("value"))
    for row in _mappings(message.get("components")):
        for component in _mappings(row.get("components")):
            yield _text(component.get("url"))
    for snapshot in _mappings(message.get("message_snapshots")):
        inner = snapshot.get("message")
        if isinstance(inner, Mapping):
            yield from _texts({key: inner[key] for key in inner if key != "message_snapshots"})


def _mappings(value: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, list):
        yield from (part for part in value if isinstance(part, Mapping))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _trimmed(link: str) -> str:
    """Without what belongs to the sentence: a full stop, a bracket that the link did not open."""
    while link and (
        link[-1] in _LAST or _is_unopened(link, "(", ")") or _is_unopened(link, "[", "]")
    ):
        link = link[:-1]
    return link


def _is_unopened(link: str, opening: str, closing: str) -> bool:
    """Whether it ends with a bracket that it did not open."""
    return link[-1] == closing and link.count(closing) > link.count(opening)
