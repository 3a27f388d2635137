"""Base64 as RFC 4648 defines it: strict about junk, forgiving about what people drop and add."""

import re
from binascii import a2b_base64, b2a_base64
from typing import NamedTuple

from utilsbot.i18n import _, ngettext

_URL_SAFE = str.maketrans("-_", "+/")
_FROM_STANDARD = str.maketrans("+/", "-_")
_JUNK = re.compile(r"[^A-Za-z0-9+/_=\s-]")
_DATA_URL = re.compile(r"data:[^,]{0,200};base64,", re.IGNORECASE)
_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


class BadBase64(ValueError):
    """What is wrong with a text, as a sentence."""


class Decoded(NamedTuple):
    """Bytes, and what the text was like."""

    content: bytes
    url_safe: bool
    """It used the URL-safe alphabet's own characters."""
    unpadded: bool
    """Its padding was missing."""


def encode(content: bytes, *, url_safe: bool = False) -> str:
    """The base64 of bytes, padded (RFC 4648 §4, URL-safe §5), in one line."""
    text = b2a_base64(content, newline=False).decode()
    return text.translate(_FROM_STANDARD) if url_safe else text


def decode(text: str) -> Decoded:
    """The bytes of a base64 text.

    Takes both alphabets (one at a time), white space anywhere, missing padding, and a `data:` URL.

    Raises:
        BadBase64: anything else is in it, it has an impossible length, or bits are set at its end
            that no encoder sets. Positions count from 1 in the text as given.
    """
    head = _DATA_URL.match(text.lstrip())
    start = len(text) - len(text.lstrip()) + head.end() if head else 0
    _check_characters(text, start)
    compact = "".join(text[start:].split())
    body = compact.rstrip("=")
    url_safe = "-" in body or "_" in body
    body = body.translate(_URL_SAFE)
    _check_end(body, padding=len(compact) - len(body))
    content = a2b_base64(body + "=" * (-len(body) % 4), strict_mode=True)
    return Decoded(content, url_safe, unpadded=bool(len(compact) % 4))


def _check_characters(text: str, start: int) -> None:
    if text.lstrip().startswith("-----BEGIN"):
        raise BadBase64(
            _("This is a PEM file: leave out its first and last line, with the dashes.")
        )
    if junk := _JUNK.search(text, start):
        raise BadBase64(
            _("{character} at position {position} is not base64.").format(
                character=_name(junk[0]), position=junk.start() + 1
            )
        )
    if early := re.search(r"=(?=\s*[^=\s])", text[start:]):
        raise BadBase64(
            _(
                "The padding `=` at position {position} stands before the end; are these several "
                "base64 texts in one?"
            ).format(position=start + early.start() + 1)
        )
    if re.search(r"[+/]", text[start:]) and (other := re.search(r"[-_]", text[start:])):
        raise BadBase64(
            _(
                "The text mixes the two alphabets: `{character}` at position {position} is "
                "URL-safe, but it has `+` or `/` too."
            ).format(character=other[0], position=start + other.start() + 1)
        )


def _check_end(body: str, padding: int) -> None:
    needed = -len(body) % 4
    if not body:
        raise BadBase64(_("There is nothing to decode."))
    if needed == 3:
        raise BadBase64(
            ngettext(
                "It has {count} character, one more than a multiple of 4, which no base64 has: a "
                "character is missing or too many.",
                "It has {count} characters, one more than a multiple of 4, which no base64 has: a "
                "character is missing or too many.",
                len(body),
            ).format(count=len(body))
        )
    if padding not in {0, needed}:
        raise BadBase64(
            _("It should end in {needed} `=`, not in {padding}.").format(
                needed=needed, padding=padding
            )
            if needed
            else _("It should end in no `=`, not in {padding}.").format(padding=padding)
        )
    if needed and _DIGITS.index(body[-1]) & ((1 << (2 * needed)) - 1):
        raise BadBase64(
            _(
                "Its last character has bits set that belong to no byte: the end was cut off or "
                "changed."
            )
        )


def _name(character: str) -> str:
    if character.isprintable() and character != "`":
        return f"`{character}`"
    return _("A backtick") if character == "`" else f"U+{ord(character):04X}"
