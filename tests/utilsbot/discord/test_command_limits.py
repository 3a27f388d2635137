"""Registrations at Discord's limits pass, those beyond are named by their place."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utilsbot.discord.command_limits import check_command, check_commands, command_size
from utilsbot.discord.limits import LimitExceeded


def command(**change: Any) -> dict[str, Any]:
    """A slash command, changed."""
    return {"type": 1, "name": "hash", "description": "Digests"} | change


def option(**change: Any) -> dict[str, Any]:
    """A text option, changed."""
    return {"type": 3, "name": "text", "description": "What to digest"} | change


def with_options(*options: dict[str, Any]) -> dict[str, Any]:
    """A slash command with these options."""
    return command(options=list(options))


SUB = {"type": 1, "name": "make", "description": "d", "options": [option()]}


@pytest.mark.parametrize(
    "payload",
    [
        command(),
        command(name="größe"),
        command(name="คำสั่ง"),
        command(name="नमस्ते"),
        command(name="日本語"),
        command(name_localizations={"de": "prüfsumme"}),
        command(default_member_permissions="0"),
        {"type": 2, "name": "Look Up", "default_member_permissions": None},
        with_options(option(required=True), option(name="b")),
        with_options(option(choices=[{"name": "a", "value": "b" * 100}])),
        with_options(option(type=10, min_value=-1.5, max_value=3)),
        with_options(option(min_length=0, max_length=6000)),
        with_options(SUB, {"type": 2, "name": "group", "description": "d", "options": [SUB]}),
    ],
)
def test_commands_within_the_limits(payload: dict[str, Any]) -> None:
    """What Discord takes passes."""
    check_command(payload)


@pytest.mark.parametrize(
    ("payload", "path"),
    [
        (command(name="Hash"), "name"),
        (command(name="ha sh"), "name"),
        (command(name=""), "name"),
        (command(name="x" * 33), "name"),
        (command(description=""), "description"),
        (command(description="x" * 101), "description"),
        (command(name_localizations={"de": "Prüf"}), "name_localizations.de"),
        (command(name_localizations={"xx": "a"}), "name_localizations.xx"),
        (command(description_localizations={"de": "x" * 101}), "description_localizations.de"),
        (command(default_member_permissions=8), "default_member_permissions"),
        ({"type": 2, "name": "A", "description": "d"}, "description"),
        ({"type": 3, "name": "A", "options": [option()]}, "options"),
        ({"type": 3, "name": "x" * 33}, "name"),
        (with_options(*(option(name=f"o{n}") for n in range(26))), "options"),
        (with_options(option(), option()), "options"),
        (with_options(option(), option(name="b", required=True)), "options"),
        (with_options(SUB, option()), "options"),
        (with_options(option(name="Text")), "options[0].name"),
        (with_options(SUB | {"options": [SUB | {"type": 2}]}), "options[0].options[0].type"),
        (with_options(option(autocomplete=True, choices=[{"name": "a", "value": "b"}])),
         "options[0].autocomplete"),
        (with_options(option(type=5, autocomplete=True)), "options[0].type"),
        (with_options(option(choices=[{"name": "a", "value": 1}])), "options[0].choices[0].value"),
        (with_options(option(type=4, choices=[{"name": "a", "value": True}])),
         "options[0].choices[0].value"),
        (with_options(option(choices=[{"name": "a", "value": "b"}, {"name": "a", "value": "c"}])),
         "options[0].choices"),
        (with_options(option(min_length=5, max_length=4)), "options[0].min_length"),
        (with_options(option(max_length=6001)), "options[0].min_length"),
        (with_options(option(max_length=0)), "options[0].max_length"),
        (with_options(option(min_value=1)), "options[0].min_value"),
        (with_options(option(type=4, max_length=1)), "options[0].max_length"),
        (with_options(option(type=4, min_value=2, max_value=1)), "options[0].min_value"),
        (with_options(option(type=4, max_value=2**53 + 1)), "options[0].min_value"),
        (with_options(option(name="a", name_localizations={"de": "b"}), option(name="b")),
         "options[0].name_localizations.de"),
    ],
)  # fmt: skip
def test_commands_beyond_the_limits(payload: dict[str, Any], path: str) -> None:
    """Each breach is named by its place."""
    with pytest.raises(LimitExceeded) as caught:
        check_command(payload)
    assert caught.value.path == path


def test_the_size_counts_the_longest_localisation() -> None:
    """8000 characters are reached by the longest text of each place, choices included."""
    payload = with_options(
        option(
            description="x" * 10,
            description_localizations={"de": "y" * 90, "fr": "z" * 50},
            choices=[{"name": "n" * 100, "value": "v" * 100}] * 2,
        )
    )
    assert command_size(payload) == len("hash" + "Digests" + "text") + 90 + 2 * 200


def test_a_command_over_8000_characters() -> None:
    """The sum is refused although each part is within its own limit."""
    choices = [{"name": f"{n:0100}", "value": "v" * 100} for n in range(25)]
    payload = with_options(*(option(name=f"o{n}", choices=choices) for n in range(2)))
    with pytest.raises(LimitExceeded, match="8000 allowed"):
        check_command(payload)


def test_all_commands_together() -> None:
    """Counts and names are checked for each type over the whole list; places name the command."""
    menu = [{"type": 2, "name": f"Menu {n}"} for n in range(15)]
    check_commands([command(), *menu, {"type": 3, "name": "Menu 1"}])
    with pytest.raises(LimitExceeded, match="type 2: 16 entries"):
        check_commands([*menu, {"type": 2, "name": "Menu 15"}])
    with pytest.raises(LimitExceeded, match="the same name twice"):
        check_commands([command(), command()])
    with pytest.raises(LimitExceeded, match=r"commands\[1\]\.options\[0\]\.name"):
        check_commands([command(), with_options(option(name=""))])


@given(st.text(min_size=1, max_size=32))
def test_names_are_judged_without_crash(name: str) -> None:
    """Any text as a name passes or is refused; no upper case and no space ever passes."""
    try:
        check_command(command(name=name))
    except LimitExceeded:
        return
    assert name == name.lower()
    assert not any(character.isspace() for character in name)
