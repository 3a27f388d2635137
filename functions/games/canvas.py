"""Drawing with Pillow for every game: crisp shapes and letters in Source Sans Bold."""

from functools import cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

_SMOOTH = 3
"""Shapes are drawn so much larger and scaled down: Pillow's own edges are jagged."""


class Canvas:
    """A picture under way; all measures in pixels of the finished picture."""

    def __init__(self, width: int, height: int, background: str) -> None:
        """Args: background: a colour as #rrggbb; the corners outside it are transparent."""
        size = (width * _SMOOTH, height * _SMOOTH)
        self._size = (width, height)
        self._shapes = Image.new("RGBA", size, (0, 0, 0, 0))
        self._draw = ImageDraw.Draw(self._shapes)
        self._texts: list[tuple[tuple[float, float], str, int, str, str]] = []
        self.box(0, 0, width, height, radius=18, fill=background)

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        radius: float,
        fill: str,
        outline: str | None = None,
        line: float = 3,
    ) -> None:
        """A rounded box."""
        self._draw.rounded_rectangle(
            (x * _SMOOTH, y * _SMOOTH, (x + width) * _SMOOTH - 1, (y + height) * _SMOOTH - 1),
            radius * _SMOOTH,
            fill=fill,
            outline=outline,
            width=round(line * _SMOOTH) if outline else 0,
        )

    def text(self, x: float, y: float, text: str, *, size: int, fill: str, at: str = "mm") -> None:
        """A line of text; `at` is Pillow's anchor, by default the middle of the capitals."""
        if at[1] == "m":  # Pillow's middle is between ascender and descender, not of the capitals
            y, at = y + _cap_height(size) / 2, at[0] + "s"
        self._texts.append(((x, y), text, size, fill, at))

    def png(self) -> bytes:
        """The finished picture."""
        picture = self._shapes.resize(self._size, Image.Resampling.BOX)
        draw = ImageDraw.Draw(picture)
        for place, text, size, fill, at in self._texts:
            draw.text(place, text, fill=fill, font=_font(size), anchor=at)
        out = BytesIO()
        picture.quantize(128, method=Image.Quantize.FASTOCTREE).save(out, "PNG", optimize=True)
        return out.getvalue()


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
