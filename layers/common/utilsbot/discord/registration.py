"""A command's spec as Discord's registration JSON.

Source: discord-api-docs, interactions/application-commands.mdx, Application Command Structure.
"""

from collections.abc import Iterable
from typing import Any

from utilsbot.discord.command_limits import check_commands
from utilsbot.i18n import COMMAND_NAME, DEFAULT, OPTION_NAME, TRANSLATED, translated
from utilsbot.spec import (
    Access,
    Choice,
    Command,
    CommandType,
    Option,
    OptionType,
    Subcommand,
    Visibility,
    private_option,
)

_SUBCOMMAND = 1


def registration(specs: Iterable[Command]) -> list[dict[str, Any]]:
    """The body of the bulk overwrite that registers these commands and deletes all others.

    Raises:
        LimitExceeded: Discord would refuse it; the message names the place.
    """
    payloads = [to_payload(spec) for spec in specs]
    check_commands(payloads)
    return payloads


def to_payload(spec: Command) -> dict[str, Any]:
    """One command as Discord's JSON, unchecked."""
    slash = spec.type is CommandType.CHAT_INPUT
    payload: dict[str, Any] = {"type": int(spec.type), "name": spec.name}
    payload |= _localisations("name", spec.name, COMMAND_NAME)
    if slash:
        payload["description"] = spec.summary
        payload |= _localisations("description", spec.summary)
        if options := _options(spec):
            payload["options"] = options
    payload["contexts"] = [int(context) for context in spec.contexts]
    payload["integration_types"] = [int(integration) for integration in spec.integrations]
    permissions = "0" if spec.access is Access.DEVELOPERS else spec.permissions
    if permissions is not None:  # "0": administrators only; our own check stands behind it anyway
        payload["default_member_permissions"] = str(permissions)
    return payload


def _options(spec: Command) -> list[dict[str, Any]]:
    if spec.subcommands:
        return [_subcommand(sub, sub.visibility or spec.visibility) for sub in spec.subcommands]
    return [_option(option) for option in (*spec.options, *_added(spec.visibility))]


def _added(visibility: Visibility) -> tuple[Option, ...]:
    return (private_option(visibility),) if visibility.has_option else ()


def _subcommand(subcommand: Subcommand, visibility: Visibility) -> dict[str, Any]:
    payload = {"type": _SUBCOMMAND} | _named(subcommand, COMMAND_NAME)
    options = [_option(option) for option in (*subcommand.options, *_added(visibility))]
    return payload | ({"options": options} if options else {})


def _option(option: Option) -> dict[str, Any]:
    payload: dict[str, Any] = {"type": int(option.type)} | _named(option, OPTION_NAME)
    if option.required:
        payload["required"] = True
    if option.choices:
        payload["choices"] = [_choice(option.type, choice) for choice in option.choices]
    if option.autocomplete:
        payload["autocomplete"] = True
    limits = {
        "min_value": option.min_value,
        "max_value": option.max_value,
        "min_length": option.min_length,
        "max_length": option.max_length,
    }
    return payload | {key: value for key, value in limits.items() if value is not None}


def _choice(kind: OptionType, choice: Choice) -> dict[str, Any]:
    value = float(choice.value) if kind is OptionType.NUMBER else choice.value
    return {"name": choice.name, **_localisations("name", choice.name), "value": value}


def _named(part: Option | Subcommand, context: str) -> dict[str, Any]:
    return (
        {"name": part.name, "description": part.summary}
        | _localisations("name", part.name, context)
        | _localisations("description", part.summary)
    )


def _localisations(key: str, own: str, context: str | None = None) -> dict[str, Any]:
    """A text in every language that has one of its own; nothing where none has.

    English is listed too then: else another language may win over it as a fallback (en-GB).
    """
    found = {locale: translated(locale, own, context) for locale in TRANSLATED}
    texts = {locale: text for locale, text in found.items() if text}
    return {f"{key}_localizations": {DEFAULT: own} | texts} if texts else {}
