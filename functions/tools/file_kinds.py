"""Tells the few kinds of file that begin with plain magic bytes."""

from typing import NamedTuple

from utilsbot.i18n import N_


class FileKind(NamedTuple):
    """One kind of file."""

    label: str
    """To be translated where it is shown."""
    suffix: str
    content_type: str
    is_image: bool = False
    """Discord shows it in an embed."""


BINARY = FileKind(N_("Binary data"), "bin", "application/octet-stream")
TEXT = FileKind(N_("Text"), "txt", "text/plain; charset=utf-8")

_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", FileKind(N_("PNG image"), "png", "image/png", is_image=True)),
    (b"\xff\xd8\xff", FileKind(N_("JPEG image"), "jpg", "image/jpeg", is_image=True)),
    (b"GIF87a", FileKind(N_("GIF image"), "gif", "image/gif", is_image=True)),
    (b"GIF89a", FileKind(N_("GIF image"), "gif", "image/gif", is_image=True)),
    (b"%PDF-", FileKind(N_("PDF document"), "pdf", "application/pdf")),
    (b"PK\x03\x04", FileKind(N_("ZIP archive"), "zip", "application/zip")),
    (b"\x1f\x8b\x08", FileKind(N_("gzip archive"), "gz", "application/gzip")),
)


def kind_of(content: bytes) -> FileKind:
    """The kind that the first bytes say; text if all of it is UTF-8 that people can read."""
    for magic, kind in _MAGIC:
        if content.startswith(magic):
            return kind
    return BINARY if readable_text(content) is None else TEXT


def readable_text(content: bytes) -> str | None:
    """The text that the bytes are in UTF-8, or None if they are none that could be shown."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    controls = any(ord(letter) < 32 and letter not in "\t\n\r" for letter in text)
    return None if controls or "\x7f" in text else text
