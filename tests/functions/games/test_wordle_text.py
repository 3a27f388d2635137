"""Wordle in words: alternative text, text board, grids."""

from hypothesis import given
from hypothesis import strategies as st

from functions.games.wordle_game import Game, Mode, Move, Status
from functions.games.wordle_rules import ATTEMPTS, Mark, Marks
from functions.games.wordle_text import (
    Palette,
    alt_text,
    ending,
    grid,
    pack,
    text_board,
    title,
    unpack,
)
from functions.games.wordle_words import answers
from utilsbot.discord.limits import MAX_FILE_DESCRIPTION

_words = st.sampled_from(answers())
_rows = st.lists(st.tuples(*[st.sampled_from(Mark)] * 5), max_size=ATTEMPTS)


def game(answer: str, *words: str) -> Game:
    """A random game after these guesses."""
    played = Game(Mode.RANDOM, "1", answer, hard=False, touched_at=0)
    for at, word in enumerate(words):
        played = played.guessed(word, Move(str(at + 2), "1", 0))
    return played


@given(_words, st.lists(_words, max_size=6))
def test_alternative_text_fits_and_names_every_guess(answer: str, words: list[str]) -> None:
    """Discord takes 1024 characters; no guess is left out."""
    text = alt_text(game(answer, *words))
    assert len(text) <= MAX_FILE_DESCRIPTION
    assert all(f"Guess {at}, {word.upper()}: " in text for at, word in enumerate(words, 1))


def test_alternative_text_says_what_the_colours_say() -> None:
    """Places, hits and misses, and the state of the keyboard."""
    assert alt_text(game("prune", "slate", "purge")) == (
        "Wordle board, 2 of 6 guesses. "
        "Guess 1, SLATE: E is right, S, L, A and T are not in the word. "
        "Guess 2, PURGE: P and E are right, U and R are in another place, G is not in the word. "
        "Placed: E P. In the word: R U. Not in the word: A G L S T."
    )


def test_the_text_board_has_rows_and_keys() -> None:
    """Squares beside letters, unused rows, and each letter in one of the groups."""
    lines = text_board(game("prune", "purge"), Palette.CONTRAST).splitlines()
    assert lines[0] == "🟧🟦🟦⬛🟧 `P U R G E`"
    assert lines[1:6] == ["⬜⬜⬜⬜⬜"] * 5
    letters = "".join(line.partition("`")[2] for line in lines[7:])
    assert sorted(c for c in letters if c.isalpha()) == [chr(65 + at) for at in range(26)]


@given(_rows)
def test_a_code_gives_its_grid_back(rows: list[Marks]) -> None:
    """What a share button carries is the whole grid."""
    assert unpack(pack(rows)) == rows


@given(st.text(max_size=20))
def test_other_codes_are_none_or_a_grid(text: str) -> None:
    """A foreign code never raises."""
    rows = unpack(text)
    assert rows is None or len(rows) <= ATTEMPTS


@given(_words, st.lists(_words, min_size=1, max_size=6))
def test_a_grid_tells_no_letter(answer: str, words: list[str]) -> None:
    """Nothing but squares below the headline."""
    played = game(answer, *words)
    shared = grid(title(played.mode, played.id), played.marks, True, Palette.CLASSIC)
    headline, *rows = shared.splitlines()
    assert headline.startswith("**Wordle** ")
    assert headline.endswith("/6*")
    assert set("".join(rows)) <= set("⬛🟨🟩")
    assert len(rows) == len(words)


def test_endings() -> None:
    """Each end has its sentence; a spoiler hides the word where others see it."""
    won = game("prune", "slate", "prune")
    assert ending(won, hidden=False) == "Magnificent! **PRUNE** in 2 guesses."
    assert "||PRUNE||" in ending(won, hidden=True)
    lost = game("prune", *["slate"] * 6)
    assert lost.status is Status.LOST
    assert ending(lost, hidden=False) == "Not this time. The word was **PRUNE**."
    assert "counts as a loss" in ending(game("prune", "slate").expired(), hidden=False)
    assert "counts as nothing" in ending(game("prune").expired(), hidden=False)


def test_the_daily_game_has_its_day_in_the_title() -> None:
    """Dailies are told apart."""
    assert title(Mode.DAILY, "2026-11-03") == "Daily Wordle, 3 November 2026"
