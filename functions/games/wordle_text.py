"""Wordle in words and emoji: the text board, the alternative text, the grid to share."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum

from functions.games.wordle_game import Game, Mode, Status
from functions.games.wordle_rules import ATTEMPTS, LENGTH, Mark, Marks
from utilsbot.i18n import N_, _, ngettext

KEY_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


class Palette(StrEnum):
    """The colours of marks."""

    CLASSIC = "classic"
    """Green and yellow."""
    CONTRAST = "contrast"
    """Orange and blue, which colour-blind people tell apart."""


SQUARES: Mapping[Palette, str] = {Palette.CLASSIC: "⬛🟨🟩", Palette.CONTRAST: "⬛🟦🟧"}
_UNUSED = "⬜"


_RULES = (
    N_("Find the word of {length} letters in {attempts} guesses. Each guess is marked:"),
    "",
    N_("🟩 (high contrast 🟧) the letter is right"),
    N_("🟨 (high contrast 🟦) the letter is in the word, at another place"),
    N_("⬛ the letter is not in the word, or not once more"),
    "",
    N_(
        "A letter is marked as often as the word has it, and no more. What is not on the word "
        "list, or was tried before, costs nothing."
    ),
    N_(
        "In **hard mode** every hint has to be used: right letters stay, other hits have to be in "
        "the guess."
    ),
    N_(
        "The **daily** word is everybody's until midnight UTC; a day missed ends the streak. A "
        "**random** game ends 24 hours after the last move."
    ),
    N_(
        "Giving up counts as a loss, and so does a game that was left behind after its first guess."
    ),
)
PALETTE_NAMES: Mapping[Palette, str] = {
    Palette.CLASSIC: N_("classic"),
    Palette.CONTRAST: N_("contrast"),
}
_MONTHS = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)
_MAX_ALT = 1024
"""Discord's limit of a file's description."""


def rules() -> str:
    """How the game goes."""
    return "\n".join(_(line) for line in _RULES).format(length=LENGTH, attempts=ATTEMPTS)


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
    """All that the drawn board shows, in words; at most 1024 characters, which English keeps to."""
    headline = _("Wordle board, {count} of {most} guesses.")
    parts = [headline.format(count=len(game.guesses), most=ATTEMPTS)]
    for number, (word, marks) in enumerate(zip(game.words, game.marks, strict=True), 1):
        told = _("Guess {number}, {word}: {marks}.")
        marked = _described(word, marks)
        parts.append(told.format(number=number, word=word.upper(), marks=marked))
    for mark, known in (
        (Mark.CORRECT, N_("Placed: {letters}.")),
        (Mark.PRESENT, N_("In the word: {letters}.")),
        (Mark.ABSENT, N_("Not in the word: {letters}.")),
    ):
        letters = _letters(game.keys, mark)
        parts += [_(known).format(letters=" ".join(letters))] if letters else []
    text = " ".join(parts)
    return text if len(text) <= _MAX_ALT else f"{text[: _MAX_ALT - 1]}…"


def _described(word: str, marks: Marks) -> str:
    if all(mark is Mark.CORRECT for mark in marks):
        return _("all right")
    if all(mark is Mark.ABSENT for mark in marks):
        return _("no letter is in the word")
    together: dict[Mark, list[str]] = {}
    for letter, mark in zip(word.upper(), marks, strict=True):
        together.setdefault(mark, []).append(letter)
    return ", ".join(
        _meaning(mark, len(together[mark])).format(letters=_listed(together[mark]))
        for mark in sorted(together, reverse=True)
    )


def _meaning(mark: Mark, count: int) -> str:
    match mark:
        case Mark.CORRECT:
            return ngettext("{letters} is right", "{letters} are right", count)
        case Mark.PRESENT:
            return ngettext(
                "{letters} is in another place", "{letters} are in another place", count
            )
        case Mark.ABSENT:
            return ngettext("{letters} is not in the word", "{letters} are not in the word", count)


def _listed(letters: Sequence[str]) -> str:
    """As `A`, `A and B`, `A, B and C`."""
    *first, last = letters
    return _("{one} and {other}").format(one=", ".join(first), other=last) if first else last


def _letters(known: Mapping[str, Mark], mark: Mark) -> list[str]:
    return sorted(letter.upper() for letter, its in known.items() if its is mark)


def title(mode: Mode, game_id: str) -> str:
    """What a game is called."""
    if mode is not Mode.DAILY:
        return _("Wordle")
    day = date.fromisoformat(game_id)
    written = _("{day} {month} {year}").format(
        day=day.day, month=_(_MONTHS[day.month - 1]), year=day.year
    )
    return _("Daily Wordle, {date}").format(date=written)


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


_PRAISE = (
    N_("Genius!"),
    N_("Magnificent!"),
    N_("Impressive!"),
    N_("Splendid!"),
    N_("Great!"),
    N_("Phew!"),
)


def ending(game: Game, *, hidden: bool) -> str:
    """How a finished game ended, in a sentence; hidden: the word behind a spoiler."""
    word = f"||{game.answer.upper()}||" if hidden else f"**{game.answer.upper()}**"
    count = len(game.guesses)
    match game.status:
        case Status.WON:
            told = ngettext(
                "{praise} {word} in {count} guess.", "{praise} {word} in {count} guesses.", count
            )
            return told.format(praise=_(_PRAISE[count - 1]), word=word, count=count)
        case Status.LOST:
            return _("Not this time. The word was {word}.").format(word=word)
        case Status.GIVEN_UP:
            return _("Given up. The word was {word}.").format(word=word)
        case Status.EXPIRED:
            over = _("The time for this game is over. The word was {word}.").format(word=word)
            loss, nothing = (
                _("It counts as a loss."),
                _("It had no guess, so it counts as nothing."),
            )
            return f"{over} {loss if game.guesses else nothing}"
        case Status.PLAYING:
            return ""
