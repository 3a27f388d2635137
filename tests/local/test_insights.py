"""The stand-in for Logs Insights: right where it answers, and silent where it does not know."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.questions import FAILURES, QUESTIONS
from local.insights import ask, percentile
from local.insights_language import BadQuery
from utilsbot.metrics import FAILED

_LINES: list[dict[str, Any]] = [
    {"@timestamp": "1", "@message": "{}", "event": "command", "group": "ai", "command": "ask",
     "run_ms": 900, "queued_ms": 5, "duration_ms": 1000, "memory_mb": 1024, "tokens": 300,
     "outcome": "ok", "cold": True, "function": "Ai"},
    {"@timestamp": "2", "@message": "{}", "event": "command", "group": "ai", "command": "ask",
     "run_ms": 100, "queued_ms": 9, "duration_ms": 1000, "memory_mb": 1024,
     "outcome": "service_error", "reason": "AiUnavailable", "reference": "1AAA-2BBB-3CCC",
     "cold": False, "function": "Ai", "attempt": 1},
    {"@timestamp": "3", "@message": "{}", "event": "interaction", "command": "ask",
     "outcome": "refused", "reason": "cooldown", "user": "u", "status": 200},
    {"@timestamp": "4", "@message": "{}", "event": "interaction", "command": "ask",
     "outcome": "refused", "reason": "cooldown", "user": "u", "status": 200},
    {"@timestamp": "5", "@message": "Task timed out after 30.00 seconds", "function": "Tools"},
]  # fmt: skip


def _answer(name: str) -> list[dict[str, Any]]:
    return ask(QUESTIONS[name].query, _LINES)


def test_the_slowest_commands() -> None:
    """By group and command, with percentiles of the run alone."""
    assert _answer("slowest") == [
        {"group": "ai", "command": "ask", "commands": 2, "p50_ms": 100, "p95_ms": 900}
        | {"max_ms": 900, "max_queued_ms": 9}
    ]


def test_errors_and_crashes_newest_first() -> None:
    """A crash has no reference, and shows Lambda's own words."""
    crash, failure = _answer("errors")
    assert (crash["function"], crash["outcome"]) == ("Tools", _LINES[4]["@message"])
    assert (failure["reference"], failure["outcome"]) == ("1AAA-2BBB-3CCC", "service_error")


def test_refusals_with_the_number_of_people() -> None:
    """Twice the same user is one user."""
    assert _answer("refusals") == [
        {"reason": "cooldown", "command": "ask", "refusals": 2, "users": 1}
    ]


def test_costs_are_gigabyte_seconds_at_list_price() -> None:
    """Two seconds of one gigabyte."""
    (row,) = _answer("costs")
    assert row["usd"] == pytest.approx(2.048 * 0.0000133334 / 1.024)
    assert (row["lines"], row["seconds"], row["tokens"]) == (2, 2.0, 300)


def test_cold_starts_stand_apart() -> None:
    """One row a function for the first invocations and one for the others."""
    assert [(r["function"], r["cold"]) for r in _answer("cold")] == [("Ai", True), ("Ai", False)]


def test_one_reference() -> None:
    """Only its own lines."""
    query = QUESTIONS["trace"].query.replace("REFERENCE", "1AAA-2BBB-3CCC")
    assert [row["outcome"] for row in ask(query, _LINES)] == ["service_error"]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("run_ms > 100", ["1"]),
        ("not event = 'command' and ispresent(event)", ["3", "4"]),
        ("(run_ms >= 100 and tokens > 0) or @message like 'timed out'", ["1", "5"]),
        ("missing != 3", []),
        ("command = 3", []),
        ("run_ms - 100 = 2 * 400", ["1"]),
    ],
)
def test_conditions(condition: str, found: list[str]) -> None:
    """Missing fields and other types are never equal, nor unequal."""
    rows = ask(f"filter {condition} | fields @timestamp", _LINES)
    assert [row["@timestamp"] for row in rows] == found


@pytest.mark.parametrize(
    "query",
    [
        *("", "parse @message '*'", "filter", "filter a ~ b", "stats stddev(a) as b"),
        *("limit 3 limit 4", "limit x", "filter a like /(/"),
    ],
)
def test_what_is_not_known_is_refused(query: str) -> None:
    """A wrong answer would be worse."""
    with pytest.raises(BadQuery):
        ask(query, _LINES)


@given(st.text(max_size=60))
def test_nothing_else_is_raised(text: str) -> None:
    """Whatever is asked."""
    try:
        ask(text, _LINES)
    except BadQuery:
        return


@given(st.lists(st.integers(0, 1000), min_size=1), st.integers(1, 100))
def test_a_percentile_is_one_of_the_values(values: list[int], percent: int) -> None:
    """And at least that share of them does not exceed it."""
    found = percentile(values, percent)
    assert found is not None
    assert found in values
    assert sum(value <= found for value in values) * 100 >= percent * len(values)


def test_what_counts_as_an_error_is_what_an_operator_is_shown() -> None:
    """The metric and the question agree; a rescue is worth knowing of and no error of its own."""
    assert set(FAILURES) == FAILED | {"rescued"}
