"""Passwords obey their rules, evenly, and their strength is counted and not guessed."""

import itertools
from collections import Counter
from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.tools.password_rules import (
    AMBIGUOUS,
    GUESSES_PER_S,
    classes,
    possible_passwords,
    strength,
)
from functions.tools.passwords import Passwords

_PASSWORDS = Passwords()


@given(st.integers(8, 128), st.booleans(), st.booleans())
def test_every_class_is_in_every_password(length: int, symbols: bool, exclude: bool) -> None:
    """As long as asked, one of each class at least, nothing else, and nothing ambiguous."""
    alphabets = classes(symbols=symbols, exclude_ambiguous=exclude)
    password = _PASSWORDS.characters(length, alphabets)
    assert len(password) == length
    assert len(alphabets) == (4 if symbols else 3)
    assert all(set(password) & set(alphabet) for alphabet in alphabets)
    assert set(password) <= set("".join(alphabets))
    assert not exclude or not set(password) & set(AMBIGUOUS)


def test_no_character_is_in_two_classes() -> None:
    """Overlapping classes would make some characters likelier and the count wrong."""
    letters = "".join(classes(symbols=True, exclude_ambiguous=False))
    assert len(letters) == len(set(letters)) == 26 + 26 + 10 + 26


@given(
    st.integers(1, 5),
    st.sampled_from([("ab",), ("ab", "c"), ("ab", "cd"), ("a", "b", "c"), ("ab", "c", "d", "e")]),
)
def test_the_count_is_the_number_there_are(length: int, alphabets: tuple[str, ...]) -> None:
    """Inclusion and exclusion agrees with writing all of them down."""
    every = itertools.product("".join(alphabets), repeat=length)
    right = [p for p in every if all(set(p) & set(a) for a in alphabets)]
    assert possible_passwords(length, alphabets) == len(right)


def test_each_possible_password_is_equally_likely() -> None:
    """Of a small set, all are drawn, and none stands out (chi-square, about 1 in a million)."""
    alphabets, draws = ("ab", "c"), 12_000
    found = Counter(_PASSWORDS.characters(3, alphabets) for _ in range(draws))
    possible = possible_passwords(3, alphabets)
    assert len(found) == possible == 18
    mean = draws / possible
    assert sum((count - mean) ** 2 / mean for count in found.values()) < 61


def test_the_list_is_the_effs_without_its_hyphens() -> None:
    """7,776 words less four, so that hyphens only separate and all phrases differ."""
    words = _PASSWORDS.words()
    assert len(words) == len(set(words)) == 7772
    assert all(word.isascii() and word.isalpha() and word.islower() for word in words)


@given(st.integers(3, 12), st.sampled_from(["-", " ", ".", "_"]))
def test_passphrases_are_words_of_the_list(words: int, separator: str) -> None:
    """As many words as asked, all from the list."""
    drawn = _PASSWORDS.passphrase(words, separator).split(separator)
    assert len(drawn) == words
    assert set(drawn) <= set(_PASSWORDS.words())


def test_strength_in_bits_and_in_time() -> None:
    """The bits are the logarithm of the count; the time is for half of it."""
    assert strength(2**64).bits == 64
    assert strength(7772**6).bits == pytest.approx(6 * log2(7772))
    day = strength(int(GUESSES_PER_S * 86_400 * 2))
    assert day.crack_time == "about 1 day"


@pytest.mark.parametrize(
    ("bits", "verdict", "time"),
    [
        (30, "weak", "less than a second"),
        (49, "weak", "about 5 minutes"),
        (50, "fair", "about 9 minutes"),
        (64, "good", "about 107 days"),
        (80, "strong", "about 19 thousand years"),
        (112, "beyond any", "about 82 trillion years"),
        (800, "beyond any", "longer than the universe"),
    ],
)
def test_strength_in_plain_words(bits: int, verdict: str, time: str) -> None:
    """The words follow the bits."""
    found = strength(2**bits)
    assert found.verdict.startswith(verdict)
    assert found.crack_time.startswith(time)
