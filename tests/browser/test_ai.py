"""The AI group in the playground page: a conversation with a picture, written while one looks."""

import re
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

CURSOR = "▌"
REMEMBERED = re.compile(r"\d+ messages? remembered")
WATCH = """() => {
    window.states = {};
    const look = () => {
        for (const message of document.querySelectorAll("[data-testid=message]")) {
            const text = message.querySelector("[data-testid=content]")?.textContent;
            const seen = (window.states[message.dataset.messageId] ??= []);
            if (text && seen.at(-1) !== text) seen.push(text);
        }
    };
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
}"""
"""Keeps every state that each message was shown in."""


def png(side: int = 8) -> bytes:
    """A red square."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + checksum

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\xff\0\0" * side) * side)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


class Talk:
    """Somebody's conversations with the AI in one place of the page."""

    def __init__(self, visitor: Visitor) -> None:
        """Args: visitor: whose."""
        self.visitor = visitor
        self.page: Page = visitor.page
        self.page.evaluate(WATCH)

    @property
    def messages(self) -> Locator:
        """Everything in the chat."""
        return self.page.get_by_test_id("message")

    def answered(self, question: str) -> Locator:
        """The finished answer to a question."""
        message = self.messages.filter(has_text=f"You asked: “{question}”").last
        expect(message).to_contain_text(REMEMBERED)
        expect(message).not_to_contain_text(CURSOR)
        return message

    def chat(self, question: str, options: str = "") -> Locator:
        """Types /chat."""
        self.visitor.run(f"/chat message:{question}{options}")
        return self.answered(question)

    def show(self, question: str, picture: Path) -> Locator:
        """Types /chat with a picture."""
        self.page.get_by_test_id("composer-input").click()
        self.page.keyboard.type(f"/chat message:{question} file:")
        self.page.get_by_test_id("file-file").set_input_files(picture)
        expect(self.page.get_by_test_id("option-file")).to_contain_text(picture.name)
        self.page.keyboard.press("Enter")
        return self.answered(question)

    def press(self, message: Locator, label: str) -> None:
        """Uses a button under an answer."""
        message.get_by_role("button", name=label, exact=True).click()

    def continues(self, message: Locator, question: str) -> Locator:
        """Uses Continue and its form."""
        self.press(message, "Continue")
        modal = self.page.get_by_test_id("modal")
        modal.get_by_label("Your message").fill(question)
        modal.get_by_test_id("modal-submit").click()
        expect(modal).to_have_count(0)
        return self.answered(question)

    def states(self, message: Locator) -> list[str]:
        """Every text that a message was seen with, from the first to the last."""
        message_id = message.get_attribute("data-message-id")
        seen: Any = self.page.evaluate("id => window.states[id]", message_id)
        return [str(state) for state in seen]

    def become(self, name: str) -> None:
        """Acts as another user of the page."""
        switch = self.page.get_by_test_id("user-switch")
        switch.click()
        self.page.get_by_role("menuitemradio", name=name).click()
        expect(switch).to_contain_text(name)


@pytest.fixture
def talk(visitor: Visitor) -> Talk:
    """Somebody new who talks with the AI, in a channel that others use too."""
    return Talk(visitor)


@pytest.fixture
def alone(talk: Talk) -> Talk:
    """The same in their direct messages, where every message is theirs."""
    talk.page.get_by_test_id("place-dm").click()
    expect(talk.page.get_by_test_id("place-dm")).to_have_attribute("aria-current", "page")
    expect(talk.messages).to_have_count(0)
    return talk


def expect_memory(message: Locator, messages: int, first: str, pictures: int) -> None:
    """The stand-in has got the whole history with this question."""
    expect(message).to_contain_text(f"Messages in this conversation: {messages};")
    expect(message).to_contain_text(f"the first question was “{first}”")
    expect(message).to_contain_text(f"Pictures that I got: {pictures}")


def expect_written_gradually(states: list[str]) -> None:
    """At least two states with a cursor, each longer than the one before; then without one."""
    *written, final = states
    assert CURSOR not in final
    assert len(written) >= 2, states
    lengths = [len(state.partition(CURSOR)[0]) for state in written]
    assert lengths == sorted(set(lengths))
    assert all(CURSOR in state for state in written)


def test_a_conversation_of_ten_turns_with_a_picture(alone: Talk, tmp_path: Path) -> None:
    """Command, picture, form: the tenth answer knows the first question and the picture."""
    talk = alone
    picture = tmp_path / "square.png"
    picture.write_bytes(png())

    answer = talk.chat("Begin standin:slow")
    expect_memory(answer, 1, "Begin standin:slow", 0)
    expect_written_gradually(talk.states(answer))
    for turn in range(2, 5):
        answer = talk.continues(answer, f"Turn {turn}")
        expect_memory(answer, 2 * turn - 1, "Begin standin:slow", 0)
    answer = talk.show("What is this?", picture)
    expect_memory(answer, 9, "Begin standin:slow", 1)
    expect(answer).to_contain_text(f"1 (image/png, {picture.stat().st_size} bytes)")
    for turn in range(6, 10):
        answer = talk.continues(answer, f"Turn {turn}")
        expect_memory(answer, 2 * turn - 1, "Begin standin:slow", 1)
    answer = talk.continues(answer, "The end standin:slow")

    expect_memory(answer, 19, "Begin standin:slow", 1)
    expect(answer).to_contain_text("10 messages remembered")
    expect(answer).to_contain_text("no AI has read this")
    expect_written_gradually(talk.states(answer))
    expect(talk.messages).to_have_count(10)


def test_only_the_owner_continues(talk: Talk) -> None:
    """Others are told, for themselves alone, whose it is and how to begin their own."""
    answer = talk.chat("Mine")
    talk.become("Ben")

    talk.press(talk.answered("Mine"), "Continue")

    # Ben is in other tests too, and what is private to him stays on his page.
    refusal = talk.messages.filter(has_text="Not yours").filter(has_text="Type /chat")
    expect(refusal).to_be_visible()
    expect(refusal.get_by_test_id("private-line")).to_be_visible()
    expect(talk.page.get_by_test_id("modal")).to_have_count(0)
    talk.become(f"User {talk.visitor.user_id[-4:]}")
    expect(refusal).to_have_count(0)
    expect_memory(talk.continues(talk.answered("Mine"), "Still mine"), 3, "Mine", 0)
    expect(answer).to_be_visible()


def test_what_is_private_stays_private(talk: Talk) -> None:
    """A continued private conversation is shown to nobody else and never meets the open one."""
    first = talk.chat("A secret", " private:true")
    expect(first.get_by_test_id("private-line")).to_be_visible()
    opened = talk.chat("An open word")
    expect(opened.get_by_test_id("private-line")).to_have_count(0)
    expect_memory(opened, 1, "An open word", 0)

    second = talk.continues(first, "More of it")

    expect(second.get_by_test_id("private-line")).to_be_visible()
    expect_memory(second, 3, "A secret", 0)
    talk.become("Ben")
    expect(talk.answered("An open word")).to_be_visible()
    expect(talk.page.get_by_text("A secret")).to_have_count(0)
    expect(talk.page.get_by_text("More of it")).to_have_count(0)


def test_a_conversation_ends(talk: Talk) -> None:
    """End forgets it; its Continue says so, and the next /chat knows nothing of it."""
    answer = talk.chat("Forget me")
    talk.press(answer, "End")
    expect(talk.messages.filter(has_text="Conversation ended")).to_be_visible()

    talk.press(answer, "Continue")
    modal = talk.page.get_by_test_id("modal")
    modal.get_by_label("Your message").fill("Are you there?")
    modal.get_by_test_id("modal-submit").click()

    expect(talk.messages.filter(has_text="Conversation over")).to_contain_text("Type /chat")
    expect_memory(talk.chat("Anew"), 1, "Anew", 0)


def test_a_long_answer_is_written_and_then_split(alone: Talk) -> None:
    """While it is written its end is shown; then all of it, each code block in one message."""
    talk = alone
    talk.visitor.run("/ask question:Tell me more standin:verbose")
    parts = talk.messages
    expect(parts.last).to_contain_text("gemini-flash-latest ·")
    expect(talk.page.get_by_text(CURSOR)).to_have_count(0)

    assert parts.count() >= 3
    written = [state for state in talk.states(parts.first) if CURSOR in state]
    assert len(written) >= 3
    assert any("the whole answer follows when it is written" in state for state in written)
    texts = parts.get_by_test_id("content").all_inner_texts()
    whole = "\n".join(texts)
    assert [whole.count(f"Part {n}.") for n in (1, 2, 3, 5, 6, 7, 9, 10, 11)] == [1] * 9
    code = parts.locator("pre").all_inner_texts()
    assert [f"part_{n}()" in block for n, block in zip((3, 7, 11), code, strict=True)] == [True] * 3
    assert all(block.rstrip().endswith("return total") for block in code)


def test_a_failure_while_it_is_written_leaves_what_has_come(talk: Talk) -> None:
    """Half an answer stays, with a note; a blocked one is taken back whole."""
    talk.visitor.run("/ask question:standin:middle-503")
    expect(talk.messages.last).to_contain_text("The AI stopped in the middle. Ask again")
    expect(talk.messages.last).to_contain_text("no AI has read this")

    talk.visitor.run("/ask question:standin:safety")

    expect(talk.messages.last).to_contain_text("Blocked by the safety filter")
    expect(talk.messages.last).not_to_contain_text("no AI has read this")
