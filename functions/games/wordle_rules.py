"""Wordle's rules: scoring, the keyboard, hard mode. Nothing here knows Discord or a store."""

from collections import Counter
from collections.abc import Mapping, Sequence
from enum import IntEnum

from utilsbot.i18n import N_, _

LENGTH = 5
"""Letters of a word."""
ATTEMPTS = 6
"""Guesses of a game."""


class Mark(IntEnum):
    """What a guess tells about a letter; the greater one says more."""

    ABSENT = 0
    """No further such letter in the word."""
    PRESENT = 1
    """In the word, at another place."""
    CORRECT = 2
    """At its place."""


Marks = tuple[Mark, ...]


def score(guess: str, answer: str) -> Marks:
    """The marks of a guess.

    Two passes: first the letters at their places; the others take what is left of the answer's
    letters from left to right, so a letter is never marked more often than the answer has it.
    """
    left = Counter(a for g, a in zip(guess, answer, strict=True) if g != a)
    marks = []
    for letter, right in zip(guess, answer, strict=True):
        if letter == right:
            marks.append(Mark.CORRECT)
        elif left[letter]:
            left[letter] -= 1
            marks.append(Mark.PRESENT)
        else:
            marks.append(Mark.ABSENT)
    return tuple(marks)


def keyboard(guesses: Sequence[str], answer: str) -> Mapping[str, Mark]:
    """What is known of each letter that was tried."""
    known: dict[str, Mark] = {}
    for guess in guesses:
        for letter, mark in zip(guess, score(guess, answer), strict=True):
            known[letter] = max(mark, known.get(letter, mark))
    return known


_SHOWN = (
    N_("guess {number} showed that **{letter}** is in the word, so the guess has to have it."),
    N_(
        "guess {number} showed that **{letter}** is in the word twice, so the guess has to have it "
        "twice."
    ),
    N_(
        "guess {number} showed that **{letter}** is in the word three times, so the guess has to "
        "have it three times."
    ),
)
"""By how often; more than three times no word has a letter."""


def hard_mode_problem(guess: str, earlier: Sequence[str], answer: str) -> str | None:
    """Which hint a guess leaves unused, in the player's language; None if it uses them all.

    In hard mode a letter at its place stays there, and a letter that is in the word is in the
    guess, as often as is known.
    """
    for number, past in enumerate(earlier, 1):
        marks = score(past, answer)
        for place, (letter, mark) in enumerate(zip(past, marks, strict=True)):
            if mark is Mark.CORRECT and guess[place] != letter:
                return _(
                    "guess {number} put **{letter}** at its place: letter {place} has to be "
                    "{letter}, not {given}."
                ).format(
                    number=number,
                    letter=letter.upper(),
                    place=place + 1,
                    given=guess[place].upper(),
                )
        hits = Counter(
            letter for letter, mark in zip(past, marks, strict=True) if mark is not Mark.ABSENT
        )
        for letter, least in hits.items():
            if guess.count(letter) < least:
                return _(_SHOWN[least - 1]).format(number=number, letter=letter.upper())
    return None
