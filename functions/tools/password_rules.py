"""What passwords are made of, and how many equally likely ones there are."""

from collections.abc import Mapping, Sequence
from math import log2
from typing import NamedTuple

_LOWER = "abcdefghijklmnopqrstuvwxyz"
_DIGITS = "0123456789"
_SYMBOLS = "!@#$%^&*()_+-=[]{}|;:,.<>?"
AMBIGUOUS = "0O1lI|"
"""What people mistake for one another."""

MIN_LENGTH, MAX_LENGTH, DEFAULT_LENGTH = 8, 128, 16
MIN_WORDS, MAX_WORDS, DEFAULT_WORDS = 3, 12, 6
SEPARATORS: Mapping[str, str] = {"hyphen": "-", "space": " ", "dot": ".", "underscore": "_"}
"""None is missing: without one, different words could run into the same passphrase."""

GUESSES_PER_S = 1e12
"""A rich attacker with a stolen list of fast, unsalted digests; slow ones cost him far more."""


def classes(*, symbols: bool, exclude_ambiguous: bool) -> tuple[str, ...]:
    """The character classes that a password draws from; one of each is in every password."""
    every = (_LOWER, _LOWER.upper(), _DIGITS, *((_SYMBOLS,) if symbols else ()))
    if not exclude_ambiguous:
        return every
    return tuple("".join(c for c in one if c not in AMBIGUOUS) for one in every)


def possible_passwords(length: int, alphabets: Sequence[str]) -> int:
    """How many texts of that length have a character of every class (inclusion and exclusion).

    Passwords are drawn evenly from exactly these, so its binary logarithm is their entropy.
    """
    total, sign_of = sum(map(len, alphabets)), (1, -1)
    found = 0
    for left_out in range(1 << len(alphabets)):
        missing = sum(len(a) for at, a in enumerate(alphabets) if left_out >> at & 1)
        found += sign_of[left_out.bit_count() % 2] * (total - missing) ** length
    return found


class Strength(NamedTuple):
    """How good a password is."""

    bits: float
    """Entropy."""
    verdict: str
    crack_time: str
    """On average, at GUESSES_PER_S."""


_VERDICTS = (
    (50.0, "weak: only for what is worth nothing"),
    (64.0, "fair: enough where log-ins are limited, not against a stolen database"),
    (80.0, "good: enough for most accounts"),
    (112.0, "strong: enough for what matters most"),
    (float("inf"), "beyond any attack that is known"),
)
_UNITS = (
    (31_557_600.0, "years"),
    (86_400.0, "days"),
    (3600.0, "hours"),
    (60.0, "minutes"),
    (1.0, "seconds"),
)
_SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"), (1e3, "thousand"))


def strength(possible: int) -> Strength:
    """The strength of one out of so many equally likely passwords; more than one."""
    bits = log2(possible)
    verdict = next(text for limit, text in _VERDICTS if bits < limit)
    return Strength(bits, verdict, _duration(possible / 2 / GUESSES_PER_S))


def _duration(seconds: float) -> str:
    unit_s, unit = next((u for u in _UNITS if seconds >= u[0]), (1.0, "seconds"))
    number = seconds / unit_s
    if number < 1:
        return "less than a second"
    if number >= 1e15:
        return "longer than the universe is old, many times over"
    scale, word = next((s for s in _SCALES if number >= s[0]), (1.0, ""))
    if round(number) == 1:
        unit = unit.removesuffix("s")
    return " ".join(part for part in ("about", f"{number / scale:.0f}", word, unit) if part)
