"""Messages as Discord's API and components carry them, and as the page shows them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from local.discord.messages import V2
from local.discord.state import Message, StoredFile
from local.discord.world import APPLICATION_ID, BOT_NAME, BOT_USER_ID

_LOADING = 1 << 7


def iso(at: float) -> str:
    """Epoch seconds as Discord writes times."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="microseconds")


def attachment(stored: StoredFile, base_url: str) -> dict[str, Any]:
    """Discord's attachment object."""
    url = base_url + stored.path
    body: dict[str, Any] = {
        "id": stored.id,
        "filename": stored.filename,
        "size": len(stored.content),
        "url": url,
        "proxy_url": url,
        "content_type": stored.content_type,
    }
    if stored.description:
        body["description"] = stored.description
    if stored.ephemeral:
        body["ephemeral"] = True
    return body


def discord_message(message: Message, base_url: str) -> dict[str, Any]:
    """Discord's message object."""
    metadata: dict[str, Any] = {
        "id": message.interaction_id,
        "type": message.interaction_type,
        "user": message.owner.payload(),
        "authorizing_integration_owners": {},
    }
    if message.interaction_type == 2:
        metadata |= {"name": message.interaction_name.removeprefix("/"), "command_type": 1}
    return {
        "id": message.id,
        "type": 20 if message.interaction_type == 2 else 19,
        "application_id": APPLICATION_ID,
        "webhook_id": APPLICATION_ID,
        "channel_id": message.channel_id,
        "author": {"id": BOT_USER_ID, "username": BOT_NAME, "bot": True, "avatar": None},
        "content": message.content,
        "embeds": [_with_urls(embed, message, base_url) for embed in message.embeds],
        "attachments": [attachment(file, base_url) for file in message.files],
        "components": message.components,
        "flags": message.flags | (_LOADING if message.deferred else 0),
        "timestamp": iso(message.created_at),
        "edited_timestamp": iso(message.edited_at) if message.edited_at else None,
        "interaction_metadata": metadata,
        "mention_everyone": False,
        "mention_roles": [],
        "mentions": [],
        "pinned": False,
        "tts": False,
    }


def page_message(message: Message, base_url: str) -> dict[str, Any]:
    """What the page shows of a message."""
    timings = {
        "interaction_id": message.timed_by,
        "ack_ms": message.ack_ms,
        "final_ms": message.final_ms,
    }
    return {
        "id": message.id,
        "place_id": message.place.id,
        "author": {"id": BOT_USER_ID, "name": BOT_NAME, "bot": True},
        "interaction": {
            "id": message.interaction_id,
            "name": message.interaction_name,
            "user": {"id": message.owner.id, "name": message.owner.name},
        },
        "private": message.private,
        "deferred": message.deferred,
        "content": message.content,
        "embeds": [_with_urls(embed, message, base_url) for embed in message.embeds],
        "attachments": [
            attachment(file, base_url) | {"description": file.description} for file in message.files
        ],
        "components": _components(message, base_url),
        "flags": message.flags,
        "timestamp": iso(message.created_at),
        "edited": message.edited_at is not None,
        "timings": timings if message.ack_ms else None,
    }


def _components(message: Message, base_url: str) -> list[dict[str, Any]]:
    if not message.flags & V2:
        return message.components
    shown = _with_urls({"components": message.components}, message, base_url)["components"]
    return list(shown)


def _with_urls(node: Mapping[str, Any], message: Message, base_url: str) -> dict[str, Any]:
    """The same with attachment://NAME replaced by where the file is served."""
    urls = {f"attachment://{file.filename}": base_url + file.path for file in message.files}

    def replace(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: replace(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [replace(inner) for inner in value]
        return urls.get(value, value) if isinstance(value, str) else value

    return {key: replace(value) for key, value in node.items()}
