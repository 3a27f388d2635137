"""Base64 as RFC 4648 has it, and errors that say where."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.tools.base64_codec import BadBase64, decode, encode
from functions.tools.file_kinds import BINARY, TEXT, kind_of, readable_text


@given(st.binary(), st.booleans(), st.booleans(), st.sampled_from(["", " ", "\n", "\r\n\t"]))
def test_what_was_encoded_decodes(content: bytes, url_safe: bool, bare: bool, gap: str) -> None:
    """Both alphabets, with and without padding, with white space anywhere, give the bytes again."""
    text = encode(content, url_safe=url_safe)
    if bare:
        text = text.rstrip("=")
    text = gap + gap.join(text[at : at + 3] for at in range(0, len(text), 3)) + gap
    if content:
        assert decode(text).content == content


@given(st.binary())
def test_it_is_the_standards_base64(content: bytes) -> None:
    """The standard library, as another implementation, agrees."""
    assert encode(content) == base64.b64encode(content).decode()
    assert encode(content, url_safe=True) == base64.urlsafe_b64encode(content).decode()


@given(st.text(st.sampled_from("AB+/-_= \n?="), max_size=12))
def test_no_text_decodes_to_what_does_not_encode_to_it(text: str) -> None:
    """Strict: a text either is the base64 of its result, or an error."""
    try:
        found = decode(text)
    except BadBase64:
        return
    again = encode(found.content, url_safe=found.url_safe)
    assert again.rstrip("=") == "".join(text.split()).rstrip("=")


@pytest.mark.parametrize(
    ("length", "encoded"),
    list(enumerate(["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"])),
)
def test_the_rfcs_vectors(length: int, encoded: str) -> None:
    """RFC 4648 §10: the beginnings of "foobar"."""
    content = b"foobar"[:length]
    assert encode(content) == encoded
    if content:
        assert decode(encoded).content == content


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("aGVs!G8=", "`!` at position 5"),
        ("aGV\nsbG8?", "`?` at position 9"),
        ("aGVs`G8=", "backtick at position 5"),
        ("aGVs\u200bbG8=", "U+200B at position 5"),
        ("aGVsbG8é", "`é` at position 8"),
        ("aGVsb", "5 characters, one more than a multiple of 4"),
        ("aGk=aGk=", "`=` at position 4 stands before the end"),
        ("aGk==", "should end in 1 `=`, not in 2"),
        ("aGVs=", "should end in no `=`, not in 1"),
        ("aGl=", "bits set that belong to no byte"),
        ("aR==", "bits set that belong to no byte"),
        ("ab+/cd-_", "`-` at position 7 is URL-safe"),
        ("   ", "nothing to decode"),
        ("====", "nothing to decode"),
        ("-----BEGIN KEY-----\naGk=\n-----END KEY-----", "PEM"),
        ("data:image/png;base64,!", "position 23"),
    ],
)
def test_errors_say_what_and_where(text: str, said: str) -> None:
    """Each kind of mistake has its own sentence, with positions in the text as given."""
    with pytest.raises(BadBase64) as caught:
        decode(text)
    assert said in str(caught.value)


def test_a_data_address_is_understood() -> None:
    """What browsers copy is decoded without its head."""
    assert decode(" data:text/plain;charset=utf-8;base64,aGk=").content == b"hi"


def test_the_remarks_are_true() -> None:
    """It tells whether the alphabet was URL-safe and the padding missing."""
    assert decode("aGk").unpadded
    assert not decode("aGk=").unpadded
    assert decode("-_8").url_safe
    assert not decode("+/8=").url_safe


@pytest.mark.parametrize(
    ("content", "suffix"),
    [
        (b"\x89PNG\r\n\x1a\nrest", "png"),
        (b"\xff\xd8\xff\xe0", "jpg"),
        (b"GIF89a", "gif"),
        (b"%PDF-1.7", "pdf"),
        (b"PK\x03\x04", "zip"),
        (b"\x1f\x8b\x08\x00", "gz"),
        (b"hello", "txt"),
        (b"\x00\x01", "bin"),
        (b"\xff\xfe", "bin"),
    ],
)
def test_kinds_of_file(content: bytes, suffix: str) -> None:
    """Plain magic bytes name the kind; the rest is text or binary."""
    assert kind_of(content).suffix == suffix


@given(st.binary(max_size=30))
def test_readable_text_is_what_the_bytes_say(content: bytes) -> None:
    """Text that counts as readable encodes to the bytes again and has no control characters."""
    text = readable_text(content)
    if text is not None:
        assert text.encode() == content
        assert all(
            letter.isprintable() or ord(letter) > 127 or letter in "\t\r\n" for letter in text
        )
    assert kind_of(content) in {TEXT, BINARY} or text is None or text.startswith(("GIF8", "%PDF"))
