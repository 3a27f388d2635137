"""/usage: a week in bars, and what is left of today."""

from hypothesis import given
from hypothesis import strategies as st

from functions.ai.commands.usage import chart
from tests.functions.ai.conftest import Build
from tests.functions.ai.house import House
from tests.interactions import NOW, command_interaction
from utilsbot.errors import NotConfigured, Refused
from utilsbot.store.allowances import Used


def test_a_user_sees_their_week_and_what_is_left(house: House) -> None:
    """Yesterday's and today's questions, and the allowances of today."""
    house.say(command_interaction("ask", options={"question": "Hello"}))
    house.clock.advance(24 * 3600)
    house.say(command_interaction("ask", options={"question": "Hello"}, at=NOW + 24 * 3600))

    (embed,) = house.say(command_interaction("usage")).embeds

    days = embed.description.splitlines()[1:-1]
    assert len(days) == 7
    assert days[-1].startswith("Tue 22 ████████████    1 asked")
    assert "    1 asked" in days[-2]
    assert embed.fields[0].value.startswith("59 of 60 questions")
    assert embed.fields[1].name == "Left of this server's"


def test_a_servers_own_allowance_is_shown(house: House) -> None:
    """Lowered by its administrators; never above the operator's."""
    body = command_interaction("usage")

    lowered = house.say(body, ai_requests=5).embeds[0].fields[1].value
    raised = house.say(body, ai_requests=10**8).embeds[0].fields[1].value

    assert lowered.startswith("5 of 5 questions")
    assert raised == house.say(body).embeds[0].fields[1].value


def test_a_new_user_sees_an_empty_week(house: House) -> None:
    """Nothing used is shown as such, in a direct message too."""
    (embed,) = house.say(command_interaction("usage", guild_id=None)).embeds

    assert "█" not in embed.description
    assert [field.name for field in embed.fields][1] == "In all"


def test_developers_see_the_whole_and_others_do_not(house: House) -> None:
    """The bot's own allowance is the developers' business."""
    body = command_interaction("usage", options={"everybody": True})

    assert isinstance(house.failure(body), Refused)
    house.say(command_interaction("ask", options={"question": "Hello"}))
    (embed,) = house.say(body, developer=True).embeds
    assert embed.fields[0].value.startswith("1,999 of 2,000 questions")


def test_without_a_key_it_says_so(build: Build) -> None:
    """No AI, no use of it."""
    assert isinstance(build(GEMINI_KEY="").failure(command_interaction("usage")), NotConfigured)


@given(st.lists(st.integers(0, 10**9), min_size=7, max_size=7))
def test_every_bar_fits_and_what_was_used_shows(tokens: list[int]) -> None:
    """Seven lines of one width, and never an empty bar for a day with use."""
    lines = chart([Used(1, day) for day in tokens], NOW).splitlines()[1:-1]

    bars = [line[7:19] for line in lines]
    assert len(lines) == 7
    assert all(len(bar) == 12 for bar in bars)
    assert [bool(bar.strip()) for bar in reversed(bars)] == [day > 0 for day in tokens]
