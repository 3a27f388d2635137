"""Draws /stats: a bar a day, stacked by group, failures marked, users below. Needs Pillow.

Its few words stay English: the font has the letters of few languages.
"""

from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from time import gmtime, strftime

from PIL import Image, ImageDraw, ImageFont

from functions.system.figures import Figures

WIDTH, HEIGHT = 900, 420
_LEFT, _TOP, _BOTTOM, _RIGHT = 70, 62, 68, 24
_BACKGROUND, _INK, _FAINT, _ALARM = "#2b2d31", "#dbdee1", "#4e5058", "#ff5c5c"
_PEOPLE = "#b5bac1"
_COLOURS = ("#5b8ff9", "#f6bd16", "#5ad8a6", "#e8684a", "#9270ca", "#6dc8ec", "#ff99c3")
"""By group in the order of its use; after the last they begin again."""


class Charts:
    """Draws charts."""

    def draw(self, found: Figures) -> bytes:
        """A PNG of 900 by 420 pixels: commands a day by group, failures, and each day's users."""
        image = Image.new("RGB", (WIDTH, HEIGHT), _BACKGROUND)
        pen = ImageDraw.Draw(image)
        days = len(found.days)
        most = max(sum(runs[day] for runs in found.runs.values()) for day in range(days))
        top = nice_ceiling(most)
        colours = {
            group: _COLOURS[number % len(_COLOURS)] for number, group in enumerate(found.runs)
        }
        _grid(pen, top)
        for day in range(days):
            _bar(pen, found, day, top, colours)
        _legend(pen, colours)
        out = BytesIO()
        image.save(out, "PNG", optimize=True)
        return out.getvalue()


def nice_ceiling(most: int) -> int:
    """The smallest of 4, 8, 12, 20, 40, 80, 120, 200 … that is not below; four even steps."""
    scale = 1
    while True:
        for step in (4, 8, 12, 20):
            if step * scale >= most:
                return step * scale
        scale *= 10


def _grid(pen: ImageDraw.ImageDraw, top: int) -> None:
    for part in range(5):
        y = _y(top * part // 4, top)
        pen.line((_LEFT, y, WIDTH - _RIGHT, y), fill=_FAINT)
        pen.text((_LEFT - 10, y), f"{top * part // 4:,}", _INK, _font(15), anchor="rm")
    pen.text((_LEFT - 10, HEIGHT - _BOTTOM + 30), "users", _PEOPLE, _font(14), anchor="rt")


def _bar(
    pen: ImageDraw.ImageDraw, found: Figures, day: int, top: int, colours: Mapping[str, str]
) -> None:
    room = (WIDTH - _LEFT - _RIGHT) / len(found.days)
    left, right = _LEFT + room * (day + 0.14), _LEFT + room * (day + 0.86)
    below = 0
    for group, runs in found.runs.items():
        if runs[day]:
            upper = _y(below + runs[day], top)
            lower = max(upper, _y(below, top) - 1)  # a gap between groups, where there is room
            pen.rectangle((left, upper, right, lower), fill=colours[group])
            below += runs[day]
    middle = (left + right) / 2
    if found.failures[day]:
        text = f"{found.failures[day]:,}!"
        pen.text((middle, _y(below, top) - 4), text, _ALARM, _font(14), anchor="mb")
    if len(found.days) <= 14 or day % 3 == (len(found.days) - 1) % 3:
        label = strftime("%d.%m.", gmtime(found.days[day]))
        pen.text((middle, HEIGHT - _BOTTOM + 10), label, _INK, _font(14), anchor="mt")
        users = f"{found.people[day]:,}"
        pen.text((middle, HEIGHT - _BOTTOM + 30), users, _PEOPLE, _font(14), anchor="mt")


def _legend(pen: ImageDraw.ImageDraw, colours: Mapping[str, str]) -> None:
    x = float(_LEFT)
    for group, colour in colours.items():
        pen.rectangle((x, 20, x + 16, 36), fill=colour)
        pen.text((x + 22, 28), group, _INK, _font(16), anchor="lm")
        x += 22 + _font(16).getlength(group) + 22
    pen.text((WIDTH - _RIGHT, 28), "n! = n failures of ours", _ALARM, _font(14), anchor="rm")


def _y(value: float, top: int) -> float:
    return HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * value / top


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    spec = find_spec("font_source_sans_pro")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("the package font-source-sans-pro is missing")
    folder = Path(spec.submodule_search_locations[0]) / "files"
    return ImageFont.truetype(str(folder / "SourceSansPro-Bold.ttf"), size)
