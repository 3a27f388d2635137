"""What a question costs whom: reserved before, settled after, refused in its own words."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from functions.ai.failures import AllowanceSpent
from tests.functions.ai.conftest import Build
from tests.functions.ai.house import House, ServedStandIn
from tests.interactions import GUILD_ID, NOW, OTHER_USER_ID, USER_ID, Json, command_interaction
from utilsbot.errors import UserError
from utilsbot.store import keys
from utilsbot.store.allowances import Used
from utilsbot.store.table import key_of, values_of


def _ask(question: str, **rest: Any) -> Json:
    return command_interaction("ask", options={"question": question}, **rest)


_KEYS = [
    keys.user_allowance(USER_ID, "gemini", NOW),
    keys.guild_allowance(GUILD_ID, "gemini", NOW),
    keys.shared_allowance("gemini", NOW),
]


def _used(house: House) -> list[Used]:
    """Of the user, the server and everybody."""
    return list(house.ports["spending"].allowances.used(_KEYS))


def test_an_answer_is_charged_to_user_server_and_everybody(house: House) -> None:
    """One request and the tokens that Google counted, in each of the three rows."""
    house.say(_ask("Hello"))

    tokens = house.meter.calls[0].tokens
    assert _used(house) == [Used(1, tokens)] * 3


def test_a_failure_of_googles_is_not_charged(house: House) -> None:
    """The request and the reserved tokens are given back."""
    house.failure(_ask("standin:503"))

    assert _used(house) == [Used(0, 0)] * 3


def test_a_blocked_question_is_charged(house: House) -> None:
    """Google bills it, and so do we: otherwise probing the filter would be free."""
    house.failure(_ask("standin:blocked"))

    assert {used.requests for used in _used(house)} == {1}


def test_a_spent_allowance_is_told_with_when_it_returns(
    build: Build, gemini: ServedStandIn
) -> None:
    """The second question of a one-a-day user is refused before anything is sent."""
    house = build(AI_USER_REQUESTS="1")
    house.say(_ask("Hello"))

    error = house.failure(_ask("Hello again", at=NOW + 1))

    assert isinstance(error, AllowanceSpent)
    assert error.text.startswith("Your AI allowance for today (1 questions, 250,000 tokens)")
    assert f"<t:{(int(NOW) // 86400 + 1) * 86400}:R>" in error.text
    assert len(gemini.models) == 1


def test_each_purse_refuses_in_its_own_name(build: Build) -> None:
    """The server's and everybody's allowances are told apart from the user's."""
    server = build(AI_GUILD_REQUESTS="0").failure(_ask("Hello"))
    everybody = build(AI_ALL_TOKENS="100").failure(_ask("Hello"))

    assert server.text.startswith("This server's AI allowance")
    assert everybody.text.startswith("The whole bot's AI allowance")


def test_a_refusal_takes_nothing_from_the_others(build: Build) -> None:
    """All pay or nobody."""
    house = build(AI_ALL_REQUESTS="0")
    house.failure(_ask("Hello"))

    assert _used(house) == [Used(0, 0)] * 3


def test_no_server_pays_for_direct_messages(build: Build) -> None:
    """In a DM the server's allowance is not asked."""
    build(AI_GUILD_REQUESTS="0").say(_ask("Hello", guild_id=None))


def test_a_new_day_has_a_new_allowance(build: Build) -> None:
    """At midnight UTC it starts again."""
    house = build(AI_USER_REQUESTS="1")
    house.say(_ask("Hello"))
    house.clock.advance(24 * 3600)

    house.say(_ask("Hello", at=NOW + 24 * 3600))


def test_a_question_that_comes_back_is_one_request(build: Build) -> None:
    """Nobody loses a second question to a Discord that took no answer; Google's tokens count."""
    house = build(AI_USER_REQUESTS="1", AI_GUILD_REQUESTS="1", AI_ALL_REQUESTS="1")
    spent = 0
    for _ in range(3):
        house.say(_ask("Hello"))
        spent += house.meter.calls[0].tokens

    assert _used(house) == [Used(1, spent)] * 3


def test_a_question_that_comes_back_and_fails_costs_no_request(house: House) -> None:
    """It got no answer in the end, and its text promises that."""
    house.say(_ask("Hello"))
    spent = house.meter.calls[0].tokens

    assert "your allowance was not charged" in house.failure(_ask("standin:503")).text

    assert _used(house) == [Used(0, spent)] * 3


def test_a_question_is_paid_on_the_day_it_was_asked(house: House) -> None:
    """Also where it comes back after midnight, which would else be another request."""
    midnight = (NOW // 86400 + 1) * 86400
    house.clock.advance(midnight - NOW + 60)
    asked = _ask("Hello", at=midnight - 5)

    house.say(asked)
    house.say(asked)

    assert [used.requests for used in _used(house)] == [1, 1, 1]
    today, yesterday = house.ports["spending"].of_user(USER_ID, midnight + 60, 2)
    assert (today, yesterday.requests) == (Used(), 1)


def test_a_usual_days_questions_fit_a_write_unit(house: House) -> None:
    """They are remembered in the user's row alone, which stays under 1 KB, and by number alone."""
    house.say(_ask("Hello"))

    rows = [
        values_of(
            house.parts.dynamodb.get_item(TableName=house.parts.table, Key=key_of(key))["Item"]
        )
        for key in _KEYS
    ]
    mine, *others = rows
    assert mine["charged"] == {int(_ask("Hello")["id"])}
    assert "standing" not in mine
    assert all(set(row) == {"pk", "sk", "requests", "tokens", "expires_at"} for row in others)
    text = len("".join(mine)) + len(mine["pk"]) + len(mine["sk"])
    questions = house.ports["spending"].limits.user.requests
    assert questions == 60
    assert text + 3 * 21 + 3 + questions * 12 < 1024  # 19 digits take 11 bytes, an element one more


def test_callers_at_once_never_overspend(build: Build) -> None:
    """Eight users at once share three questions: three are answered, five are told."""
    houses = [build(AI_ALL_REQUESTS="3") for _ in range(8)]
    callers = [str(int(OTHER_USER_ID) + number) for number in range(8)]

    def ask(pair: tuple[House, str]) -> bool:
        house, user_id = pair
        try:
            house.say(_ask("Hello", user_id=user_id, guild_id=None))
        except UserError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        answered = list(pool.map(ask, zip(houses, callers, strict=True)))

    assert answered.count(True) == 3
    everybody = houses[0].ports["spending"].of_everybody(NOW, 1)[0]
    assert everybody.requests == 3


def test_a_server_may_allow_itself_less(house: House) -> None:
    """Its administrators' limit counts for everybody there, and nowhere else."""
    house.say(_ask("Hello"), ai_requests=1)

    with pytest.raises(AllowanceSpent):
        house.say(_ask("Hello", user_id=OTHER_USER_ID), ai_requests=1)
    house.say(_ask("Hello", guild_id=None, at=NOW + 1), ai_requests=None)
    with pytest.raises(AllowanceSpent):
        house.say(_ask("Hello", guild_id="400000000000000002", at=NOW + 2), ai_requests=0)
