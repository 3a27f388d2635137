"""Lines that say much and give nothing away."""

import contextlib
import io
import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utilsbot.log import MASK, Logger, describe, light_logger, redact, user_hash
from utilsbot.log_structured import structured_logger

_TOKEN = "aW50ZXJhY3Rpb246MTIzOnNlY3JldA"


def _json_values() -> st.SearchStrategy[object]:
    leaves = st.one_of(st.none(), st.booleans(), st.integers(), st.text(), st.just(_TOKEN))
    return st.recursive(leaves, lambda s: st.one_of(st.lists(s), st.dictionaries(st.text(), s)))


@given(_json_values())
def test_no_interaction_token_survives(value: object) -> None:
    """A token is masked wherever it hides, at any depth."""
    assert _TOKEN not in json.dumps(redact({"a": value, "b": [f"x {_TOKEN}!"]}))


@given(st.dictionaries(st.sampled_from(["text", "user", "frames", "cause"]), _json_values()))
def test_the_light_line_is_the_json_of_what_redact_leaves(fields: dict[str, Any]) -> None:
    """Tokens are searched in the finished line; nothing is lost and no quote is broken by it."""
    line = io.StringIO()
    with contextlib.redirect_stdout(line):
        light_logger("f")("e", **fields)

    written = json.loads(line.getvalue())
    assert {name: written[name] for name in fields} == redact(fields)
    assert _TOKEN not in line.getvalue()


def test_a_webhook_path_in_quotes_leaves_the_line_json() -> None:
    """The quote behind a token is no part of it, escaped as it is in the line."""
    line = io.StringIO()
    with contextlib.redirect_stdout(line):
        light_logger("f")("e", cause='said "/webhooks/123/abc.DEF_-" twice')

    assert json.loads(line.getvalue())["cause"] == f'said "/webhooks/{MASK}" twice'


def test_sensitive_keys_are_masked_at_any_depth() -> None:
    """Names that usually carry input or secrets are masked; empty values stay readable."""
    line = redact({"command": "totp", "deep": [{"secret": "JBSW", "Token": "x"}], "content": ""})

    assert line == {
        "command": "totp",
        "deep": [{"secret": MASK, "Token": MASK}],
        "content": "",
    }


def test_a_webhook_path_loses_its_token() -> None:
    """Paths of Discord's webhooks carry the token and are masked in any text."""
    assert redact("PATCH /webhooks/123/abc.DEF_-/messages/@original 404") == (
        f"PATCH /webhooks/{MASK}/messages/@original 404"
    )


def test_an_exceptions_message_is_not_logged() -> None:
    """An unexpected exception shows its type and place, since its message may hold input."""
    try:
        int("JBSWY3DP")
    except ValueError as error:
        told = describe(error)

    assert told["error"] == "ValueError"
    assert "test_an_exceptions_message_is_not_logged" in told["frames"][0]
    assert "JBSWY3DP" not in json.dumps(told)


def test_both_loggers_write_the_same_form(capsys: pytest.CaptureFixture[str]) -> None:
    """The front door's line and a worker's line have the same keys in the same order."""
    fields: dict[str, Any] = {
        "command": "hash",
        "outcome": "ok",
        "token": "secret",
        "duration_ms": 1.5,
    }
    light_logger("f", now=lambda: 0.0)("command", **fields)
    structured_logger("f")("command", **fields)

    light, structured = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert list(light) == list(structured)
    assert light["token"] == structured["token"] == MASK
    assert light["timestamp"] == "1970-01-01T00:00:00.000Z"


@pytest.mark.parametrize("make", [light_logger, structured_logger])
def test_lines_below_the_level_are_left_out(
    capsys: pytest.CaptureFixture[str], make: Callable[[str, str], Logger]
) -> None:
    """LOG_LEVEL decides what is written."""
    log = make("f", "WARNING")
    log("quiet")
    log("loud", level="ERROR")

    assert [json.loads(line)["event"] for line in capsys.readouterr().out.splitlines()] == ["loud"]


def test_libraries_are_heard_from_warning_up_without_their_arguments(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Whole addresses at INFO (httpx) are left out; higher lines keep their form, no argument."""
    structured_logger("f")
    logging.getLogger("httpx").info("HTTP Request: %s", "https://x/webhooks/1/token")
    logging.getLogger("httpx").warning("slow: %s", "https://x/webhooks/1/token")

    (line,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (line["event"], line["library"], line["says"]) == ("library", "httpx", "slow: %s")


def test_a_user_is_recognisable_and_not_named() -> None:
    """The hash is stable and is not the id."""
    assert user_hash("42") == user_hash("42") != user_hash("43")
    assert user_hash("42") != "42"
