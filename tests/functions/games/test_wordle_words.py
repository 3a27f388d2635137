"""The word lists and the choice of a word."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from functions.games import wordle_words
from functions.games.wordle_words import WordLists, answers

_FOLDER = Path(wordle_words.__file__).parent / "words"
_GUESSES = (_FOLDER / "guesses.txt").read_text().split()
WORDS = WordLists()
DAY = date(2026, 11, 23)


def test_the_lists_are_lower_case_words_of_five_letters_without_repeats() -> None:
    """Each file is sorted, has nothing twice, and the files share no word."""
    for words in (list(answers()), _GUESSES):
        assert words == sorted(set(words))
        assert all(len(w) == 5 and w.isascii() and w.islower() and w.isalpha() for w in words)
    assert not set(answers()) & set(_GUESSES)


def test_the_sizes_are_those_that_the_readme_gives() -> None:
    """The provenance file speaks of these very lists."""
    readme = (_FOLDER / "README.md").read_text()
    for size in (len(answers()), len(_GUESSES), len(answers()) + len(_GUESSES)):
        assert f"{size:,}" in readme


@pytest.mark.parametrize("word", ["about", "abbey", "crane", "slate", "adieu", "raise", "fibre"])
def test_words_that_people_try_are_accepted(word: str) -> None:
    """The dictionary has no holes at common openers, British or American."""
    assert WORDS.accepts(word)


@pytest.mark.parametrize("word", ["zzzzz", "crane ", "CRANE", "cranes", "", "whore", "kikes"])
def test_other_things_are_not(word: str) -> None:
    """No non-word, no other form, no slur."""
    assert not WORDS.accepts(word)


def test_the_daily_word_is_the_days_and_the_secrets() -> None:
    """The same for everybody who has the secret; another secret gives another order."""
    days = [DAY + timedelta(days=at) for at in range(50)]
    ours = [WORDS.daily(day, b"one") for day in days]
    assert ours == [WordLists().daily(day, b"one") for day in days]
    theirs = [WORDS.daily(day, b"two") for day in days]
    assert sum(a == b for a, b in zip(ours, theirs, strict=True)) < 5


def test_every_word_comes_once_before_any_comes_again() -> None:
    """The days of a cycle use up the list."""
    count = len(answers())
    first = date.fromordinal((DAY.toordinal() // count + 1) * count)
    cycle = [WORDS.daily(first + timedelta(days=at), b"secret") for at in range(count)]
    assert sorted(cycle) == list(answers())


def test_random_words_avoid_what_they_should() -> None:
    """Only what is left comes, and something comes even if nothing is left."""
    assert WORDS.random(set(answers()) - {"crane"}) == "crane"
    assert WORDS.random(answers()) in answers()
