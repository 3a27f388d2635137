"""Who may use what: every command of the group for everyone everywhere; and Discord's rules."""

from itertools import product
from typing import Any

import boto3
import pytest

from functions.interactions.gate import Gate
from tests.contract.discord_schema import assert_registration
from tests.fakes import FakeClock
from tests.functions.system.system_house import CATALOG, DEVELOPER
from tests.interactions import (
    GUILD_ID,
    command_interaction,
    component_interaction,
    modal_interaction,
    parsed,
)
from utilsbot.aws import AwsClient
from utilsbot.discord.registration import registration, to_payload
from utilsbot.errors import Refused
from utilsbot.routing import route
from utilsbot.spec import Access, Ack, Command, OptionType, Visibility
from utilsbot.store.admissions import Admissions

_COMMANDS = {module.spec.name: module.spec for module in CATALOG}
_FOR_EVERYONE = {"preferences", "privacy"}
_FOR_ADMINS = {"settings"}
_PEOPLE = ("everyone", "blacklisted", "not_whitelisted", "admin", "developer")
_PLACES = ("guild", "dm", "user_install")
_VALUES: dict[OptionType, Any] = {
    OptionType.STRING: "400000000000000001",
    OptionType.INTEGER: 7,
    OptionType.BOOLEAN: True,
}
_PERMISSIONS_OF_A_MEMBER = "2147483648"


def _body(spec: Command, who: str, where: str) -> dict[str, Any]:
    """The command with its needed options, by whom and where."""
    subcommand = spec.subcommands[0] if spec.subcommands else None
    declared = subcommand.options if subcommand else spec.options
    options = {o.name: _value(o) for o in declared if o.required and o.type in _VALUES}
    body = command_interaction(
        spec.name,
        subcommand.name if subcommand else None,
        options=options,
        user_id=DEVELOPER if who == "developer" else "300000000000000001",
        guild_id=GUILD_ID if where == "guild" else None,
        user_install=where == "user_install",
    )
    for option in declared:
        if option.required and option.type is OptionType.USER:
            given = {"name": option.name, "type": 6, "value": "300000000000000005"}
            holder = body["data"].setdefault("options", [])
            (holder[0].setdefault("options", []) if subcommand else holder).append(given)
    if "member" in body and who != "admin":
        body["member"]["permissions"] = _PERMISSIONS_OF_A_MEMBER
    return body


def _value(option: Any) -> Any:
    return option.choices[0].value if option.choices else _VALUES[option.type]


def _admits(table: str, aws: dict[str, str], who: str, body: dict[str, Any]) -> str:
    """`admitted`, or why not."""
    if who == "blacklisted":
        row: dict[str, Any] = {
            "pk": "USER#300000000000000001",
            "sk": "PROFILE",
            "blacklisted": True,
        }
        boto3.resource("dynamodb").Table(table).put_item(Item=row)
    admissions = Admissions(AwsClient("dynamodb", aws, timeout_s=5), table, FakeClock().clock)
    developers, closed = frozenset({DEVELOPER}), who == "not_whitelisted"
    gate = Gate(admissions, developers=developers, closed_beta=closed)
    interaction = parsed(body)
    try:
        return gate.admit(interaction, route(interaction, CATALOG)).verdict.value
    except Refused as refusal:
        return refusal.reason


@pytest.mark.parametrize(("who", "where"), list(product(_PEOPLE, _PLACES)))
@pytest.mark.parametrize("name", _COMMANDS)
def test_the_matrix(table: str, aws: dict[str, str], name: str, who: str, where: str) -> None:
    """Developers' commands are theirs, settings are admins', one's own data is everyone's."""
    expected = "developers_only"
    if who == "developer":
        expected = "admitted"
    elif name in _FOR_EVERYONE:
        expected = "blacklisted" if who == "blacklisted" else "admitted"
    elif name in _FOR_ADMINS:  # outside servers nobody has a server's permissions
        expected = "admitted" if (who, where) == ("admin", "guild") else "permission"

    assert _admits(table, aws, who, _body(_COMMANDS[name], who, where)) == expected


@pytest.mark.parametrize(
    ("name", "action"), [(s.name, a.name) for s in _COMMANDS.values() for a in s.actions]
)
def test_buttons_are_guarded_as_their_commands(
    table: str, aws: dict[str, str], name: str, action: str
) -> None:
    """Whoever may not use a command may not press its buttons either."""
    body = component_interaction(f"{name}/{action}", at=float(len(action)) + 1_790_000_000)
    body["member"]["permissions"] = _PERMISSIONS_OF_A_MEMBER
    expected = "admitted" if name in _FOR_EVERYONE else "developers_only"
    if name in _FOR_ADMINS:
        expected = "permission"

    assert _admits(table, aws, "everyone", body) == expected


def test_developers_commands_are_hidden_and_private() -> None:
    """Registered for administrators only, answered privately, and done by the worker."""
    for name, spec in _COMMANDS.items():
        assert (spec.access is Access.EVERYONE) == (name in _FOR_EVERYONE | _FOR_ADMINS)
        assert spec.visibility is Visibility.PRIVATE
        assert spec.ack is Ack.WORK
        shown_to = to_payload(spec).get("default_member_permissions")
        assert shown_to == (None if name in _FOR_EVERYONE else "32" if name in _FOR_ADMINS else "0")


_CLICKS = [(action.name, False) for action in _COMMANDS["settings"].actions]
_FORMS = [(a.name, True) for a in _COMMANDS["settings"].actions if a.ack is not Ack.MODAL]
"""A form that is answered with a form is nobody's: routing refuses it whoever sends it."""


@pytest.mark.parametrize(("who", "expected"), [("admin", "admitted"), ("member", "permission")])
@pytest.mark.parametrize(("action", "form"), [*_CLICKS, *_FORMS])
def test_a_forged_click_needs_the_permission_too(
    table: str, aws: dict[str, str], action: str, who: str, expected: str, form: bool
) -> None:
    """Whoever lost Manage Server, or made up a button or a form, changes nothing."""
    name = f"settings/{action}"
    body = modal_interaction(name, {}) if form else component_interaction(name)
    manage = int(_PERMISSIONS_OF_A_MEMBER) | 1 << 5
    body["member"]["permissions"] = str(manage) if who == "admin" else _PERMISSIONS_OF_A_MEMBER

    assert _admits(table, aws, "everyone", body) == expected


def test_discord_takes_the_group() -> None:
    """Every limit of a registration holds."""
    assert_registration(registration(_COMMANDS.values()))


def test_each_function_is_there() -> None:
    """What a spec declares, its module answers; every command explains itself."""
    for module in CATALOG:
        spec = module.spec
        for subcommand in spec.subcommands:
            assert callable(module.function(f"run_{subcommand.name}"))
        assert spec.subcommands or callable(module.function("run"))
        assert all(callable(module.function(f"on_{a.name}")) for a in spec.actions)
        assert spec.help
        assert all(line.startswith(f"/{spec.name}") for line in spec.examples)
