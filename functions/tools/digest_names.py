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

    @property
    def hex_digits(self) -> int:
        """How long its digest is when written in hex."""
        return self.size_bytes * 2


_COLLISIONS = N_(
    "Two different files with the same {name} can be made: fine against accidents only."
)

ALGORITHMS: Mapping[str, Algorithm] = {
    algorithm.name: algorithm
    for algorithm in (
        Algorithm("md5", "MD5", 16, _COLLISIONS),
        Algorithm("sha1", "SHA-1", 20, _COLLISIONS),
        Algorithm("sha256", "SHA-256", 32),
        Algorithm("sha512", "SHA-512", 64),
        Algorithm("sha3-256", "SHA3-256", 32),
        Algorithm("blake2b", "BLAKE2b-512", 64),
    )
}
"""By name. Sizes: RFC 1321, FIPS 180-4, FIPS 202, RFC 7693."""

_PREFIXES = {algorithm.name.replace("-", ""): algorithm.name for algorithm in ALGORITHMS.values()}
_PREFIX = re.compile(r"(md5|sha-?1|sha-?256|sha-?512|sha3-?256|blake2b)\s*[:=-]\s*", re.IGNORECASE)
_CHECKSUM_LINE = re.compile(r"\\?([0-9a-fA-F]{32,128}) [ *]\S")
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

    Takes hex in any case, grouped by spaces or colons, after `sha256:` or `sha256-`, a line of
    `sha256sum`, and the base64 of `integrity` attributes (W3C Subresource Integrity).

    Raises:
        ValueError: there is no digest in it; the message is for the user.
    """
    rest, algorithm = text.strip(), None
    if prefix := _PREFIX.match(rest):
        algorithm = _PREFIXES[prefix[1].lower().replace("-", "")]
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
