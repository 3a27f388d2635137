"""Images that fit: real ones, unchanged if they can be, smaller if they must be."""

import io
import random
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from functions.network.failures import NoImage
from functions.network.images import MAX_SIDE, fit


def picture(width: int, height: int, kind: str = "PNG", *, noisy: bool = False) -> bytes:
    """An image; noise does not compress."""
    size = (width, height)
    noise = random.Random(1).randbytes(3 * width * height) if noisy else b""  # noqa: S311
    image = Image.frombytes("RGB", size, noise) if noisy else Image.new("RGB", size, "teal")
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("kind", "suffix", "content_type"),
    [("PNG", ".png", "image/png"), ("JPEG", ".jpg", "image/jpeg"), ("WEBP", ".webp", "image/webp")],
)
def test_what_fits_stays_as_it_is(kind: str, suffix: str, content_type: str) -> None:
    """Byte for byte, and is called what it is."""
    content = picture(320, 200, kind)
    fitted = fit(content, 1_000_000)

    assert fitted.content == content
    assert (fitted.suffix, fitted.content_type) == (suffix, content_type)
    assert (fitted.width, fitted.height, fitted.scaled_percent) == (320, 200, 100)


def test_what_does_not_fit_is_compressed_before_it_is_scaled() -> None:
    """A JPEG of the same size where that is enough."""
    content = picture(600, 400, noisy=True)
    fitted = fit(content, len(content) // 2)

    assert (fitted.suffix, fitted.width, fitted.scaled_percent) == (".jpg", 600, 100)
    assert Image.open(io.BytesIO(fitted.content)).size == (600, 400)


@pytest.mark.parametrize("limit_bytes", [200_000, 80_000, 40_000])
def test_what_is_still_too_large_is_scaled_down(limit_bytes: int) -> None:
    """As far as it takes, and it says how far."""
    fitted = fit(picture(1200, 800, noisy=True), limit_bytes)

    assert len(fitted.content) <= limit_bytes
    assert fitted.width == 1200 * fitted.scaled_percent // 100
    assert Image.open(io.BytesIO(fitted.content)).size == (fitted.width, fitted.height)


def test_a_page_without_an_end_is_cut_and_says_where() -> None:
    """Longer than what can be shown."""
    fitted = fit(picture(100, MAX_SIDE + 500), 1_000_000)

    assert (fitted.height, fitted.cut_at) == (MAX_SIDE, MAX_SIDE)


@pytest.mark.parametrize(
    "content",
    [b"", b"<html>", b"GIF89a", b"\x89PNG\r\n\x1a\n", picture(50, 50)[:-40], b"\xff\xd8\xff\xe0"],
)
def test_what_is_no_whole_image_is_none(content: bytes) -> None:
    """An error page, half an image, a kind that nobody asked for."""
    with pytest.raises(NoImage, match="no image"):
        fit(content, 1_000_000)


@pytest.mark.parametrize("side", [9_000, 50_000])
def test_too_many_pixels_are_not_unpacked(side: int) -> None:
    """A small file can hold a gigabyte of black."""
    small = picture(1, 1)
    header = b"IHDR" + side.to_bytes(4, "big") * 2 + small[24:29]
    bomb = small[:12] + header + zlib.crc32(header).to_bytes(4, "big") + small[33:]
    with pytest.raises(NoImage, match="delivered more than 64,000,000 pixels"):
        fit(bomb, 1_000_000)


def test_what_cannot_be_made_to_fit_is_said() -> None:
    """Instead of sending a stamp."""
    with pytest.raises(NoImage, match="cannot be made small enough"):
        fit(picture(800, 800, noisy=True), 2000)


@given(st.binary(max_size=300))
def test_any_bytes_are_an_image_or_none(content: bytes) -> None:
    """What a service delivers is input too."""
    for start in (b"", b"\x89PNG\r\n\x1a\n", b"RIFF\x00\x00\x00\x00WEBP"):
        with pytest.raises(NoImage):
            fit(start + content, 1_000_000)
