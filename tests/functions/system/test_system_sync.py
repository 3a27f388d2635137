"""/sync, from Discord's JSON to the plan, the button and what Discord is sent."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from functions.system.registry import Registry
from tests.functions.system.system_house import House, buttons, text_of
from tests.interactions import GUILD_ID, NOW, command_interaction
from utilsbot.discord.components import ButtonStyle
from utilsbot.discord.registration import registration
from utilsbot.errors import BadInput, UnknownCommand
from utilsbot.spec import Access, Command

_SPECS = [Command("hash", "Digest"), Command("eval", "Run", access=Access.DEVELOPERS)]


class Discord:
    """Keeps commands by scope."""

    def __init__(self) -> None:
        self.known: dict[str | None, list[dict[str, Any]]] = {}

    def commands(self, guild_id: str | None) -> list[dict[str, Any]]:
        return self.known.get(guild_id, [])

    def overwrite(
        self, guild_id: str | None, body: Sequence[Mapping[str, Any]]
    ) -> list[dict[str, Any]]:
        self.known[guild_id] = [{**c, "id": str(900 + at)} for at, c in enumerate(body)]
        return self.known[guild_id]


@pytest.fixture
def discord(house: House) -> Discord:
    """A Discord without commands; the developers' guild is the one that everybody is in."""
    discord = Discord()
    house.ports["registry"] = Registry(discord, house.flags, lambda: _SPECS, GUILD_ID)
    return discord


def test_the_plan_comes_first(house: House, discord: Discord) -> None:
    """Nothing is registered before the button."""
    discord.known[None] = [{"id": "1", "name": "old", "type": 1, "description": "Old"}]

    shown = house.call("sync")

    assert "New: 1: `/hash`" in text_of(shown)
    assert "Removed: 1: `/old`" in text_of(shown)
    assert buttons(shown)["Apply"].style is ButtonStyle.DANGER
    assert [c["name"] for c in discord.known[None]] == ["old"]


def test_losing_the_command_itself_is_warned_of(house: House, discord: Discord) -> None:
    """Global before, in the developers' server from now on: the order matters."""
    discord.known[None] = [{"id": "1", "name": "sync", "type": 1, "description": "Old"}]

    assert "takes `/sync` itself away" in text_of(house.call("sync"))


def test_the_button_applies_the_plan(house: House, discord: Discord) -> None:
    """And notes the ids for /help, and who did it."""
    applied = house.press(buttons(house.call("sync"))["Apply"].custom_id)

    assert "Everywhere: 1 new, 0 changed, 0 removed" in text_of(applied)
    assert [c["name"] for c in discord.known[None]] == ["hash"]
    assert house.flags.state().command_ids == {"hash": "900"}
    assert [(c.action, c.detail) for c in house.trail.recent(NOW).changes] == [
        ("sync", "created=1 changed=0 deleted=0")
    ]
    assert "Nothing to do" in text_of(house.call("sync"))


def test_developers_commands_go_to_their_guild(house: House, discord: Discord) -> None:
    """This server is the developers'; the ids of both scopes are known afterwards."""
    for scope in ("global", "here"):
        house.press(buttons(house.call("sync", scope=scope))["Apply"].custom_id)

    assert [c["name"] for c in discord.known[GUILD_ID]] == ["eval"]
    assert house.flags.state().command_ids == {"hash": "900", "eval": "900"}


def test_another_server_is_cleaned_with_a_warning(house: House, discord: Discord) -> None:
    """Left-overs of a test are named before they go."""
    discord.known["400000000000000007"] = registration(_SPECS[:1])

    shown = house.call("sync", scope="server", server="400000000000000007")

    assert "Removed: 1: `/hash`" in text_of(shown)
    house.press(buttons(shown)["Apply"].custom_id)
    assert discord.known["400000000000000007"] == []


def test_an_outdated_plan_is_not_applied(house: House, discord: Discord) -> None:
    """Somebody else registered meanwhile: the new plan is shown instead."""
    button = buttons(house.call("sync"))["Apply"].custom_id
    discord.known[None] = [{"id": "1", "name": "other", "type": 1, "description": "Other"}]

    reply = house.press(button)

    assert "out of date" in text_of(reply)
    assert "Removed: 1: `/other`" in text_of(reply)
    assert [c["name"] for c in discord.known[None]] == ["other"]
    assert house.trail.recent(NOW).changes == ()


def test_cancelling_does_nothing(house: House, discord: Discord) -> None:
    """And says so."""
    assert "Nothing was registered" in text_of(house.press("sync/cancel"))
    assert discord.known == {}


def test_a_scope_needs_its_server(house: House, discord: Discord) -> None:
    """`here` in a direct message, `server` without an id."""
    with pytest.raises(BadInput):
        house.call("sync", scope="server")
    with pytest.raises(BadInput):
        house.answer(command_interaction("sync", options={"scope": "here"}, guild_id=None))
    with pytest.raises(UnknownCommand):
        house.press("sync/apply/nowhere/abc")
