"""Drawing with Pillow for every game: crisp shapes and letters in Source Sans Bold."""

from functools import cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

_SMOOTH = 4
"""Shapes are drawn so much larger and scaled down, because Pillow's own edges are jagged."""
_COLOURS = 96
"""Of the palette of the PNG: enough for smooth edges, a quarter of the size."""


class Canvas:
    """A picture under way; all measures in pixels."""

    def __init__(self, width: int, height: int, background: str) -> None:
        """Args: background: a colour as #rrggbb; the corners outside it are transparent."""
        self._picture = Image.new("RGBA", (width, height), (0, 0, 0, 0))
        self._draw = ImageDraw.Draw(self._picture)
        self.box(0, 0, width, height, radius=18, fill=background)

    def box(self, x: int, y: int, width: int, height: int, *, radius: int, fill: str) -> None:
        """A rounded box."""
        self._picture.paste(fill, (x, y), _rounded(width, height, radius))

    def text(self, x: float, y: float, text: str, *, size: int, fill: str, at: str = "m") -> None:
        """A line of text, the middle of its capitals at y; `at`: l, m or r of it at x."""
        baseline = y + _cap_height(size) / 2
        self._draw.text((x, baseline), text, fill=fill, font=_font(size), anchor=f"{at}s")

    def png(self) -> bytes:
        """The finished picture."""
        out = BytesIO()
        small = self._picture.quantize(_COLOURS, method=Image.Quantize.FASTOCTREE)
        small.save(out, "PNG", compress_level=6)
        return out.getvalue()


@cache
def _rounded(width: int, height: int, radius: int) -> Image.Image:
    """A mask with smooth edges."""
    large = Image.new("L", (width * _SMOOTH, height * _SMOOTH))
    right, bottom = large.size[0] - 1, large.size[1] - 1
    ImageDraw.Draw(large).rounded_rectangle((0, 0, right, bottom), radius * _SMOOTH, fill=255)
    return large.resize((width, height), Image.Resampling.BOX)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    spec = find_spec("font_source_sans_pro")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("the package font-source-sans-pro is missing")
    folder = Path(spec.submodule_search_locations[0]) / "files"
    return ImageFont.truetype(str(folder / "SourceSansPro-Bold.ttf"), size)


@cache
def _cap_height(size: int) -> float:
    _, top, _, bottom = _font(size).getbbox("H", anchor="ls")
    return bottom - top
