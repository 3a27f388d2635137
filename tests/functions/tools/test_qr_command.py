"""/qr create and /qr read, from Discord's JSON to the reply."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from functions.tools.ports import build_ports
from functions.tools.qr_image import QrImages
from tests.answers import AttachedFiles, embed_of, field_of, file_of, reply_to
from tests.interactions import attachment, command_interaction
from utilsbot.errors import BadInput, UserError
from utilsbot.reply import Colour, Reply

_QR = QrImages()


def _create(text: str, **options: Any) -> Reply:
    body = command_interaction("qr", "create", options={"text": text} | options)
    return reply_to(body, build_ports(AttachedFiles()))


def _png(*texts: str | bytes) -> bytes:
    """An image with a code for each text, side by side."""
    codes = [text.encode() if isinstance(text, str) else text for text in texts]
    images = [
        Image.open(
            BytesIO(_QR.draw(c, level="L", module_px=4, dark=(0, 0, 0), light=(255, 255, 255)).png)
        ).convert("L")
        for c in codes
    ]
    width = max(image.width for image in images)
    columns = min(4, len(images))
    sheet = Image.new("L", (width * columns, width * -(-len(images) // columns)), 255)
    for at, image in enumerate(images):
        sheet.paste(image, (width * (at % columns), width * (at // columns)))
    out = BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()


def _read(content: bytes, **options: Any) -> Reply:
    body = command_interaction(
        "qr", "read", options=options, attachments={"image": attachment("a.png", 9, "image/png")}
    )
    return reply_to(body, build_ports(AttachedFiles(a_png=content)))


def test_a_code_is_drawn_and_shown() -> None:
    """The PNG is attached and shown, with a text for screen readers, and reads back."""
    reply = _create("https://example.com")
    file = file_of(reply)
    assert embed_of(reply).image == f"attachment://{file.name}"
    assert file.content_type == "image/png"
    assert file.description == "QR code that says: https://example.com"
    assert [found.text for found in _QR.read(file.content)] == ["https://example.com"]
    assert field_of(reply, "Content") == "19 of 2,331 bytes"
    assert embed_of(reply).footer == "Version 2: 25 by 25 modules"


@pytest.mark.parametrize(("size", "pixels"), [("small", 145), ("medium", 232), ("large", 348)])
def test_sizes(size: str, pixels: int) -> None:
    """The choice is in pixels a module."""
    reply = _create("a", size=size)
    assert Image.open(BytesIO(file_of(reply).content)).size == (pixels, pixels)
    assert field_of(reply, "Size") == f"{pixels} by {pixels} pixels"


def test_colours() -> None:
    """The chosen colours, and no others."""
    image = Image.open(BytesIO(file_of(_create("a", dark="navy", light="#ffe")).content))
    colours = {colour for _, colour in image.convert("RGB").getcolors() or []}
    assert colours == {(0, 0, 128), (255, 255, 238)}


def test_an_inverted_code_is_warned_about() -> None:
    """Light on dark is drawn, with the truth about scanners."""
    reply = _create("a", dark="white", light="black")
    assert "cannot read" in field_of(reply, "Please note")
    assert embed_of(reply).colour == Colour.WARNING


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"dark": "yellow"}, "contrast is 1.1 to 1"),
        ({"dark": "#959595"}, "contrast is 2.9 to 1, and it takes 3"),
        ({"dark": "bluish"}, "`bluish` is no colour. Give `dark` as hex"),
        ({"light": "`x"}, "Give `light` as hex"),
    ],
)
def test_colours_that_do_not_work_are_refused(options: dict[str, str], said: str) -> None:
    """With the reason and what to do."""
    with pytest.raises(BadInput) as caught:
        _create("a", **options)
    assert said in caught.value.text


@pytest.mark.parametrize(
    ("text", "level", "said"),
    [
        ("x" * 1274, "H", "1,274 bytes in UTF-8, and level H holds 1,273. It fits with `error_c"),
        ("é" * 1200, "M", "2,400 bytes in UTF-8, and level M holds 2,331. It fits with `error_c"),
        ("😀" * 800, "L", "3,200 bytes in UTF-8, and level L holds 2,953. No QR code holds more"),
    ],
)
def test_what_does_not_fit_says_how_much_would(text: str, level: str, said: str) -> None:
    """The limit is in bytes, with the levels that would do."""
    with pytest.raises(BadInput) as caught:
        _create(text, error_correction=level)
    assert said in caught.value.text


def test_the_longest_text_fits() -> None:
    """What the option allows is drawn at level L, with a short text for screen readers."""
    reply = _create("x" * 2953, error_correction="L")
    assert field_of(reply, "Content") == "2,953 of 2,953 bytes"
    assert len(file_of(reply).description) < 400


def test_a_code_is_read() -> None:
    """Its text in a block of its own."""
    reply = _read(_png("hello `world`"))
    assert embed_of(reply).title == "The code says"
    assert field_of(reply, "QR Code") == "```\nhello `world`\n```"
    assert reply.files == ()


def test_a_link_is_shown_whole_and_never_behind_words() -> None:
    """The host that it leads to, and the address itself."""
    reply = _read(_png("https://google.com@evil.example/"))
    assert "A link to `evil.example`: <https://google.com@evil.example/>" in field_of(
        reply, "QR Code"
    )
    assert "before you open it" in embed_of(reply).footer


def test_markdown_in_a_code_stays_text() -> None:
    """A code cannot format, link or end its block."""
    nasty = "```\n[safe](https://evil.example) @everyone"
    reply = _read(_png(nasty))
    assert file_of(reply).content == nasty.encode()
    assert "evil" not in field_of(reply, "QR Code")


@pytest.mark.parametrize(
    ("text", "word"),
    [("WIFI:T:WPA;S:home;P:hunter2;;", "Wi-Fi"), ("otpauth://totp/A?secret=JBSWY3DP", "secret")],
)
def test_secrets_are_for_the_caller_only(text: str, word: str) -> None:
    """Shown with a note where only the caller sees it, withheld where others would."""
    shown = field_of(_read(_png(text)), "QR Code")
    assert text in shown
    assert word in shown
    reply = _read(_png(text), private=False)
    assert "hunter2" not in repr(reply)
    assert "JBSWY3DP" not in repr(reply)
    assert "without `private:false`" in field_of(reply, "QR Code · withheld")


@pytest.mark.parametrize(
    "content",
    [
        "WIFI:T:WPA;S:Café;P:hunter2;;\n".encode("latin-1"),
        b"WIFI:T:WPA;S:\xff\x00;P:hunter2;;",
        "\ufeffWIFI:T:WPA;S:home;P:hunter2;;".encode(),
    ],
)
def test_secrets_in_odd_characters_are_withheld_too(content: bytes) -> None:
    """Phones read old character sets and byte-order marks, and so do others here."""
    reply = _read(_png(content), private=False)
    assert reply.files == ()
    assert "Wi-Fi login" in field_of(reply, "QR Code · withheld")


def test_binary_content_comes_as_a_file() -> None:
    """What is not text is attached."""
    content = bytes(range(128, 160)) + b"\x00\xff"
    reply = _read(_png(content))
    assert file_of(reply).content == content
    assert "34 bytes that are not text" in field_of(reply, "QR Code")


def test_long_texts_come_as_files() -> None:
    """Nothing is cut: what a field cannot hold is attached whole."""
    reply = _read(_png("x" * 2000))
    assert file_of(reply).content == b"x" * 2000


def test_many_codes() -> None:
    """All are shown up to ten, within Discord's limits, and the rest is admitted."""
    reply = _read(_png(*(f"{number}" + "y" * 600 for number in range(12))))
    assert embed_of(reply).title == "12 codes found"
    assert len(embed_of(reply).fields) == 10
    assert embed_of(reply).description == "The first 10 are shown."
    assert 0 < len(reply.files) < 10


def test_no_code_says_what_to_try() -> None:
    """Nothing found is told as that, with advice."""
    with pytest.raises(UserError, match="Crop the image") as caught:
        _read(_blank())
    assert caught.value.title == "No code found"


def test_what_is_no_image_is_told() -> None:
    """A text file is not a picture."""
    with pytest.raises(BadInput, match="no PNG"):
        _read(b"hello")


def _blank() -> bytes:
    out = BytesIO()
    Image.new("L", (50, 50), 255).save(out, "PNG")
    return out.getvalue()
