"""/settings and /preferences: the menus, the store, and what a warm front door does with them."""

from typing import Any

import pytest

from functions.catalog import CATALOG as ALL
from functions.system.commands import settings
from functions.system.ports import offers
from tests.answers import embed_of
from tests.functions.interactions.test_front_door import Door
from tests.functions.system.system_house import House, buttons, menus, text_of
from tests.interactions import (
    GUILD_ID,
    NOW,
    USER_ID,
    command_interaction,
    modal_interaction,
    parsed,
)
from utilsbot.context import Context
from utilsbot.errors import BadInput, UnknownCommand, UserError
from utilsbot.i18n import speak
from utilsbot.store.admissions import SWITCHES_LIFE_S
from utilsbot.store.guild_settings import GuildSettings
from utilsbot.store.operators import Change, Subject

_OTHER_GUILD = "400000000000000009"


def _known(house: House, guild_id: str = GUILD_ID) -> GuildSettings:
    found: GuildSettings = house.ports["guild_store"].of(guild_id)
    return found


def _limit(house: House, typed: str) -> Any:
    return house.answer(modal_interaction("settings/limited", {"requests": typed}))


def test_a_new_server_has_no_settings(house: House) -> None:
    """What counts is shown, with every menu and nothing marked."""
    shown = house.call("settings", by=USER_ID)

    assert _known(house) == GuildSettings()
    groups, commands, language = menus(shown)
    assert [option.value for option in groups.options] == ["tools", "ai"]
    assert [option.label for option in commands.options] == ["/hash", "/qr", "/ask"]
    assert not [o for o in (*groups.options, *commands.options) if o.default]
    assert [option.value for option in language.options if option.default] == ["own"]
    said = text_of(shown)
    assert "Nothing; every command can be used." in said
    assert "Nothing was changed yet." in said


def test_groups_and_commands_are_switched_apart(house: House) -> None:
    """Each menu decides about its own; what is chosen is off, all else is on."""
    groups, commands, _ = menus(house.call("settings", by=USER_ID))

    house.press(commands.custom_id, by=USER_ID, values=["hash", "ask"])
    shown = house.press(groups.custom_id, by=USER_ID, values=["ai"])
    assert _known(house).off == {"hash", "ask", "ai"}
    assert "the group `ai`, `/ask`, `/hash`" in text_of(shown)
    assert {o.value for menu in menus(shown) for o in menu.options if o.default} == {
        *("ai", "hash", "ask", "own")
    }
    house.press(commands.custom_id, by=USER_ID, values=[])
    assert _known(house).off == {"ai"}
    house.press(groups.custom_id, by=USER_ID, values=[])
    assert _known(house) == GuildSettings()
    assert _known(house, _OTHER_GUILD) == GuildSettings()


def test_choosing_what_is_so_is_no_change(house: House) -> None:
    """Neither noted nor called saved."""
    groups = menus(house.call("settings", by=USER_ID))[0]

    assert "Nothing to change" in text_of(house.press(groups.custom_id, by=USER_ID, values=[]))
    assert house.trail.of_guild(GUILD_ID).changes == ()


@pytest.mark.parametrize(
    ("custom_id", "values"),
    [
        ("settings/groups", ["system"]),
        ("settings/groups", ["hash"]),
        ("settings/commands", ["settings"]),
        ("settings/commands", ["privacy"]),
        ("settings/language", ["xx"]),
        ("settings/language", ["de", "fr"]),
        ("settings/private/maybe", None),
    ],
)
def test_altered_menus_are_refused(house: House, custom_id: str, values: list[str] | None) -> None:
    """Values come from outside: what must stay on cannot be switched off by a forged one."""
    with pytest.raises(UnknownCommand):
        house.press(custom_id, by=USER_ID, values=values)
    assert _known(house) == GuildSettings()


def test_help_settings_and_peoples_data_are_not_offered() -> None:
    """Of the whole catalog; and the menus have room for all that is."""
    found = offers()
    names = {offer.slug for group in found.values() for offer in group}

    assert {"hash", "ask", "summarise", "wordle", "ip"} <= names
    assert not {"settings", "help", "privacy", "preferences", "eval", "ping"} & names
    assert not {"system", "interactions"} & found.keys()
    assert len(names) <= 25
    assert names <= {module.spec.slug for module in ALL}


def test_private_answers_are_switched_by_a_button(house: House) -> None:
    """On, and off again."""
    on = house.press(
        buttons(house.call("settings", by=USER_ID))["Only private answers"].custom_id, by=USER_ID
    )
    assert _known(house).private_only
    house.press(buttons(on)["Let callers choose who sees answers"].custom_id, by=USER_ID)
    assert not _known(house).private_only


def test_a_language_is_set_and_left(house: House) -> None:
    """As a Discord locale, or nothing."""
    menu = menus(house.call("settings", by=USER_ID))[2]

    assert "Deutsch" in text_of(house.press(menu.custom_id, by=USER_ID, values=["de"]))
    assert _known(house).language == "de"
    house.press(menu.custom_id, by=USER_ID, values=["own"])
    assert _known(house).language == ""


@pytest.mark.parametrize(("typed", "expected"), [("0", 0), (" 50 ", 50), ("", None)])
def test_the_allowance_is_a_number_or_nothing(
    house: House, typed: str, expected: int | None
) -> None:
    """Nothing stands for the operator's limit; nought for none at all."""
    house.ports["guild_store"].set_ai_requests(
        GUILD_ID, 7, Change("5", NOW, USER_ID, "settings ai", Subject("guild", GUILD_ID))
    )
    shown = _limit(house, typed)

    assert _known(house).ai_requests == expected
    assert ("As many as" in text_of(shown)) == (expected is None)


@pytest.mark.parametrize("typed", ["-1", "many", "1.5", "²", "9" * 10])
def test_an_allowance_that_is_no_number_is_refused(house: House, typed: str) -> None:
    """With what to give instead."""
    with pytest.raises(BadInput, match="whole number"):
        _limit(house, typed)
    assert _known(house).ai_requests is None


def test_the_form_has_what_is_set(house: House) -> None:
    """The button carries it, since the front door reads no settings for a form."""
    _limit(house, "50")
    button = buttons(house.call("settings", by=USER_ID))["AI allowance"]

    assert button.custom_id == "settings/limit/50"
    context = Context(parsed(command_interaction("settings")), NOW, "R", True)
    (field,) = settings.on_limit(context, "50").inputs
    assert field.payload()["component"]["value"] == "50"
    (empty,) = settings.on_limit(context, "").inputs
    assert "value" not in empty.payload()["component"]


def test_who_changed_what_last_is_shown(house: House) -> None:
    """The newest first; what developers noted about the server is not for its admins."""
    house.call("blacklist", "add", server=GUILD_ID, reason="a secret reason")
    _limit(house, "50")
    shown = house.press("settings/private/on", by="300000000000000002")

    changes = embed_of(shown).fields[-1].value.splitlines()
    assert len(changes) == 2
    assert "<@300000000000000002>: only private answers → `on`" in changes[0]
    assert f"<@{USER_ID}>: AI questions a day → `50`" in changes[1]
    assert "secret" not in text_of(shown)
    actions = {change.action for change in house.trail.recent(NOW).changes}
    assert actions == {"blacklist add", "settings ai", "settings private"}


def test_a_redelivered_change_is_made_once(house: House) -> None:
    """And says again that it is saved."""
    body = modal_interaction("settings/limited", {"requests": "5"})

    assert [embed_of(house.answer(body)).title for _ in range(2)] == ["Saved", "Saved"]
    assert len(house.trail.of_guild(GUILD_ID).changes) == 1


def test_outside_servers_there_is_nothing_to_set(house: House) -> None:
    """The gate refuses users; developers, whom it lets pass, are told."""
    with pytest.raises(UserError, match="no server"):
        house.answer(command_interaction("settings", guild_id=None))


@pytest.fixture
def door(house: House, aws: dict[str, str], queue_url: str) -> Door:
    """A front door on the same table, warm: it has read the switches."""
    environment = {**aws, "TABLE_NAME": house.table}
    door = Door(environment, queue_url, QUEUE_URL_SYSTEM=queue_url, QUEUE_URL_NETWORK=queue_url)
    _hash(door)
    door.queued()
    return door


def _hash(door: Door, **options: Any) -> Any:
    """What a warm door answers to /hash a moment later."""
    door.clock.advance(1)
    given = {"text": "x", **options}
    return door.send(command_interaction("hash", options=given, at=door.clock.seconds))


def _wait(door: Door) -> None:
    assert SWITCHES_LIFE_S + 2 < 30
    door.clock.advance(SWITCHES_LIFE_S)


@pytest.mark.parametrize(("menu", "value"), [("groups", "tools"), ("commands", "hash")])
def test_off_reaches_a_warm_front_door_within_30_s(
    house: House, door: Door, menu: str, value: str
) -> None:
    """It refuses there, privately, and nowhere else."""
    house.press(f"settings/{menu}", by=USER_ID, values=[value])
    _wait(door)

    refused = _hash(door)
    assert "administrators switched it off" in refused["data"]["embeds"][0]["description"]
    elsewhere = command_interaction(
        "hash", options={"text": "x"}, at=door.clock.seconds + 1, guild_id=_OTHER_GUILD
    )
    assert door.send(elsewhere)["type"] == 5


def test_private_only_reaches_a_warm_front_door(house: House, door: Door) -> None:
    """Not even `private:false` is public then."""
    assert _hash(door, private=False) == {"type": 5}
    house.press("settings/private/on", by=USER_ID)
    _wait(door)

    assert _hash(door, private=False) == {"type": 5, "data": {"flags": 64}}


def test_language_and_allowance_travel_to_the_worker(house: House, door: Door) -> None:
    """Public answers speak the server's language, private ones their caller's."""
    house.press("settings/language", by=USER_ID, values=["fr"])
    _limit(house, "5")
    house.call("preferences", by=USER_ID, language="de")
    _wait(door)

    _hash(door, private=False)
    _hash(door, private=True)
    found = sorted(door.queued(), key=lambda envelope: float(envelope["received_at"]))
    assert [(e["language"], e["private"], e["ai_requests"]) for e in found] == [
        ("fr", False, 5),
        ("de", True, 5),
    ]


def test_a_preference_for_private_answers_counts_at_once(house: House, door: Door) -> None:
    """From the next command on, in the deferral's flags; the command's own option goes before."""

    def unshorten(**options: Any) -> Any:
        door.clock.advance(30)  # over its cooldown
        given = {"url": "https://example.com", **options}
        return door.send(command_interaction("unshorten", options=given, at=door.clock.seconds))

    assert unshorten() == {"type": 5}
    house.call("preferences", by=USER_ID, answers="yes")
    assert unshorten() == {"type": 5, "data": {"flags": 64}}
    assert unshorten(private=False) == {"type": 5}
    house.call("preferences", by=USER_ID, answers="no")
    assert unshorten() == {"type": 5}


def test_the_preferred_language_counts_at_once(house: House, door: Door) -> None:
    """The envelope says what the worker answers in; Discord's own language is the default."""
    house.call("preferences", by=USER_ID, language="ja")
    speak(None)
    _hash(door)
    house.call("preferences", by=USER_ID, language="own")
    _hash(door)

    found = sorted(door.queued(), key=lambda envelope: float(envelope["received_at"]))
    assert [envelope["language"] for envelope in found] == ["ja", "en-US"]
