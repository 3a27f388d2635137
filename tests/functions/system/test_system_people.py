"""/privacy and /preferences, from Discord's JSON to the reply and the store."""

import json

import pytest

from functions.system.commands import privacy
from tests.answers import embed_of, file_of
from tests.functions.system.system_house import CATALOG, House, buttons, menus, text_of
from tests.interactions import USER_ID
from utilsbot.errors import UnknownCommand
from utilsbot.i18n import speak
from utilsbot.reply import Colour
from utilsbot.spec import Access, Visibility
from utilsbot.store.games import Games
from utilsbot.store.privacy_map import ELSEWHERE, OWN
from utilsbot.store.table import connect


def _fill(house: House) -> None:
    house.put(f"USER#{USER_ID}", name="Ada", total_commands_used=3)
    house.put(f"USER#{USER_ID}", "GAME#wordle#daily", version=1)
    house.put("USER#300000000000000002", name="Bob")


def test_show_lists_the_kinds(house: House) -> None:
    """In words, with counts."""
    _fill(house)

    said = text_of(house.call("privacy", "show", by=USER_ID))
    assert "Your name, language, preferences, times and counts**: 1 row" in said
    assert "Games under way**: 1 row" in said


def test_show_of_nothing(house: House) -> None:
    """Somebody new hears that nothing is held."""
    assert "Nothing." in text_of(house.call("privacy", "show", by=USER_ID))


def test_the_export_is_everything_as_json(house: House) -> None:
    """And nobody else's."""
    _fill(house)

    file = file_of(house.call("privacy", "export", by=USER_ID))
    document = json.loads(file.content)
    assert file.content_type == "application/json"
    assert document["user_id"] == USER_ID
    assert document["held"]["profile"][0]["total_commands_used"] == 3
    assert document["held"].keys() == document["about"].keys() == {"profile", "games"}
    assert "Bob" not in file.content.decode()


def test_deleting_asks_first(house: House) -> None:
    """Nothing is erased before the button is pressed, nor by the other one."""
    _fill(house)
    before = house.rows()

    asked = house.call("privacy", "delete", by=USER_ID)
    kept = house.press(buttons(asked)["Keep it"].custom_id, by=USER_ID)

    assert "2 rows would be erased" in text_of(asked)
    assert "Nothing was erased" in text_of(kept)
    assert house.rows() == before


def test_deleting_erases_and_proves_it(house: House) -> None:
    """Nobody else's rows go; pressing again finds nothing."""
    _fill(house)
    asked = house.call("privacy", "delete", by=USER_ID)

    done = house.press(buttons(asked)["Erase it all"].custom_id, by=USER_ID)

    assert "2 rows were erased. A second look found nothing" in text_of(done)
    assert embed_of(done).colour == Colour.SUCCESS
    assert [row["name"] for row in house.rows()] == ["Bob"]
    again = house.press(buttons(asked)["Erase it all"].custom_id, by=USER_ID)
    assert "0 rows" in text_of(again)


def test_only_the_caller_sees_and_erases(house: House) -> None:
    """Private whatever happens, open to everyone, and the buttons are the owner's."""
    for name in ("privacy", "preferences"):
        found = CATALOG.find(name)
        assert found
        assert found.spec.visibility is Visibility.PRIVATE
        assert found.spec.access is Access.EVERYONE
        assert all(action.owner_only for action in found.spec.actions)


def test_preferences_are_what_the_game_reads(house: House) -> None:
    """Chosen here, they count there."""
    house.call("preferences", by=USER_ID, boards="text", palette="contrast")

    shelf = Games(connect(), house.table, "wordle").read(USER_ID, ["daily"])
    assert shelf.preferences == {"board": "text", "palette": "contrast"}


def test_preferences_show_what_counts(house: House) -> None:
    """Defaults before anybody chooses; changing one leaves the other."""
    first = house.call("preferences", by=USER_ID)
    house.call("preferences", by=USER_ID, boards="text")
    then = house.call("preferences", by=USER_ID, palette="contrast")

    assert [field.value for field in embed_of(first).fields] == [
        "As each command says",
        "As my Discord speaks",
        "As pictures",
        "Green and yellow",
    ]
    assert "As text" in text_of(then)
    assert "High contrast" in text_of(then)
    assert house.ports["preferences"].of("300000000000000002") == {}


def test_a_menu_changes_its_preference(house: House) -> None:
    """In place, with the new choice marked."""
    palette = menus(house.call("preferences", by=USER_ID))[3]

    changed = house.press(palette.custom_id, by=USER_ID, values=["contrast"])

    (chosen,) = [option.value for option in menus(changed)[3].options if option.default]
    assert chosen == "contrast"


def test_a_language_is_chosen_and_left_again(house: House) -> None:
    """The gate reads a Discord locale, or nothing for the language that Discord speaks."""
    language = menus(house.call("preferences", by=USER_ID, language="de"))[1]
    assert house.ports["preferences"].of(USER_ID) == {"language": "de"}
    assert [option.value for option in language.options if option.default] == ["de"]

    house.press(language.custom_id, by=USER_ID, values=["own"])
    speak(None)
    assert house.ports["preferences"].of(USER_ID) == {"language": ""}
    assert "As my Discord speaks" in text_of(house.call("preferences", by=USER_ID))


def test_every_kind_of_row_has_a_label() -> None:
    """A new kind of row cannot break /privacy."""
    kinds = {*OWN.values(), *(label for label, _ in ELSEWHERE.values()), "other"}

    assert kinds == privacy._LABELS.keys()


@pytest.mark.parametrize(
    ("custom_id", "value"),
    [("preferences/choose/palette", "pink"), ("preferences/choose/volume", "loud")],
)
def test_an_altered_menu_is_refused(house: House, custom_id: str, value: str) -> None:
    """Values come from outside."""
    with pytest.raises(UnknownCommand):
        house.press(custom_id, by=USER_ID, values=[value])
