"""The digests that /hash knows, and how people write down the one that they expect."""

import re
from binascii import Error, a2b_base64
from collections.abc import Mapping
from typing import NamedTuple

from utilsbot.i18n import N_, _


class Algorithm(NamedTuple):
    """One digest algorithm."""

    name: str
    """As hashlib and the option call it, but `sha3-256` for hashlib's `sha3_256`."""
    label: str
    """As its standard spells it."""
    size_bytes: int
    weakness: str = ""
    """Why it is for checksums only; to be translated and given the `{name}`."""
    aliases: tuple[str, ...] = ()
    """What tools call it otherwise; hyphens and case do not count."""

    @property
    def hex_digits(self) -> int:
        """How long its digest is when written in hex."""
        return self.size_bytes * 2

    @property
    def spellings(self) -> tuple[str, ...]:
        """The label and the aliases."""
        return self.label, *self.aliases


_COLLISIONS = N_(
    "Two different files with the same {name} can be made: fine against accidents only."
)

ALGORITHMS: Mapping[str, Algorithm] = {
    algorithm.name: algorithm
    for algorithm in (
        Algorithm("md5", "MD5", 16, _COLLISIONS),
        Algorithm("sha1", "SHA-1", 20, _COLLISIONS),
        Algorithm("sha256", "SHA-256", 32, aliases=("SHA2-256",)),
        Algorithm("sha512", "SHA-512", 64, aliases=("SHA2-512",)),
        Algorithm("sha3-256", "SHA3-256", 32),
        Algorithm("blake2b", "BLAKE2b-512", 64, aliases=("BLAKE2b",)),
    )
}
"""By name. Sizes: RFC 1321, FIPS 180-4, FIPS 202, RFC 7693. Aliases: OpenSSL 3, coreutils."""


def _flat(spelling: str) -> str:
    return re.sub(r"[-_ ]", "", spelling).casefold()


_BY_SPELLING = {each: a.name for a in ALGORITHMS.values() for each in a.spellings}
_BY_FLAT = {_flat(spelling): name for spelling, name in _BY_SPELLING.items()}
_PREFIX = re.compile(
    rf"\\?({'|'.join(_BY_SPELLING).replace('-', '[-_ ]?')})"
    r"(?![- ]\d{3}\b)"  # BLAKE2b-256 is another algorithm
    r"(?: ?(?:check)?sum| digest| hash)?"
    r"(?:\s*\(.*\))?"  # the name of a file, with anything in it
    r"(?:\s*[:=-]\s*|\s+)",
    re.IGNORECASE,
)
_CHECKSUM_LINE = re.compile(r"\\?([0-9a-fA-F]{32,128}) [ *] *\S")
_SEPARATORS = re.compile(r"[\s:]+")
_HEX = re.compile(r"(?:0[xX])?([0-9a-fA-F]+)")


class Expected(NamedTuple):
    """A digest that someone expects."""

    hex: str
    """Lower case."""
    algorithm: str | None
    """The algorithm's name, if it was written in front."""


def parse_expected(text: str) -> Expected:
    """The digest in a text as websites and tools print it.

    Takes hex in any case, grouped by spaces or colons, after the algorithm's name as in `sha256:`,
    `SHA2-256(file)= ` or `SHA256 (file) = `, a line of `sha256sum`, and the base64 of `integrity`
    attributes (W3C Subresource Integrity).

    Raises:
        ValueError: there is no digest in it; the message is for the user.
    """
    rest, algorithm = text.strip(), None
    if prefix := _PREFIX.match(rest):
        algorithm = _BY_FLAT[_flat(prefix[1])]
        rest = rest[prefix.end() :]
        if digest := _integrity(rest, algorithm):
            return Expected(digest, algorithm)
    if line := _CHECKSUM_LINE.match(rest):
        rest = line[1]
    found = _HEX.fullmatch(_SEPARATORS.sub("", rest))
    if found is None:
        raise ValueError(
            _(
                "What you gave as `expected` is no digest: it should have only the digits 0 to 9 "
                "and a to f."
            )
        )
    return Expected(found[1].lower(), algorithm)


def _integrity(text: str, algorithm: str) -> str | None:
    """The hex of a base64 digest of exactly the algorithm's size, or None."""
    try:
        digest = a2b_base64(text, strict_mode=True)
    except (Error, ValueError):
        return None
    return digest.hex() if len(digest) == ALGORITHMS[algorithm].size_bytes else None


def of_length(hex_digits: int) -> tuple[Algorithm, ...]:
    """The algorithms whose digests are that long."""
    return tuple(a for a in ALGORITHMS.values() if a.hex_digits == hex_digits)
