"""From an interaction to a function, with every option checked again on our side."""

from contextlib import suppress
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.interactions import (
    attachment,
    command_interaction,
    component_interaction,
    modal_interaction,
    parsed,
)
from utilsbot.catalog import Catalog, CommandModule
from utilsbot.discord.interaction import Attachment
from utilsbot.errors import BadInput, UnknownCommand, UserError
from utilsbot.routing import Call, route
from utilsbot.spec import (
    Ack,
    Action,
    Choice,
    Command,
    Option,
    OptionType,
    Subcommand,
    Visibility,
)

_OPTIONS = (
    Option("text", "t", max_length=5, min_length=2),
    Option("count", "c", OptionType.INTEGER, min_value=1, max_value=9, default=3),
    Option("ratio", "r", OptionType.NUMBER, min_value=0),
    Option("loud", "l", OptionType.BOOLEAN, default=False),
    Option("colour", "o", choices=(Choice("Red", "red"), Choice("Blue", "blue")), default="red"),
    Option("whom", "w", OptionType.USER),
    Option("file", "f", OptionType.ATTACHMENT),
    Option("word", "a", autocomplete=True),
)
_FLAT = Command(
    "flat",
    "s",
    options=_OPTIONS,
    actions=(Action("again", Ack.UPDATE),),
    visibility=Visibility.PRIVATE_UNLESS_SHARED,
)
_NESTED = Command(
    "nested",
    "s",
    subcommands=(
        Subcommand("make", "m", (Option("text", "t", required=True),)),
        Subcommand("show-all", "s", visibility=Visibility.PUBLIC),
    ),
    visibility=Visibility.PRIVATE,
)


def _catalog() -> Catalog:
    catalog = Catalog()
    for spec in (_FLAT, _NESTED):
        module = ModuleType(spec.name)
        module.SPEC = spec  # type: ignore[attr-defined]
        catalog._packages[spec.slug] = "functions.tools"
        catalog._loaded[spec.slug] = CommandModule("tools", module)
    return catalog


_CATALOG = _catalog()


def _route(body: dict[str, Any]) -> Call:
    return route(parsed(body), _CATALOG)


def test_defaults_are_filled_in() -> None:
    """A function gets every option of its spec, given or not."""
    call = _route(command_interaction("flat", options={"text": "hello"}))

    assert call.options == {
        "text": "hello",
        "count": 3,
        "ratio": None,
        "loud": False,
        "colour": "red",
        "whom": None,
        "file": None,
        "word": None,
    }
    assert (call.function, call.private, call.name) == ("run", True, "flat")


def test_values_arrive_as_what_they_are() -> None:
    """Files are resolved, whole numbers serve as numbers, users stay ids."""
    sent = attachment("a.txt")
    body = command_interaction("flat", options={"ratio": 2.0}, attachments={"file": sent})
    options = body["data"]["options"]
    options.append({"name": "whom", "type": 6, "value": "300000000000000001"})

    call = _route(body)

    assert isinstance(call.options["file"], Attachment)
    assert call.options["file"].filename == "a.txt"
    assert call.options["ratio"] == 2.0
    assert call.options["whom"] == "300000000000000001"


@pytest.mark.parametrize(
    ("name", "kind", "value"),
    [
        ("text", 3, "x"),
        ("text", 3, "toolong"),
        ("text", 3, 5),
        ("text", 4, "hello"),
        ("count", 4, 0),
        ("count", 4, 10),
        ("count", 4, True),
        ("count", 4, "3"),
        ("count", 4, 2.5),
        ("ratio", 10, -0.1),
        ("ratio", 10, float("nan")),
        ("ratio", 10, float("inf")),
        ("loud", 5, "true"),
        ("loud", 5, 1),
        ("colour", 3, "green"),
        ("whom", 6, "me"),
        ("file", 11, "600000000000000009"),
        ("text", 3, None),
    ],
)
def test_what_discords_client_would_not_send_is_refused(name: str, kind: int, value: Any) -> None:
    """Each refusal names the option."""
    body = command_interaction("flat")
    body["data"]["options"] = [{"name": name, "type": kind, "value": value}]

    with pytest.raises(BadInput, match=f"`{name}`") as caught:
        _route(body)
    assert caught.value.option == name


def test_an_option_of_another_version_is_out_of_date() -> None:
    """An option that the spec does not know means another version, and is said so."""
    with pytest.raises(UnknownCommand):
        _route(command_interaction("flat", options={"gone": "x"}))


def test_a_subcommand_has_its_own_function_and_visibility() -> None:
    """Hyphens become underscores; a visibility of its own counts."""
    call = _route(command_interaction("nested", "show-all"))

    assert (call.function, call.private, call.name) == ("run_show_all", False, "nested show_all")


def test_the_first_subcommand_is_the_default() -> None:
    """Also with its options given flat."""
    call = _route(command_interaction("nested", options={"text": "x"}))

    assert (call.function, call.options) == ("run_make", {"text": "x"})
    with pytest.raises(BadInput, match="needed"):
        _route(command_interaction("nested"))


def test_the_private_option_wins() -> None:
    """private:false makes a private command public, and the command never sees the option."""
    call = _route(command_interaction("flat", options={"private": False}))

    assert call.private is False
    assert "private" not in call.options


def test_buttons_selects_and_forms_find_their_action() -> None:
    """With their arguments, values and fields."""
    button = _route(component_interaction("flat/again/1/a%2Fb", values=["x", "y"]))
    form = _route(modal_interaction("flat/again", {"secret": "s"}))

    assert (button.function, button.arguments, button.values) == (
        "on_again",
        ("1", "a/b"),
        ("x", "y"),
    )
    assert form.fields == {"secret": "s"}
    assert button.name == "flat:again"


def test_autocomplete_gets_what_was_typed_so_far() -> None:
    """Numbers arrive as partial text there; other options may be missing."""
    call = _route(command_interaction("flat", options={"word": "par"}, focused="word"))

    assert (call.function, call.arguments) == ("complete_word", ("par",))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda s: st.lists(s, max_size=3) | st.dictionaries(st.text(max_size=8), s, max_size=3),
    max_leaves=8,
)
_RAW_OPTION = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from([o.name for o in _OPTIONS] + ["make", "private"]) | _JSON,
        "type": st.integers(0, 12) | _JSON,
        "value": _JSON,
        "options": _JSON,
        "focused": _JSON,
    },
)


@given(
    st.sampled_from(["flat", "nested", "other"]),
    st.lists(_RAW_OPTION, max_size=4) | _JSON,
    st.booleans(),
)
def test_no_options_make_it_fall_over(name: str, options: Any, typing: bool) -> None:
    """Whatever options are sent, the outcome is a call or a sentence for the user."""
    body = command_interaction(name)
    body["data"]["options"] = options
    body["type"] = 4 if typing else 2

    with suppress(UserError):
        _route(body)


@given(_JSON)
def test_no_form_makes_it_fall_over(components: Any) -> None:
    """Whatever a form sends in, fields are texts by name."""
    body = modal_interaction("flat/again", {})
    body["data"]["components"] = components

    assert all(isinstance(value, str) for value in _route(body).fields.values())
