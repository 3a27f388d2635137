"""/chat: memory, privacy, ownership and one history, from Discord's JSON to the stand-in."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.functions.ai.conftest import Build
from tests.functions.ai.house import PNG, House, ServedStandIn, button
from tests.interactions import (
    NOW,
    OTHER_USER_ID,
    USER_ID,
    Json,
    answered_message,
    attachment,
    command_interaction,
    component_interaction,
    modal_interaction,
)
from utilsbot.errors import NotConfigured, StoreError
from utilsbot.store.chat_rows import Chat


def _chat(message: str, at: float = NOW, **options: Any) -> Json:
    common = {key: options.pop(key) for key in ("user_id", "attachments") if key in options}
    return command_interaction("chat", options={"message": message, **options}, at=at, **common)


def _memory(house: House, private: bool = False) -> Chat | None:
    place = f"500000000000000001#{'private' if private else 'open'}"
    found: Chat | None = house.ports["chats"].read(USER_ID, place)
    return found


def _continue(house: House, custom_id: str, message: str, at: float) -> Json:
    """Presses Continue or New topic and sends the form."""
    modal = house.modal(component_interaction(custom_id))
    return modal_interaction(
        modal.custom_id, {"message": message}, message=answered_message(), at=at
    )


def test_a_conversation_of_ten_turns_with_a_picture_remembers(
    house: House, gemini: ServedStandIn
) -> None:
    """The tenth answer knows the first question, and the picture goes along every time."""
    house.downloads.files["cat.png"] = PNG
    file = attachment("cat.png", len(PNG), "image/png")
    reply = house.say(_chat("My cat is Tibbles", attachments={"file": file}))
    for turn in range(1, 10):
        custom_id = button(reply, "Continue")
        reply = house.say(_continue(house, custom_id, f"Question {turn}", NOW + turn))

    assert "Messages in this conversation: **19**; the first question was “My cat" in reply.content
    assert "Pictures that I got: **1 (image/png" in reply.content
    assert "10 messages remembered · forgotten <t:" in reply.content
    assert len(gemini.standin.requests[-1]["body"]["contents"]) == 19


def test_the_command_goes_on_with_the_conversation_of_the_channel(house: House) -> None:
    """Typing /chat again needs no button."""
    house.say(_chat("One"))
    reply = house.say(_chat("Two", NOW + 1))

    assert "2 messages remembered" in reply.content


def test_a_new_topic_forgets_what_was_said(house: House) -> None:
    """By option and by button; the old conversation's buttons then say that it is over."""
    old = house.say(_chat("One"))
    by_option = house.say(_chat("Two", NOW + 1, new_topic=True))
    by_button = house.say(_continue(house, button(by_option, "New topic"), "Three", NOW + 2))

    assert "1 message remembered" in by_option.content
    assert "1 message remembered" in by_button.content
    error = house.failure(_continue(house, button(old, "Continue"), "Four", NOW + 3))
    assert error.title == "Conversation over"


def test_private_stays_private(house: House) -> None:
    """A private conversation continues privately, and an open one never sees it."""
    private = house.say(_chat("My secret", private=True))
    opened = house.say(_chat("Hello", NOW + 1))

    assert "1 message remembered" in opened.content
    form = house.modal(component_interaction(button(private, "Continue")))
    assert form.custom_id.startswith("chat/say/")
    form = house.modal(component_interaction(button(opened, "Continue")))
    assert form.custom_id.startswith("chat/say_openly/")
    reply = house.say(_continue(house, button(private, "Continue"), "More", NOW + 2))
    assert "the first question was “My secret”" in reply.content


def test_only_the_owner_continues(house: House) -> None:
    """Others are told how to start their own, at the button and at the form."""
    reply = house.say(_chat("Hello"))
    press = component_interaction(
        button(reply, "Continue"), user_id=OTHER_USER_ID, owner_id=USER_ID
    )
    with pytest.raises(Exception, match="Type `/chat` to begin your own"):
        house.modal(press)
    custom_id = house.modal(component_interaction(button(reply, "Continue"))).custom_id
    sent = modal_interaction(custom_id, {"message": "Let me in"}, user_id=OTHER_USER_ID)
    assert house.failure(sent).title == "Not yours"


def test_ending_forgets_at_once(house: House) -> None:
    """The row is gone, and its buttons say that it is over."""
    reply = house.say(_chat("Hello"))
    ended = house.say(component_interaction(button(reply, "End")))

    assert ended.embeds[0].title == "Conversation ended"
    assert _memory(house) is None
    assert house.failure(component_interaction(button(reply, "End"))).title == "Conversation over"


def test_it_is_forgotten_a_day_after_the_last_message(house: House) -> None:
    """Expiry counts from the last turn, and does not wait for DynamoDB's sweep."""
    reply = house.say(_chat("Hello"))
    house.clock.advance(24 * 3600 + 1)

    error = house.failure(_continue(house, button(reply, "Continue"), "Still there?", NOW + 1))

    assert error.title == "Conversation over"


def test_a_command_that_runs_twice_answers_and_remembers_once(
    house: House, gemini: ServedStandIn
) -> None:
    """A worker that died after remembering answers again from memory, without another call."""
    first = house.say(_chat("Hello"))
    second = house.say(_chat("Hello"))

    assert len(gemini.models) == 1
    assert first.content.partition("\n-# gemini")[0] == second.content.partition("\n-# gemini")[0]
    assert len(_memory(house).turns) == 1  # type: ignore[union-attr]
    (call,) = house.meter.calls  # the first run's, which it did not live to count
    assert (call.api, call.failed, call.tokens > 0) == ("gemini", False, True)


def test_a_command_that_runs_again_late_says_what_it_said_first(house: House) -> None:
    """Its own place in the conversation, whatever was added since (a reply waits for a limit)."""
    first = house.say(_chat("One"))
    assert "2 messages remembered" in house.say(_chat("Two", NOW + 1)).content
    again = house.say(_chat("One"))

    assert "1 message remembered" in first.content
    assert "1 message remembered" in again.content


def test_continues_at_once_keep_one_history(build: Build) -> None:
    """Six messages at once: each turn is there once, whole, and the versions have counted them."""
    first = build()
    custom_id = button(first.say(_chat("Begin")), "Continue")
    bodies = [_continue(first, custom_id, f"Message {n}", NOW + n) for n in range(1, 7)]
    houses = [build() for _ in bodies]

    def say(pair: tuple[House, Json]) -> str:
        return pair[0].say(pair[1]).content

    with ThreadPoolExecutor(6) as pool:
        contents = list(pool.map(say, zip(houses, bodies, strict=True)))

    chat = _memory(first)
    assert chat is not None
    questions = [turn.question for turn in chat.turns]
    assert questions[0] == "Begin"
    assert sorted(questions[1:]) == [f"Message {n}" for n in range(1, 7)]
    assert all(turn.answer and turn.question in turn.answer for turn in chat.turns)
    assert chat.version == 7
    assert all("remembered" in content for content in contents)


def test_an_ended_conversation_is_not_revived_by_a_late_answer(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """End pressed while the answer is written wins; the answer says that it is not remembered."""
    reply = house.say(_chat("Hello"))
    ai, answer = house.ports["ai"], house.ports["ai"].answer

    def ending_meanwhile(*args: Any) -> Any:
        house.say(component_interaction(button(reply, "End")))
        return answer(*args)

    monkeypatch.setattr(ai, "answer", ending_meanwhile)
    late = house.say(_continue(house, button(reply, "Continue"), "Quick", NOW + 1))

    assert "ended meanwhile, so this is not remembered" in late.content
    assert late.rows == ()
    assert _memory(house) is None


def test_an_answer_is_shown_even_if_it_cannot_be_remembered(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store's trouble after the call costs the memory, not the paid answer."""

    def fails(*args: Any, **rest: Any) -> Any:
        raise StoreError("ProvisionedThroughputExceededException")

    monkeypatch.setattr(house.ports["chats"], "add", fails)

    assert "could not be remembered" in house.say(_chat("Hello")).content


def test_a_picture_that_is_gone_leaves_a_word(house: House) -> None:
    """When Discord's address has died, the conversation goes on without the picture."""
    house.downloads.files["cat.png"] = PNG
    file = attachment("cat.png", len(PNG), "image/png")
    house.say(_chat("Look", attachments={"file": file}))
    house.downloads.gone = True

    assert "Pictures that I got: **0**" in house.say(_chat("And now?", NOW + 1)).content


def test_pictures_that_come_slowly_leave_the_model_its_time(house: House) -> None:
    """Of three in the history those are shown to it that arrive while there is time for them."""
    for turn in range(3):
        name = f"{turn}.png"
        house.downloads.files[name] = PNG
        file = attachment(name, len(PNG), "image/png", attachment_id=f"60000000000000000{turn}")
        house.say(_chat("Look", NOW + turn, attachments={"file": file}))
    house.downloads.takes_s = 14

    assert "Pictures that I got: **1 (" in house.say(_chat("And now?", NOW + 9)).content

    assert house.meter.deadline - house.clock.seconds >= 20


def test_a_text_file_is_remembered_as_data(house: House, gemini: ServedStandIn) -> None:
    """On the next turn the file's text comes back between that turn's marks."""
    house.downloads.files["notes.txt"] = b"The code is 4711."
    house.say(_chat("Read", attachments={"file": attachment()}))
    reply = house.say(_chat("Again", NOW + 1))

    assert "Texts marked as data: **1**" in reply.content
    system = gemini.standin.requests[-1]["body"]["systemInstruction"]["parts"][0]["text"]
    mark = next(text for text in gemini.prompts[-1] if "4711" in text)[1:].partition(" ")[0]
    assert mark in system


def test_what_is_stored_cannot_be_read(house: House) -> None:
    """No byte of the conversation is in the table in the clear."""
    house.say(_chat("hunter2 is my secret"))

    items = house.parts.dynamodb.scan(TableName=house.parts.table)["Items"]
    assert any("sealed" in item for item in items)
    assert "hunter2" not in repr(items)


def test_without_a_key_for_its_memory_chat_says_so(build: Build) -> None:
    """/ask works without it, /chat does not pretend."""
    error = build(CHAT_KEY="").failure(_chat("Hello"))

    assert isinstance(error, NotConfigured)
    assert error.text.startswith("The memory of conversations is not set up")
