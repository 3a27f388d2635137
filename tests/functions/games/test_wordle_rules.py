"""Wordle's rules against definitions that share nothing with the code."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.games.wordle_rules import Mark, hard_mode_problem, keyboard, score

# Few letters, so that repeated ones are the rule.
_words = st.text("abc", min_size=5, max_size=5)


@pytest.mark.parametrize(
    ("guess", "answer", "marks"),
    [
        ("crane", "crane", "22222"),
        ("speed", "abide", "00101"),
        ("speed", "erase", "10110"),
        ("speed", "steal", "20200"),
        ("speed", "crepe", "01210"),
        ("allee", "apple", "21002"),
        ("geese", "these", "00222"),
        ("aabbb", "bbaaa", "11110"),
        ("llama", "label", "21100"),
        ("fuzzy", "crane", "00000"),
    ],
)
def test_known_scores(guess: str, answer: str, marks: str) -> None:
    """Guesses with repeated letters are marked as on the sites that everybody knows."""
    assert "".join(str(int(mark)) for mark in score(guess, answer)) == marks


@given(_words, _words)
def test_a_mark_is_correct_exactly_where_the_letters_agree(guess: str, answer: str) -> None:
    """Being right depends on nothing but the place."""
    right = [mark is Mark.CORRECT for mark in score(guess, answer)]
    assert right == [g == a for g, a in zip(guess, answer, strict=True)]


@given(_words, _words)
def test_a_letter_is_marked_as_often_as_both_words_have_it(guess: str, answer: str) -> None:
    """The number of marks of a letter is the smaller of its counts."""
    marks = score(guess, answer)
    hits = Counter(g for g, mark in zip(guess, marks, strict=True) if mark is not Mark.ABSENT)
    assert hits == Counter(guess) & Counter(answer)


@given(_words, _words)
def test_of_equal_letters_the_first_are_marked(guess: str, answer: str) -> None:
    """Among a letter's misplaced copies no absent one stands before a present one."""
    marks = score(guess, answer)
    for letter in set(guess):
        copies = [m for g, m in zip(guess, marks, strict=True) if g == letter]
        misplaced = [mark for mark in copies if mark is not Mark.CORRECT]
        assert misplaced == sorted(misplaced, reverse=True)


@given(st.lists(_words, max_size=6), _words)
def test_the_keyboard_shows_the_best_that_is_known(guesses: list[str], answer: str) -> None:
    """A key never falls back: it has the greatest mark that its letter ever got."""
    told: dict[str, list[Mark]] = {}
    for guess in guesses:
        for letter, mark in zip(guess, score(guess, answer), strict=True):
            told.setdefault(letter, []).append(mark)
    assert keyboard(guesses, answer) == {letter: max(marks) for letter, marks in told.items()}


@given(_words, st.lists(_words, max_size=4), _words)
def test_hard_mode_takes_what_fits_every_hint(guess: str, earlier: list[str], answer: str) -> None:
    """A guess passes exactly if it keeps each right letter and has all hits as often as shown."""
    fits = True
    for past in earlier:
        marks = score(past, answer)
        kept = all(guess[at] == past[at] for at, mark in enumerate(marks) if mark is Mark.CORRECT)
        hits = Counter(p for p, mark in zip(past, marks, strict=True) if mark is not Mark.ABSENT)
        fits = fits and kept and not hits - Counter(guess)
    assert (hard_mode_problem(guess, earlier, answer) is None) == fits


@given(st.lists(_words, max_size=5), _words)
def test_the_answer_always_passes_hard_mode(earlier: list[str], answer: str) -> None:
    """Hard mode never forbids the way to win."""
    assert hard_mode_problem(answer, earlier, answer) is None


def test_hard_mode_names_letter_and_place() -> None:
    """The refusal says which guess showed what, and what is wrong now."""
    place = hard_mode_problem("brine", ["crane"], "crepe")
    assert place is not None
    assert "guess 1 put **C**" in place
    assert "letter 1 has to be C, not B" in place
    letter = hard_mode_problem("mound", ["tiger"], "begin")
    assert letter is not None
    assert "guess 1 put **G**" in letter
    twice = hard_mode_problem("cabin", ["allow"], "ladle")
    assert twice is not None
    assert "**A** is in the word" in twice or "**L** is in the word twice" in twice
