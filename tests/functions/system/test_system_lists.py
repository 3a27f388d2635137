"""/whitelist and /blacklist, from Discord's JSON to the reply and the store."""

import pytest

from tests.functions.system.system_house import DEVELOPER, House, buttons, text_of
from tests.interactions import NOW
from utilsbot.errors import BadInput, UnknownCommand, UserError
from utilsbot.i18n import speak
from utilsbot.store.operators import Change, Kind, Member, Roll

_ADA, _SERVER = "300000000000000001", "400000000000000007"
_each = pytest.mark.parametrize("name", ["whitelist", "blacklist"])


@_each
def test_a_user_is_added_with_a_reason(house: House, name: str) -> None:
    """The flag that the gate reads, the list and the trail all have it."""
    reply = house.call(name, "add", user=_ADA, reason="knows *why*")

    assert f"<@{_ADA}>" in text_of(reply)
    assert r"knows \*why\*" in text_of(reply)
    (profile,) = [row for row in house.rows() if row["sk"] == "PROFILE"]
    assert (profile["pk"], profile[f"{name}ed"]) == (f"USER#{_ADA}", True)
    (entry,) = house.trail.recent(NOW).changes
    assert (entry.action, entry.actor_id) == (f"{name} add", DEVELOPER)
    assert (entry.subject.id, entry.detail) == (_ADA, "knows *why*")


@_each
def test_a_server_is_added_and_removed(house: House, name: str) -> None:
    """By its id."""
    house.call(name, "add", server=_SERVER)
    listed = house.call(name, "list")
    removed = house.call(name, "remove", server=_SERVER)

    assert _SERVER in text_of(listed)
    assert "no longer" in text_of(removed)
    assert "is empty" in text_of(house.call(name, "list"))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en-US", "On the blacklist: 1"),
        ("de", "Auf der Blacklist: 1"),
        ("ja", "ブラックリスト: 1件"),
    ],
)
def test_a_list_is_called_what_it_is_called_in_the_language(
    house: House, language: str, said: str
) -> None:
    """In sentences, a list's name is a word of theirs; only the command has its own name."""
    house.call("blacklist", "add", user=_ADA)
    speak(language)

    assert text_of(house.call("blacklist", "list")).strip().startswith(said)


@_each
def test_what_is_so_already_is_said(house: House, name: str) -> None:
    """Adding twice and removing twice are told apart from doing it."""
    assert "is not on" in text_of(house.call(name, "remove", user=_ADA))
    house.call(name, "add", user=_ADA, reason="first")
    again = house.call(name, "add", user=_ADA, reason="second")

    assert "already" in text_of(again)
    assert "first" in text_of(again)


@_each
def test_a_check_says_whether_why_and_what_happened(house: House, name: str) -> None:
    """Also for who is not on it."""
    assert "**not** on" in text_of(house.call(name, "check", user=_ADA))
    house.call(name, "add", user=_ADA, reason="tester")
    said = text_of(house.call(name, "check", user=_ADA))

    assert f"<@{_ADA}> (`{_ADA}`) is on the {name}." in said
    assert "tester" in said
    assert f"**{name} add**" in said


def test_developers_need_no_list(house: House) -> None:
    """A check says so, and a blacklist does not pretend."""
    assert "developer" in text_of(house.call("whitelist", "check", user=DEVELOPER))
    with pytest.raises(UserError, match="Developers pass every list"):
        house.call("blacklist", "add", user=DEVELOPER)


@pytest.mark.parametrize(
    "options", [{}, {"user": _ADA, "server": _SERVER}, {"server": "not a server at all"}]
)
def test_one_member_is_named(house: House, options: dict[str, str]) -> None:
    """A user or a server: not both, not neither, not words."""
    with pytest.raises(BadInput):
        house.call("whitelist", "add", **options)


def test_every_page_is_reached_by_buttons(house: House) -> None:
    """Forth to the end and back to the start, without a gap."""
    members = [Member(Kind.USER, str(300000000000001000 + n)) for n in range(23)]
    for number, member in enumerate(members):
        change = Change(str(500 + number), NOW, DEVELOPER, "whitelist add", member.subject)
        house.lists.add(Roll.WHITELIST, member, change)

    first = house.call("whitelist", "list")
    second = house.press(buttons(first)["Next"].custom_id)
    third = house.press(buttons(second)["Next"].custom_id)
    back = house.press(buttons(third)["Back"].custom_id)

    shown = "".join(map(text_of, (first, second, third)))
    assert all(shown.count(f"<@{member.id}>") == 1 for member in members)
    assert "whitelist: 23" in text_of(first)
    assert buttons(first)["Back"].disabled
    assert buttons(third)["Next"].disabled
    assert back == second


def test_a_page_whose_members_are_gone_shows_the_first(house: House) -> None:
    """An old button never ends in an empty page."""
    house.call("whitelist", "add", user=_ADA)

    assert _ADA in text_of(house.press("whitelist/page/after/USER#9"))


def test_an_altered_button_is_refused(house: House) -> None:
    """Custom ids come from outside."""
    with pytest.raises(UnknownCommand):
        house.press("whitelist/page/sideways/USER#1")
