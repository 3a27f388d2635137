"""Replies become messages within Discord's limits, and nothing in them is lost."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contract.discord_schema import (
    assert_callback,
    assert_message_create,
    assert_message_edit,
)
from utilsbot.discord.components import Button, row
from utilsbot.discord.limits import LimitExceeded
from utilsbot.discord.messages import (
    Message,
    callback_message,
    callback_update,
    message_limit,
    render,
    size,
)
from utilsbot.errors import UserError
from utilsbot.reply import Embed, Field, File, Reply

ROW = row(Button("Again", "hash/again"))
MIB = 1024 * 1024


def rendered(reply: Reply, *, limit: int = 10 * MIB, most: int = 6) -> tuple[Message, ...]:
    """The messages of a reply, each of them valid."""
    messages = render(reply, attachment_limit_bytes=limit, max_messages=most)
    for message in messages:
        files = [(file.name, len(file.content)) for file in message.files]
        assert_message_edit(message.edit_payload, files)
        assert_message_create(message.create_payload, files)
    return messages


def one(reply: Reply) -> Message:
    """The only message of a reply."""
    (message,) = rendered(reply)
    return message


def test_a_plain_reply() -> None:
    """Absent parts are left out of a new message; nobody is ever pinged."""
    assert one(Reply("@everyone hi")).create_payload == {
        "content": "@everyone hi",
        "allowed_mentions": {"parse": []},
    }


def test_an_edit_names_every_part() -> None:
    """An edit replaces what the message had: "thinking…", an old picture, spent buttons."""
    assert one(Reply(embeds=(Embed("Done"),))).edit_payload == {
        "content": "",
        "embeds": [{"title": "Done", "color": 0x5865F2}],
        "components": [],
        "attachments": [],
        "allowed_mentions": {"parse": []},
    }


def test_files_are_listed_by_number() -> None:
    """Every upload is named in `attachments`, with its alternative text."""
    files = (File("a.png", b"1", "image/png", "A code"), File("b.txt", b"2"))
    message = one(Reply(embeds=(Embed(image="attachment://a.png"),), files=files))
    assert message.create_payload["attachments"] == [
        {"id": 0, "filename": "a.png", "description": "A code"},
        {"id": 1, "filename": "b.txt"},
    ]
    assert message.files == files


def test_file_names_are_made_safe() -> None:
    """No path, quote or control character of a name reaches the request's headers."""
    message = one(Reply(files=(File('../a"b\r\n.txt', b"1"),)))
    assert message.files[0].name == ".._a_b__.txt"
    assert message.create_payload["attachments"][0]["filename"] == ".._a_b__.txt"


def test_long_content_is_split_and_the_rest_comes_last() -> None:
    """Text comes first in order; embeds, files and buttons are below its end."""
    text = "A sentence of the answer. " * 200
    reply = Reply(text, (Embed("e"),), (File("a.txt", b"1"),), (ROW,))
    messages = rendered(reply)
    assert len(messages) == 3
    assert "".join(message.payload["content"] for message in messages) == text
    assert [sorted(message.payload) for message in messages[:-1]] == [
        ["allowed_mentions", "content"]
    ] * 2
    assert {"embeds", "attachments", "components"} <= messages[-1].payload.keys()


def test_content_for_too_many_messages_is_attached() -> None:
    """Beyond the number of messages the whole text is a file, and the message its beginning."""
    text = "A sentence of the answer. " * 1000
    message = one(Reply(text))
    assert message.files[0].name == "answer.md"
    assert message.files[0].content.decode() == text
    assert message.payload["content"].startswith("A sentence of the answer. A")
    assert message.payload["content"].endswith("… the whole text is in `answer.md`.")


def test_white_space_makes_no_empty_messages() -> None:
    """Parts of white space only are left out: Discord would refuse them as empty."""
    assert [
        message.payload["content"].strip() for message in rendered(Reply("a" + "\n" * 5000))
    ] == ["a"]


@pytest.mark.parametrize(
    "reply", [Reply(), Reply(" \n"), Reply("\n" * 3000), Reply(embeds=(Embed(),))]
)
def test_empty_replies_are_errors_of_ours(reply: Reply) -> None:
    """A reply without anything to show never reaches Discord."""
    with pytest.raises(LimitExceeded):
        rendered(reply)


def test_a_long_description_moves_into_a_file() -> None:
    """The embed shows the beginning and says where the whole is; it is not cut silently."""
    text = "A line of it\n" * 500
    message = one(Reply(embeds=(Embed("The Text!", text),)))
    assert [(file.name, file.content.decode()) for file in message.files] == [("the-text.md", text)]
    shown = message.payload["embeds"][0]["description"]
    assert shown.startswith("A line of it\n")
    assert shown.endswith("A line of it\n… the whole text is in `the-text.md`.")
    assert len(shown) > 4000


def test_a_long_field_moves_into_a_file() -> None:
    """A field's value over 1024 characters is attached under the field's name."""
    message = one(Reply(embeds=(Embed("t", fields=(Field("Result (Base64)", "QUJD" * 300),)),)))
    assert [(file.name, file.content) for file in message.files] == [
        ("result-base64.txt", b"QUJD" * 300)
    ]
    assert message.payload["embeds"][0]["fields"][0]["value"].startswith("QUJDQUJD")


@pytest.mark.parametrize(
    ("value", "content"),
    [
        ("```\n" + "x\n" * 700 + "```", b"x\n" * 699 + b"x"),
        ("`" + "x" * 1500 + "`", b"x" * 1500),
        ("a ```b``` " + "x" * 1100, b"a ```b``` " + b"x" * 1100),
    ],
)
def test_code_is_closed_in_the_embed_and_bare_in_the_file(value: str, content: bytes) -> None:
    """Code that is shortened still renders as code, and the file holds it without the marks."""
    message = one(Reply(embeds=(Embed("t", fields=(Field("Code", value),)),)))
    assert message.files[0].content == content
    assert message.payload["embeds"][0]["fields"][0]["value"].count("`") % 2 == 0


def test_embeds_over_6000_characters_together() -> None:
    """The longest texts give way until the sum fits; each is whole in a file."""
    fields = tuple(Field(f"Part {n}", "word " * 200) for n in range(10))
    message = one(Reply(embeds=(Embed("Everything", "text " * 800, fields),)))
    assert len(message.files) >= 2
    assert all(file.content.decode() in ("word " * 200, "text " * 800) for file in message.files)


def test_added_files_never_take_a_name_twice() -> None:
    """Two long fields of one name, or a file of that name, get numbers."""
    long = "x" * 2000
    fields = (Field("a", long), Field("a", long))
    message = one(Reply(embeds=(Embed("t", fields=fields),), files=(File("a.txt", b"mine"),)))
    assert [file.name for file in message.files] == ["a.txt", "a-2.txt", "a-3.txt"]


def test_blank_fields_are_filled() -> None:
    """A field without text gets an invisible character, which every version of Discord takes."""
    message = one(Reply(embeds=(Embed("t", fields=(Field("", " "),)),)))
    field = message.payload["embeds"][0]["fields"][0]
    assert (field["name"], field["value"]) == ("\u200b", "\u200b")


def test_titles_beyond_their_limit_are_errors_of_ours() -> None:
    """What is not long by nature is not repaired."""
    with pytest.raises(LimitExceeded, match=r"embeds\[0\]\.title"):
        rendered(Reply(embeds=(Embed("x" * 257),)))


def test_a_picture_must_be_sent_along() -> None:
    """An embed cannot name a file that the reply does not have."""
    with pytest.raises(LimitExceeded, match="image"):
        rendered(Reply(embeds=(Embed(image="attachment://a.png"),)))


@pytest.mark.parametrize(
    ("files", "text"),
    [
        ((File("big.bin", b"x" * 2048),), "`big.bin` is 2 KiB; Discord takes 1.5 KiB a file here."),
        (
            (File("big.bin", b"x" * 1537),),
            "`big.bin` is 1.6 KiB; Discord takes 1.5 KiB a file here.",
        ),
        ((File("a", b"x"),) * 11, "The answer has 11 files; Discord takes 10 in one message."),
    ],
)
def test_files_too_large_or_too_many(files: tuple[File, ...], text: str) -> None:
    """The user is told the sizes."""
    with pytest.raises(UserError) as caught:
        rendered(Reply(files=files), limit=1536)
    assert caught.value.text == text


def test_files_too_large_together() -> None:
    """A request has a limit of its own."""
    files = tuple(File(f"{n}", b"x" * (9 * MIB)) for n in range(3))
    with pytest.raises(UserError, match=r"27 MiB together; Discord takes 24\.9 MiB"):
        rendered(Reply(files=files))


@pytest.mark.parametrize("excess", [1, 32 * 1024, 64 * 1024, 65 * 1024])
def test_files_a_little_too_large_together(excess: int) -> None:
    """The sizes that are told differ as the sizes do."""
    files = tuple(File(f"{n}", b"x" * (5 * MIB)) for n in range(4))
    last = File("last", b"x" * (5 * MIB - 64 * 1024 + excess))
    with pytest.raises(UserError) as caught:
        rendered(Reply(files=(*files, last)))
    told, most = re.findall(r"([\d.]+) MiB", caught.value.text)
    assert float(told) > float(most)


def test_lone_surrogates_are_replaced() -> None:
    """Half an emoji from a user's JSON cannot break the request."""
    message = one(Reply("a\ud83d", embeds=(Embed("t\udc00"),)))
    assert message.payload["content"] == "a\ufffd"
    assert message.payload["embeds"][0]["title"] == "t\ufffd"


LONG = st.builds(
    str.__mul__,
    st.text(max_size=12) | st.sampled_from(["`", "```", "a\n", "```py\n"]),
    st.integers(0, 900),
)


@given(LONG, LONG, st.lists(LONG, max_size=8), st.integers(1, 3))
def test_any_text_renders(content: str, description: str, values: list[str], most: int) -> None:
    """Whatever text a command gives, the messages are valid and no more than allowed."""
    fields = tuple(Field("field", value) for value in values)
    reply = Reply(content, (Embed("t", description, fields),))
    assert 1 <= len(rendered(reply, most=most)) <= most


def test_callback_data() -> None:
    """Answers in place carry the ephemeral flag only if private; updates replace everything."""
    reply = Reply(embeds=(Embed("Pong"),), rows=(ROW,))
    private = callback_message(reply, private=True)
    assert_callback({"type": 4, "data": private}, 2)
    assert private["flags"] == 64
    assert "flags" not in callback_message(reply, private=False)
    update = callback_update(reply)
    assert_callback({"type": 7, "data": update}, 3)
    assert (update["content"], update["attachments"]) == ("", [])
    assert "flags" not in update


@pytest.mark.parametrize("reply", [Reply("x" * 3000), Reply(files=(File("a", b"1"),))])
def test_answers_in_place_are_one_message_without_files(reply: Reply) -> None:
    """What needs more than one message, or an upload, is an error of ours."""
    with pytest.raises(LimitExceeded):
        callback_message(reply, private=False)


def test_message_limits() -> None:
    """Where the app is installed to the user only, Discord takes five follow-ups."""
    assert message_limit(user_install_only=True) == 6
    assert message_limit(user_install_only=False) == 10


@pytest.mark.parametrize(
    ("size_bytes", "text"),
    [
        (0, "0 bytes"),
        (1023, "1023 bytes"),
        (1024, "1 KiB"),
        (1536, "1.5 KiB"),
        (1600, "1.5 KiB"),
        (MIB - 1, "1,023.9 KiB"),
        (MIB, "1 MiB"),
        (10 * MIB, "10 MiB"),
        (10 * MIB - 1, "9.9 MiB"),
    ],
)
def test_sizes(size_bytes: int, text: str) -> None:
    """Sizes are written in binary units."""
    assert size(size_bytes) == text


@pytest.mark.parametrize(
    ("size_bytes", "text"),
    [
        (1023, "1023 bytes"),
        (1024, "1 KiB"),
        (1025, "1.1 KiB"),
        (1536, "1.5 KiB"),
        (MIB - 1, "1 MiB"),
        (7_900_000, "7.6 MiB"),
        (10 * MIB + 1, "10.1 MiB"),
    ],
)
def test_sizes_rounded_up(size_bytes: int, text: str) -> None:
    """For what is larger than a limit; never `1024 KiB`."""
    assert size(size_bytes, up=True) == text


@given(st.integers(0, 30 * MIB), st.integers(1, 2 * MIB) | st.just(1))
def test_what_is_larger_than_a_limit_reads_so(limit: int, excess: int) -> None:
    """The two texts of "is X, and takes Y" are never the same."""
    assert size(limit + excess, up=True) != size(limit)
