"""Assertions that what we send is what Discord documents: its OpenAPI document, then its docs.

The document (discord_openapi.json, see README.md) knows forms and lengths; utilsbot.discord.limits
and .command_limits know the rules that no schema expresses. Keys that Discord does not know are
errors here, because Discord drops them silently.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from utilsbot.discord.command_limits import check_commands
from utilsbot.discord.limits import FLAG_EPHEMERAL, check_choices, check_message, check_modal

DOCUMENT = Path(__file__).with_name("discord_openapi.json")

ALLOWED_ANSWERS = {1: {1}, 2: {4, 5, 9, 12}, 3: {4, 5, 6, 7, 9, 12}, 4: {8}, 5: {4, 5, 6, 7, 12}}
"""Interaction type: the callback types that may answer it
(interactions/receiving-and-responding.mdx, Interaction Callback Type)."""

_CALLBACKS = {
    1: "PongInteractionCallbackRequest",
    4: "CreateMessageInteractionCallbackRequest",
    5: "CreateMessageInteractionCallbackRequest",
    6: "UpdateMessageInteractionCallbackRequest",
    7: "UpdateMessageInteractionCallbackRequest",
    8: "ApplicationCommandAutocompleteCallbackRequest",
    9: "ModalInteractionCallbackRequest",
}
# Flags that may be set (resources/webhook.mdx; receiving-and-responding.mdx, Messages), less voice
# messages: SUPPRESS_EMBEDS, EPHEMERAL, SUPPRESS_NOTIFICATIONS, IS_COMPONENTS_V2.
_CREATE_FLAGS = 4 | 64 | 4096 | 32768
_EDIT_FLAGS = 4 | 32768


def assert_registration(commands: Sequence[Mapping[str, Any]]) -> None:
    """The body of a bulk overwrite of global commands is one that Discord takes."""
    _assert_schema("register", commands)
    check_commands(commands)


def assert_message_create(
    payload: Mapping[str, Any], files: Sequence[tuple[str, int]] = ()
) -> None:
    """A follow-up is one that Discord takes; `files` are (name, bytes) of its uploads."""
    _assert_schema("IncomingWebhookRequestPartial", payload)
    unsupported = payload.keys() & {"username", "avatar_url", "thread_name", "applied_tags"}
    assert not unsupported, f"not for follow-ups: {sorted(unsupported)}"
    _assert_flags(payload, _CREATE_FLAGS)
    check_message(payload, files)


def assert_message_edit(payload: Mapping[str, Any], files: Sequence[tuple[str, int]] = ()) -> None:
    """An edit of a message is one that Discord takes; `files` are (name, bytes) of its uploads."""
    _assert_schema("edit", payload)
    assert payload or files, "an edit that changes nothing"
    _assert_flags(payload, _EDIT_FLAGS)
    check_message(payload, files, edit=True)


def assert_callback(body: Mapping[str, Any], interaction_type: int | None = None) -> None:
    """The answer to an interaction is one that Discord takes (for that type of interaction)."""
    kind = body.get("type")
    assert kind in _CALLBACKS, f"no callback type that we use: {kind!r}"
    if interaction_type is not None:
        assert kind in ALLOWED_ANSWERS[interaction_type], f"{kind} to type {interaction_type}"
    _assert_schema(_CALLBACKS[kind], body)
    data = body.get("data") or {}
    if kind == 4:
        _assert_flags(data, _CREATE_FLAGS)
        check_message(data)
    elif kind == 5:
        assert data.keys() <= {"flags"}, f"lost in a deferral: {sorted(data)}"
        assert data.get("flags", 0) in (0, FLAG_EPHEMERAL), "a deferral takes only EPHEMERAL"
    elif kind in (1, 6):
        assert not data, f"type {kind} takes no data"
    elif kind == 7:
        assert data, "an update that changes nothing"
        _assert_flags(data, _CREATE_FLAGS)
        check_message(data, edit=True)
    elif kind == 8:
        assert isinstance(data.get("choices"), list), "choices are needed, [] for none"
        check_choices(data["choices"])
    elif kind == 9:
        check_modal(data)


def locales() -> set[str]:
    """The locales that Discord's document lists."""
    return {entry["const"] for entry in _document()["schemas"]["AvailableLocalesEnum"]["oneOf"]}


def _assert_flags(payload: Mapping[str, Any], allowed: int) -> None:
    flags = payload.get("flags") or 0
    assert not flags & ~allowed, f"flags {flags & ~allowed} cannot be set here"


def _assert_schema(name: str, value: object) -> None:
    problems = [
        f"{error.json_path}: {error.message[:300]}" for error in _validator(name).iter_errors(value)
    ]
    assert not problems, "\n".join(problems)


@cache
def _validator(name: str) -> Any:
    document = _document()
    schema = document["requests"].get(name) or {"$ref": f"#/components/schemas/{name}"}
    return Draft202012Validator(schema | {"components": {"schemas": document["schemas"]}})


@cache
def _document() -> dict[str, Any]:
    document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    schemas = document["components"]["schemas"]
    _overlay(schemas)
    for schema in schemas.values():
        if schema.get("type") == "object" and "properties" in schema:
            schema.setdefault("additionalProperties", False)
    return {"schemas": schemas, "requests": document["x-requests"]}


def _overlay(schemas: dict[str, Any]) -> None:
    """Where Discord's docs and its document differ, the docs win (the document's own README)."""
    command = schemas["ApplicationCommandUpdateRequest"]["properties"]
    # application-commands.mdx: a bit set as text; the document has an integer.
    command["default_member_permissions"] = {"type": ["string", "null"], "pattern": "^[0-9]+$"}
    command.setdefault("nsfw", {"type": ["boolean", "null"]})
    # application-commands.mdx, Choice Structure: 100 characters; the document has 6000.
    for name, schema in schemas.items():
        if name.startswith("ApplicationCommandOptionStringChoice"):
            schema["properties"]["value"]["maxLength"] = 100
    # resources/message.mdx, Attachment Request Structure: "snowflake or number".
    attachment = schemas["MessageAttachmentRequest"]["properties"]
    attachment["id"] = {"anyOf": [attachment["id"], {"type": "integer", "minimum": 0}]}
    # receiving-and-responding.mdx, Modal: 1 to 5; the document has 40.
    schemas["ModalInteractionCallbackRequestData"]["properties"]["components"]["maxItems"] = 5
    # A custom emoji is taken by its id alone; `animated` is missing from the document.
    emoji = schemas["ComponentEmojiForRequest"]
    emoji["properties"].setdefault("animated", {"type": ["boolean", "null"]})
    emoji.pop("required", None)
    emoji["anyOf"] = [{"required": ["name"]}, {"required": ["id"]}]
