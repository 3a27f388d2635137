"""Signed requests as Discord sends them, of real size and with every field that a peer may read.

Source: discord-api-docs, interactions/receiving-and-responding.mdx, Interaction Structure.
"""

import itertools
import json
import time
from base64 import urlsafe_b64encode
from typing import Any, NamedTuple

from nacl.signing import SigningKey

KEY = SigningKey(b"k" * 32)
PUBLIC_KEY = bytes(KEY.verify_key).hex()
APPLICATION_ID = "1200000000000000001"
USER_ID, _GUILD_ID, _CHANNEL_ID = "300000000000000001", "400000000000000001", "500000000000000001"
_ALL_PERMISSIONS = str((1 << 53) - 1)
_DISCORD_EPOCH_MS = 1_420_070_400_000
_numbers = itertools.count()


class Request(NamedTuple):
    """One signed request, and what its answer has to be."""

    headers: dict[str, str]
    body: str
    status: int
    type: int | None
    """The callback's type in the answer; None where there is no callback."""

    def for_wire(self) -> dict[str, Any]:
        """As a runner reads it."""
        return self._asdict()


def ping() -> Request:
    """Discord's check of an endpoint."""
    body = {"id": _snowflake(), "application_id": APPLICATION_ID, "type": 1, "token": "t"}
    body |= {"version": 1, "user": _user(), "entitlements": []}
    return _signed(body, 1)


def refused() -> Request:
    """A command with a well-formed signature that somebody else made."""
    right = command("hash", {"text": "hello"})
    message = right.headers["x-signature-timestamp"].encode() + right.body.encode()
    forged = SigningKey(b"f" * 32).sign(message).signature.hex()
    return Request(right.headers | {"x-signature-ed25519": forged}, right.body, 401, None)


def command(
    name: str,
    options: dict[str, str] | None = None,
    *,
    subcommand: str = "",
    user_id: str = USER_ID,
    answer: int = 5,
) -> Request:
    """A slash command in a guild with text options; answer: the callback's type."""
    interaction_id = _snowflake()
    token = urlsafe_b64encode(f"interaction:{interaction_id}:{'s3cret' * 20}".encode()).decode()
    given: list[dict[str, Any]] = [
        {"name": key, "type": 3, "value": value} for key, value in (options or {}).items()
    ]
    if subcommand:
        given = [{"name": subcommand, "type": 1, "options": given}]
    body = {
        "app_permissions": _ALL_PERMISSIONS,
        "application_id": APPLICATION_ID,
        "attachment_size_limit": 10 * 1024 * 1024,
        "authorizing_integration_owners": {"0": _GUILD_ID},
        "channel": _channel(),
        "channel_id": _CHANNEL_ID,
        "context": 0,
        "data": {"id": "700000000000000001", "name": name, "type": 1, "options": given},
        "entitlement_sku_ids": [],
        "entitlements": [],
        "guild": {"features": ["COMMUNITY", "NEWS"], "id": _GUILD_ID, "locale": "en-GB"},
        "guild_id": _GUILD_ID,
        "guild_locale": "en-GB",
        "id": interaction_id,
        "locale": "en-GB",
        "member": _member(user_id),
        "token": token.rstrip("="),
        "type": 2,
        "version": 1,
    }
    return _signed(body, answer)


def _snowflake() -> str:
    """An id of now."""
    return str((time.time_ns() // 1_000_000 - _DISCORD_EPOCH_MS << 22) + next(_numbers) % 4096)


def _signed(body: dict[str, Any], answer: int) -> Request:
    text = json.dumps(body, separators=(",", ":"))
    timestamp = str(int(time.time()))
    signature = KEY.sign(timestamp.encode() + text.encode()).signature.hex()
    headers = {
        "content-type": "application/json",
        "content-length": str(len(text)),
        "host": "localhost",
        "user-agent": "Discord-Interactions/1.0 (+https://discord.com)",
        "x-signature-ed25519": signature,
        "x-signature-timestamp": timestamp,
    }
    return Request(headers, text, 200, answer)


def _user(user_id: str = USER_ID) -> dict[str, Any]:
    return {
        "avatar": "a" * 32,
        "avatar_decoration_data": None,
        "clan": None,
        "discriminator": "0",
        "global_name": "Ada",
        "id": user_id,
        "primary_guild": None,
        "public_flags": 0,
        "username": "ada",
    }


def _member(user_id: str) -> dict[str, Any]:
    return {
        "avatar": None,
        "banner": None,
        "communication_disabled_until": None,
        "deaf": False,
        "flags": 0,
        "joined_at": "2024-03-01T12:00:00.000000+00:00",
        "mute": False,
        "nick": None,
        "pending": False,
        "permissions": _ALL_PERMISSIONS,
        "premium_since": None,
        "roles": ["400000000000000002", "400000000000000003"],
        "unusual_dm_activity_until": None,
        "user": _user(user_id),
    }


def _channel() -> dict[str, Any]:
    return {
        "flags": 0,
        "guild_id": _GUILD_ID,
        "id": _CHANNEL_ID,
        "last_message_id": "600000000000000001",
        "name": "general",
        "nsfw": False,
        "parent_id": "500000000000000009",
        "permissions": _ALL_PERMISSIONS,
        "position": 1,
        "rate_limit_per_user": 0,
        "topic": None,
        "type": 0,
    }
