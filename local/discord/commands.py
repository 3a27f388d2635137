"""Application commands: what Discord accepts, and the routes that keep them.

Source: interactions/application-commands.mdx.
"""

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from local.discord.components import Strict, between
from local.discord.form import Path, Problems, Refusal, as_list
from local.discord.state import State

COUNTS: Mapping[int, int] = {1: 100, 2: 15, 3: 15, 4: 1}
_TOTAL_CHARACTERS = 8000
_SUB_COMMAND, _GROUP = 1, 2


class _Choice(Strict):
    name: Annotated[str, between(1, 100)]
    value: Annotated[str, Field(max_length=100)] | int | float


class _Option(Strict):
    type: Annotated[int, Field(ge=1, le=11)]
    name: Annotated[str, between(1, 32)]
    description: Annotated[str, between(1, 100)]
    required: bool | None = None
    choices: Annotated[list[_Choice], Field(max_length=25)] | None = None
    autocomplete: bool | None = None
    min_length: Annotated[int, Field(ge=0, le=6000)] | None = None
    max_length: Annotated[int, Field(ge=1, le=6000)] | None = None


class _Command(Strict):
    name: Annotated[str, between(1, 32)]
    type: Literal[1, 2, 3, 4] = 1
    description: Annotated[str, Field(max_length=100)] | None = None
    options: Annotated[list[Any], Field(max_length=25)] | None = None
    integration_types: list[Literal[0, 1]] | None = None
    contexts: list[Literal[0, 1, 2]] | None = None
    default_member_permissions: str | None = None
    nsfw: bool | None = None


class Commands:
    """The commands of the application, global ones and a guild's."""

    def __init__(self, state: State) -> None:
        """Args: state: where they are kept."""
        self._state = state

    def of(self, guild_id: str) -> list[dict[str, Any]]:
        """All of a scope; guild_id "" is the global one."""
        return self._state.commands.get(guild_id, [])

    def get(self, guild_id: str, command_id: str) -> dict[str, Any]:
        """One. Raises: Refusal: there is none."""
        for command in self.of(guild_id):
            if command["id"] == command_id:
                return command
        raise Refusal(404, 10063, "Unknown application command")

    def overwrite(self, guild_id: str, application_id: str, body: Any) -> list[dict[str, Any]]:
        """Bulk overwrite: what is missing is deleted, unchanged ones keep id and version.

        Raises:
            Refusal: any of them breaks a rule; nothing is changed.
        """
        if not isinstance(body, list):
            raise Refusal(400, 50035, "Invalid Form Body")
        problems = Problems()
        for index, raw in enumerate(body):
            _check(raw, (index,), problems, in_guild=bool(guild_id))
        problems.finish()
        _check_counts(body)
        kept = [self._stored(guild_id, application_id, raw) for raw in body]
        self._state.commands[guild_id] = kept
        return kept

    def create(self, guild_id: str, application_id: str, body: Any) -> tuple[dict[str, Any], bool]:
        """Adds or replaces one by type and name; whether it is new.

        Raises:
            Refusal: it breaks a rule.
        """
        problems = Problems()
        _check(body, (), problems, in_guild=bool(guild_id))
        problems.finish()
        others = [c for c in self.of(guild_id) if _key(c) != _key(body)]
        _check_counts([*others, body])
        stored = self._stored(guild_id, application_id, body)
        new = len(others) == len(self.of(guild_id))
        self._state.commands[guild_id] = [*others, stored]
        return stored, new

    def delete(self, guild_id: str, command_id: str) -> None:
        """Removes one. Raises: Refusal: there is none."""
        found = self.get(guild_id, command_id)
        self._state.commands[guild_id] = [c for c in self.of(guild_id) if c is not found]

    def _stored(self, guild_id: str, application_id: str, raw: Mapping[str, Any]) -> dict[str, Any]:
        """The command with Discord's own fields; the same object if nothing changed."""
        own = ("id", "version", "application_id", "guild_id")
        before = next((c for c in self.of(guild_id) if _key(c) == _key(raw)), None)
        given = {"type": 1, **raw}
        if before and {k: v for k, v in before.items() if k not in own} == given:
            return before
        stored = given | {"application_id": application_id, "version": self._state.ids.new()}
        stored["id"] = before["id"] if before else self._state.ids.new()
        return stored | ({"guild_id": guild_id} if guild_id else {})


def _key(command: Any) -> tuple[Any, Any]:
    return (command.get("type", 1), command.get("name")) if isinstance(command, Mapping) else (0, 0)


def _check_counts(commands: Sequence[Any]) -> None:
    kinds = Counter(_key(command)[0] for command in commands)
    for kind, limit in COUNTS.items():
        if kinds[kind] > limit:
            raise Refusal(400, 30032, f"Maximum number of application commands reached ({limit})")
    if max(Counter(map(_key, commands)).values(), default=0) > 1:
        raise Refusal(400, 50035, "Application command names must be unique")


def _check(raw: Any, at: Path, problems: Problems, *, in_guild: bool) -> None:
    command = problems.read(_Command, raw, at)
    if command is None:
        return
    if command.type == 1:
        _check_name(command.name, (*at, "name"), problems)
        if not command.description:
            problems.add((*at, "description"), "BASE_TYPE_REQUIRED", "This field is required")
    elif command.description or command.options:
        problems.add(
            (*at, "description"),
            "APPLICATION_COMMAND_INVALID_DESCRIPTION",
            "Menu commands take none",
        )
    if in_guild and 1 in (command.contexts or []):
        problems.add(
            (*at, "contexts"), "APPLICATION_COMMAND_CONTEXTS_INVALID", "No BOT_DM in a guild"
        )
    _check_options(command.options, (*at, "options"), problems, depth=0)
    if _characters(raw) > _TOTAL_CHARACTERS:
        problems.add(
            at, "APPLICATION_COMMAND_TOO_LARGE", f"Command exceeds {_TOTAL_CHARACTERS} characters"
        )


def _check_options(options: Any, at: Path, problems: Problems, depth: int) -> None:
    read = [problems.read(_Option, raw, (*at, i)) for i, raw in enumerate(as_list(options))]
    optional_before, names = False, set()
    for index, (raw, option) in enumerate(zip(as_list(options), read, strict=True)):
        if option is None:
            continue
        here: Path = (*at, index)
        _check_name(option.name, (*here, "name"), problems)
        if option.name in names:
            problems.add(
                here,
                "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS",
                "Option names must be unique",
            )
        names.add(option.name)
        if option.required and optional_before:
            problems.add(
                here,
                "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                "Required options must be placed before non-required options",
            )
        optional_before |= not option.required
        if option.choices and option.autocomplete:
            problems.add(
                here, "APPLICATION_COMMAND_OPTIONS_CHOICES_INVALID", "autocomplete excludes choices"
            )
        if option.type in {_SUB_COMMAND, _GROUP}:
            if depth >= (2 if option.type == _SUB_COMMAND else 1):
                problems.add(here, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Nested too deeply")
            _check_options(raw.get("options"), (*here, "options"), problems, depth + 1)
    kinds = {option.type in {_SUB_COMMAND, _GROUP} for option in read if option}
    if len(kinds) > 1:
        problems.add(
            at,
            "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
            "Sub-commands are mutually exclusive to all other option types",
        )


def _check_name(name: str, at: Path, problems: Problems) -> None:
    if name != name.lower() or not all(_allowed(letter) for letter in name):
        problems.add(at, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _allowed(letter: str) -> bool:
    """Letters and digits of any script, - _ ', and the marks of Devanagari and Thai."""
    marks = "\u0900" <= letter <= "\u097f" or "\u0e00" <= letter <= "\u0e7f"
    return letter in "-_'" or unicodedata.category(letter)[0] in "LN" or marks


def _characters(node: Any) -> int:
    """What counts to a command's size: names, descriptions and values, the longest localisation."""
    if not isinstance(node, Mapping):
        return 0
    total = 0
    for key in ("name", "description"):
        texts = [node.get(key), *(node.get(f"{key}_localizations") or {}).values()]
        total += max((len(text) for text in texts if isinstance(text, str)), default=0)
    value = node.get("value")
    total += len(value) if isinstance(value, str) else 0
    nested = [*as_list(node.get("options")), *as_list(node.get("choices"))]
    return total + sum(_characters(inner) for inner in nested)
