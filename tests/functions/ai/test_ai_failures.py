"""Every way to fail, provoked against the stand-in: its own text, quoted in docs/ai.md."""

import json
import re
from pathlib import Path

import pytest

from functions.ai.failures import AiUnavailable
from tests.functions.ai.conftest import Build
from tests.functions.ai.house import House, ServedStandIn
from tests.interactions import NOW, command_interaction
from utilsbot.errors import ServiceError, UserError

_DOCS = (Path(__file__).parents[3] / "docs" / "ai.md").read_text(encoding="utf-8")
_PRIMARY, _SECOND = "gemini-flash-latest", "gemini-3.5-flash-lite"


def _ask(question: str) -> dict[str, object]:
    return command_interaction("ask", options={"question": question})


def _quoted(text: str) -> bool:
    """Whether the docs quote a text; moments and figures stand there as letters."""
    plain = re.sub(r"<t:\d+:[tR]>", "T", " ".join(text.split()))
    return plain in " ".join(_DOCS.split())


@pytest.mark.parametrize(
    ("word", "title", "ours"),
    [
        ("404", "AI model not found", True),
        ("429", "AI quota used up", True),
        ("500", "AI is overloaded", True),
        ("503", "AI is overloaded", True),
        ("504", "The AI took too long", True),
        ("403", "AI access refused", True),
        ("key", "AI access refused", True),
        ("400", "The AI did not take the question", False),
        ("long", "Too much text", False),
        ("blocked", "Blocked by the safety filter", False),
        ("safety", "Blocked by the safety filter", False),
        ("empty", "No answer", False),
        ("nothing", "No answer", False),
    ],
)
def test_each_failure_has_its_own_text(house: House, word: str, title: str, ours: bool) -> None:
    """The user is told what happened and what to do; the docs quote it word for word."""
    error = house.failure(_ask(f"Hello standin:{word}"))

    assert error.title == title
    assert isinstance(error, ServiceError) is ours
    assert _quoted(error.text), error.text


def test_a_stream_that_never_begins_times_out(build: Build) -> None:
    """Silence ends after AI_STALL_S, on the second model too."""
    house = build(AI_STALL_S="1", GEMINI_MODELS=_PRIMARY)

    error = house.failure(_ask("standin:stall"))

    assert error.title == "The AI took too long"
    assert _quoted(error.text)


def test_a_model_that_is_out_of_reach_is_said_so(build: Build) -> None:
    """No connection is another thing than an error of Google's."""
    error = build(GEMINI_URL="http://127.0.0.1:9").failure(_ask("Hello"))

    assert isinstance(error, AiUnavailable)
    assert error.title == "AI not reachable"
    assert _quoted(error.text)


def test_too_long_a_question_is_refused_before_it_is_sent(
    build: Build, gemini: ServedStandIn
) -> None:
    """The estimate refuses what would be over the limit, with both figures, and costs nothing."""
    house = build(AI_MAX_INPUT_TOKENS="1000")

    error = house.failure(_ask("word " * 799))

    assert "this bot takes 1,000" in error.text
    assert gemini.models == []


@pytest.mark.parametrize("word", ["404", "429", "500", "503", "504", "empty", "stall"])
def test_a_transient_failure_falls_back_once(
    house: House, gemini: ServedStandIn, word: str
) -> None:
    """The next model answers, and says that it did; the first is counted as a failed call."""
    reply = house.say(_ask(f"Hello standin:{word}@{_PRIMARY}"))

    assert gemini.models == [_PRIMARY, _SECOND]
    assert reply.content.splitlines()[-1].startswith(f"-# {_SECOND} ·")
    assert [call.failed for call in house.meter.calls] == [True, False]


def test_it_falls_back_only_once(build: Build, gemini: ServedStandIn) -> None:
    """Two models are asked at the most, however long the list is."""
    house = build(GEMINI_MODELS=f"{_PRIMARY},{_SECOND},gemini-3.8-flash")

    house.failure(_ask("standin:503"))

    assert gemini.models == [_PRIMARY, _SECOND]


@pytest.mark.parametrize("word", ["blocked", "400", "long", "key"])
def test_what_another_model_cannot_mend_is_not_tried(
    house: House, gemini: ServedStandIn, word: str
) -> None:
    """A blocked question or a bad key fails at once."""
    house.failure(_ask(f"standin:{word}"))

    assert gemini.models == [_PRIMARY]


@pytest.mark.parametrize("word", ["middle-stall", "middle-503"])
def test_text_that_came_before_a_failure_is_kept(
    house: House, gemini: ServedStandIn, word: str
) -> None:
    """The half answer is shown with a note, and no other model is paid."""
    content = house.say(_ask(f"standin:{word}")).content

    assert "From the local stand-in" in content
    assert "-# The AI stopped in the middle. Ask again for the rest." in content
    assert gemini.models == [_PRIMARY]


def test_an_answer_that_takes_too_long_in_all_ends(house: House) -> None:
    """Pieces that go on for ever end at AI_TOTAL_S; what has come is kept."""
    tick = house.clock.clock.monotonic

    def moving() -> float:
        house.clock.advance(8)
        return tick()

    house.ports["ai"]._models._monotonic = moving
    content = house.say(_ask("standin:verbose")).content

    assert "-# The AI stopped in the middle." in content


def test_when_to_try_again_is_googles_word(house: House) -> None:
    """RetryInfo's 30 s become a moment."""
    assert f"before <t:{int(NOW) + 30}:t>" in house.failure(_ask("standin:429")).text


def test_no_failure_repeats_the_prompt(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither the errors' texts nor the log lines carry what was asked."""
    words = ("404", "429", "503", "400", "blocked", "empty")
    texts = [house.failure(_ask(f"hunter2 standin:{word}")).text for word in words]

    told = json.dumps(texts) + capsys.readouterr().out
    assert "hunter2" not in told
    assert '"reason":"quota"' in told


def test_a_ping_in_an_answer_pings_nobody(house: House) -> None:
    """What the model writes goes out with empty allowed mentions (checked for every message)."""
    assert "@everyone" in house.say(_ask("standin:ping")).content


def test_every_text_of_the_group_is_a_sentence_for_users() -> None:
    """Each failure has a title and ends its text with a full stop."""
    from functions.ai.failures import no_answer
    from functions.ai.model import Failure, ModelFailed

    for failure in Failure:
        error = no_answer(ModelFailed(failure), NOW)
        assert isinstance(error, UserError)
        assert error.title
        assert error.text.endswith(".")
        assert "{" not in error.text
