"""/base64, from Discord's JSON to the reply."""

import base64
from typing import Any

import pytest

from functions.tools.ports import build_ports
from tests.answers import AttachedFiles, embed_of, field_of, file_of, reply_to
from tests.interactions import attachment, command_interaction
from utilsbot.errors import BadInput, UserError
from utilsbot.reply import Reply

_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
_PORTS = build_ports(
    AttachedFiles(a_b64=b"\xef\xbb\xbfaGk=", a_bin=b"\xff\x00", big_bin=bytes(9000))
)


def _base64(operation: str, text: str | None = None, **options: Any) -> Reply:
    options |= {"operation": operation} | ({"text": text} if text is not None else {})
    return reply_to(command_interaction("base64", options=options), _PORTS)


def _of_file(operation: str, name: str, **common: Any) -> Reply:
    body = command_interaction(
        "base64",
        options={"operation": operation},
        attachments={"file": attachment(name)},
        **common,
    )
    return reply_to(body, _PORTS)


def test_encoding_a_text() -> None:
    """Standard unless URL-safe is chosen, with the sizes before and after."""
    reply = _base64("encode", "hi?>")
    assert embed_of(reply).description == "```\naGk/Pg==\n```"
    assert (field_of(reply, "Before"), field_of(reply, "After")) == ("4 bytes", "8 characters")
    reply = _base64("encode", "hi?>", alphabet="url-safe")
    assert embed_of(reply).description == "```\naGk_Pg==\n```"


def test_decoding_a_text() -> None:
    """Text is shown as text, and what was forgiven is said."""
    reply = _base64("decode", "aGk_Pg")
    assert embed_of(reply).description == "```\nhi?>\n```"
    assert embed_of(reply).footer == "It used the URL-safe alphabet · Its padding was missing"
    assert reply.files == ()


def test_backticks_do_not_break_out() -> None:
    """Text that a code block cannot show exactly comes as a file too."""
    nasty = "a```\n# big"
    reply = _base64("decode", base64.b64encode(nasty.encode()).decode())
    assert "```\n#" not in embed_of(reply).description.removeprefix("```\n")
    assert file_of(reply).content == nasty.encode()


def test_binary_comes_as_a_file() -> None:
    """What is not text is attached, by the kind that its first bytes say."""
    reply = _base64("decode", base64.b64encode(b"\xff\x00").decode())
    assert file_of(reply).name == "decoded.bin"
    assert file_of(reply).content == b"\xff\x00"


def test_a_picture_is_shown() -> None:
    """A decoded PNG is attached as one and shown."""
    reply = _base64("decode", base64.b64encode(_PIXEL).decode())
    assert file_of(reply).name == "decoded.png"
    assert file_of(reply).content_type == "image/png"
    assert embed_of(reply).image == "attachment://decoded.png"


@pytest.mark.parametrize("size", [3, 2700, 6000])
def test_results_are_whole_at_any_length(size: int) -> None:
    """Long results travel as a file; nothing is cut."""
    text = "x" * size
    encoded = _base64("encode", text)
    wanted = base64.b64encode(text.encode())
    if encoded.files:
        assert file_of(encoded).content == wanted
    else:
        assert embed_of(encoded).description == f"```\n{wanted.decode()}\n```"
    if len(wanted) <= 6000:
        decoded = _base64("decode", wanted.decode())
        assert text in embed_of(decoded).description


def test_text_of_nothing_but_fences_still_fits() -> None:
    """A text that grows when it is made safe is attached and not shown in pieces."""
    nasty = "`" * 3400
    reply = _base64("decode", base64.b64encode(nasty.encode()).decode())
    assert file_of(reply).content == nasty.encode()


def test_files_go_both_ways() -> None:
    """A file is encoded; a file of base64, even with a byte-order mark, is decoded."""
    assert embed_of(_of_file("encode", "a.bin")).description == "```\n/wA=\n```"
    assert embed_of(_of_file("decode", "a.b64")).description == "```\nhi\n```"
    assert file_of(_of_file("encode", "big.bin")).content == base64.b64encode(bytes(9000))


def test_a_binary_file_is_not_base64() -> None:
    """Decoding a picture says to encode it instead."""
    with pytest.raises(BadInput, match="operation:encode"):
        _of_file("decode", "a.bin")


def test_the_result_must_fit_where_it_goes() -> None:
    """A file whose base64 would be over the upload limit is refused before it is read."""
    with pytest.raises(UserError):
        _of_file("encode", "big.bin", attachment_size_limit=9000)


def test_junk_is_an_error_of_the_option() -> None:
    """The position is told, and which option it is about."""
    with pytest.raises(BadInput, match="position 3") as caught:
        _base64("decode", "ab!c")
    assert caught.value.option == "text"


@pytest.mark.parametrize("operation", ["encode", "decode"])
def test_something_to_work_on_is_needed(operation: str) -> None:
    """Neither text nor file is an error with what to do."""
    with pytest.raises(BadInput, match="`text`"):
        _base64(operation)


def test_the_operation_is_needed() -> None:
    """Discord asks for it, and so does the routing."""
    with pytest.raises(BadInput, match="operation"):
        reply_to(command_interaction("base64", options={"text": "a"}), _PORTS)
