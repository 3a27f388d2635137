"""What a command of this group works on: the text of one option or the file of another."""

from collections.abc import Iterable
from functools import reduce
from typing import NamedTuple, Protocol

from utilsbot.discord.interaction import Attachment
from utilsbot.errors import BadInput
from utilsbot.i18n import _, ngettext, number
from utilsbot.markdown import inline_code


class Files(Protocol):
    """Fetches the files that users attach."""

    def fetch(self, attachment: Attachment, *, max_bytes: int) -> bytes:
        """The file's bytes.

        Raises:
            UserError: it is larger than max_bytes.
            DownloadError: Discord did not hand it over.
        """


class Source(NamedTuple):
    """Bytes, and what to call them."""

    content: bytes
    name: str
    """Markdown for "Your text" or the file's name."""
    is_file: bool


def read_source(
    text: str | None, file: Attachment | None, files: Files, *, max_bytes: int
) -> Source:
    """The bytes of the one option that was given; text becomes UTF-8.

    Raises:
        BadInput: both or neither was given, or the text is not valid Unicode.
        UserError: the file is larger than max_bytes.
        DownloadError: Discord did not hand the file over.
    """
    if text is not None and file is not None:
        raise BadInput(_("Give either `text` or `file`, not both."), option="file")
    if file is not None:
        content = files.fetch(file, max_bytes=max_bytes)
        return Source(content, inline_code(file.filename), is_file=True)
    if text is None:
        raise BadInput(_("Give the `text` to work on, or attach a `file`."), option="text")
    return Source(utf8(text, option="text"), _("Your text"), is_file=False)


def utf8(text: str, *, option: str) -> bytes:
    """The text as UTF-8.

    Raises:
        BadInput: it has half a surrogate pair, which JSON can carry and UTF-8 cannot.
    """
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise BadInput(
            _(
                "Character {position} of `{option}` is half of an emoji or of another rare "
                "character, so the text has no bytes. Please type it again."
            ).format(position=error.start + 1, option=option),
            option=option,
        ) from None


def in_bytes(count: int) -> str:
    """As `1 byte`, `1,024 bytes`."""
    return ngettext("{count} byte", "{count} bytes", count).format(count=number(count))


def in_characters(count: int) -> str:
    """As `1 character`, `1,024 characters`."""
    return ngettext("{count} character", "{count} characters", count).format(count=number(count))


def either(ways: Iterable[str]) -> str:
    """As `one or other or third`; at least one way."""
    return reduce(lambda one, other: _("{one} or {other}").format(one=one, other=other), ways)
