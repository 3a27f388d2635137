"""What is drawn can be read, and what cannot be looked at says why."""

from contextlib import suppress
from io import BytesIO
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from functions.tools.qr_codes import BadImage
from functions.tools.qr_image import MAX_PIXELS, QrImages
from functions.tools.qr_rules import LEVELS, MIN_CONTRAST, MODULE_PX, Rgb, contrast

_QR = QrImages()
_BLACK, _WHITE = (0, 0, 0), (255, 255, 255)
_colours = st.tuples(*[st.integers(0, 255)] * 3)


def _draw(text: str, level: str = "M", dark: Rgb = _BLACK, light: Rgb = _WHITE) -> bytes:
    return _QR.draw(text.encode(), level=level, module_px=5, dark=dark, light=light).png


def _saved(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def _pasted(*codes: bytes) -> Image.Image:
    """Codes side by side on white."""
    images = [Image.open(BytesIO(code)).convert("L") for code in codes]
    sheet = Image.new("L", (sum(i.width for i in images), max(i.height for i in images)), 255)
    at = 0
    for image in images:
        sheet.paste(image, (at, 0))
        at += image.width
    return sheet


@settings(max_examples=60)
@given(st.text(min_size=1, max_size=120), st.sampled_from(list(LEVELS)))
def test_any_text_comes_back(text: str, level: str) -> None:
    """Whatever the characters, reading gives the text that was drawn."""
    (found,) = _QR.read(_draw(text, level))
    assert found.text == text
    assert found.kind == "QR Code"


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("size", MODULE_PX)
def test_the_declared_limits_are_the_true_ones(level: str, size: str) -> None:
    """Exactly the declared bytes fit, at every level and size, and come back."""
    text = "é" * (LEVELS[level].max_bytes // 2) + "x" * (LEVELS[level].max_bytes % 2)
    drawn = _QR.draw(
        text.encode(), level=level, module_px=MODULE_PX[size], dark=_BLACK, light=_WHITE
    )
    assert (drawn.version, drawn.modules) == (40, 177)
    assert drawn.pixels == 185 * MODULE_PX[size]
    assert Image.open(BytesIO(drawn.png)).size == (drawn.pixels, drawn.pixels)
    assert [found.text for found in _QR.read(drawn.png)] == [text]


@pytest.mark.parametrize("level", LEVELS)
def test_one_byte_more_does_not_fit(level: str) -> None:
    """The limit is not lower than it need be."""
    with pytest.raises(ValueError, match="version"):
        _draw("x" * (LEVELS[level].max_bytes + 1), level)


@settings(max_examples=60)
@given(_colours, _colours)
def test_colours_that_are_accepted_can_be_read(dark: Rgb, light: Rgb) -> None:
    """Enough contrast means that a reader finds the code, inverted or not."""
    if contrast(dark, light) >= MIN_CONTRAST:
        assert [found.text for found in _QR.read(_draw("hello", "M", dark, light))] == ["hello"]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_the_usual_formats_are_read(kind: str) -> None:
    """PNG, JPEG, WebP and GIF."""
    assert [f.text for f in _QR.read(_saved(_pasted(_draw("a")), kind))] == ["a"]


@pytest.mark.parametrize("degrees", [0, 90, 180, 33])
def test_turned_codes_are_read(degrees: int) -> None:
    """A photo need not be straight."""
    turned = _pasted(_draw("turned")).rotate(degrees, expand=True, fillcolor=255)
    assert [found.text for found in _QR.read(_saved(turned))] == ["turned"]


def test_every_code_of_an_image_is_read_once() -> None:
    """Several codes come back, and the same one twice comes back once."""
    sheet = _saved(_pasted(_draw("one"), _draw("two"), _draw("one")))
    assert {found.text for found in _QR.read(sheet)} == {"one", "two"}
    assert len(_QR.read(sheet)) == 2


@pytest.mark.parametrize("ink", [0, 255])
def test_see_through_images_are_read(ink: int) -> None:
    """Black or white modules on nothing: the background that makes them visible is found."""
    mask = _pasted(_draw("clear")).point(lambda shade: 255 - shade)
    clear = Image.new("RGBA", mask.size, (ink, ink, ink, 0))
    clear.putalpha(mask)
    assert [found.text for found in _QR.read(_saved(clear))] == ["clear"]


def test_bytes_that_are_no_text_stay_bytes() -> None:
    """Binary content is given as it is."""
    content = bytes(range(128, 160)) + b"\x00\xff"
    png = _QR.draw(content, level="L", module_px=5, dark=_BLACK, light=_WHITE).png
    (found,) = _QR.read(png)
    assert (found.content, found.text) == (content, None)


def test_an_image_without_codes() -> None:
    """Nothing found is no error of the reader."""
    assert _QR.read(_saved(Image.new("RGB", (64, 64), "red"))) == ()


def test_too_many_pixels_are_refused_before_they_are_unpacked() -> None:
    """A small file that unpacks to a huge image is refused by its header."""
    side = int(MAX_PIXELS**0.5) + 1
    with pytest.raises(BadImage, match="25 million"):
        _QR.read(_saved(Image.new("1", (side, side))))


@pytest.mark.parametrize("size", [(65_536, 1), (1, 70_000)])
def test_a_side_that_the_reader_cannot_take_is_refused(size: tuple[int, int]) -> None:
    """Few pixels, but more in a row than zxing-cpp takes."""
    with pytest.raises(BadImage, match="no side may have more than 65,535"):
        _QR.read(_saved(Image.new("1", size)))


def test_the_longest_side_is_looked_at() -> None:
    """The limit is not lower than it need be."""
    assert _QR.read(_saved(Image.new("1", (65_535, 1)))) == ()


def test_sixteen_bits_of_grey_are_read() -> None:
    """A scanner's dark grey on light grey is no plain white."""
    scan = _pasted(_draw("scanned")).convert("I").point(lambda shade: shade * 200 + 3000)
    assert [found.text for found in _QR.read(_saved(scan.convert("I;16")))] == ["scanned"]


def test_a_decompression_bomb_is_refused() -> None:
    """Pillow's own limit is an error with words too."""
    png = _saved(Image.new("1", (1, 1)))
    header = b"IHDR" + (30_000).to_bytes(4, "big") * 2 + png[24:29]
    bomb = png[:12] + header + crc32(header).to_bytes(4, "big") + png[33:]
    with pytest.raises(BadImage, match="far too many pixels"):
        _QR.read(bomb)


@given(st.binary(max_size=200))
def test_rubbish_is_refused(content: bytes) -> None:
    """Whatever the bytes, the answer is a sentence."""
    with pytest.raises(BadImage, match="no PNG, JPEG, WebP or GIF"):
        _QR.read(content)


@settings(max_examples=40)
@given(st.integers(0, 5000), st.sampled_from(["PNG", "JPEG", "WEBP", "GIF"]), st.binary(max_size=3))
def test_damaged_images_are_refused_or_read(at: int, kind: str, patch: bytes) -> None:
    """A cut or altered file never breaks the reader in another way."""
    whole = _saved(_pasted(_draw("damaged")), kind)
    at %= len(whole)
    for content in (whole[:at], whole[:at] + patch + whole[at + len(patch) :]):
        with suppress(BadImage):
            _QR.read(content)
