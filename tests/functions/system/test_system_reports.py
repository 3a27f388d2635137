"""/guilds, /logs and /stats, from Discord's JSON to the reply."""

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from functions.system.chart import HEIGHT, WIDTH, Charts, nice_ceiling
from functions.system.costs import cost
from functions.system.figures import OTHER, figures
from tests.answers import file_of
from tests.functions.system.system_house import DEVELOPER, Directory, House, buttons, text_of
from tests.interactions import GUILD_ID, NOW, snowflake
from utilsbot.discord.guild import Guild
from utilsbot.discord.snowflake import reference_id
from utilsbot.errors import BadInput, UnknownCommand
from utilsbot.i18n import speak
from utilsbot.store.command_log import CommandLog, Ending, Entry
from utilsbot.store.operators import Change, Subject
from utilsbot.store.records import Counts
from utilsbot.store.table import connect

_ADA, _BOB = "300000000000000001", "300000000000000002"
_DAY = int(NOW) // 86400 * 86400


def _ran(house: House, count: int, *, user: str = _ADA, guild: str | None = GUILD_ID) -> list[str]:
    """Commands that ran, a second apart; their interactions' ids."""
    log = CommandLog(connect(), house.table)
    ids = []
    for number in range(count):
        interaction_id = snowflake(NOW - 1000 + number)
        reference = reference_id(interaction_id)
        entry = Entry(user, interaction_id, "hash", "tools", guild, reference, NOW - 1000 + number)
        log.claim(entry, now=NOW, lease_s=30)
        log.finish(entry, Ending("ok", False, 12, 1), now=NOW)
        ids.append(interaction_id)
    return ids


def test_all_guilds_are_reached(house: House) -> None:
    """Page by page to the last, with counts."""
    guilds = [Guild(str(400000000000000000 + n), f"Guild *{n:02}*", n) for n in range(23)]
    house.ports["directory"] = Directory(guilds)

    first = house.call("guilds")
    second = house.press(buttons(first)["Next"].custom_id)
    third = house.press(buttons(second)["Next"].custom_id)

    shown = "".join(map(text_of, (first, second, third)))
    assert all(shown.count(f"`{guild.id}`") == 1 for guild in guilds)
    assert "23 servers" in text_of(first)
    assert "Page 3 of 3, about 253 members" in text_of(third)
    assert r"\*00\*" in shown
    assert house.press("guilds/page/99999") == third
    with pytest.raises(UnknownCommand):
        house.press("guilds/page/-1")


def test_no_guild_and_unknown_sizes(house: House) -> None:
    """Both are said, neither is a zero."""
    assert "in no server" in text_of(house.call("guilds"))
    house.ports["directory"] = Directory([Guild("400000000000000000", "One", None)])
    said = text_of(house.call("guilds"))
    assert "1 server" in said
    assert "members" not in said


def test_a_users_commands_newest_first(house: House) -> None:
    """Older ones by the button, and back."""
    ids = _ran(house, 13)
    _ran(house, 1, user=_BOB)

    first = house.call("logs", "user", user=_ADA)
    older = house.press(buttons(first)["Older"].custom_id)

    references = [reference_id(i) for i in reversed(ids)]
    assert [r in text_of(first) for r in references] == [True] * 10 + [False] * 3
    assert [r in text_of(older) for r in references] == [False] * 10 + [True] * 3
    assert "Older" not in buttons(older)
    assert house.press(buttons(older)["Newest"].custom_id) == first
    assert _BOB not in text_of(first)


def test_a_guilds_commands(house: House) -> None:
    """Of all its members, none of elsewhere, none of direct messages."""
    _ran(house, 2)
    _ran(house, 1, user=_BOB, guild="400000000000000009")
    _ran(house, 1, user="300000000000000003", guild=None)

    said = text_of(house.call("logs", "server"))
    assert said.count(f"<@{_ADA}>") == 2
    assert f"<@{_BOB}>" not in said
    assert f"<@{_BOB}>" in text_of(house.call("logs", "server", server="400000000000000009"))


def test_a_guilds_older_commands(house: House) -> None:
    """The index pages as the user's partition does."""
    ids = _ran(house, 12)

    older = house.press(buttons(house.call("logs", "server"))["Older"].custom_id)

    assert [reference_id(i) in text_of(older) for i in ids[:3]] == [True, True, False]


def test_a_reference_is_found_by_user_or_place(house: House) -> None:
    """In full, however it is typed."""
    (interaction_id,) = _ran(house, 1)
    reference = reference_id(interaction_id)

    by_user = house.call("logs", "reference", reference=reference.lower(), user=_ADA)
    by_place = house.call("logs", "reference", reference=reference.replace("-", " "))

    assert by_user == by_place
    assert f"`{interaction_id}`" in text_of(by_user)
    assert "12 ms, attempt 1" in text_of(by_user)


def test_a_reference_that_is_not_found_says_where_to_look(house: House) -> None:
    """When it was, and the query that searches the logs."""
    said = text_of(house.call("logs", "reference", reference=reference_id(snowflake()), user=_BOB))

    assert "No such command" in said
    assert f'filter reference = "{reference_id(snowflake())}"' in said
    with pytest.raises(BadInput, match="no reference id"):
        house.call("logs", "reference", reference="what?")


def test_the_trail_is_shown(house: House) -> None:
    """Newest first, with older ones behind the button."""
    for number in range(12):
        house.call("whitelist", "add", user=str(300000000000001000 + number))

    first = house.call("logs", "audit")
    older = house.press(buttons(first)["Older"].custom_id)

    assert text_of(first).count("**whitelist add**") == 10
    assert text_of(older).count("**whitelist add**") == 2


@pytest.mark.parametrize(
    ("detail", "language", "shown"),
    [
        ("characters=1 files=0 seconds=1", "en-US", ": 1 character, 0 files, 1 s"),
        ("characters=16 files=1 seconds=10", "de", ": 16 Zeichen, 1 Datei, 10 s"),
        ("created=1 changed=0 deleted=2", "es-ES", ": 1 nuevo, 0 cambiados, 2 eliminados"),
        ("lines=2", "en-US", ": lines=2"),
        ("16 characters, 0 file, 1 s", "de", ": 16 characters, 0 file, 1 s"),
        ("a [link](https://evil.example)", "en-US", r": a \[link\]\(https\://evil.example\)"),
    ],
)
def test_the_trail_words_numbers_when_they_are_shown(
    house: House, detail: str, language: str, shown: str
) -> None:
    """In the reader's language; reasons, and what older versions noted, as they are."""
    house.trail.commit([], Change(snowflake(NOW), NOW, DEVELOPER, "run", Subject("bot"), detail))
    speak(language)

    assert text_of(house.call("logs", "audit")).strip().endswith(f"**run**{shown}")


def test_the_trail_goes_back_over_months(house: House) -> None:
    """Month by month to a year ago, each entry once, and no button where nothing is older."""
    days = (0, 1, 20, 22, 25, 50, 80, 81, 200, 201, 202, 300)
    for days_ago in days:
        at = NOW - days_ago * 86400
        entry = Change(snowflake(at), at, DEVELOPER, f"eval {days_ago}", Subject("bot"))
        house.trail.commit([], entry)

    first = house.call("logs", "audit")
    older = house.press(buttons(first)["Older"].custom_id)

    for page, shown in ((first, days[:10]), (older, days[10:])):
        assert text_of(page).count("**eval") == len(shown)
        assert all(f"**eval {number}**" in text_of(page) for number in shown)
    assert "Older" not in buttons(older)


@pytest.mark.parametrize(
    "custom_id", ["logs/older/user/x/0", "logs/older/who/1/0", "logs/older/user/1/-1"]
)
def test_an_altered_button_is_refused(house: House, custom_id: str) -> None:
    """Custom ids come from outside."""
    with pytest.raises(UnknownCommand):
        house.press(custom_id)


def test_stats_count_what_ran(house: House) -> None:
    """By group, with failures, mean times, a price and a chart that is told in words."""
    _ran(house, 3)
    house.put(f"STATS#{'2026-09-20'}", "COMMAND#qr read", runs=2, failures=1, duration_ms=100)
    house.put("STATS#2026-09-21", "COMMAND#gone", runs=1, failures=0, duration_ms=5, people=2)
    house.put("STATS#2026-09-21", "COMMAND#ask", runs=1, failures=0, duration_ms=5, people=5)

    reply = house.call("stats", days=7)

    said = text_of(reply)
    assert "Commands: 7" in said
    assert "Our failures: 1 (14.3%)" in said
    assert "Users a day: 1.0 on average, 7 at the most, 7 today" in said
    assert "`tools` 5, 1 (20.0%) failed, 27 ms" in said
    assert "`other` 1, 5 ms" in said
    assert "`qr read` 2" in said
    assert "a million commands" in said
    assert "In all: tools 5, ai 1, other 1." in file_of(reply).description
    (drawn,) = house.ports["charts"].drawn
    assert drawn.runs["tools"] == (0, 0, 0, 0, 0, 2, 3)
    assert drawn.failures == (0, 0, 0, 0, 0, 1, 0)
    assert drawn.people == (0, 0, 0, 0, 0, 0, 7)


def test_stats_of_nothing(house: House) -> None:
    """No chart of an empty page."""
    reply = house.call("stats")
    assert "No command ran in 14 days" in text_of(reply)
    assert not reply.files


def test_figures_leave_other_days_out() -> None:
    """A counter of a day that was not asked for counts nowhere."""
    found = figures([Counts(_DAY - 30 * 86400, "hash", 5, 0, 1)], {"hash": "tools"}, NOW, 7)
    assert found.total.runs == 0
    assert OTHER == "other"


@pytest.mark.parametrize("days", [7, 14, 30])
def test_the_chart_is_a_picture(days: int) -> None:
    """With colours for groups, of the size that it says."""
    counted = [
        Counts(_DAY - ago * 86400, name, 3 + ago, ago % 4 == 0, 10)
        for ago in range(days)
        for name in ("hash", "ask")
    ]
    found = figures(counted, {"hash": "tools", "ask": "ai"}, NOW, days)

    picture = Image.open(BytesIO(Charts().draw(found)))

    assert (picture.format, picture.size) == ("PNG", (WIDTH, HEIGHT))
    colours = picture.convert("RGB").getcolors(1 << 16)
    assert colours
    shown = {f"#{r:02x}{g:02x}{b:02x}" for _, (r, g, b) in colours}  # type: ignore[misc]
    assert {"#5b8ff9", "#f6bd16", "#ff5c5c"} <= shown


@given(st.lists(st.integers(0, 10**7), min_size=7, max_size=7))
@settings(max_examples=20)
def test_any_counts_can_be_drawn(runs: list[int]) -> None:
    """Also a single command beside millions, whose bar is thinner than a pixel."""
    counted = [Counts(_DAY, f"c{n}", count, 1, 1) for n, count in enumerate(runs)]
    groups = {f"c{n}": f"group{n}" for n in range(7)}

    assert Charts().draw(figures([*counted, Counts(_DAY, "x", 1, 0, 1)], groups, NOW, 7))


@given(st.integers(0, 10**9))
def test_the_scale_has_room_and_even_steps(most: int) -> None:
    """Never below the highest bar, never more than 2.5 times it, in four whole steps."""
    top = nice_ceiling(most)
    assert max(most, 4) <= top <= max(4, 2.5 * most)
    assert top % 4 == 0


def test_a_price_grows_with_runs_and_time() -> None:
    """A million quick commands cost some dollars; slow ones more."""
    quick, slow = cost(1_000_000, 50 * 1_000_000), cost(1_000_000, 2_000 * 1_000_000)
    assert 1 < quick.total < 10
    assert slow.compute > 10 * quick.compute
    assert slow.requests == quick.requests
