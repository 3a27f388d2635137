"""Long Markdown is split where a reader would, and nothing is lost."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utilsbot.discord.split import MIN_LIMIT, first_part, parts, split

WORDS = st.sampled_from(
    ["word ", "longer-word", "\n", "\n\n", ". ", "```", "```py\n", "\n```\n", "`", "👩\u200d👧",
     "e\u0301",     "🇩🇪", "👍🏽", "x" * 90, "  ", "。", "\r\n", "\u200d"]
)  # fmt: skip
MARKDOWN = st.lists(WORDS, min_size=20, max_size=120).map("".join) | st.text(max_size=600)


@given(MARKDOWN, st.integers(MIN_LIMIT, 300))
def test_nothing_is_lost_and_every_part_fits(text: str, limit: int) -> None:
    """The slices put together are the text; every part is within the limit and not empty."""
    found = list(parts(text, limit))
    assert "".join(part.text for part in found) == text
    assert all(len(str(part)) <= limit for part in found)
    assert all(part.text for part in found) or text == ""


@given(MARKDOWN, st.integers(MIN_LIMIT, 300))
def test_fences_are_balanced_in_every_part(text: str, limit: int) -> None:
    """Every part of a split text opens and closes its code blocks; only fences are added."""
    found = list(parts(text, limit))
    if len(found) == 1:
        assert str(found[0]) == text
        return
    for part in found:
        assert str(part).count("```") % 2 == 0
        assert part.opening == "" or part.opening.startswith("```")
        assert part.closing in ("", "```", "\n```")
    for before, after in pairwise(found):
        assert bool(before.closing) is bool(after.opening)


def test_short_text_stays_as_it_is() -> None:
    """What fits is not touched, not even an open fence."""
    assert split("``` open", 100) == ["``` open"]
    assert split("", 100) == [""]


def test_paragraphs_before_lines_before_sentences_before_words() -> None:
    """The best border in the second half of a part wins over a later, lesser one."""
    paragraphs = "a" * 60 + "\n\n" + "b b. b\n" + "c" * 60
    assert split(paragraphs, 100)[0] == "a" * 60 + "\n\n"
    lines = "a" * 60 + "\n" + "b. b b" + "c" * 60
    assert split(lines, 100)[0] == "a" * 60 + "\n"
    sentences = "a" * 60 + ". " + "b b b" + "c" * 60
    assert split(sentences, 100)[0] == "a" * 60 + ". "
    words = "a" * 60 + " " + "c" * 60
    assert split(words, 100)[0] == "a" * 60 + " "


def test_a_long_word_is_kept_whole_if_it_fits_alone() -> None:
    """A part rather stays short than a word is broken."""
    assert split("see " + "x" * 98, 100) == ["see ", "x" * 98]


def test_cjk_sentences() -> None:
    """Text without spaces is cut behind its own full stops."""
    assert split("字" * 70 + "。" + "字" * 70, 100)[0] == "字" * 70 + "。"


def test_code_goes_on_in_its_language() -> None:
    """A block that does not fit is closed and reopened with the same language, at a line."""
    code = "".join(f"line {n} of the code\n" for n in range(12))
    first, *rest = split(f"Intro\n```py\n{code}```\nEnd", 150)
    assert first.startswith("Intro\n```py\n")
    assert first.endswith("code\n```")
    assert all(part.startswith("```py\nline ") for part in rest)
    assert rest[-1].endswith("```\nEnd")


def test_a_block_moves_whole_to_the_next_part() -> None:
    """A border before a code block is preferred to one inside it."""
    text = "a" * 70 + "\n```py\n" + "code\n" * 10 + "```"
    assert split(text, 100) == ["a" * 70 + "\n", "```py\n" + "code\n" * 10 + "```"]


@pytest.mark.parametrize(
    "cluster", ["👩\u200d👧\u200d👦", "👍🏽", "e\u0301", "🇩🇪", "❤️", "🏴\U000e0067\U000e007f"]
)
@pytest.mark.parametrize("offset", range(1, 9))
def test_emoji_are_not_taken_apart(cluster: str, offset: int) -> None:
    """Where a text has no border at all, the cut is between graphemes."""
    text = "x" * offset + cluster * 60
    rest = text[offset:]
    first = split(text, 100)[0]
    assert (len(first) - offset) % len(cluster) == 0, rest[:10]


def test_first_part_closes_its_block() -> None:
    """The beginning alone renders like the whole does."""
    assert first_part("```\n" + "line\n" * 100, 100).endswith("line\n```")
    assert first_part("short", 100) == "short"


def test_limits_too_small_to_work_with() -> None:
    """A limit in which a fence may not fit is an error."""
    with pytest.raises(ValueError, match="at least 100"):
        split("text", 99)


def test_large_and_hostile_text_is_quick() -> None:
    """A megabyte without borders, and many thousand fences, are no matter of minutes."""
    started = time.process_time()
    assert len(split("x" * 1_000_000, 2000)) == 500
    assert "".join(part.text for part in parts("```a\n" * 40_000, 2000)) == "```a\n" * 40_000
    assert "".join(part.text for part in parts("\n" * 200_000, 2000)) == "\n" * 200_000
    assert time.process_time() - started < 10
