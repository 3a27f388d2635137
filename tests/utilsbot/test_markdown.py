"""Text inside Discord's Markdown stays inside."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utilsbot.markdown import code_block, escape, inline_code, is_exact

# What Discord's client parses with (the rules of its fork of simple-markdown).
_FENCE = re.compile(r"```(?:([a-z0-9_+\-.#]+?)\n)?\n*([^\n][\s\S]*?)\n*```", re.IGNORECASE)
_INLINE = re.compile(r"(`+)([\s\S]*?[^`])\1(?!`)")
_ESCAPED = re.compile(r"\\([^0-9A-Za-z\s])")

_nasty = st.text(st.sampled_from("`\n a\\*\u200b"), max_size=20)
_texts = st.one_of(_nasty, st.text(max_size=60))


@given(_texts)
def test_a_code_block_ends_where_it_should(text: str) -> None:
    """Whatever the text, the whole of it is one block without a language."""
    found = _FENCE.fullmatch(code_block(text))
    assert found is not None
    assert _FENCE.match(code_block(text) + "after```")[0] == code_block(text)  # type: ignore[index]
    assert found[1] is None
    shown = found[2].replace("\u200b", "")
    assert shown.strip("\n") == text.replace("\u200b", "").strip("\n")


@given(_texts)
def test_what_is_exact_is_shown_exactly(text: str) -> None:
    """Text that counts as exact can be copied out of its block unchanged."""
    if is_exact(text):
        assert code_block(text) == f"```\n{text}\n```"
        assert _FENCE.fullmatch(code_block(text))[2] == text  # type: ignore[index]


@pytest.mark.parametrize(
    "text", ["", "a```b", "\na", "a\n", "a\u200bb", "a\x00", "a\r\nb", "\u202ea"]
)
def test_what_cannot_be_seen_is_not_exact(text: str) -> None:
    """Fences, line breaks at the ends and invisible characters do not survive a code block."""
    assert not is_exact(text)


@pytest.mark.parametrize("text", ["a", "``", "a\tb\nc", "日本語 😀", "*_~|>"])
def test_plain_text_is_exact(text: str) -> None:
    """What people write does survive."""
    assert is_exact(text)


def test_a_code_block_takes_a_language() -> None:
    """The language stands behind the fence, and the text does not become one."""
    assert code_block("x = 1", "py") == "```py\nx = 1\n```"
    assert _FENCE.fullmatch(code_block("python\nx"))[1] is None  # type: ignore[index]


@given(_texts)
def test_inline_code_ends_where_it_should(text: str) -> None:
    """Whatever the text, the whole of it is one piece of inline code on one line."""
    shown = inline_code(text)
    found = _INLINE.match(shown)
    assert found is not None
    assert found[0] == shown
    assert len(found[1]) < 3
    assert "\n" not in shown
    flat = " ".join(text.splitlines()).replace("\u200b", "")
    assert found[2].replace("\u200b", "").strip() == flat.strip()


@given(_texts)
def test_escaped_text_comes_back(text: str) -> None:
    """Taking the escapes away, as Discord does, gives the text again."""
    assert _ESCAPED.sub(r"\1", escape(text)) == text


@given(st.text(st.sampled_from("*_~`|<>#[]()@:\\-1. \n"), max_size=30))
def test_nothing_special_is_left_bare(text: str) -> None:
    """Every character with a meaning stands behind a backslash."""
    assert not re.search(r"[*_~`|<>#\[\]()@:-]|\d\.\s", _ESCAPED.sub("x", escape(text)))
