"""A spec becomes the registration that Discord documents."""

import pytest

from utilsbot.discord.limits import LimitExceeded
from utilsbot.discord.registration import registration, to_payload
from utilsbot.spec import (
    Access,
    Choice,
    Command,
    CommandType,
    Integration,
    InteractionContext,
    Option,
    OptionType,
    Subcommand,
    Visibility,
)

TEXT = Option("text", "What to digest", required=True, min_length=1, max_length=2000)


@pytest.fixture(name="dictionary", autouse=True)
def _dictionary(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What is translated into German; nothing to begin with."""
    known: dict[str, str] = {}

    def translated(locale: str, text: str, _context: str | None = None) -> str | None:
        return known.get(text) if locale == "de" else None

    monkeypatch.setattr("utilsbot.discord.registration.translated", translated)
    return known


def test_a_slash_command() -> None:
    """Options, choices and limits are written as Discord names them; absent parts are left out."""
    size = Option(
        "size", "How large", OptionType.NUMBER, choices=(Choice("Small", 1),), min_value=0.5
    )
    spec = Command("qr", "Draws", options=(TEXT, size), visibility=Visibility.PRIVATE)
    assert to_payload(spec) == {
        "type": 1,
        "name": "qr",
        "description": "Draws",
        "options": [
            {
                "type": 3,
                "name": "text",
                "description": "What to digest",
                "required": True,
                "min_length": 1,
                "max_length": 2000,
            },
            {
                "type": 10,
                "name": "size",
                "description": "How large",
                "choices": [{"name": "Small", "value": 1.0}],
                "min_value": 0.5,
            },
        ],
        "contexts": [0, 1, 2],
        "integration_types": [0, 1],
    }


def test_the_private_option_comes_last() -> None:
    """A choosable visibility adds `private` behind the declared options."""
    spec = Command("hash", "Digests", options=(TEXT,), visibility=Visibility.PRIVATE_UNLESS_SHARED)
    options = to_payload(spec)["options"]
    assert [option["name"] for option in options] == ["text", "private"]
    assert options[1]["type"] == 5
    assert "required" not in options[1]


def test_each_subcommand_gets_the_private_option() -> None:
    """Subcommands nest, and each of them can be private."""
    spec = Command(
        "qr", "Codes", subcommands=(Subcommand("make", "m", (TEXT,)), Subcommand("read", "r"))
    )
    make, read = to_payload(spec)["options"]
    assert (make["type"], make["name"]) == (1, "make")
    assert [option["name"] for option in make["options"]] == ["text", "private"]
    assert [option["name"] for option in read["options"]] == ["private"]


def test_a_subcommand_without_options() -> None:
    """A subcommand with nothing to choose has no options key."""
    spec = Command("x", "y", subcommands=(Subcommand("a", "b"),), visibility=Visibility.PUBLIC)
    assert to_payload(spec)["options"] == [{"type": 1, "name": "a", "description": "b"}]


@pytest.mark.parametrize("kind", [CommandType.USER, CommandType.MESSAGE])
def test_menu_commands_have_neither_description_nor_options(
    kind: CommandType, dictionary: dict[str, str]
) -> None:
    """User and message commands are registered with their name only."""
    dictionary["Read QR Code"] = "QR-Code lesen"
    payload = to_payload(Command("Read QR Code", "Reads", kind))
    assert payload.keys() == {"type", "name", "name_localizations", "contexts", "integration_types"}


def test_permissions() -> None:
    """Developers' commands are hidden from all but administrators; bits travel as text."""
    assert "default_member_permissions" not in to_payload(Command("a", "b"))
    developers = Command("a", "b", access=Access.DEVELOPERS, permissions=1 << 5)
    assert to_payload(developers)["default_member_permissions"] == "0"
    assert to_payload(Command("a", "b", permissions=1 << 40))["default_member_permissions"] == str(
        1 << 40
    )


def test_places() -> None:
    """Contexts and integrations are Discord's numbers."""
    payload = to_payload(
        Command(
            "a",
            "b",
            contexts=(InteractionContext.GUILD,),
            integrations=(Integration.GUILD_INSTALL,),
        )
    )
    assert (payload["contexts"], payload["integration_types"]) == ([0], [0])


def test_localisations_include_our_own_language(dictionary: dict[str, str]) -> None:
    """Where anything is translated, en-US is listed too, or a fallback could win over it."""
    dictionary |= {"Digests": "Summen", "text": "inhalt", TEXT.summary: "Was"}
    payload = to_payload(Command("hash", "Digests", options=(TEXT,)))
    assert payload["description_localizations"] == {"en-US": "Digests", "de": "Summen"}
    assert "name_localizations" not in payload
    assert payload["options"][0]["name_localizations"] == {"en-US": "text", "de": "inhalt"}


def test_registration_refuses_what_discord_would() -> None:
    """The whole body is checked before Discord sees it."""
    assert len(registration([Command("a", "b"), Command("c", "d")])) == 2
    with pytest.raises(LimitExceeded, match=r"commands\[0\]\.description"):
        registration([Command("a", "")])
