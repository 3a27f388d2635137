"""What passwords are made of, and how many equally likely ones there are."""

from collections.abc import Mapping, Sequence
from math import log2
from typing import NamedTuple

from utilsbot.i18n import N_, _, ngettext

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
    """In the reader's language, as is the next."""
    crack_time: str
    """On average, at GUESSES_PER_S."""


_VERDICTS = (
    (50.0, N_("weak: only for what is worth nothing")),
    (64.0, N_("fair: enough where log-ins are limited, not against a stolen database")),
    (80.0, N_("good: enough for most accounts")),
    (112.0, N_("strong: enough for what matters most")),
    (float("inf"), N_("beyond any attack that is known")),
)
_YEAR_S, _DAY_S, _HOUR_S, _MINUTE_S = 31_557_600.0, 86_400.0, 3600.0, 60.0


def strength(possible: int) -> Strength:
    """The strength of one out of so many equally likely passwords; more than one."""
    bits = log2(possible)
    verdict = next(text for limit, text in _VERDICTS if bits < limit)
    return Strength(bits, _(verdict), _duration(possible / 2 / GUESSES_PER_S))


def _duration(seconds: float) -> str:
    """A time in words, rounded to a whole number of its largest unit."""
    if seconds >= _YEAR_S:
        return _years(seconds / _YEAR_S)
    if seconds >= _DAY_S:
        count = round(seconds / _DAY_S)
        return ngettext("about {count} day", "about {count} days", count).format(count=count)
    if seconds >= _HOUR_S:
        count = round(seconds / _HOUR_S)
        return ngettext("about {count} hour", "about {count} hours", count).format(count=count)
    if seconds >= _MINUTE_S:
        count = round(seconds / _MINUTE_S)
        return ngettext("about {count} minute", "about {count} minutes", count).format(count=count)
    if seconds >= 1:
        count = round(seconds)
        return ngettext("about {count} second", "about {count} seconds", count).format(count=count)
    return _("less than a second")


def _years(years: float) -> str:
    """As above; many languages have a plural of "million", which English has not."""
    if years >= 1e15:
        return _("longer than the universe is old, many times over")
    if years >= 1e12:
        count = round(years / 1e12)
        told = ngettext("about {count} trillion years", "about {count} trillion years", count)
    elif years >= 1e9:
        count = round(years / 1e9)
        told = ngettext("about {count} billion years", "about {count} billion years", count)
    elif years >= 1e6:
        count = round(years / 1e6)
        told = ngettext("about {count} million years", "about {count} million years", count)
    elif years >= 1e3:
        count = round(years / 1e3)
        told = ngettext("about {count} thousand years", "about {count} thousand years", count)
    else:
        count = round(years)
        told = ngettext("about {count} year", "about {count} years", count)
    return told.format(count=count)
