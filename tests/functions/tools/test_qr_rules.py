"""Colours, contrast, and what a code's text is for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.tools.qr_payload import Purpose, understand
from functions.tools.qr_rules import COLOUR_NAMES, contrast, parse_colour


@given(st.tuples(*[st.integers(0, 255)] * 3), st.sampled_from(["", "#", " #"]), st.booleans())
def test_hex_colours(colour: tuple[int, int, int], prefix: str, upper: bool) -> None:
    """Six digits, with or without the hash, in any case."""
    text = prefix + bytes(colour).hex()
    assert parse_colour(text.upper() if upper else text) == colour


def test_short_and_named_colours() -> None:
    """Three digits count double, and names are known in any case."""
    assert parse_colour("#fa0") == (255, 170, 0)
    assert parse_colour(" Navy ") == (0, 0, 128)
    assert all(parse_colour(name) for name in COLOUR_NAMES)


@pytest.mark.parametrize(
    "text", ["", "#", "#12", "#12345", "bluish", "#ggg", "0x123456", "#\uff11\uff12\uff13"]
)
def test_other_colours_are_refused(text: str) -> None:
    """Anything else is no colour."""
    with pytest.raises(ValueError, match="not a colour"):
        parse_colour(text)


def test_contrast_is_the_standards() -> None:
    """21 for black on white, 1 for the same, and the order does not matter (WCAG 2.2)."""
    black, white = (0, 0, 0), (255, 255, 255)
    assert contrast(black, white) == contrast(white, black) == pytest.approx(21)
    assert contrast(white, white) == 1
    assert contrast((0x76, 0x76, 0x76), white) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(
    ("text", "purpose", "host"),
    [
        ("https://example.com/a?b=c", Purpose.LINK, "example.com"),
        ("HTTP://EXAMPLE.COM", Purpose.LINK, "example.com"),
        ("https://google.com@evil.example/x", Purpose.LINK, "evil.example"),
        ("https://xn--e1awd7f.com", Purpose.LINK, "xn--e1awd7f.com"),
        ("https://\u0435xample.com", Purpose.TEXT, ""),
        ("https://a.com> [x](y", Purpose.TEXT, ""),
        ("https://[", Purpose.TEXT, ""),
        ("https://", Purpose.TEXT, ""),
        ("javascript:alert(1)", Purpose.TEXT, ""),
        ("hello", Purpose.TEXT, ""),
        ("WIFI:T:WPA;S:home;P:hunter2;;", Purpose.WIFI, ""),
        ("otpauth://totp/A?secret=JBSWY3DP", Purpose.ONE_TIME_CODES, ""),
        (" OTPAUTH-migration://offline?data=x", Purpose.ONE_TIME_CODES, ""),
    ],
)
def test_purposes(text: str, purpose: Purpose, host: str) -> None:
    """Links lead where browsers go, look-alikes stay text, secrets are noticed."""
    found = understand(text)
    assert (found.purpose, found.host) == (purpose, host)
    assert found.purpose.is_secret == (purpose in {Purpose.WIFI, Purpose.ONE_TIME_CODES})
