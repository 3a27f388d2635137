"""What Discord sends to the endpoint: unknown keys are ignored, needed ones checked.

Source: discord-api-docs, interactions/receiving-and-responding.mdx, Interaction Structure.
"""

from collections.abc import Mapping
from enum import IntEnum
from typing import Any, NamedTuple

from utilsbot.discord.snowflake import created_at, is_snowflake

DEFAULT_ATTACHMENT_LIMIT_BYTES = 10 * 1024 * 1024
"""Discord's upload limit a file where the interaction names none (change-log 2025-01-16)."""
TOKEN_LIFE_S = 15 * 60
"""How long an interaction's token takes edits and follow-ups."""
TOKEN_MARGIN_S = 5.0
"""So long before its end a token is taken for dead: the answer has to get there."""


class InteractionType(IntEnum):
    """Discord's interaction types."""

    PING = 1
    APPLICATION_COMMAND = 2
    MESSAGE_COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL_SUBMIT = 5


class MalformedInteraction(ValueError):
    """A signed body that is not an interaction as Discord documents it."""


class User(NamedTuple):
    """Who called."""

    id: str
    name: str
    """The global display name, or the user name."""


class Attachment(NamedTuple):
    """A file that came with a command or a modal; its URL is signed and expires."""

    id: str
    filename: str
    size: int
    """Bytes, as Discord says it."""
    url: str
    content_type: str = ""


class Interaction(NamedTuple):
    """One interaction."""

    id: str
    application_id: str
    type: InteractionType
    token: str
    """A credential for 15 minutes; never logged."""
    user: User
    data: Mapping[str, Any]
    guild_id: str | None = None
    channel_id: str | None = None
    context: int | None = None
    locale: str = "en-US"
    guild_locale: str | None = None
    member_permissions: int | None = None
    """The member's permissions in the channel; None outside guilds."""
    attachment_size_limit: int = DEFAULT_ATTACHMENT_LIMIT_BYTES
    """Bytes a file."""
    user_install_only: bool = False
    """The app is installed to the user only: at most 5 follow-ups (error 40094)."""
    message: Mapping[str, Any] | None = None
    """The message that the component is on."""

    @property
    def created_at(self) -> float:
        """When Discord made it: epoch seconds."""
        return created_at(self.id)

    @property
    def owner_id(self) -> str | None:
        """Who caused the message that the component is on, if it says so."""
        metadata = _mapping(_mapping(self.message).get("interaction_metadata"))
        owner = _mapping(metadata.get("user")).get("id")
        return owner if isinstance(owner, str) else None

    @property
    def target_message(self) -> Mapping[str, Any] | None:
        """The message that a message command was used on, as Discord resolved it (partial)."""
        resolved = _mapping(_mapping(self.data.get("resolved")).get("messages"))
        message = resolved.get(str(self.data.get("target_id")))
        return message if isinstance(message, Mapping) else None

    def attachment(self, attachment_id: str) -> Attachment | None:
        """The resolved attachment of that id."""
        resolved = _mapping(_mapping(self.data.get("resolved")).get("attachments"))
        raw = resolved.get(attachment_id)
        return parse_attachment(attachment_id, raw) if isinstance(raw, Mapping) else None


def parse_attachment(attachment_id: str, raw: Mapping[str, Any]) -> Attachment:
    """An attachment object, of an interaction or of a message."""
    size = raw.get("size")
    return Attachment(
        id=attachment_id,
        filename=str(raw.get("filename") or "file"),
        size=size if isinstance(size, int) else 0,
        url=str(raw.get("url") or ""),
        content_type=str(raw.get("content_type") or ""),
    )


def _mapping(value: object) -> Mapping[str, Any]:
    """JSON's objects are dicts; to ask for the abstract Mapping takes six times as long."""
    return value if isinstance(value, dict) else {}


def _number(value: object) -> int | None:
    """Permission bits travel as decimal text."""
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 40:
        return int(value)
    return None


def _id(body: Mapping[str, Any], key: str) -> str | None:
    value = body.get(key)
    return value if isinstance(value, str) and is_snowflake(value) else None


def parse_interaction(body: object) -> Interaction:
    """The interaction of a verified body (not for PING, which has hardly any of this).

    Args:
        body: the decoded JSON.

    Raises:
        MalformedInteraction: a needed field is missing or of the wrong form, or the type is
            unknown; the message names the field.
    """
    if not isinstance(body, dict):
        raise MalformedInteraction("the body is not an object")
    try:
        kind = InteractionType(body.get("type", 0))
    except ValueError:
        raise MalformedInteraction("type is unknown") from None
    member = _mapping(body.get("member"))
    raw_user = _mapping(member.get("user") or body.get("user"))
    interaction_id, application_id = _id(body, "id"), _id(body, "application_id")
    user_id, token, data = _id(raw_user, "id"), body.get("token"), body.get("data")
    if interaction_id is None or application_id is None:
        raise MalformedInteraction("id or application_id is no snowflake")
    if user_id is None:
        raise MalformedInteraction("member.user.id or user.id is no snowflake")
    if not isinstance(token, str) or not token or not token.isascii() or len(token) > 1000:
        raise MalformedInteraction("token is missing")
    if not isinstance(data, dict):
        raise MalformedInteraction("data is missing")
    context, limit = body.get("context"), body.get("attachment_size_limit")
    owners = body.get("authorizing_integration_owners")
    locale, message = body.get("locale"), body.get("message")
    guild_locale = body.get("guild_locale")
    return Interaction(
        id=interaction_id,
        application_id=application_id,
        type=kind,
        token=token,
        user=User(user_id, str(raw_user.get("global_name") or raw_user.get("username") or user_id)),
        data=data,
        guild_id=_id(body, "guild_id"),
        channel_id=_id(body, "channel_id"),
        context=context if isinstance(context, int) else None,
        locale=locale if isinstance(locale, str) else "en-US",
        guild_locale=guild_locale if isinstance(guild_locale, str) else None,
        member_permissions=_number(member.get("permissions")) if member else None,
        attachment_size_limit=limit
        if isinstance(limit, int) and limit > 0
        else DEFAULT_ATTACHMENT_LIMIT_BYTES,
        user_install_only=isinstance(owners, dict) and set(owners) == {"1"},
        message=message if isinstance(message, dict) else None,
    )
