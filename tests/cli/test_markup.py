"""cli.markup and cli.display: what `utilsbot send` prints of a message."""

import io
import time
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from cli.display import names_of, show_message
from cli.markup import render, timestamp

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=timezone(timedelta(hours=1)))
EPOCH = int(NOW.timestamp())
NAMES = {"300000000000000001": "Ada", "500000000000000011": "general"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("**bold** *slanted* __under__ ~~gone~~", "bold slanted under gone"),
        ("***both*** and *a **b** c*", "both and a b c"),
        ("snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"),
        (r"\*not slanted\*", "*not slanted*"),
        ("`**code**` and ``a`b``", "**code** and a`b"),
        ("||the end||", "[spoiler: the end]"),
        ("||a **b**||", "[spoiler: a b]"),
        ("one\ntwo", "one\ntwo"),
        ("# Title\n- one\n  - two\n> quoted\n-# small", "Title\n• one\n  • two\n│ quoted\nsmall"),
        ("```py\nx = **1**\n```after", "x = **1**\nafter"),
        ("</qr read:123> </hash:1>", "/qr read /hash"),
        ("<@300000000000000001> in <#500000000000000011>", "@Ada in #general"),
        ("<@!1> <@&2> <:smile:3>", "@1 @role 2 :smile:"),
        (
            "[text](https://example.org/a) <https://b.org>",
            "text (https://example.org/a) https://b.org",
        ),
        ("a < b > c <t:x> </>", "a < b > c <t:x> </>"),
        (f"<t:{EPOCH + 7200}:R>, <t:{EPOCH - 60}:R>", "in 2 hours, 1 minute ago"),
        (f"<t:{EPOCH}:t> <t:{EPOCH}>", "12:00 04 March 2026 12:00"),
    ],
)
def test_markup_is_readable(text: str, shown: str) -> None:
    """Marks become styles or words; what is none stays."""
    assert render(text, NOW, NAMES).plain == shown


def test_emphasis_is_a_style() -> None:
    """For those who see a terminal."""
    spans = render("**a** *b*", NOW).spans

    assert [span.style for span in spans] == ["bold", "italic"]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "now"), (1, "in 1 second"), (-90, "2 minutes ago"), (86_400 * 400, "in 1 year")],
)
def test_relative_times_are_words(seconds: int, words: str) -> None:
    """In the largest unit that fits."""
    assert timestamp(EPOCH + seconds, "R", NOW) == words


def test_a_time_beyond_the_calendar_stays_as_it_is() -> None:
    """No traceback for the year 10000."""
    assert timestamp(10**13, "f", NOW) == "<t:10000000000000:f>"


@given(st.text(alphabet="*_|~`<>\\\\ab1:/t@#- \n[]()", max_size=300))
def test_any_text_is_shown(text: str) -> None:
    """Nothing crashes on half a mark."""
    render(text, datetime.now(UTC))


@pytest.mark.parametrize(
    "text", ["*" * 4000, "\\\\" * 2000, "||a" * 1300, "<t:1" * 1000, "**a_" * 1000]
)
def test_hostile_text_takes_no_time(text: str) -> None:
    """A message of Discord's length, at its worst."""
    began = time.perf_counter()

    render(text, NOW)

    assert time.perf_counter() - began < 2


def test_a_message_is_printed_with_names_and_times() -> None:
    """Text, embeds and buttons, without Discord's codes."""
    state = {"users": [{"id": 1, "name": "Ada"}], "places": []}
    field = {"name": "**When**", "value": "<t:0:R>"}
    button = {"type": 2, "label": "Again"}
    message: dict[str, Any] = {
        "author": {"name": "UtilsBot+"},
        "interaction": {"name": "/hash"},
        "private": True,
        "timings": {"ack_ms": 1.0, "final_ms": 12.0},
        "content": "For <@1>: use </hash:9>",
        "embeds": [{"title": "A **title**", "fields": [field]}],
        "attachments": [],
        "components": [{"type": 10, "content": "||x||"}, {"type": 1, "components": [button]}],
    }
    out = io.StringIO()

    show_message(Console(file=out, width=80), message, [], names_of(state))

    printed = out.getvalue()
    for part in ("For @Ada: use /hash", "[spoiler: x]", "A title", "When", "years ago", "[Again]"):
        assert part in printed
