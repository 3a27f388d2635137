"""Secrets are read however they are written, and errors never have them in it."""

import base64
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.tools.otp_secret import BadSecret, CodeSettings, decode_base32, parse_secret

_SETTINGS = CodeSettings()
_RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@given(
    st.binary(min_size=1, max_size=64),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["", " ", "-", "\u2013", "\u00a0", "\n"]),
    st.integers(1, 8),
)
def test_every_way_of_writing_is_the_same_key(
    key: bytes, lower: bool, padded: bool, gap: str, group: int
) -> None:
    """Case, padding, spaces and dashes do not matter."""
    text = base64.b32encode(key).decode()
    if not padded:
        text = text.rstrip("=")
    if lower:
        text = text.lower()
    text = gap.join(text[at : at + group] for at in range(0, len(text), group))
    found = parse_secret(f" {text} ", _SETTINGS)
    assert found.key == key
    assert found.settings == _SETTINGS
    assert found.loose_bits < 5


@given(st.text(st.sampled_from("ABCDEFGH234567"), min_size=2, max_size=40))
def test_any_number_of_characters_makes_a_key(text: str) -> None:
    """Some sites draw characters and not bytes: the bits over the last byte are left out."""
    key, loose_bits = decode_base32(text)
    assert len(key) * 8 + loose_bits == len(text) * 5
    whole = text + "A" * (-len(text) % 8)
    assert base64.b32decode(whole)[: len(key)] == key


@given(st.text(max_size=40))
def test_anything_else_is_an_error_that_tells_no_secret(text: str) -> None:
    """Free text is read or refused, and nothing else happens."""
    refusal = _refusal(text)
    assert len(text) < 12 or text not in refusal


def _refusal(text: str) -> str:
    try:
        parse_secret(text, _SETTINGS)
    except BadSecret as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("JBSW0Y3D", "position 5 is a digit that base32 does not use"),
        ("JBSW Y3D!", "position 9 is neither a letter nor a digit"),
        ("JBSWéY3D", "position 5 is a letter outside A to Z"),
        ("JBSW==Y3", "position 7 comes after the padding"),
        ("", "There is no secret"),
        ("  - ", "There is no secret"),
        ("A", "There is no secret"),
        ("https://example.com/", "not one that starts with `otpauth://totp/`"),
        ("otpauth-migration://offline?data=abc", "an export of several accounts"),
        ("otpauth://hotp/A?secret=JBSWY3DP&counter=1", "by counting (HOTP)"),
        ("otpauth://yaotp/A?secret=JBSWY3DP", "should start with `otpauth://totp/`"),
        ("otpauth://totp/A?issuer=B", "no `secret=`"),
        ("otpauth://totp/A?secret=", "no `secret=`"),
        (
            "otpauth://totp/A?secret=JB1W",
            "counted from after `secret=`: The character at position 3",
        ),
        ("otpauth://totp/A?secret=JBSWY3DP&secret=AAAAAAAA", "twice"),
        ("otpauth://totp/A?secret=JBSWY3DP&digits=10", "6, 7 or 8 digits"),
        ("otpauth://totp/A?secret=JBSWY3DP&period=5", "not 15 to 120 seconds"),
        ("otpauth://totp/A?secret=JBSWY3DP&period=1e9", "not 15 to 120 seconds"),
        ("otpauth://totp/A?secret=JBSWY3DP&algorithm=MD5", "SHA1, SHA256 or SHA512"),
        ("otpauth://totp/A?secret=JBSWY3DP&encoder=steam", "Steam"),
        ("otpauth://[totp/A?secret=JBSWY3DP", "damaged"),
        ("otpauth://totp/A?" + "x=1&" * 30, "damaged"),
    ],
)
def test_errors_say_what_is_wrong_without_the_secret(text: str, said: str) -> None:
    """The position and the kind of character, never the text."""
    with pytest.raises(BadSecret) as caught:
        parse_secret(text, _SETTINGS)
    assert said in str(caught.value)
    assert "JBSW" not in str(caught.value)


def test_an_address_names_everything() -> None:
    """Issuer, account and every setting of an address hold."""
    found = parse_secret(
        "otpauth://totp/ACME%20Co:ada@example.com?secret=JBSWY3DPEHPK3PXP&issuer=ACME%20Co"
        "&algorithm=SHA512&digits=8&period=60",
        _SETTINGS,
    )
    assert (found.issuer, found.account) == ("ACME Co", "ada@example.com")
    assert found.settings == CodeSettings(8, 60, "SHA512")
    assert found.bits == 80


def test_options_hold_where_the_address_says_nothing() -> None:
    """What the address leaves open comes from the options."""
    wanted = CodeSettings(7, 45, "SHA256")
    assert parse_secret("OTPAUTH://TOTP/x?secret=JBSWY3DP", wanted).settings == wanted


@pytest.mark.parametrize(
    ("path", "issuer", "account"),
    [
        ("ada", "", "ada"),
        ("ACME:ada", "ACME", "ada"),
        ("ACME%3A%20ada", "ACME", "ada"),
        ("", "", ""),
        (quote("evil\u202ename\n**x**"), "", "evil name **x**"),
        ("a" * 300, "", "a" * 79 + "…"),
        ("%FF", "", "\ufffd"),
    ],
)
def test_labels_are_one_short_line(path: str, issuer: str, account: str) -> None:
    """Labels are text from outside: short, on one line, nothing hidden or reordered."""
    found = parse_secret(f"otpauth://totp/{path}?secret=JBSWY3DP", _SETTINGS)
    assert (found.issuer, found.account) == (issuer, account)


@pytest.mark.parametrize("name", ["sha256", "SHA-256", "HmacSHA256"])
def test_other_spellings_of_an_algorithm(name: str) -> None:
    """The spellings that apps write are understood."""
    found = parse_secret(f"otpauth://totp/x?secret=JBSWY3DP&algorithm={name}", _SETTINGS)
    assert found.settings.algorithm == "SHA256"


def test_a_key_does_not_show_itself() -> None:
    """A key that ends up in a log line or a traceback is starred."""
    found = parse_secret(_RFC_SECRET, _SETTINGS)
    assert repr(found.key) not in repr(found)
    assert "***" in str(found)
