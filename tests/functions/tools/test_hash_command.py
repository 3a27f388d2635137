"""/hash, from Discord's JSON to the reply."""

import hashlib
from typing import Any

import pytest

from functions.tools.digest_names import ALGORITHMS, Algorithm
from functions.tools.ports import build_ports
from tests.answers import AttachedFiles, embed_of, field_of, reply_to
from tests.interactions import attachment, command_interaction
from utilsbot.errors import BadInput, UserError
from utilsbot.reply import Colour, Reply

_PORTS = build_ports(AttachedFiles(data_bin=b"\x00\xff", empty_txt=b""))
_SHA256 = hashlib.sha256(b"hello").hexdigest()


def _hash(**options: Any) -> Reply:
    return reply_to(command_interaction("hash", options=options), _PORTS)


def test_a_text_is_hashed_as_utf8() -> None:
    """The digest of the text's UTF-8, its size in bytes, and SHA-256 where nothing is chosen."""
    reply = _hash(text="héllo")
    assert hashlib.sha256("héllo".encode()).hexdigest() in embed_of(reply).description
    assert embed_of(reply).title == "SHA-256 digest"
    assert field_of(reply, "Size") == "6 bytes"


def test_the_input_is_never_repeated() -> None:
    """No part of the reply has the text in it, matching or not."""
    for expected in (_SHA256, "0" * 64):
        reply = _hash(text="hello", expected=expected)
        assert "hello" not in repr(reply)


def test_a_file_is_hashed() -> None:
    """The bytes of the file, by its name."""
    body = command_interaction("hash", attachments={"file": attachment("data.bin", 2)})
    reply = reply_to(body, _PORTS)
    assert hashlib.sha256(b"\x00\xff").hexdigest() in embed_of(reply).description
    assert field_of(reply, "Of") == "`data.bin`"


def test_an_empty_file_has_a_digest_too() -> None:
    """Nothing is something to hash."""
    body = command_interaction("hash", attachments={"file": attachment("empty.txt", 0)})
    assert hashlib.sha256(b"").hexdigest() in embed_of(reply_to(body, _PORTS)).description


def test_a_file_that_is_too_large_is_refused() -> None:
    """The limit is the command's own, whatever size Discord allows."""
    file = attachment("data.bin", 26 * 1024 * 1024)
    with pytest.raises(UserError):
        reply_to(command_interaction("hash", attachments={"file": file}), _PORTS)


@pytest.mark.parametrize("options", [{}, {"algorithm": "md5"}])
def test_something_to_hash_is_needed(options: dict[str, str]) -> None:
    """Without text and file it says what is needed."""
    with pytest.raises(BadInput, match="attach a `file`"):
        _hash(**options)


def test_text_and_file_together_are_refused() -> None:
    """It does not guess which one is meant."""
    body = command_interaction(
        "hash", options={"text": "a"}, attachments={"file": attachment("data.bin", 2)}
    )
    with pytest.raises(BadInput, match="not both"):
        reply_to(body, _PORTS)


def test_half_an_emoji_is_refused() -> None:
    """A lone surrogate, which JSON can carry, is named by its position."""
    with pytest.raises(BadInput, match="Character 3 of `text`"):
        _hash(text="ab\ud83d")


def test_the_expected_digest_matches() -> None:
    """A match is green, in whatever way the digest is written."""
    reply = _hash(text="hello", expected=f"SHA256: {_SHA256.upper()}")
    assert embed_of(reply).title == "SHA-256: it matches"
    assert embed_of(reply).colour == Colour.SUCCESS


@pytest.mark.parametrize("algorithm", ALGORITHMS.values())
def test_what_the_bot_itself_says_is_understood(algorithm: Algorithm) -> None:
    """The title and the digest of one answer are what the next one takes as expected."""
    answer = embed_of(_hash(text="hello", algorithm=algorithm.name))
    digest = answer.description.strip("`\n")

    for name in (answer.title, f"{algorithm.label}:", f"{algorithm.name}:"):
        reply = _hash(text="hello", algorithm=algorithm.name, expected=f"{name} {digest}")
        assert embed_of(reply).title == f"{algorithm.label}: it matches"


def test_the_expected_digest_does_not_match() -> None:
    """A difference is red and shows both."""
    reply = _hash(text="hello", expected="0" * 64)
    assert embed_of(reply).title == "SHA-256: it does not match"
    assert embed_of(reply).colour == Colour.ERROR
    assert "0" * 64 in field_of(reply, "Expected")


def test_another_algorithm_of_the_same_length_is_noticed() -> None:
    """A digest that fits under another algorithm is not called a difference in content."""
    reply = _hash(text="hello", expected=hashlib.sha3_256(b"hello").hexdigest())
    assert "**SHA3-256**" in field_of(reply, "Expected")


@pytest.mark.parametrize(
    ("expected", "advice"),
    [
        ("f" * 40, "algorithm:sha1`"),
        ("f" * 128, "`algorithm:sha512` or `algorithm:blake2b`"),
        ("ab", "copy it again"),
        ("nonsense", "0 to 9 and a to f"),
        ("md5:" + "0" * 32, "Use `algorithm:md5`"),
    ],
)
def test_an_expected_digest_that_cannot_match_says_why(expected: str, advice: str) -> None:
    """Another length, another algorithm or nonsense is an error with what to do."""
    with pytest.raises(BadInput) as caught:
        _hash(text="hello", expected=expected)
    assert advice in caught.value.text


@pytest.mark.parametrize("algorithm", ["md5", "sha1"])
def test_broken_algorithms_say_so(algorithm: str) -> None:
    """MD5 and SHA-1 come with an honest note; the others do not."""
    assert "against accidents only" in field_of(
        _hash(text="a", algorithm=algorithm), "Checksums only"
    )
    assert all(f.name != "Checksums only" for f in embed_of(_hash(text="a")).fields)
