"""What a command answers with; utilsbot.discord.messages turns it into what Discord takes."""

from typing import Any, NamedTuple

from utilsbot.discord.components import Row
from utilsbot.spec import Choice


class Colour:
    """The house's embed colours, 0xRRGGBB."""

    PLAIN = 0x5865F2
    SUCCESS = 0x2ECC71
    WARNING = 0xF1C40F
    ERROR = 0xED4245


class Field(NamedTuple):
    """A field of an embed; a value over 1024 characters travels as a file instead."""

    name: str
    value: str
    inline: bool = False

    def payload(self) -> dict[str, Any]:
        """Discord's JSON."""
        return {"name": self.name, "value": self.value, "inline": self.inline}


class Embed(NamedTuple):
    """An embed; a description over 4096 characters travels as a file instead."""

    title: str = ""
    """At most 256 characters."""
    description: str = ""
    fields: tuple[Field, ...] = ()
    """At most 25."""
    colour: int = Colour.PLAIN
    footer: str = ""
    """At most 2048 characters."""
    url: str = ""
    image: str = ""
    """http(s) or attachment://NAME of a file of the reply."""
    thumbnail: str = ""
    timestamp: str = ""
    """ISO 8601, UTC."""

    def payload(self) -> dict[str, Any]:
        """Discord's JSON, empty parts left out."""
        parts: dict[str, Any] = {
            "title": self.title,
            "description": self.description,
            "url": self.url,
            "timestamp": self.timestamp,
            "fields": [field.payload() for field in self.fields],
            "footer": {"text": self.footer} if self.footer else None,
            "image": {"url": self.image} if self.image else None,
            "thumbnail": {"url": self.thumbnail} if self.thumbnail else None,
        }
        return {key: value for key, value in parts.items() if value} | {"color": self.colour}


class File(NamedTuple):
    """A file to upload."""

    name: str
    content: bytes
    content_type: str = "application/octet-stream"
    description: str = ""
    """Alternative text, at most 1024 characters."""


class Reply(NamedTuple):
    """One answer. It pings nobody: allowed mentions are always empty."""

    content: str = ""
    """Text over 2000 characters is split at sensible places or attached, never cut."""
    embeds: tuple[Embed, ...] = ()
    files: tuple[File, ...] = ()
    rows: tuple[Row, ...] = ()


class Choices(NamedTuple):
    """The answer to an autocomplete: at most 25; more are left out."""

    choices: tuple[Choice, ...] = ()


def success(title: str, description: str = "", **rest: Any) -> Embed:
    """An embed in the house's style for what went well."""
    return Embed(title=title, description=description, colour=Colour.SUCCESS, **rest)
