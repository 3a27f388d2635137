"""What is drawn: sizes, palettes, and letters that stand out from their tiles."""

from io import BytesIO

import pytest
from PIL import Image

from functions.games.wordle_pictures import COLOURS, INK, Pictures
from functions.games.wordle_rules import Mark, keyboard, score
from functions.games.wordle_text import Palette

WORDS = ("slate", "purge", "crone")
MARKS = [score(word, "prune") for word in WORDS]


def drawn(palette: Palette, count: int = 3) -> Image.Image:
    """The board after so many guesses."""
    words = WORDS[:count]
    png = Pictures().board(words, MARKS[:count], keyboard(words, "prune"), palette)
    assert len(png) < 40_000
    return Image.open(BytesIO(png)).convert("RGBA")


def luminance(colour: str) -> float:
    """WCAG's relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("palette", Palette)
@pytest.mark.parametrize("mark", Mark)
def test_letters_stand_out(palette: Palette, mark: Mark) -> None:
    """WCAG's 3 : 1 for large bold text, on every tile; 7 : 1 on coloured high-contrast tiles."""
    light, dark = sorted(
        (luminance(COLOURS[palette][mark]), luminance(INK[palette][mark])), reverse=True
    )
    least = 6.5 if palette is Palette.CONTRAST else 3
    assert (light + 0.05) / (dark + 0.05) >= least


def test_the_board_is_as_wide_for_every_game() -> None:
    """It does not jump from guess to guess, and its corners are clear on any theme."""
    pictures = [drawn(Palette.CLASSIC, count) for count in range(4)]
    assert {picture.size for picture in pictures} == {pictures[0].size}
    corner = pictures[0].getpixel((0, 0))
    assert isinstance(corner, tuple)
    assert corner[3] == 0


def test_each_guess_and_each_palette_shows() -> None:
    """No two of them are the same picture."""
    pictures = [drawn(palette, count).tobytes() for palette in Palette for count in range(1, 4)]
    assert len(set(pictures)) == len(pictures)


def test_the_chart_takes_any_figures() -> None:
    """No wins, one win, and more than fit into a small bar."""
    for scores in ({}, {1: 1}, {2: 1, 4: 123_456}):
        picture = Image.open(BytesIO(Pictures().chart(scores, Palette.CLASSIC, 4)))
        assert picture.width == drawn(Palette.CLASSIC).width
