"""Attached files as parts of a prompt: pictures as they are, texts as marked data."""

from math import inf
from typing import Protocol

from functions.ai.model import Blob
from functions.ai.prompting import quoted
from utilsbot.discord.interaction import Attachment
from utilsbot.errors import BadInput
from utilsbot.i18n import _
from utilsbot.markdown import inline_code
from utilsbot.meter import Meter

MAX_IMAGE_BYTES = 7 * 1024 * 1024
"""A request to Gemini takes 20 MB, base64 included; two pictures of a message still fit."""
MAX_TEXT_BYTES = 256 * 1024
IMAGE_TYPES = ("image/png", "image/jpeg", "image/webp", "image/heic", "image/heif")
"""What Gemini reads (ai.google.dev/gemini-api/docs/image-understanding); GIF is not among them."""
_ANSWER_S = 20.0
"""What the files of a call leave of its time for the model, however slowly they come."""

_WRITTEN = ("json", "xml", "yaml", "javascript", "toml", "x-sh", "x-python")
_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"%PDF", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
)
_FTYP = {b"heic": "image/heic", b"heix": "image/heic", b"mif1": "image/heif", b"msf1": "image/heif"}


class Files(Protocol):
    """Fetches the files that users attach."""

    def fetch(self, attachment: Attachment, max_bytes: int, within_s: float) -> bytes:
        """The file's bytes.

        Raises:
            UserError: it is larger than max_bytes.
            DownloadError: Discord did not hand it over within so many seconds.
        """


def looks_like_text(attachment: Attachment) -> bool:
    """Whether Discord calls the file a text, or something that is written as one."""
    kind = attachment.content_type.partition(";")[0].strip().lower()
    return kind.startswith("text/") or kind.endswith(_WRITTEN)


def looks_like_image(attachment: Attachment) -> bool:
    """Whether Discord calls the file a picture that the model reads."""
    return attachment.content_type.partition(";")[0].strip().lower() in IMAGE_TYPES


def read_file(attachment: Attachment, files: Files, meter: Meter) -> str | Blob:
    """A file's text, or the picture that it is. Its bytes decide, not its name.

    Args:
        attachment: of an interaction.
        files: fetches it.
        meter: knows the time that is left, of which the model needs its part.

    Raises:
        BadInput: neither a picture that the model reads nor text.
        UserError: it is too large.
        DownloadError: Discord did not hand it over in time.
    """
    declared_image = attachment.content_type.startswith("image/")
    most = MAX_IMAGE_BYTES if declared_image else MAX_TEXT_BYTES
    content = files.fetch(attachment, most, within_s=meter.left_s(inf) - _ANSWER_S)
    kind = sniff(content)
    if kind in IMAGE_TYPES:
        return Blob(kind, content)
    text = decode(content) if not kind else None
    if text is None or len(content) > MAX_TEXT_BYTES:
        raise _unreadable(attachment)
    return text


def as_part(name: str, content: str | Blob, tag: str) -> str | Blob:
    """A file in a prompt: a picture as it is, a text as data."""
    return quoted(content, f"file {name}", tag) if isinstance(content, str) else content


def sniff(content: bytes) -> str:
    """The type that the first bytes show, or an empty text."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content[4:8] == b"ftyp":
        return _FTYP.get(content[8:12], "video/mp4")
    return next((kind for start, kind in _SIGNATURES if content.startswith(start)), "")


def decode(content: bytes) -> str | None:
    """The text of a file in UTF-8 or, with a byte order mark, UTF-16; None if it is none."""
    try:
        if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return content.decode("utf-16")
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def _unreadable(attachment: Attachment) -> BadInput:
    return BadInput(
        _(
            "{file} is neither a picture (PNG, JPEG, WebP, HEIC) nor a text file in UTF-8. Attach "
            "one of these."
        ).format(file=inline_code(attachment.filename)),
        option="file",
    )
