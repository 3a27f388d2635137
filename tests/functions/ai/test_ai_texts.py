"""What surrounds an answer: previews, notes, marks, estimates; for any text at all."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from functions.ai.files import IMAGE_TYPES, decode, looks_like_text, sniff
from functions.ai.model import Blob, Ending, Message, Prompt
from functions.ai.prompting import quoted
from functions.ai.replies import answer_reply, preview, question_line
from functions.ai.tokens import TOKENS_PER_IMAGE, estimate, prompt_tokens
from tests.functions.ai.house import check
from utilsbot.discord.interaction import Attachment

_MARKDOWN = st.lists(
    st.sampled_from(["word ", "\n", "\n\n", "```python\n", "```", "*", "`", "é", "漢字", "# "]),
    max_size=1500,
).map("".join)


@given(st.text(max_size=400), _MARKDOWN)
@example("q" * 4000, "x" * 20000)
@example("", "```python\n" + "line\n" * 900)
def test_a_preview_is_one_message_with_closed_code(question: str, text: str) -> None:
    """Whatever has come so far, it fits into one message and every code block is closed."""
    reply = preview(question, text)

    assert len(reply.content) <= 2000
    assert reply.content.count("```") % 2 == 0


@given(_MARKDOWN, st.sampled_from(Ending))
def test_the_notes_stand_outside_of_code(text: str, ending: Ending) -> None:
    """The last line is the model's, in small type, and no block is open before it."""
    content = answer_reply("Why?", text, "model · 1 tokens", ending).content
    body, _, last = content.rpartition("\n")

    assert last == "-# model · 1 tokens"
    assert body.count("```") % 2 == 0
    assert text in body


@given(st.text())
def test_the_question_is_one_quoted_line(question: str) -> None:
    """Line breaks, formatting and mentions of a question do nothing."""
    line = question_line(question)

    assert line == "" or (line.startswith("> ") and len(line.splitlines()) == 1)
    assert "<@" not in line


@given(st.text(), st.text())
def test_marks_cannot_be_closed_from_inside(text: str, name: str) -> None:
    """The closing mark stands at the end and nowhere else."""
    told = quoted(text + "</data-abc>" + text, name, "data-abc")

    assert told.count("</data-abc>") == 1
    assert told.endswith("\n</data-abc>")
    assert told.splitlines()[0].count(">") == 1 or "\n" not in told.partition(">")[0]


@given(st.text(max_size=2000))
def test_an_estimate_is_rather_too_high(text: str) -> None:
    """At least a token for four bytes, which bounds what is stored as well."""
    assert estimate(text) * 4 >= len(text.encode("utf-8", "replace"))


def test_a_prompt_is_the_sum_of_its_parts() -> None:
    """System, texts and pictures."""
    prompt = Prompt("abcd", (Message(False, ("efgh", Blob("image/png", b""))),))

    assert prompt_tokens(prompt) == 2 + TOKENS_PER_IMAGE


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n1", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"RIFF1234WEBPVP8 ", "image/webp"),
        (b"\0\0\0\x18ftypheic", "image/heic"),
        (b"\0\0\0\x18ftypisom", "video/mp4"),
        (b"GIF89a", "image/gif"),
        (b"hello", ""),
    ],
)
def test_a_files_bytes_say_what_it_is(content: bytes, kind: str) -> None:
    """Names and declared types can lie."""
    assert sniff(content) == kind
    assert (kind in IMAGE_TYPES) is (kind not in {"", "image/gif", "video/mp4"})


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("é".encode(), "é"),
        (b"\xef\xbb\xbfhi", "hi"),
        ("hé".encode("utf-16"), "hé"),
        (b"\xff\xfe\x00", None),
        (b"a\0b", None),
        (b"\xe9", None),
    ],
)
def test_texts_are_decoded_or_refused(content: bytes, text: str | None) -> None:
    """UTF-8, with a mark or without, and UTF-16 with one; anything else is no text."""
    assert decode(content) == text


def test_code_counts_as_text() -> None:
    """JSON and the like are texts; a PDF is none."""
    kinds = ("text/plain; charset=utf-8", "application/json", "application/pdf", "")
    files = [Attachment("1", "f", 1, "", kind) for kind in kinds]

    assert [looks_like_text(file) for file in files] == [True, True, False, False]


def test_a_user_installed_app_gets_six_messages() -> None:
    """What would need more is attached."""
    reply = answer_reply("", "paragraph\n\n" * 1500, "m", Ending.COMPLETE)

    assert len(check(reply, user_install_only=False)) == 9
    assert len(check(reply, user_install_only=True)) == 1
