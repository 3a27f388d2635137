"""Builds interactions as Discord sends them.

Source: interactions/receiving-and-responding.mdx, Interaction Structure.
"""

import base64
import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from local.discord.components import walk
from local.discord.render import attachment, discord_message
from local.discord.state import Message, Session, State, channel_of
from local.discord.world import APPLICATION_ID, BOT_USER_ID, DEFAULT_LOCALE, Place, User
from local.multipart import Part

FILE_LIMIT_BYTES = 10 * 1024 * 1024
_APP_PERMISSIONS = {"guild": "2251800082120832", "dm": "442368", "private_channel": "180224"}
_USER, _MENTIONABLE, _ATTACHMENT = 6, 9, 11


class BadInput(ValueError):
    """What the page or the CLI asks for cannot be done; the message says why."""


class Inbound:
    """Makes the bodies of interactions."""

    def __init__(self, state: State, base_url: str) -> None:
        """Args: base_url: where attachments are served."""
        self._state = state
        self._base_url = base_url

    def ping(self) -> dict[str, Any]:
        """The PING that checks an endpoint."""
        return self._body(1, self._state.world.users[next(iter(self._state.world.users))]) | {
            "app_permissions": "0"
        }

    def command(
        self,
        user: User,
        place: Place,
        command: Mapping[str, Any],
        options: Sequence[Mapping[str, Any]],
        files: Mapping[str, Part],
        *,
        autocomplete: bool = False,
        target_id: str | None = None,
        locale: str = DEFAULT_LOCALE,
    ) -> dict[str, Any]:
        """A command (or the autocomplete of one of its options).

        The options are as interactions carry them; a file's value is its upload's part name, by
        which `files` has it. The user's Discord speaks `locale`.

        Raises:
            BadInput: it cannot be used there, or a file is missing.
        """
        contexts = command.get("contexts")
        if contexts is not None and place.context not in contexts:
            raise BadInput(f"/{command['name']} cannot be used in {place.name}")
        resolved: dict[str, Any] = {}
        data: dict[str, Any] = {
            "id": command["id"],
            "name": command["name"],
            "type": command.get("type", 1),
        }
        if sent := [self._option(option, place, files, resolved) for option in options]:
            data["options"] = sent
        if target_id:
            data["target_id"] = target_id
            self._resolve_target(data["type"], target_id, place, resolved)
        if resolved:
            data["resolved"] = resolved
        if place.guild_id and command.get("guild_id"):
            data["guild_id"] = place.guild_id
        return self._body(4 if autocomplete else 2, user, place, locale) | {"data": data}

    def component(
        self,
        user: User,
        message: Message,
        custom_id: str,
        values: Sequence[str],
        *,
        locale: str = DEFAULT_LOCALE,
    ) -> dict[str, Any]:
        """A click on a button, or a choice in a select.

        Raises:
            BadInput: the message has no such component, or it is disabled.
        """
        part = next((p for p in walk(message.components) if p.get("custom_id") == custom_id), None)
        if part is None or part.get("disabled"):
            raise BadInput(f"the message has no {custom_id!r} that can be used")
        data: dict[str, Any] = {
            "component_type": part["type"],
            "custom_id": custom_id,
            "id": part.get("id", 1),
        }
        if part["type"] != 2:
            data["values"] = list(values)
        return self._body(3, user, message.place, locale) | {
            "data": data,
            "message": discord_message(message, self._base_url),
        }

    def modal(
        self,
        user: User,
        session: Session,
        fields: Mapping[str, Any],
        *,
        locale: str = DEFAULT_LOCALE,
    ) -> dict[str, Any]:
        """A submitted modal.

        Raises:
            BadInput: a needed field is missing or a text too short or long, as the client checks.
        """
        modal = session.modal or {}
        data = {
            "custom_id": modal["custom_id"],
            "components": [
                _submitted(part, fields, index) for index, part in enumerate(modal["components"], 1)
            ],
        }
        body = self._body(5, user, session.place, locale) | {"data": data}
        message = session.body.get("message")
        return body | ({"message": message} if message else {})

    def _body(
        self, kind: int, user: User, place: Place | None = None, locale: str = DEFAULT_LOCALE
    ) -> dict[str, Any]:
        """What every interaction has."""
        interaction_id = self._state.ids.new()
        secret = f"interaction:{interaction_id}:{secrets.token_urlsafe(48)}"
        body: dict[str, Any] = {
            "application_id": APPLICATION_ID,
            "attachment_size_limit": FILE_LIMIT_BYTES,
            "authorizing_integration_owners": {},
            "entitlements": [],
            "entitlement_sku_ids": [],
            "id": interaction_id,
            "token": base64.urlsafe_b64encode(secret.encode()).decode().rstrip("="),
            "type": kind,
            "version": 1,
        }
        return body | (_somewhere(user, place, locale) if place else {"user": user.payload()})

    def _option(
        self,
        option: Mapping[str, Any],
        place: Place,
        files: Mapping[str, Part],
        resolved: dict[str, Any],
    ) -> dict[str, Any]:
        sent = dict(option)
        if "options" in option:
            nested = option["options"] or []
            sent["options"] = [self._option(o, place, files, resolved) for o in nested]
        elif option.get("type") == _ATTACHMENT:
            sent["value"] = self._upload(str(option.get("value")), files, resolved)
        elif option.get("type") in {_USER, _MENTIONABLE}:
            self._resolve_user(str(option.get("value")), place, resolved)
        return sent

    def _upload(self, part_name: str, files: Mapping[str, Part], resolved: dict[str, Any]) -> str:
        part = files.get(part_name)
        if part is None:
            raise BadInput(f"the upload {part_name!r} is missing")
        if len(part.content) > FILE_LIMIT_BYTES:
            raise BadInput(f"{part.filename} is larger than Discord's 10 MiB")
        stored = self._state.add_file(
            part.filename or "file", part.content, part.content_type, ephemeral=True
        )
        resolved.setdefault("attachments", {})[stored.id] = attachment(stored, self._base_url)
        return stored.id

    def _resolve_user(self, user_id: str, place: Place, resolved: dict[str, Any]) -> None:
        user = self._state.world.user(user_id)
        resolved.setdefault("users", {})[user_id] = user.payload()
        if place.guild_id:
            hidden = ("deaf", "mute")
            member = {k: v for k, v in user.member().items() if k not in hidden}
            resolved.setdefault("members", {})[user_id] = member

    def _resolve_target(
        self, kind: int, target_id: str, place: Place, resolved: dict[str, Any]
    ) -> None:
        message = self._state.messages.get(target_id)
        if kind == 2:
            self._resolve_user(target_id, place, resolved)
        elif message:
            resolved["messages"] = {target_id: discord_message(message, self._base_url)}
        else:
            raise BadInput(f"there is no message {target_id}")


def _somewhere(user: User, place: Place, locale: str) -> dict[str, Any]:
    """Who and where, in which language."""
    channel_id = channel_of(place, user)
    body: dict[str, Any] = {
        "app_permissions": _APP_PERMISSIONS[place.kind],
        "channel": _channel(place, channel_id, user),
        "channel_id": channel_id,
        "context": place.context,
        "locale": locale,
    }
    if place.guild_id:
        member = user.member() | {"user": user.payload()}
        guild = {"features": [], "id": place.guild_id, "locale": place.locale}
        return body | {
            "authorizing_integration_owners": {"0": place.guild_id},
            "guild": guild,
            "guild_id": place.guild_id,
            "guild_locale": place.locale,
            "member": member,
        }
    owners = {"0": "0"} if place.kind == "dm" else {"1": user.id}
    return body | {"authorizing_integration_owners": owners, "user": user.payload()}


def _channel(place: Place, channel_id: str, user: User) -> dict[str, Any]:
    body: dict[str, Any] = {"id": channel_id, "flags": 0, "last_message_id": None}
    if place.guild_id:
        name = place.name.rpartition("#")[2] or "general"
        return body | {
            "guild_id": place.guild_id,
            "name": name,
            "nsfw": False,
            "parent_id": None,
            "permissions": user.member()["permissions"],
            "position": 0,
            "rate_limit_per_user": 0,
            "topic": None,
            "type": 0,
        }
    bot = {"id": BOT_USER_ID, "username": "utilsbot", "discriminator": "0", "avatar": None}
    return body | {"type": 1 if place.kind == "dm" else 3, "recipients": [bot]}


def _submitted(part: Mapping[str, Any], fields: Mapping[str, Any], number: int) -> dict[str, Any]:
    """A modal's part as it comes back."""
    if part.get("type") == 10:
        return {"type": 10, "id": number}
    if part.get("type") == 1:
        inner = [_value(field, fields, number + 100) for field in part["components"]]
        return {"type": 1, "id": number, "components": inner}
    return {"type": 18, "id": number, "component": _value(part["component"], fields, number + 100)}


def _value(field: Mapping[str, Any], fields: Mapping[str, Any], number: int) -> dict[str, Any]:
    name, given = field["custom_id"], fields.get(field["custom_id"])
    answer: dict[str, Any] = {"type": field["type"], "id": number, "custom_id": name}
    needed = field.get("required", True) is not False
    if field["type"] == 4:
        text = "" if given is None else str(given)
        shortest, longest = field.get("min_length") or 0, field.get("max_length") or 4000
        if (needed or text) and not max(shortest, needed) <= len(text) <= longest:
            raise BadInput(f"{name} should have {max(shortest, needed)} to {longest} characters")
        return answer | {"value": text}
    values = [str(item) for item in _listed(given)]
    if needed and not values:
        raise BadInput(f"{name} is needed")
    return answer | {"values": values}


def _listed(given: Any) -> Iterator[Any]:
    if isinstance(given, list):
        yield from given
    elif given not in {None, ""}:
        yield given
