"""Each command's module defines what its spec declares, and takes what it will be given."""

import inspect
from collections.abc import Iterator
from typing import Any

import pytest

from functions.catalog import CATALOG
from utilsbot.catalog import CommandModule
from utilsbot.spec import PRIVATE_OPTION, Ack, CommandType, Option

_COMMANDS = list(CATALOG)
_each = pytest.mark.parametrize("command", _COMMANDS, ids=[c.spec.name for c in _COMMANDS])


def _runs(command: CommandModule) -> Iterator[tuple[str, tuple[Option, ...]]]:
    """The functions that answer the command itself, with their options."""
    spec = command.spec
    if not spec.subcommands:
        yield "run", spec.options
    for subcommand in spec.subcommands:
        yield f"run_{subcommand.name.replace('-', '_')}", subcommand.options


def _parameters(command: CommandModule, name: str) -> dict[str, inspect.Parameter]:
    return dict(inspect.signature(command.function(name)).parameters)


@_each
def test_the_module_is_found_by_the_commands_name(command: CommandModule) -> None:
    """Module and command share a name, so a newcomer finds one from the other."""
    assert CATALOG.find(command.spec.name) is command
    assert CATALOG.find(command.spec.slug) is command


@_each
def test_each_option_arrives_somewhere(command: CommandModule) -> None:
    """Every option of the spec is a parameter of its function, and nothing is left open."""
    for name, options in _runs(command):
        parameters = _parameters(command, name)
        context, *rest = parameters.values()
        assert context.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
        open_ones = {p.name for p in rest if p.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD}
        assert open_ones <= {option.name for option in options}, name
        assert {option.name for option in options} <= parameters.keys(), name


@_each
def test_each_action_has_its_function(command: CommandModule) -> None:
    """Every button, select and modal that the spec declares is answered by `on_<name>`."""
    for action in command.spec.actions:
        parameters = _parameters(command, f"on_{action.name.replace('-', '_')}")
        kinds = {parameter.kind for parameter in parameters.values()}
        assert kinds <= {
            inspect.Parameter.POSITIONAL_OR_KEYWORD,
            inspect.Parameter.KEYWORD_ONLY,
        }


@_each
def test_each_autocomplete_and_modal_has_its_function(command: CommandModule) -> None:
    """Options that complete have `complete_<name>`; commands that may open a form, first_answer."""
    for _, options in _runs(command):
        for option in options:
            if option.autocomplete:
                assert callable(command.function(f"complete_{option.name}"))
    if command.spec.ack is Ack.MODAL:
        assert callable(command.function("first_answer"))


@_each
def test_no_option_hides_what_the_house_adds(command: CommandModule) -> None:
    """The `private` option comes from the visibility and is never declared by hand."""
    for _, options in _runs(command):
        names = [option.name for option in options]
        assert PRIVATE_OPTION not in names
        assert len(names) == len(set(names))


@_each
def test_defaults_are_values_that_the_option_would_take(command: CommandModule) -> None:
    """A default obeys the option's own choices and limits."""
    for _, options in _runs(command):
        for option in options:
            default: Any = option.default
            assert not (option.required and default is not None), option.name
            if default is None:
                continue
            if option.choices:
                assert default in [choice.value for choice in option.choices], option.name
            if option.min_value is not None:
                assert default >= option.min_value, option.name
            if option.max_value is not None:
                assert default <= option.max_value, option.name


@_each
def test_each_command_explains_itself(command: CommandModule) -> None:
    """A help text, and for what is typed an example that begins with the command's own name."""
    spec = command.spec
    assert spec.help
    assert spec.examples or spec.type is not CommandType.CHAT_INPUT
    assert all(line.startswith(f"/{spec.name}") for line in spec.examples)
