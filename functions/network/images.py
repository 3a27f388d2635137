"""Screenshots that fit: checked to be real images, and made smaller only as far as needed."""

import io
import warnings
from typing import NamedTuple

from PIL import Image, UnidentifiedImageError

from functions.network.failures import NoImage
from utilsbot.i18n import N_, number

MAX_PIXELS = 64_000_000
"""Up to 350 MB in memory while it is worked on; more is refused."""
MAX_SIDE = 16_000
"""Pixels; what Discord and WebP show. A longer page is cut."""
_KINDS = {
    "PNG": (".png", "image/png"),
    "JPEG": (".jpg", "image/jpeg"),
    "WEBP": (".webp", "image/webp"),
}
_QUALITIES = (85, 70)
_SMALLEST_WIDTH = 240


class Fitted(NamedTuple):
    """An image within the limit."""

    content: bytes
    suffix: str
    content_type: str
    width: int
    height: int
    scaled_percent: int = 100
    cut_at: int = 0


def fit(content: bytes, limit_bytes: int) -> Fitted:
    """The image itself if it fits, or else as a JPEG, scaled down as far as it takes.

    Args:
        content: PNG, JPEG or WebP.
        limit_bytes: Discord's for the interaction.

    Raises:
        NoImage: it is none, is too large to work on, or cannot be made to fit.
    """
    image = _open(content)
    if len(content) <= limit_bytes and max(image.size) <= MAX_SIDE:
        suffix, content_type = _KINDS[str(image.format)]
        return Fitted(content, suffix, content_type, *image.size)
    return _smaller(image, limit_bytes)


def _open(content: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            # Our own limit is below; Pillow only warns at its first one.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content), formats=tuple(_KINDS))
            if image.width * image.height > MAX_PIXELS:
                raise Image.DecompressionBombError
            image.load()
    except Image.DecompressionBombError:
        raise NoImage(
            N_("{service} delivered more than {most} pixels, which is too much"),
            most=number(MAX_PIXELS),
        ) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):  # Pillow's, of bad PNGs
        raise NoImage(N_("{service} delivered something that is no image")) from None
    return image


def _smaller(image: Image.Image, limit_bytes: int) -> Fitted:
    cut_at = MAX_SIDE if image.height > MAX_SIDE else 0
    whole = image.crop((0, 0, image.width, cut_at)) if cut_at else image
    plain = whole.convert("RGB")
    percent = 100
    while plain.width * percent // 100 >= _SMALLEST_WIDTH or percent == 100:
        width, height = (max(1, side * percent // 100) for side in plain.size)
        scaled = plain if percent == 100 else plain.resize((width, height))
        for quality in _QUALITIES:
            content = _jpeg(scaled, quality)
            if len(content) <= limit_bytes:
                return Fitted(content, *_KINDS["JPEG"], width, height, percent, cut_at)
        percent = percent * 3 // 4
    raise NoImage(
        N_("{service} delivered an image that cannot be made small enough for this channel")
    )


def _jpeg(image: Image.Image, quality: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality, optimize=True)
    return buffer.getvalue()
