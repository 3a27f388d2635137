"""JSON from outside: what it becomes, and what is none."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utilsbot.discord.wire import MAX_DEPTH, read_json

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(_VALUES)
def test_json_is_read_as_python_reads_it(value: Any) -> None:
    """As bytes and as text, escaped and not."""
    for text in (json.dumps(value), json.dumps(value, ensure_ascii=False)):
        assert read_json(text) == read_json(text.encode()) == value


@given(st.text(st.characters()), st.text(st.characters()))
def test_what_is_read_can_go_anywhere(name: str, value: str) -> None:
    """Halves of surrogate pairs, escaped or not, in names and values, are replaced."""
    for escaped in (True, False):
        found = read_json(json.dumps({name: [value]}, ensure_ascii=escaped))
        json.dumps(found, ensure_ascii=False).encode()


@pytest.mark.parametrize("text", ["NaN", "[Infinity]", '{"a":-Infinity}', "[1e999]", "-1e999", ""])
def test_what_is_no_json_is_refused(text: str) -> None:
    """Although Python's own reader takes most of it."""
    with pytest.raises(ValueError):  # noqa: PT011 - json's own error is one
        read_json(text)


@pytest.mark.parametrize(("opened", "closed"), [("[", "]"), ('{"a":', "}")])
def test_nesting_has_an_end(opened: str, closed: str) -> None:
    """Deep enough for Discord, and never so deep that another reader or writer fails."""
    inner = "1" if opened != "[" else ""
    read_json(opened * MAX_DEPTH + inner + closed * MAX_DEPTH)
    for depth in (MAX_DEPTH + 1, 2000, 200_000):
        with pytest.raises(ValueError, match="nested"):
            read_json(opened * depth + inner + closed * depth)


def test_many_lists_are_not_deep() -> None:
    """Only nesting counts, and brackets in texts do not."""
    assert read_json(json.dumps([[["["] * 300]] * 300))
