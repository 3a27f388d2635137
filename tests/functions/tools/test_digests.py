"""Digests are right, and expected ones are understood however they are written."""

import hashlib
from base64 import b64encode
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from functions.tools.digest_names import ALGORITHMS, Algorithm, of_length, parse_expected
from functions.tools.digests import Digests

_ABC = {  # RFC 1321 A.5, FIPS 180-4 and 202 examples, RFC 7693 A
    "md5": "900150983cd24fb0d6963f7d28e17f72",
    "sha1": "a9993e364706816aba3e25717850c26c9cd0d89d",
    "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    "sha512": "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
    "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
    "sha3-256": "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532",
    "blake2b": "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
    "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923",
}
_algorithms = st.sampled_from(list(ALGORITHMS.values()))


@pytest.mark.parametrize("name", ALGORITHMS)
def test_the_standards_own_example(name: str) -> None:
    """Each algorithm gives its standard's digest of "abc", of the length that it declares."""
    digest = Digests().hex_digest(name, b"abc")
    assert digest == _ABC[name]
    assert len(digest) == ALGORITHMS[name].hex_digits


def test_comparing() -> None:
    """Equal digests are the same, others are not."""
    assert Digests().same("ab", "ab")
    assert not Digests().same("ab", "ac")


@given(st.binary(max_size=40), _algorithms, st.data())
def test_every_way_of_writing_is_understood(
    content: bytes, algorithm: tuple[str, ...], data: st.DataObject
) -> None:
    """Case, grouping, prefixes and checksum lines never change which digest is meant."""
    name = algorithm[0]
    digest = Digests().hex_digest(name, content)
    cased = data.draw(st.sampled_from([digest, digest.upper()]))
    gap = data.draw(st.sampled_from(["", " ", ":", "\n"]))
    grouped = gap.join(cased[at : at + 2] for at in range(0, len(cased), 2))
    prefix = data.draw(st.sampled_from(["", f"{name}:", f"{name.upper()}-", f"{name} = "]))
    assert parse_expected(f" {prefix}{grouped} ").hex == digest
    assert parse_expected(f"{digest}  some file.iso").hex == digest
    assert parse_expected(f"{digest} *some file.iso").hex == digest


_WRITTEN = (
    "{name}:{hex}",
    "{name} : {hex}",
    "{name} = {hex}",
    "{name}-{hex}",
    "{name} {hex}",
    "{name} digest\n{hex}",  # as /hash's own answer is copied
    "{name} checksum: {hex}",
    "{name}sum: {hex}",
    "{name}(stdin)= {hex}",  # openssl dgst
    "{name} ({file}) = {hex}",  # sha256sum --tag, BSD
    "\\{name} ({file}) = {hex}",
    "{name}          {hex}       C:\\{file}",  # Get-FileHash
    "{hex}  {file}",
    "{hex} *{file}",
    "\\{hex}  {file}",
)


@given(
    st.binary(max_size=40),
    _algorithms,
    st.sampled_from(_WRITTEN),
    st.sampled_from(["x", "a) b = (c).iso", "SHA-1 = 00.txt", "ünï`code*"]),
    st.data(),
)
def test_a_digest_under_any_of_its_names_is_recognised(
    content: bytes, algorithm: Algorithm, written: str, file: str, data: st.DataObject
) -> None:
    """By the bot's own names and those of common tools, in the forms in which these print it."""
    names = {algorithm.name, *algorithm.spellings}
    name = data.draw(st.sampled_from(sorted(names)))
    name = data.draw(st.sampled_from([name, name.upper(), name.lower(), name.replace("-", "")]))
    digest = Digests().hex_digest(algorithm.name, content)

    found = parse_expected(written.format(name=name, hex=digest, file=file))

    named = algorithm.name if "{name}" in written else None
    assert (found.hex, found.algorithm) == (digest, named)


@pytest.mark.parametrize("start", ["512", "256", "1", "2256"])
@pytest.mark.parametrize("name", ["blake2b", "BLAKE2b-512", "sha512", "SHA2-512"])
def test_digits_that_a_digest_starts_with_are_not_its_names(name: str, start: str) -> None:
    """After a hyphen they could be taken for the end of the name."""
    digest = start.ljust(128, "f")

    assert parse_expected(f"{name}-{digest}").hex == digest


@pytest.mark.parametrize(
    "name", ["BLAKE2b-256", "SHA-512/256", "SHA2-512/256", "SHA3-512", "sha384"]
)
@pytest.mark.parametrize("between", [": ", " (file) = ", "(stdin)= ", " "])
def test_an_algorithm_that_is_not_known_is_not_taken_for_another(name: str, between: str) -> None:
    """Its digest could never match."""
    with pytest.raises(ValueError, match="is no digest"):
        parse_expected(f"{name}{between}{'ab' * 32}")


@pytest.mark.parametrize(
    ("text", "algorithm"),
    [("sha256:", "sha256"), ("SHA-256: ", "sha256"), ("sha3-256-", "sha3-256"), ("", None)],
)
def test_the_named_algorithm_is_noticed(text: str, algorithm: str | None) -> None:
    """A prefix says which algorithm it is."""
    assert parse_expected(text + "ab" * 32).algorithm == algorithm


def test_the_integrity_of_a_web_page_is_understood() -> None:
    """`sha512-` with base64, as in package locks and script tags, is the same digest."""
    digest = hashlib.sha512(b"abc").digest()
    found = parse_expected(f"sha512-{b64encode(digest).decode()}")
    assert (found.hex, found.algorithm) == (digest.hex(), "sha512")


@pytest.mark.parametrize("text", ["", "xyz", "sha256:", "sha256:hello", "abcg", "12-34"])
def test_what_is_no_digest_is_refused(text: str) -> None:
    """Anything else is an error and not a digest that never matches."""
    with pytest.raises(ValueError, match="is no digest"):
        parse_expected(text)


@given(st.text(max_size=300))
@example("\u017fha256:ab")  # the long s, which is an s where case is ignored
@example("bla\u212ae2b:ab")  # and the Kelvin sign a k
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing that people can type is an error of ours."""
    with suppress(ValueError):
        assert set(parse_expected(text).hex) <= set("0123456789abcdef")


def test_lengths_that_two_algorithms_share() -> None:
    """A length names every algorithm that it fits."""
    assert [algorithm.name for algorithm in of_length(64)] == ["sha256", "sha3-256"]
    assert of_length(10) == ()
