"""The AI group through the whole stack: each failure's text, one history, silent logs."""

import itertools
import json
import re
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from local import ROOT
from tests.contract.discord_schema import (
    assert_callback,
    assert_message_create,
    assert_message_edit,
)
from tests.stack.ai_stacks import Kinds
from tests.stack.conftest import RunningStack
from tests.stack.people import WAIT_S, Person

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("stack")]

CURSOR = "▌"
DOCS = " ".join((ROOT / "docs" / "ai.md").read_text(encoding="utf-8").split())
PRIMARY, SECOND = "gemini-flash-latest", "gemini-3.5-flash-lite"
LONG = "word " * 799


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kinds]:
    """Stacks with other settings."""
    with ExitStack() as cleanup:
        yield Kinds(tmp_path_factory.mktemp("ai"), cleanup)


def _error(message: Mapping[str, Any]) -> dict[str, Any]:
    """The embed of a failure, which stands alone."""
    assert not message["content"], message["content"]
    (embed,) = message["embeds"]
    assert isinstance(embed, dict)
    return embed


def _assert_quoted(message: Mapping[str, Any], title: str) -> None:
    """The failure has that title, and docs/ai.md quotes its text word for word."""
    embed = _error(message)
    assert embed["title"] == title
    plain = re.sub(r"<t:\d+:[tR]>", "T", " ".join(embed["description"].split()))
    assert plain in DOCS, plain


@pytest.mark.parametrize(
    ("word", "title"),
    [
        ("404", "AI model not found"),
        ("429", "AI quota used up"),
        ("500", "AI is overloaded"),
        ("503", "AI is overloaded"),
        ("504", "The AI took too long"),
        ("403", "AI access refused"),
        ("key", "AI access refused"),
        ("400", "The AI did not take the question"),
        ("long", "Too much text"),
        ("blocked", "Blocked by the safety filter"),
        ("safety", "Blocked by the safety filter"),
        ("empty", "No answer"),
        ("nothing", "No answer"),
    ],
)
def test_each_failure_has_its_own_text(stack: RunningStack, word: str, title: str) -> None:
    """What the stand-in provokes reaches the user as docs/ai.md says."""
    _assert_quoted(Person(stack).ask(f"hello standin:{word}"), title)


def test_silence_times_out(kinds: Kinds) -> None:
    """No text for AI_STALL_S from either model."""
    _assert_quoted(Person(kinds["tight"]).ask("hello standin:stall"), "The AI took too long")


def test_too_long_a_question_is_not_sent(kinds: Kinds) -> None:
    """Over AI_MAX_INPUT_TOKENS, with both figures."""
    embed = _error(Person(kinds["tight"]).ask(LONG))

    assert embed["title"] == "Too much text"
    assert re.search(r"is about 1,\d{3} tokens .*; this bot takes 1,000\.", embed["description"])


@pytest.mark.parametrize("whose", ["Your", "This server's"])
def test_a_day_is_spent(kinds: Kinds, whose: str) -> None:
    """The second question of the day is refused: the user's anywhere, the server's to anybody."""
    first = Person(kinds["tight"])
    assert "You asked: “one”" in first.ask("one")["content"]
    second = Person(kinds["tight"], first.guild_id)
    if whose == "Your":
        second.id, second.guild_id = first.id, second.id

    embed = _error(second.ask("two"))

    assert embed["title"] == "AI allowance used up"
    start = f"{whose} AI allowance for today (1 questions, "
    assert embed["description"].startswith(start)


def test_everybodys_day_is_spent(kinds: Kinds) -> None:
    """A question that the bot's own allowance does not cover."""
    embed = _error(Person(kinds["cut off"]).ask(LONG))

    assert embed["title"] == "AI allowance used up"
    assert embed["description"].startswith("The whole bot's AI allowance for today (2,000 ")


def test_no_connection(kinds: Kinds) -> None:
    """Nobody listens where Google should be."""
    _assert_quoted(Person(kinds["cut off"]).ask("hello"), "AI not reachable")


def test_no_key_for_the_memory(kinds: Kinds) -> None:
    """/chat says what is missing."""
    _assert_quoted(Person(kinds["cut off"]).send("/chat message:a")["message"], "Not configured")


@pytest.mark.parametrize("line", ["/ask question:a", "/chat message:a"])
def test_no_key(kinds: Kinds, line: str) -> None:
    """Every command says that AI is not set up."""
    _assert_quoted(Person(kinds["without a key"]).send(line)["message"], "Not configured")


def test_commands_without_a_key_are_not_in_the_help(kinds: Kinds) -> None:
    """What cannot be used is not offered."""
    shown = {kind: Person(kinds[kind]).send("/help") for kind in ("tight", "without a key")}

    assert "</ask:" in json.dumps(shown["tight"])
    assert "</ask:" not in json.dumps(shown["without a key"])


@pytest.mark.parametrize(
    ("word", "note"),
    [
        ("middle-stall", "The AI stopped in the middle. Ask again for the rest."),
        ("middle-503", "The AI stopped in the middle. Ask again for the rest."),
        (
            "cut",
            "The answer is longer than this bot lets it be and ends here; ask for the rest.",
        ),
    ],
)
def test_half_an_answer_is_kept(kinds: Kinds, word: str, note: str) -> None:
    """With a note below it that the docs quote, and its code block closed."""
    content = Person(kinds["tight"]).ask(f"hello standin:{word}")["content"]

    assert "From the local stand-in" in content
    assert f"-# {note}" in content
    assert note in DOCS
    assert content.count("```") % 2 == 0


def test_another_model_answers_where_the_first_one_fails(stack: RunningStack) -> None:
    """And the last line names it."""
    content = Person(stack).ask(f"hello standin:503@{PRIMARY}")["content"]

    assert content.splitlines()[-1].startswith(f"-# {SECOND} · ")


def test_a_conversation_that_is_over(stack: RunningStack) -> None:
    """After End its buttons say that it has ended, and how to begin."""
    person = Person(stack)
    message = person.send("/chat message:hello")["message"]
    form = person.press(message, "Continue")
    assert "Conversation ended" in json.dumps(person.press(message, "End"))

    _assert_quoted(person.submit(form, "still there?"), "Conversation over")


def test_somebody_elses_conversation(stack: RunningStack) -> None:
    """Every button of it explains itself, to that user alone."""
    owner, other = Person(stack), Person(stack)
    message = owner.send("/chat message:hello")["message"]

    for label in ("Continue", "New topic", "End"):
        answer = other.press(message, label)
        told = [m for m in (answer["message"], *answer["followups"]) if m["id"] != message["id"]]
        assert [m["private"] for m in told] == [True]
        embed = _error(told[0])
        assert embed["title"] == "Not yours"
        assert f"<@{owner.id}>" in embed["description"]
        assert "Type `/chat`" in embed["description"]
    assert "**3**" in owner.submit(owner.press(message, "Continue"), "and on")["content"]


@pytest.mark.parametrize("name", ["stack", "faulty_stack"])
def test_continues_at_once_keep_one_history(name: str, request: pytest.FixtureRequest) -> None:
    """Six at once, also delivered twice and rate limited: each is remembered once, in one order."""
    stack: RunningStack = request.getfixturevalue(name)
    person = Person(stack)
    message = person.send("/chat message:first")["message"]
    forms = [person.press(message, "Continue") for _ in range(6)]

    with ThreadPoolExecutor(len(forms)) as pool:
        answers = list(pool.map(person.submit, forms, [f"number {n}" for n in range(6)]))
    last = person.send("/chat message:last")["message"]["content"]

    remembered = [re.search(r"(\d+) messages remembered", a["content"]) for a in answers]
    assert sorted(int(found[1]) for found in remembered if found) == [2, 3, 4, 5, 6, 7]
    for number, answer in enumerate(answers):
        assert f"You asked: “number {number}”" in answer["content"]
    assert "Messages in this conversation: **15**; the first question was “first”" in last
    assert "8 messages remembered" in last


def test_private_and_open_conversations_do_not_mix(stack: RunningStack) -> None:
    """In one channel; a continued private one stays private."""
    person = Person(stack)
    closed = person.send("/chat message:secret private:true")["message"]
    opened = person.send("/chat message:open")["message"]

    assert (closed["private"], opened["private"]) == (True, False)
    assert "conversation: **1**; the first question was “open”" in opened["content"]
    more = person.submit(person.press(closed, "Continue"), "more")
    assert more["private"]
    assert "conversation: **3**; the first question was “secret”" in more["content"]


def _log_lines(stack: RunningStack, until: str, ready: threading.Event) -> list[str]:
    """Every log line up to the one of the AI worker that holds a text."""
    lines: list[str] = []
    url = f"{stack.url}/play/events?user_id=1"
    with httpx.stream("GET", url, timeout=WAIT_S, trust_env=False) as response:
        for text in response.iter_lines():
            ready.set()
            event = json.loads(text.removeprefix("data: ")) if text.startswith("data: ") else {}
            if event.get("type") != "log":
                continue
            lines.append(json.dumps(event, ensure_ascii=False))
            worker = event["function"] == "AiFunction" and event["line"].get("event") == "command"
            if worker and event["line"].get("user") and until in lines[-1]:
                return lines
    raise AssertionError("the events ended")


def test_no_log_line_holds_a_question_or_an_answer(stack: RunningStack, tmp_path: Path) -> None:
    """Of commands, forms, files and failures; nor does the terminal show them."""
    person, ready = Person(stack, guild_id="400000000000000777"), threading.Event()
    notes = tmp_path / "notes.txt"
    notes.write_text("swordfish in a file")
    with ThreadPoolExecutor(1) as pool:
        # /usage is the last command of this person's, and of nobody else in their server.
        reading = pool.submit(_log_lines, stack, '"command": "usage"', ready)
        assert ready.wait(WAIT_S)
        first = person.send("/chat message:swordfish", "--attach", str(notes))["message"]
        person.submit(person.press(first, "Continue"), "swordfish again")
        for word in ("404", "429", "503", "400", "blocked", "empty", "middle-503"):
            Person(stack).ask(f"swordfish standin:{word}")
        person.send("/usage")
        lines = reading.result(WAIT_S)

    told = "\n".join(lines) + (stack.folder / "stderr.txt").read_text()
    assert "swordfish" not in told
    assert "stand-in for Gemini" not in told
    events = [json.loads(line)["line"]["event"] for line in lines]
    assert Counter(events)["command"] >= 10
    assert "model failed" in events


def test_a_long_answer_is_streamed_split_and_whole(stack: RunningStack) -> None:
    """Edits a second apart with a cursor; then parts that Discord takes, each block in one."""
    answer = Person(stack).send('/ask question:"hello standin:verbose"')
    lines = [line for line in stack.exchanges() if "path" in line and "json" in line]
    ours = [line for line in lines if line.get("interaction_id") == _newest(stack)]

    edits = [line for line in ours if line["method"] == "PATCH"]
    previews, final = edits[:-1], edits[-1]
    assert len(previews) >= 3
    assert all(CURSOR in line["json"]["content"] for line in previews)
    times = [line["ts"] for line in previews]
    assert min(b - a for a, b in itertools.pairwise(times)) > 0.9
    texts = [m["content"] for m in (answer["message"], *answer["followups"])]
    assert final["json"]["content"].rstrip() == texts[0]
    assert not any(CURSOR in text for text in texts)
    assert 3 <= len(texts) <= 10
    assert all(len(text) <= 2000 and text.count("```") % 2 == 0 for text in texts)
    whole = "\n".join(texts)
    assert [whole.count(f"Part {n + 1}.") for n in (0, 1, 2, 4, 5, 6, 8, 9, 10)] == [1] * 9
    assert all(f"part_{n}() -> int:" in whole for n in (3, 7, 11))


def _newest(stack: RunningStack) -> str:
    """The interaction of the newest command."""
    found = [line["interaction"]["id"] for line in stack.exchanges() if "callback" in line][-1]
    return str(found)


def test_an_even_longer_answer_is_a_file(stack: RunningStack) -> None:
    """What ten messages do not hold is attached, with its beginning shown."""
    message = Person(stack).send('/ask question:"hello standin:huge"')["message"]

    assert "… the whole text is in `answer.md`." in message["content"]
    assert [item["filename"] for item in message["attachments"]] == ["answer.md"]


def test_whatever_was_sent_is_as_discord_wants_it(stack: RunningStack, kinds: Kinds) -> None:
    """Every callback, edit and follow-up fits Discord's schema, and pings nobody."""
    Person(stack).ask("hello standin:ping")
    for recorded in (stack.exchanges(), kinds["tight"].exchanges()):
        for line in recorded:
            if "callback" in line:
                assert_callback(line["callback"], line["interaction"]["type"])
            elif line["method"] in {"PATCH", "POST"} and "/webhooks/" in line["path"]:
                check = assert_message_edit if line["method"] == "PATCH" else assert_message_create
                body = line["json"] if "json" in line else line["payload_json"]
                files = line.get("files", ())
                check(body, [(file["filename"], file["size"]) for file in files])
                assert body["allowed_mentions"] == {"parse": []}
