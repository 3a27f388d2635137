"""From an interaction to the function that answers it, with its arguments checked against the spec.

The front door asks for the acknowledgement, the worker for the function; both see the same call.
Discord checks options on the user's side only, so everything is checked again here.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from utilsbot.catalog import Catalog, CommandModule
from utilsbot.discord import custom_id
from utilsbot.discord.interaction import Interaction, InteractionType
from utilsbot.discord.snowflake import is_snowflake
from utilsbot.errors import BadInput, UnknownCommand
from utilsbot.i18n import N_, OPTION_NAME, _, pgettext
from utilsbot.spec import (
    PRIVATE_OPTION,
    Ack,
    Action,
    Choice,
    Command,
    Option,
    OptionType,
    Visibility,
    private_option,
)

_SUB_COMMAND, _SUB_COMMAND_GROUP = 1, 2
_MAX_NUMBER = 2**53
"""What Discord lets users type (interactions/application-commands.mdx, Option Type)."""


class Call(NamedTuple):
    """A call that some function of a command answers."""

    command: CommandModule
    function: str
    """The function's name in the command's module."""
    ack: Ack
    private: bool
    arguments: tuple[str, ...] = ()
    """Positional: the custom id's parts, or the partial text of an autocomplete."""
    options: Mapping[str, Any] = {}
    """Keyword: the options by name, defaults filled in."""
    values: tuple[str, ...] = ()
    fields: Mapping[str, str] = {}
    action: Action | None = None
    """The action, where a component or a modal was used."""
    may_choose: bool = False
    """Whether the caller could have chosen who sees the answer, and did not."""

    @property
    def name(self) -> str:
        """What logs and statistics call it: `qr`, `qr read`, `password:again`."""
        name = self.command.spec.name
        if self.action:
            return f"{name}:{self.action.name}"
        subcommand = self.function.partition("run_")[2]
        return f"{name} {subcommand}" if subcommand else name


def route(interaction: Interaction, catalog: Catalog) -> Call:
    """The call that an interaction stands for.

    Raises:
        UnknownCommand: no such command, subcommand or action in this version.
        BadInput: an option is missing, of another type, or outside its limits.
    """
    match interaction.type:
        case InteractionType.APPLICATION_COMMAND | InteractionType.AUTOCOMPLETE:
            return _command_call(interaction, catalog)
        case InteractionType.MESSAGE_COMPONENT | InteractionType.MODAL_SUBMIT:
            return _action_call(interaction, catalog)
        case _:
            raise UnknownCommand


def _command_call(interaction: Interaction, catalog: Catalog) -> Call:
    data = interaction.data
    command = catalog.find(str(data.get("name")))
    if command is None or command.spec.type != data.get("type", 1):
        raise UnknownCommand
    target = _target(command.spec, _options(data.get("options")))
    if interaction.type is InteractionType.AUTOCOMPLETE:
        return _completion(command, target)
    declared, visibility = target.declared, target.visibility
    if visibility.has_option:
        declared = (*declared, private_option(visibility))
    by_name = {str(option.get("name")): option for option in target.given}
    if by_name.keys() - {option.name for option in declared}:
        raise UnknownCommand
    options = {option.name: _value(option, by_name, interaction) for option in declared}
    private = bool(options.pop(PRIVATE_OPTION, visibility.private_by_default))
    return Call(
        command,
        target.function,
        command.spec.ack,
        private,
        options=options,
        may_choose=visibility.has_option and PRIVATE_OPTION not in by_name,
    )


class _Target(NamedTuple):
    """The command or the subcommand that was called."""

    function: str
    declared: tuple[Option, ...]
    given: list[Mapping[str, Any]]
    visibility: Visibility


def _target(spec: Command, given: list[Mapping[str, Any]]) -> _Target:
    if not spec.subcommands:
        return _Target("run", spec.options, given, spec.visibility)
    kind = given[0].get("type") if given else None
    nested = given[0] if kind == _SUB_COMMAND else None
    subcommand = spec.subcommand(str(nested.get("name")) if nested else None)
    if subcommand is None or kind == _SUB_COMMAND_GROUP:
        raise UnknownCommand
    return _Target(
        f"run_{subcommand.name.replace('-', '_')}",
        subcommand.options,
        _options(nested.get("options")) if nested else given,
        subcommand.visibility or spec.visibility,
    )


def _completion(command: CommandModule, target: _Target) -> Call:
    focused = next((option for option in target.given if option.get("focused")), {})
    option = next((o for o in target.declared if o.name == focused.get("name")), None)
    if option is None or not option.autocomplete:
        raise UnknownCommand
    partial = str(focused.get("value", ""))
    return Call(command, f"complete_{option.name}", Ack.REPLY, True, (partial,))


def _options(raw: object) -> list[Mapping[str, Any]]:
    return [o for o in raw if isinstance(o, Mapping)] if isinstance(raw, Sequence) else []


def _value(option: Option, given: Mapping[str, Mapping[str, Any]], interaction: Interaction) -> Any:
    """One option's value as `run` receives it."""
    if option.name not in given:
        if option.required:
            text = _("The option `{option}` is needed.").format(option=_shown(option))
            raise BadInput(text, option=option.name)
        return option.default
    raw = given[option.name]
    value = raw.get("value")
    problem = _problem(option, raw.get("type"), value)
    if problem:
        text = _("The option `{option}` {problem}.").format(option=_shown(option), problem=problem)
        raise BadInput(text, option=option.name)
    if option.type is OptionType.ATTACHMENT:
        attachment = interaction.attachment(str(value))
        if attachment is None:
            text = _("The file of `{option}` did not arrive.").format(option=_shown(option))
            raise BadInput(text, option=option.name)
        return attachment
    return float(value) if option.type is OptionType.NUMBER else value  # type: ignore[arg-type]


def _shown(option: Option) -> str:
    """An option's name as the caller's Discord shows it."""
    return pgettext(OPTION_NAME, option.name)


_PYTHON_TYPES: Mapping[OptionType, tuple[type, ...]] = {
    OptionType.STRING: (str,),
    OptionType.INTEGER: (int,),
    OptionType.NUMBER: (int, float),
    OptionType.BOOLEAN: (bool,),
}


def _problem(option: Option, sent_type: object, value: object) -> str | None:
    """What is wrong with a value, as the end of a sentence; None if nothing is."""
    expected = _PYTHON_TYPES.get(option.type)
    if expected is None:
        right = is_snowflake(value)
    else:
        right = isinstance(value, expected) and (bool in expected or not isinstance(value, bool))
    if not right or (sent_type is not None and sent_type != option.type):
        return _("should be {what}").format(what=_(_TYPE_WORDS[option.type]))
    if option.choices and value not in [choice.value for choice in option.choices]:
        return _("should be one of {names}").format(names=_names(option.choices))
    if isinstance(value, str):
        low, high = option.min_length or 0, option.max_length or 6000
        if not low <= len(value) <= high and expected:
            return _("should have {low} to {high} characters, not {count}").format(
                low=low, high=high, count=len(value)
            )
    elif isinstance(value, int | float) and not isinstance(value, bool):
        if option.min_value is not None and not value >= option.min_value:
            return _("should be {number} or more").format(number=option.min_value)
        if option.max_value is not None and not value <= option.max_value:
            return _("should be {number} or less").format(number=option.max_value)
        if not abs(value) <= _MAX_NUMBER:  # NaN is not, either
            return _("should be a number")
    return None


_TYPE_WORDS: Mapping[OptionType, str] = {
    OptionType.STRING: N_("text"),
    OptionType.INTEGER: N_("a whole number"),
    OptionType.BOOLEAN: N_("true or false"),
    OptionType.USER: N_("a user"),
    OptionType.CHANNEL: N_("a channel"),
    OptionType.ROLE: N_("a role"),
    OptionType.MENTIONABLE: N_("a user or a role"),
    OptionType.NUMBER: N_("a number"),
    OptionType.ATTACHMENT: N_("a file"),
}


def _names(choices: Sequence[Choice]) -> str:
    return ", ".join(f"`{_(choice.name)}`" for choice in choices)


def _action_call(interaction: Interaction, catalog: Catalog) -> Call:
    data = interaction.data
    parts = custom_id.parse(str(data.get("custom_id") or ""))
    command = catalog.find(parts.command) if parts else None
    action = command.spec.action(parts.action) if command and parts else None
    if parts is None or command is None or action is None:
        raise UnknownCommand
    if interaction.type is InteractionType.MODAL_SUBMIT and action.ack is Ack.MODAL:
        raise UnknownCommand  # a form never answers a form, and no message of ours asks for it
    values = data.get("values")
    return Call(
        command,
        f"on_{action.name.replace('-', '_')}",
        action.ack,
        action.private,
        arguments=parts.arguments,
        values=tuple(str(value) for value in values) if isinstance(values, list) else (),
        fields=dict(_fields(data.get("components"))),
        action=action,
    )


def _fields(components: object, depth: int = 0) -> list[tuple[str, str]]:
    """A modal's inputs: Labels with a `component` inside, or the older action rows."""
    found: list[tuple[str, str]] = []
    if not isinstance(components, list) or depth > 2:
        return found
    for part in components:
        if not isinstance(part, Mapping):
            continue
        inner = part.get("component", part)
        name = inner.get("custom_id") if isinstance(inner, Mapping) else None
        if isinstance(name, str):
            value = inner.get("value")
            values = inner.get("values")
            if isinstance(values, list):
                value = ",".join(str(item) for item in values)
            found.append((name, value if isinstance(value, str) else ""))
        else:
            found += _fields(part.get("components"), depth + 1)
    return found
