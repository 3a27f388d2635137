"""Metrics: valid for CloudWatch, bounded in their dimensions, in the line that they describe."""

import json
from typing import Any

import pytest

from tests.emf_schema import assert_emf
from utilsbot.canonical import canonical_logger, trace_root
from utilsbot.log import light_logger
from utilsbot.log_structured import structured_logger
from utilsbot.metrics import BY_COMMAND, OFF, Metrics, read_metrics
from utilsbot.settings import BadSettings, Reader

_FRONT: dict[str, Any] = {
    "status": 200, "cold": True, "command": "qr read", "group": "tools", "outcome": "deferred",
    "gate_ms": 3.5, "queue_ms": 4.0, "duration_ms": 12.5, "user": "3f", "guild_id": "42",
}  # fmt: skip
_WORKER: dict[str, Any] = {
    "cold": False, "attempt": 2, "command": "ask", "group": "ai", "outcome": "ok", "tokens": 321,
    "queued_ms": 8, "run_ms": 900.5, "reply_ms": 80.0, "duration_ms": 990.0, "guild_id": None,
}  # fmt: skip


def _line(metrics: Metrics, fields: dict[str, Any]) -> dict[str, Any]:
    return fields | metrics.of(fields, 1_700_000_000.5)


def test_the_front_doors_line_is_valid_emf() -> None:
    """Commands, errors, cold starts and durations, with the group as the only dimension."""
    line = _line(Metrics("stack", "interactions"), _FRONT)

    assert_emf(line)
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    assert (directive["Namespace"], directive["Dimensions"]) == ("stack", [["Group"]])
    assert line["_aws"]["Timestamp"] == 1_700_000_000_500
    names = {metric["Name"] for metric in directive["Metrics"]}
    assert names == {"Commands", "Errors", "ColdStart", "AckMs", "GateMs", "QueueMs"}
    assert (line["Group"], line["Commands"], line["ColdStart"]) == ("interactions", 1, 1)
    assert (line["AckMs"], line["Errors"]) == (12.5, 0)


def test_a_workers_line_is_valid_emf() -> None:
    """With the wait in the queue, the run, the reply, attempts and tokens."""
    line = _line(Metrics("stack", "ai", BY_COMMAND), _WORKER)

    assert_emf(line)
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    assert directive["Dimensions"] == [["Group"], ["Group", "Command"]]
    names = {metric["Name"] for metric in directive["Metrics"]}
    assert names == {
        *("Commands", "Errors", "ColdStart", "Attempts", "Tokens", "QueuedMs", "RunMs", "ReplyMs")
    }
    assert (line["Command"], line["Tokens"], line["Attempts"]) == ("ask", 321, 2)


def test_refusals_are_counted_by_their_reason() -> None:
    """A metric of its own dimension, which only refusals have."""
    refused = {**_FRONT, "outcome": "refused", "reason": "cooldown"}
    line = _line(Metrics("stack", "interactions"), refused)

    assert_emf(line)
    assert line["_aws"]["CloudWatchMetrics"][1] == {
        "Namespace": "stack",
        "Dimensions": [["Group", "Reason"]],
        "Metrics": [{"Name": "Refused", "Unit": "Count"}],
    }
    assert (line["Reason"], line["Refused"], line["Errors"]) == ("cooldown", 1, 0)


def test_nobody_is_a_dimension() -> None:
    """Users and servers would each cost as a metric, and do not belong there."""
    for metrics in (Metrics("s", "interactions", BY_COMMAND), Metrics("s", "ai", BY_COMMAND)):
        for fields in (_FRONT, _WORKER, {**_FRONT, "outcome": "refused", "reason": "permission"}):
            for directive in metrics.of(fields, 0.0)["_aws"]["CloudWatchMetrics"]:
                used = {name for names in directive["Dimensions"] for name in names}
                assert used <= {"Group", "Command", "Reason"}


@pytest.mark.parametrize(
    ("outcome", "commands", "errors"),
    [
        ("ok", 1, 0),
        ("user_error", 1, 0),
        ("error", 1, 1),
        ("service_error", 1, 1),
        ("undeliverable", 1, 1),
        ("expired", 1, 1),
        ("retry", 0, 0),
        ("duplicate", 0, 0),
        ("poison", 0, 1),
        ("rescued", 1, 1),
        ("failed", 1, 1),
        ("answered", 0, 0),
        ("stray", 0, 1),
    ],
)
def test_a_command_is_counted_once_however_often_it_is_tried(
    outcome: str, commands: int, errors: int
) -> None:
    """Retries and duplicates are attempts and not commands; what a user suffers is an error."""
    line = _line(Metrics("s", "tools"), {**_WORKER, "outcome": outcome})
    assert (line["Commands"], line["Errors"]) == (commands, errors)


@pytest.mark.parametrize(
    ("outcome", "untold"), [("failed", 1), ("stray", 1), ("rescued", None), ("ok", None)]
)
def test_only_what_no_user_hears_of_is_untold(outcome: str, untold: int | None) -> None:
    """A metric that only the rescue's failures have: the alarm's own."""
    line = _line(Metrics("s", "rescue"), {"outcome": outcome, "attempt": 4, "cold": False})

    assert_emf(line)
    assert line.get("Untold") == untold


@pytest.mark.parametrize("outcome", ["unauthorized", "malformed", "choices"])
def test_what_is_no_command_is_not_counted(outcome: str) -> None:
    """Pings, autocompletes and what Discord did not sign."""
    assert _line(Metrics("s", "interactions"), {**_FRONT, "outcome": outcome})["Commands"] == 0


def test_off_means_not_a_byte() -> None:
    """The line is then what it was."""
    assert Metrics("s", "tools", OFF).of(_WORKER, 0.0) == {}


def test_the_settings_say_where_and_how_detailed() -> None:
    """A word that is none of the three is refused."""
    reader = Reader({"METRICS": "command", "METRICS_NAMESPACE": "stack"})
    assert read_metrics(reader, "ai") == Metrics("stack", "ai", BY_COMMAND)
    reader = Reader({"METRICS": "everything"})
    read_metrics(reader, "ai")
    with pytest.raises(BadSettings, match="off, group or command"):
        reader.finish()


def test_both_loggers_write_it_unmasked_and_only_into_canonical_lines(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What CloudWatch reads is what Metrics made, from the front door and from a worker."""
    environment = {
        "_X_AMZN_TRACE_ID": "Root=1-67891233-abcdef012345678912345678;Parent=1;Sampled=0",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
    }
    for log, event in ((light_logger("f"), "interaction"), (structured_logger("f"), "command")):
        whole = canonical_logger(log, Metrics("s", "tools"), environment, lambda: 1.0)
        whole(event, **_WORKER)
        whole("something else", reference="r")

    front, other, worker, _ = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    for line in (front, worker):
        assert_emf(line)
        assert line["trace_id"] == "1-67891233-abcdef012345678912345678"
        assert line["memory_mb"] == 512
    assert list(front) == list(worker)
    assert not {"_aws", "trace_id"} & other.keys()


@pytest.mark.parametrize("header", ["", "nonsense", "Parent=1;Sampled=1"])
def test_no_trace_is_none(header: str) -> None:
    """Outside of Lambda there is no header."""
    assert trace_root(header) is None


def test_discords_check_is_measured_by_nobody() -> None:
    """A PING is no command: its line stays short."""
    assert Metrics("UtilsBot", "interactions").of({"outcome": "pong", "status": 200}, 1.0) == {}
