"""bench.audit: each way to break the promise is found, and a run without one is good."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bench.audit import Sent, Verdict, judge
from bench.deeds import Deed, Shown
from bench.endpoint import Ack
from bench.recording import Recording
from bench.store_view import GameFigures, LogRow, Store, read_store

ID, USER = "1001", "42"
DIGEST = {"title": "SHA-256 digest", "description": "abc"}
FAILURE = {"title": "This could not be finished", "footer": {"text": "Reference 1-2-3"}}


class House:
    """One command that went well, to be broken in one place each."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "recording.jsonl"
        self.deed = Deed(USER, "hash", {"id": ID}, private=True, check=_is_right)
        self.ack = Ack(200, {"type": 5}, 100.0, 0.1)
        self.acknowledged_at = 100.1
        self.callback: Any = {"type": 5, "data": {"flags": 64}}
        self.calls: list[dict[str, Any]] = [self.edit(DIGEST)]
        self.rows = {ID: LogRow(USER, "hash", "done", "ok", 1)}
        self.runs = Counter({"hash": 1})
        self.used = {USER: 1}
        self.ai_calls: dict[str, int] = {}
        self.ai_requests: dict[str, int] = {}
        self.games: dict[str, GameFigures] = {}
        self.waiting: dict[str, int] = {}

    @staticmethod
    def edit(embed: Any, status: int = 200, method: str = "PATCH", **more: Any) -> dict[str, Any]:
        """A line of the recording."""
        line = {"method": method, "interaction_id": ID, "status": status, "ts": 101.0}
        return {**line, "json": {"embeds": [embed]}, **more}

    def verdict(self) -> Verdict:
        """What the audit says."""
        first = {"callback": self.callback, "interaction": {"id": ID}, "interaction_ts": 100.0}
        first["ts"] = self.acknowledged_at
        lines = [json.dumps(line) for line in (first, *self.calls)]
        self._path.write_text("".join(f"{line}\n" for line in lines))
        recording = Recording(self._path)
        recording.read()
        recording.close()
        store = Store(
            self.rows,
            Counter(self.rows.keys()),
            self.runs,
            self.used,
            self.ai_calls,
            self.ai_requests,
            self.games,
        )
        return judge([Sent(self.deed, self.ack)], recording.cases, store, self.waiting)

    def found(self) -> set[str]:
        """The kinds of the findings."""
        return {finding.kind for finding in self.verdict().findings}


def _is_right(shown: Shown) -> str | None:
    return None if "abc" in shown.text else "another digest"


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A good run."""
    return House(tmp_path)


def test_a_good_run_is_good(house: House) -> None:
    """And its line says so."""
    verdict = house.verdict()

    assert verdict.good, list(verdict.told())
    assert verdict.line() == "acknowledged=1 answered=1 lost=0 duplicated=0 wrong=0 late=0"


def test_an_honest_failure_is_an_answer(house: House) -> None:
    """The user knows where they stand."""
    house.calls = [house.edit(FAILURE)]

    assert (house.found(), house.verdict().failed) == (set(), 1)


def test_still_thinking_is_lost(house: House) -> None:
    """No edit, or one that Discord did not take."""
    house.calls = [house.edit(DIGEST, 503), house.edit(DIGEST, 404)]

    assert "lost" in house.found()


def test_an_edit_whose_answer_was_lost_counts(house: House) -> None:
    """The user sees it all the same."""
    house.calls = [house.edit(DIGEST, 0, carried_out=200)]

    assert house.found() == set()


@pytest.mark.parametrize(
    "shown",
    [
        {"title": "SHA-256 digest", "description": "xyz"},
        {**FAILURE, "title": "Something went wrong on our side"},
        {**FAILURE, "title": "Not available"},
    ],
)
def test_another_answer_is_wrong(house: House, shown: Any) -> None:
    """A result that is not this command's, or a failure that no fault excuses."""
    house.calls = [house.edit(shown)]

    assert house.found() == {"wrong"}


def test_a_result_that_a_failure_replaces_is_wrong(house: House) -> None:
    """The user has seen it, and is told that there is none."""
    house.calls = [house.edit(DIGEST), house.edit(FAILURE)]

    assert house.found() == {"wrong"}


def test_an_open_answer_that_should_be_private_is_wrong(house: House) -> None:
    """The flag is decided at the acknowledgement."""
    house.callback = {"type": 5}

    assert house.found() == {"wrong"}


@pytest.mark.parametrize(
    ("texts", "file", "found"),
    [
        (["abc one two", "three"], False, set()),
        (["abc one", "three"], False, {"wrong"}),
        (["abc one two", "three", "three"], False, {"duplicated"}),
        (["abc one two", "two three"], False, {"duplicated"}),
        (["abc one"], True, set()),
        (["abc one", "three"], True, set()),
        (["abc one", "three", "three"], True, {"duplicated"}),
        (["abc one The AI stopped in the middle."], False, set()),
    ],
)
def test_a_long_answer_is_there_once(
    house: House, texts: list[str], file: bool, found: set[str]
) -> None:
    """In several messages, or as a file of the first beside which earlier parts may be left."""
    house.deed = house.deed._replace(parts=("one", "two", "three"))
    first, *more = ({"content": text} for text in texts)
    files = [{"filename": "answer.txt"}] if file else []
    posts = [house.edit({}, method="POST", json=post) for post in more]
    house.calls = [house.edit({}, json=first, files=files), *posts]

    assert house.found() == found


def test_a_second_message_is_duplicated(house: House) -> None:
    """Beside the answer."""
    house.calls.append(house.edit(DIGEST, method="POST"))

    assert house.found() == {"duplicated"}


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"runs": Counter({"hash": 2})}, "duplicated"),
        ({"runs": Counter()}, "wrong"),
        ({"used": {USER: 2}}, "duplicated"),
        ({"used": {}}, "wrong"),
        ({"rows": {}, "runs": Counter()}, "wrong"),
        ({"rows": {ID: LogRow(USER, "hash", "working", "", 1)}, "runs": Counter()}, "wrong"),
        ({"waiting": {"ToolsQueue": 1}}, "wrong"),
        ({"ai_calls": {USER: 2}}, "duplicated"),
        ({"ai_requests": {USER: 1}}, "duplicated"),
    ],
)
def test_a_count_that_does_not_fit_is_found(
    house: House, change: dict[str, Any], kind: str
) -> None:
    """Counters, command log, queues, use of the AI."""
    vars(house).update(change)

    assert house.found() == {kind}


def test_a_late_acknowledgement_is_late_and_promises_nothing(house: House) -> None:
    """Discord waits 3 s; then its user knows that there will be no answer."""
    house.acknowledged_at, house.calls = 103.2, []

    verdict = house.verdict()
    assert verdict.line() == "acknowledged=0 answered=0 lost=0 duplicated=0 wrong=0 late=1"


def test_the_senders_clock_counts_too(house: House) -> None:
    """A server that is too busy to see its own delay does not pretend to be on time."""
    house.ack = house.ack._replace(elapsed_s=3.1)

    assert house.verdict().line() == "acknowledged=0 answered=0 lost=0 duplicated=0 wrong=0 late=1"


def test_a_late_answer_is_late(house: House) -> None:
    """A token lives 15 minutes."""
    house.calls = [house.edit(DIGEST, ts=100.0 + 15 * 60 + 1)]

    assert (house.found(), house.verdict().answered) == ({"late"}, 1)
    assert house.verdict().good


def test_what_was_not_acknowledged_must_not_have_run(house: House) -> None:
    """Nothing was promised."""
    house.ack = house.ack._replace(status=503)
    assert house.found() == {"wrong"}

    house.rows, house.runs, house.used = {}, Counter(), {}
    assert house.found() == set()


@pytest.mark.parametrize(
    ("game", "kinds"),
    [
        (GameFigures(("crane",), "slate", "playing", 0), set()),
        (GameFigures((), "slate", "playing", 0), {"wrong"}),
        (GameFigures(("crane", "crane"), "slate", "playing", 0), {"duplicated", "wrong"}),
        (GameFigures(("crane",), "crane", "won", 1), set()),
        (GameFigures(("crane",), "crane", "won", 2), {"duplicated"}),
        (GameFigures(("crane",), "crane", "won", 0), {"wrong"}),
    ],
)
def test_a_game_follows_from_its_guesses(house: House, game: GameFigures, kinds: set[str]) -> None:
    """Each guess that its player saw is in it once, and its end is counted once."""
    house.deed = house.deed._replace(word="crane")
    house.games = {USER: game}

    assert house.found() == kinds


def test_the_store_is_read_as_it_is_documented() -> None:
    """Rows of docs/data.md, as boto3 gives them."""
    game = {"guesses": [["crane", "1001"]], "answer": "slate", "status": "playing"}
    store = read_store(
        iter(
            [
                {"pk": "STATS#2026-11-23", "sk": "COMMAND#hash", "runs": 2},
                {"pk": "USER#42", "sk": "PROFILE", "total_commands_used": 3},
                {
                    "pk": "USER#42",
                    "sk": "LOG#00000000000000001001",
                    "command": "hash",
                    "status": "done",
                    "outcome": "ok",
                    "attempt": 2,
                },
                {"pk": "USER#42", "sk": "API#ALL#gemini", "calls": 4},
                {"pk": "USER#42", "sk": "ALLOWANCE#gemini#DAY#2026-11-23", "requests": 5},
                {"pk": "USER#42", "sk": "GAME#wordle#random", "state": json.dumps(game)},
                {"pk": "USER#42", "sk": "GAMESTATS#wordle", "tallies": {"random": {"played": 6}}},
                {"pk": "FLAGS", "sk": "FLAGS"},
            ]
        )
    )

    assert store.log == {"1001": LogRow("42", "hash", "done", "ok", 2)}
    assert (store.runs, store.used) == (Counter({"hash": 2}), {"42": 3})
    assert (store.ai_calls, store.ai_requests) == ({"42": 4}, {"42": 5})
    assert store.games == {"42": GameFigures(("crane",), "slate", "playing", 6)}
