"""Wordle drawn: the board with its keyboard, and the chart of guesses."""

from collections.abc import Mapping, Sequence

from functions.games.canvas import Canvas
from functions.games.wordle_rules import ATTEMPTS, LENGTH, Mark, Marks
from functions.games.wordle_text import KEY_ROWS, Palette

_CARD = "#1a1b1e"
_WHITE = "#ffffff"
_EMPTY = "#3f4147"
_UNTRIED = "#7d8087"
_QUIET = "#b5bac1"
COLOURS: Mapping[Palette, tuple[str, str, str]] = {
    Palette.CLASSIC: ("#3a3c42", "#ad8f1f", "#4f9a4b"),
    Palette.CONTRAST: ("#3a3c42", "#85c0f9", "#f5793a"),
}
INK: Mapping[Palette, tuple[str, str, str]] = {
    Palette.CLASSIC: (_WHITE, _WHITE, _WHITE),
    Palette.CONTRAST: (_WHITE, "#10131a", "#10131a"),
}
_MARGIN = 28
_TILE, _TILE_GAP, _LINE = 92, 9, 3
_KEY, _KEY_HEIGHT, _KEY_GAP = 62, 74, 8
_WIDTH = 2 * _MARGIN + 10 * _KEY + 9 * _KEY_GAP


class Pictures:
    """Draws PNGs, 748 pixels wide: twice what a phone or Discord's column shows."""

    def board(
        self,
        words: Sequence[str],
        marks: Sequence[Marks],
        keys: Mapping[str, Mark],
        palette: Palette,
    ) -> bytes:
        """The board: six rows of tiles, and the keyboard below them."""
        board_height = ATTEMPTS * _TILE + (ATTEMPTS - 1) * _TILE_GAP
        keys_top = _MARGIN + board_height + 26
        height = keys_top + 3 * _KEY_HEIGHT + 2 * _KEY_GAP + _MARGIN
        canvas = Canvas(_WIDTH, height, _CARD)
        left = (_WIDTH - LENGTH * _TILE - (LENGTH - 1) * _TILE_GAP) // 2
        for row in range(ATTEMPTS):
            y = _MARGIN + row * (_TILE + _TILE_GAP)
            for column in range(LENGTH):
                x = left + column * (_TILE + _TILE_GAP)
                if row < len(words):
                    _tile(canvas, x, y, words[row][column], marks[row][column], palette)
                else:
                    canvas.box(x, y, _TILE, _TILE, radius=8, fill=_EMPTY)
                    inner = _TILE - 2 * _LINE
                    canvas.box(x + _LINE, y + _LINE, inner, inner, radius=6, fill=_CARD)
        for number, letters in enumerate(KEY_ROWS):
            y = keys_top + number * (_KEY_HEIGHT + _KEY_GAP)
            x = (_WIDTH - len(letters) * _KEY - (len(letters) - 1) * _KEY_GAP) // 2
            for letter in letters:
                _key(canvas, x, y, letter, keys.get(letter), palette)
                x += _KEY + _KEY_GAP
        return canvas.png()

    def chart(self, scores: Mapping[int, int], palette: Palette, latest: int | None) -> bytes:
        """How often games were won with each number of guesses; `latest` is drawn in colour."""
        bar, gap, left = 50, 12, 76
        height = 2 * _MARGIN + ATTEMPTS * bar + (ATTEMPTS - 1) * gap
        canvas = Canvas(_WIDTH, height, _CARD)
        most = max(scores.values(), default=0) or 1
        for score in range(1, ATTEMPTS + 1):
            count = scores.get(score, 0)
            y = _MARGIN + (score - 1) * (bar + gap)
            width = max(58, (_WIDTH - left - _MARGIN) * count // most)
            mark = Mark.CORRECT if score == latest else Mark.ABSENT
            fill = COLOURS[palette][mark] if mark else "#56595f"
            canvas.text(_MARGIN + 20, y + bar / 2, str(score), size=34, fill=_WHITE)
            canvas.box(left, y, width, bar, radius=8, fill=fill if count else _EMPTY)
            ink = INK[palette][mark] if count else _QUIET
            at = (left + width - 16, y + bar / 2)
            canvas.text(*at, str(count), size=32, fill=ink, at="r")
        return canvas.png()


def _tile(canvas: Canvas, x: int, y: int, letter: str, mark: Mark, palette: Palette) -> None:
    canvas.box(x, y, _TILE, _TILE, radius=8, fill=COLOURS[palette][mark])
    ink = INK[palette][mark]
    canvas.text(x + _TILE / 2, y + _TILE / 2, letter.upper(), size=64, fill=ink)


def _key(canvas: Canvas, x: int, y: int, letter: str, mark: Mark | None, palette: Palette) -> None:
    """An untried key is light, a letter that is not in the word sinks into the card."""
    if mark is None:
        fill, ink = _UNTRIED, _WHITE
    elif mark is Mark.ABSENT:
        fill, ink = "#2a2b2f", "#8a8d93"
    else:
        fill, ink = COLOURS[palette][mark], INK[palette][mark]
    canvas.box(x, y, _KEY, _KEY_HEIGHT, radius=8, fill=fill)
    canvas.text(x + _KEY / 2, y + _KEY_HEIGHT / 2, letter.upper(), size=36, fill=ink)
