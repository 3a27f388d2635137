"""Interactions as Discord sends them, for tests: commands, components, modals, in guilds and DMs.

The bodies have every field that discord-api-docs, interactions/receiving-and-responding.mdx,
documents for their kind, so that code which leans on a field finds it, and code which leans on
one that is missing outside guilds fails.
"""

from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from typing import Any

from utilsbot.discord.interaction import Interaction, parse_interaction
from utilsbot.discord.snowflake import EPOCH_MS
from utilsbot.spec import OptionType

NOW = 1_790_000_000.0
"""When the interactions are made unless the test says otherwise: epoch seconds."""
APPLICATION_ID = "1200000000000000001"
USER_ID = "300000000000000001"
OTHER_USER_ID = "300000000000000002"
GUILD_ID = "400000000000000001"
CHANNEL_ID = "500000000000000001"
DM_CHANNEL_ID = "500000000000000002"
ATTACHMENT_LIMIT_BYTES = 10 * 1024 * 1024
_PERMISSIONS = str((1 << 53) - 1)

Json = dict[str, Any]


def snowflake(at: float = NOW, sequence: int = 0) -> str:
    """An id that Discord could have made at that time."""
    return str((int(at * 1000) - EPOCH_MS << 22) + (1 << 17) + sequence)


def token(interaction_id: str) -> str:
    """A token of the form that Discord's have."""
    text = f"interaction:{interaction_id}:{'s3cret' * 10}"
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def attachment(
    filename: str = "notes.txt",
    size: int = 5,
    content_type: str = "text/plain",
    *,
    attachment_id: str = "600000000000000001",
    url: str | None = None,
) -> Json:
    """A resolved attachment; give it as an option's value."""
    path = f"/ephemeral-attachments/{APPLICATION_ID}/{attachment_id}/{filename}"
    query = "?ex=6ad0c1f0&is=6acf7070&hm=0f1e2d3c4b5a69788796a5b4c3d2e1f0&"
    return {
        "id": attachment_id,
        "filename": filename,
        "size": size,
        "url": url or f"https://cdn.discordapp.com{path}{query}",
        "proxy_url": f"https://media.discordapp.net{path}{query}",
        "content_type": content_type,
        "ephemeral": True,
    }


def user(user_id: str = USER_ID, name: str = "ada") -> Json:
    """A user object."""
    return {
        "id": user_id,
        "username": name,
        "global_name": name.title(),
        "discriminator": "0",
        "avatar": None,
        "avatar_decoration_data": None,
        "bot": False,
        "public_flags": 0,
    }


def command_interaction(
    name: str,
    subcommand: str | None = None,
    *,
    options: Mapping[str, Any] | None = None,
    attachments: Mapping[str, Json] | None = None,
    focused: str | None = None,
    **common: Any,
) -> Json:
    """A slash command, or with `focused`, the option being typed in, an autocomplete of one.

    `options` holds values by name, whose types are told from the values, and `attachments` what
    `attachment()` makes, by the option's name; the rest is as in `base`.
    """
    files = attachments or {}
    given = [_option(key, value, key == focused) for key, value in (options or {}).items()]
    given += [
        {"name": key, "type": int(OptionType.ATTACHMENT), "value": file["id"]}
        for key, file in files.items()
    ]
    if subcommand:
        given = [{"name": subcommand, "type": 1, "options": given}]
    data: Json = {"id": "700000000000000001", "name": name, "type": 1}
    if given:
        data["options"] = given
    if files:
        data["resolved"] = {"attachments": {file["id"]: file for file in files.values()}}
    return base(4 if focused else 2, data, **common)


def component_interaction(
    custom_id: str,
    *,
    values: Sequence[str] | None = None,
    owner_id: str = USER_ID,
    message: Json | None = None,
    **common: Any,
) -> Json:
    """A press of a button, or with `values` a choice in a string select.

    `owner_id` is whose command the message answers, if `message`, what the component is on, is
    not given; the rest is as in `base`.
    """
    data: Json = {"custom_id": custom_id, "component_type": 2, "id": 2}
    if values is not None:
        data |= {"component_type": 3, "values": list(values)}
    return base(3, data, message=message or answered_message(owner_id), **common)


def modal_interaction(
    custom_id: str,
    fields: Mapping[str, str],
    *,
    message: Json | None = None,
    **common: Any,
) -> Json:
    """A form that was sent in, with what was typed by the input's name.

    `message` is the one whose component opened the form, None after a command; the rest is as in
    `base`.
    """
    components = [
        {
            "type": 18,
            "id": 2 * number + 1,
            "component": {"type": 4, "id": 2 * number + 2, "custom_id": name, "value": value},
        }
        for number, (name, value) in enumerate(fields.items())
    ]
    data = {"custom_id": custom_id, "components": components, "resolved": {}}
    return base(5, data, message=message, **common)


def base(
    kind: int,
    data: Json,
    *,
    user_id: str = USER_ID,
    guild_id: str | None = GUILD_ID,
    user_install: bool = False,
    at: float = NOW,
    locale: str = "en-GB",
    message: Json | None = None,
    attachment_size_limit: int = ATTACHMENT_LIMIT_BYTES,
) -> Json:
    """What every interaction has; `kind` is Discord's interaction type.

    `guild_id` None stands for the DM with the bot, where there is no member; `user_install` for an
    app that is installed to the user only; `at` is when it was made, in epoch seconds.
    """
    channel_id = CHANNEL_ID if guild_id else DM_CHANNEL_ID
    body: Json = {
        "id": snowflake(at),
        "application_id": APPLICATION_ID,
        "type": kind,
        "token": token(snowflake(at)),
        "version": 1,
        "data": data,
        "channel_id": channel_id,
        "channel": {"id": channel_id, "type": 0 if guild_id else 1},
        "context": 0 if guild_id else 1,
        "locale": locale,
        "app_permissions": _PERMISSIONS,
        "attachment_size_limit": attachment_size_limit,
        "authorizing_integration_owners": {"1": user_id}
        if user_install
        else {"0": guild_id or "0"},
        "entitlements": [],
        "entitlement_sku_ids": [],
    }
    if guild_id:
        body |= {
            "guild_id": guild_id,
            "guild": {"id": guild_id, "features": [], "locale": "en-US"},
            "guild_locale": "en-US",
            "member": member(user_id),
        }
    else:
        body["user"] = user(user_id)
    return body | ({"message": message} if message else {})


def member(user_id: str = USER_ID) -> Json:
    """A member object as interactions carry it, with the permissions in the channel."""
    return {
        "user": user(user_id),
        "nick": None,
        "avatar": None,
        "roles": [],
        "joined_at": "2024-01-01T00:00:00.000000+00:00",
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
        "permissions": _PERMISSIONS,
        "communication_disabled_until": None,
    }


def answered_message(owner_id: str = USER_ID, **parts: Any) -> Json:
    """A private message of ours that answers a command of `owner_id`."""
    message: Json = {
        "id": snowflake(NOW - 60),
        "type": 20,
        "channel_id": CHANNEL_ID,
        "author": user(APPLICATION_ID, "utilsbot") | {"bot": True},
        "application_id": APPLICATION_ID,
        "webhook_id": APPLICATION_ID,
        "content": "",
        "embeds": [],
        "attachments": [],
        "components": [],
        "mentions": [],
        "mention_roles": [],
        "mention_everyone": False,
        "flags": 64,
        "pinned": False,
        "tts": False,
        "timestamp": "2026-09-21T14:12:20.000000+00:00",
        "edited_timestamp": None,
        "interaction_metadata": {
            "id": snowflake(NOW - 61),
            "type": 2,
            "user": user(owner_id),
            "authorizing_integration_owners": {"0": GUILD_ID},
            "name": "command",
        },
    }
    return message | parts


def parsed(body: Json) -> Interaction:
    """The interaction that our code makes of a body."""
    return parse_interaction(body)


def _option(name: str, value: Any, focused: bool) -> Json:
    """An option with the type that its value has."""
    kinds: Mapping[type, OptionType] = {
        bool: OptionType.BOOLEAN,
        int: OptionType.INTEGER,
        float: OptionType.NUMBER,
    }
    kind = kinds.get(type(value), OptionType.STRING)
    return {"name": name, "type": int(kind), "value": value} | (
        {"focused": True} if focused else {}
    )
