"""Wordle in words and emoji: the text board, the alternative text, the grid to share."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum

from functions.games.wordle_game import Game, Mode, Status
from functions.games.wordle_rules import ATTEMPTS, LENGTH, Mark, Marks

KEY_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


class Palette(StrEnum):
    """The colours of marks."""

    CLASSIC = "classic"
    """Green and yellow."""
    CONTRAST = "contrast"
    """Orange and blue, which colour-blind people tell apart."""


SQUARES: Mapping[Palette, str] = {Palette.CLASSIC: "⬛🟨🟩", Palette.CONTRAST: "⬛🟦🟧"}
_MEANINGS = ("is not in the word", "is in another place", "is right")
_UNUSED = "⬜"


RULES = f"""Find the word of {LENGTH} letters in {ATTEMPTS} guesses. Each guess is marked:

🟩 (high contrast 🟧) the letter is right
🟨 (high contrast 🟦) the letter is in the word, at another place
⬛ the letter is not in the word, or not once more

A letter is marked as often as the word has it, and no more. What is not on the word list, or was \
tried before, costs nothing.
In **hard mode** every hint has to be used: right letters stay, other hits have to be in the guess.
The **daily** word is everybody's until midnight UTC; a day missed ends the streak. A **random** \
game ends 24 hours after the last move.
Giving up counts as a loss, and so does a game that was left behind after its first guess."""


def squares(marks: Marks, palette: Palette) -> str:
    """A row of coloured squares."""
    return "".join(SQUARES[palette][mark] for mark in marks)


def text_board(game: Game, palette: Palette) -> str:
    """The board and the keyboard as Discord Markdown, for those who prefer text."""
    rows = [
        f"{squares(marks, palette)} `{' '.join(word.upper())}`"
        for word, marks in zip(game.words, game.marks, strict=True)
    ]
    rows += [_UNUSED * LENGTH] * (ATTEMPTS - len(rows))
    known = game.keys
    lines = []
    for mark in (Mark.CORRECT, Mark.PRESENT, Mark.ABSENT):
        letters = _letters(known, mark)
        lines += [f"{SQUARES[palette][mark]} `{' '.join(letters)}`"] if letters else []
    untried = [letter.upper() for row in KEY_ROWS for letter in row if letter not in known]
    lines += [f"{_UNUSED} `{' '.join(untried)}`"] if untried else []
    return "\n".join([*rows, "", *lines])


def alt_text(game: Game) -> str:
    """All that the drawn board shows, in words; under 1024 characters."""
    parts = [f"Wordle board, {len(game.guesses)} of {ATTEMPTS} guesses."]
    for number, (word, marks) in enumerate(zip(game.words, game.marks, strict=True), 1):
        parts.append(f"Guess {number}, {word.upper()}: {_described(word, marks)}.")
    for mark, name in (
        (Mark.CORRECT, "Placed"),
        (Mark.PRESENT, "In the word"),
        (Mark.ABSENT, "Not in the word"),
    ):
        letters = _letters(game.keys, mark)
        parts += [f"{name}: {' '.join(letters)}."] if letters else []
    return " ".join(parts)


def _described(word: str, marks: Marks) -> str:
    if all(mark is Mark.CORRECT for mark in marks):
        return "all right"
    if all(mark is Mark.ABSENT for mark in marks):
        return "no letter is in the word"
    together: dict[Mark, list[str]] = {}
    for letter, mark in zip(word.upper(), marks, strict=True):
        together.setdefault(mark, []).append(letter)
    texts = []
    for mark in sorted(together, reverse=True):
        letters, meaning = together[mark], _MEANINGS[mark]
        verb = meaning.replace("is ", "are ", 1) if len(letters) > 1 else meaning
        names = " and ".join([", ".join(letters[:-1]), letters[-1]] if letters[1:] else letters)
        texts.append(f"{names} {verb}")
    return ", ".join(texts)


def _letters(known: Mapping[str, Mark], mark: Mark) -> list[str]:
    return sorted(letter.upper() for letter, its in known.items() if its is mark)


def title(mode: Mode, game_id: str) -> str:
    """What a game is called."""
    if mode is not Mode.DAILY:
        return "Wordle"
    day = date.fromisoformat(game_id)
    return f"Daily Wordle, {day.day} {day:%B %Y}"


def grid(name: str, marks: Sequence[Marks], hard: bool, palette: Palette) -> str:
    """The spoiler-free grid: squares and no letter."""
    solved = bool(marks) and all(mark is Mark.CORRECT for mark in marks[-1])
    count = str(len(marks)) if solved else "X"
    rows = [squares(row, palette) for row in marks]
    return "\n".join([f"**{name}** {count}/{ATTEMPTS}{'*' if hard else ''}", *rows])


def pack(marks: Sequence[Marks]) -> str:
    """Marks as two hex digits a row, short enough for a button: so its grid never gets lost."""
    return "".join(f"{_number(row):02x}" for row in marks)


def unpack(code: str) -> list[Marks] | None:
    """The marks of a code, or None if it is none."""
    rows: list[Marks] = []
    try:
        numbers = bytes.fromhex(code)
    except ValueError:
        return None
    for number in numbers:
        if number >= len(Mark) ** LENGTH:
            return None
        powers = (len(Mark) ** place for place in reversed(range(LENGTH)))
        rows.append(tuple(Mark(number // power % len(Mark)) for power in powers))
    return rows if len(rows) <= ATTEMPTS else None


def _number(marks: Marks) -> int:
    number = 0
    for mark in marks:
        number = number * len(Mark) + mark
    return number


_PRAISE = ("Genius!", "Magnificent!", "Impressive!", "Splendid!", "Great!", "Phew!")


def ending(game: Game, *, hidden: bool) -> str:
    """How a finished game ended, in a sentence; hidden: the word behind a spoiler."""
    word = f"||{game.answer.upper()}||" if hidden else f"**{game.answer.upper()}**"
    count = len(game.guesses)
    match game.status:
        case Status.WON:
            guesses = "1 guess" if count == 1 else f"{count} guesses"
            return f"{_PRAISE[count - 1]} {word} in {guesses}."
        case Status.LOST:
            return f"Not this time. The word was {word}."
        case Status.GIVEN_UP:
            return f"Given up. The word was {word}."
        case Status.EXPIRED:
            counted = "It counts as a loss" if game.guesses else "It had no guess, so it counts as"
            counted += "." if game.guesses else " nothing."
            return f"The time for this game is over. The word was {word}. {counted}"
        case Status.PLAYING:
            return ""
