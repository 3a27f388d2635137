"""Discord's rules for registering commands, checked before Discord is asked.

Source: discord-api-docs, interactions/application-commands.mdx. Apart from utilsbot.discord.limits
because only the registration needs it, never an answer to an interaction.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from utilsbot.discord.limits import (
    MAX_COMMAND_DESCRIPTION,
    MAX_COMMAND_NAME,
    MAX_COMMAND_OPTIONS,
    MAX_COMMAND_TOTAL,
    MAX_COMMANDS,
    MAX_NUMBER,
    MAX_OPTION_TEXT,
    LimitExceeded,
    check_choices,
    check_count,
    check_length,
    check_unique,
)

LOCALES = frozenset(
    [
        "ar",
        "bg",
        "cs",
        "da",
        "de",
        "el",
        "en-GB",
        "en-US",
        "es-419",
        "es-ES",
        "fi",
        "fr",
        "he",
        "hi",
        "hr",
        "hu",
        "id",
        "it",
        "ja",
        "ko",
        "lt",
        "nl",
        "no",
        "pl",
        "pt-BR",
        "ro",
        "ru",
        "sv-SE",
        "th",
        "tr",
        "uk",
        "vi",
        "zh-CN",
        "zh-TW",
    ]
)
"""reference.mdx, Locales, and `ar` and `he` of the OpenAPI document."""

_CHAT_INPUT = 1
_SUBCOMMAND, _GROUP, _STRING, _INTEGER, _NUMBER = 1, 2, 3, 4, 10


def check_commands(payloads: Sequence[Mapping[str, Any]]) -> None:
    """All commands of an app must be ones that Discord takes in one bulk overwrite.

    Raises:
        LimitExceeded: with the first place that breaks a rule, as `commands[3].options[0].name`.
    """
    for at, payload in enumerate(payloads):
        check_command(payload, f"commands[{at}].")
    kinds = [payload.get("type", _CHAT_INPUT) for payload in payloads]
    for kind, limit in MAX_COMMANDS.items():
        check_count(f"commands of type {kind}", kinds.count(kind), limit)
    names = zip(kinds, (payload["name"] for payload in payloads), strict=True)
    check_unique("commands", names, "name")


def check_command(payload: Mapping[str, Any], prefix: str = "") -> None:
    """A command must be one that Discord registers.

    Args:
        payload: the registration's JSON.
        prefix: stands before the places that errors name.

    Raises:
        LimitExceeded: with the first place that breaks a rule.
    """
    slash = payload.get("type", _CHAT_INPUT) == _CHAT_INPUT
    if slash:
        _check_names(prefix, payload)
        _check_options(prefix, payload.get("options") or [])
        size = command_size(payload)
        if size > MAX_COMMAND_TOTAL:
            raise LimitExceeded(
                prefix.rstrip(".") or "command",
                f"{size} characters with the longest localisations, {MAX_COMMAND_TOTAL} allowed",
            )
    else:
        for key in ("description", "description_localizations", "options"):
            if payload.get(key):
                raise LimitExceeded(prefix + key, "only slash commands have it")
        check_length(f"{prefix}name", payload.get("name"), MAX_COMMAND_NAME)
        for locale, name in _localised(prefix, payload, "name_localizations"):
            check_length(f"{prefix}name_localizations.{locale}", name, MAX_COMMAND_NAME)
    permissions = payload.get("default_member_permissions")
    if permissions is not None and not (isinstance(permissions, str) and permissions.isdecimal()):
        raise LimitExceeded(f"{prefix}default_member_permissions", "decimal text is needed")


def command_size(payload: Mapping[str, Any]) -> int:
    """The characters that count to the 8000 of a slash command, the longest localisation of each.

    Source: Slash Commands, and error APPLICATION_COMMAND_TOO_LARGE in reference.mdx.
    """
    size = 0
    for key in ("name", "description"):
        texts = [payload.get(key) or "", *(payload.get(f"{key}_localizations") or {}).values()]
        size += max(len(text) for text in texts)
    size += sum(command_size(option) for option in payload.get("options") or [])
    for choice in payload.get("choices") or []:
        value = choice["value"]
        names = {key: choice.get(key) for key in ("name", "name_localizations")}
        size += command_size(names) + len(str(value))
    return size


def _localised(prefix: str, payload: Mapping[str, Any], key: str) -> Iterator[tuple[str, str]]:
    for locale, text in (payload.get(key) or {}).items():
        if locale not in LOCALES:
            raise LimitExceeded(f"{prefix}{key}.{locale}", "no locale of Discord's")
        yield locale, text


def _check_names(prefix: str, payload: Mapping[str, Any]) -> None:
    _check_name(f"{prefix}name", payload.get("name"))
    for locale, name in _localised(prefix, payload, "name_localizations"):
        _check_name(f"{prefix}name_localizations.{locale}", name)
    check_length(f"{prefix}description", payload.get("description"), MAX_COMMAND_DESCRIPTION)
    for locale, text in _localised(prefix, payload, "description_localizations"):
        path = f"{prefix}description_localizations.{locale}"
        check_length(path, text, MAX_COMMAND_DESCRIPTION)


def _check_name(path: str, name: object) -> None:
    r"""Discord's `^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$`, lower case where there is one."""
    check_length(path, name, MAX_COMMAND_NAME)
    text = str(name)
    if not all(_is_name_character(character) for character in text):
        raise LimitExceeded(path, "letters, digits, -, _ and ' only")
    if any(character.lower() != character for character in text):
        raise LimitExceeded(path, "upper case is not allowed")


def _is_name_character(character: str) -> bool:
    deva_or_thai = "\u0900" <= character <= "\u097f" or "\u0e01" <= character <= "\u0e5b"
    return character in "-_'" or character.isalnum() or deva_or_thai


def _check_options(prefix: str, options: Sequence[Mapping[str, Any]], depth: int = 0) -> None:
    check_count(f"{prefix}options", len(options), MAX_COMMAND_OPTIONS)
    check_unique(f"{prefix}options", (option.get("name") for option in options), "name")
    nesting = [option.get("type") in (_SUBCOMMAND, _GROUP) for option in options]
    if any(nesting) and not all(nesting):
        raise LimitExceeded(f"{prefix}options", "subcommands mixed with other options")
    required = [bool(option.get("required")) for option in options]
    if required != sorted(required, reverse=True):
        raise LimitExceeded(f"{prefix}options", "a required option after an optional one")
    for at, option in enumerate(options):
        here = f"{prefix}options[{at}]."
        _check_names(here, option)
        if nesting[at]:
            if depth > 1 or (depth == 1 and option.get("type") == _GROUP):
                raise LimitExceeded(here + "type", "nested too deeply")
            _check_options(here, option.get("options") or [], depth + 1)
        else:
            _check_value_rules(here, option)
    _check_localised_clashes(prefix, options)


def _check_localised_clashes(prefix: str, options: Sequence[Mapping[str, Any]]) -> None:
    """A localised option name must differ from all other options' names in that locale."""
    for at, option in enumerate(options):
        for locale, name in (option.get("name_localizations") or {}).items():
            for other in options:
                theirs = (other.get("name_localizations") or {}).get(locale)
                if other is not option and name in (other.get("name"), theirs):
                    path = f"{prefix}options[{at}].name_localizations.{locale}"
                    raise LimitExceeded(path, "another option has this name")


def _check_value_rules(here: str, option: Mapping[str, Any]) -> None:
    kind, choices = option.get("type"), option.get("choices") or []
    if option.get("autocomplete") and choices:
        raise LimitExceeded(here + "autocomplete", "together with choices")
    if (choices or option.get("autocomplete")) and kind not in (_STRING, _INTEGER, _NUMBER):
        raise LimitExceeded(here + "type", "only text and numbers have choices")
    check_choices(choices, here + "choices")
    types: dict[Any, tuple[type, ...]] = {_STRING: (str,), _INTEGER: (int,)}
    expected = types.get(kind, (int, float))
    for at, choice in enumerate(choices):
        if not isinstance(choice["value"], expected) or isinstance(choice["value"], bool):
            raise LimitExceeded(f"{here}choices[{at}].value", "not of the option's type")
    check_unique(here + "choices", (choice["name"] for choice in choices), "name")
    _check_range(here, option, ("min_value", "max_value"), (_INTEGER, _NUMBER), -MAX_NUMBER)
    _check_range(here, option, ("min_length", "max_length"), (_STRING,), 0)


def _check_range(
    here: str,
    option: Mapping[str, Any],
    keys: tuple[str, str],
    kinds: tuple[int, ...],
    lowest: int,
) -> None:
    given = [key for key in keys if option.get(key) is not None]
    if given and option.get("type") not in kinds:
        raise LimitExceeded(here + given[0], "not for an option of this type")
    highest = MAX_NUMBER if lowest else MAX_OPTION_TEXT
    low, high = option.get(keys[0]), option.get(keys[1])
    low, high = lowest if low is None else low, highest if high is None else high
    if not lowest <= low <= high <= highest:
        raise LimitExceeded(here + keys[0], f"{low} to {high} is no range within Discord's")
    if high < 1 and keys[1] == "max_length":
        raise LimitExceeded(here + keys[1], "at least 1 is needed")
