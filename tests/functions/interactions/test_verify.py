"""Only Discord's own, fresh, unaltered bytes pass."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from functions.interactions.verify import Unauthorized, Verifier
from tests.fakes import FakeClock

_KEY = SigningKey(b"k" * 32)
_NOW = 1_790_000_000
_BODY = '{"type": 1, "odd":   "\\u00e9 é 🎲", "type": 1}'.encode()


def _verifier(*keys: SigningKey) -> Verifier:
    public = tuple(bytes(key.verify_key) for key in (keys or (_KEY,)))
    return Verifier(public, FakeClock(_NOW).clock)


def _headers(body: bytes = _BODY, at: int = _NOW, key: SigningKey = _KEY) -> dict[str, str]:
    signature = key.sign(str(at).encode() + body).signature.hex()
    return {"x-signature-ed25519": signature, "x-signature-timestamp": str(at)}


@pytest.mark.parametrize("at", [_NOW, _NOW - 300, _NOW + 30])
def test_a_fresh_signed_request_passes(at: int) -> None:
    """Bytes are verified as received: odd spacing, escapes, emoji and duplicate keys included."""
    _verifier().verify(_headers(at=at), _BODY)


@pytest.mark.parametrize("at", [_NOW - 301, _NOW + 31, 0, 10**11])
def test_an_old_or_future_request_is_refused(at: int) -> None:
    """The window is 5 minutes back and 30 s ahead, even with a right signature."""
    with pytest.raises(Unauthorized, match="stale"):
        _verifier().verify(_headers(at=at), _BODY)


@pytest.mark.parametrize(
    "change",
    [
        {"x-signature-ed25519": ""},
        {"x-signature-ed25519": "ab"},
        {"x-signature-ed25519": "zz" * 64},
        {"x-signature-ed25519": "ab" * 63},
        {"x-signature-ed25519": "ab" * 65},
        {"x-signature-ed25519": "a" * 127},
        {"x-signature-ed25519": " " * 128},
        {"x-signature-ed25519": "é" * 128},
        {"x-signature-ed25519": "00" * 64},
        {"x-signature-ed25519": "ab" * 64 + "," + "ab" * 64},
        {"x-signature-timestamp": ""},
        {"x-signature-timestamp": "now"},
        {"x-signature-timestamp": "-5"},
        {"x-signature-timestamp": "1.79e9"},
        {"x-signature-timestamp": "١٧٩٠٠٠٠٠٠٠"},
        {"x-signature-timestamp": "9" * 500},
    ],
)
def test_malformed_headers_are_refused(change: dict[str, str]) -> None:
    """Nothing that a sender puts into the headers is more than unauthorized."""
    with pytest.raises(Unauthorized):
        _verifier().verify(_headers() | change, _BODY)


@pytest.mark.parametrize("missing", ["x-signature-ed25519", "x-signature-timestamp"])
def test_missing_headers_are_refused(missing: str) -> None:
    """Both headers are needed."""
    headers = _headers()
    del headers[missing]
    with pytest.raises(Unauthorized):
        _verifier().verify(headers, _BODY)


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_any_other_body_is_refused(signed: bytes, sent: bytes) -> None:
    """A signature fits the bytes that it was made for and no others."""
    headers = _headers(signed)
    if signed == sent:
        _verifier().verify(headers, sent)
    else:
        with pytest.raises(Unauthorized):
            _verifier().verify(headers, sent)


def test_upper_case_hex_passes() -> None:
    """Hex is hex."""
    headers = _headers()
    headers["x-signature-ed25519"] = headers["x-signature-ed25519"].upper()
    _verifier().verify(headers, _BODY)


def test_another_key_is_refused_and_a_second_one_accepted() -> None:
    """During a rotation both keys count."""
    other = SigningKey(b"o" * 32)
    with pytest.raises(Unauthorized):
        _verifier().verify(_headers(key=other), _BODY)
    _verifier(_KEY, other).verify(_headers(key=other), _BODY)


def test_without_a_key_everything_is_refused() -> None:
    """It fails closed."""
    with pytest.raises(Unauthorized):
        Verifier((), FakeClock(_NOW).clock).verify(_headers(), _BODY)
