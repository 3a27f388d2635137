"""Reads the secrets of one-time codes: base32 as people copy it, and otpauth:// addresses.

Sources: RFC 4648 §6; github.com/google/google-authenticator/wiki/Key-Uri-Format. No error text has
any part of the secret in it.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from utilsbot.i18n import _

ALGORITHMS = ("SHA1", "SHA256", "SHA512")
DIGITS = (6, 7, 8)
MIN_PERIOD_S, MAX_PERIOD_S, DEFAULT_PERIOD_S = 15, 120, 30
SHORT_BITS = 112
"""RFC 4226 §4 demands at least 128 bits and NIST 112; many sites still hand out 80."""

_BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_IGNORED = re.compile("[\\s\u200b\ufeff\u2010-\u2015-]")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


class BadSecret(ValueError):
    """What is wrong, in whole sentences, without any of the secret."""


class CodeSettings(NamedTuple):
    """How codes are made of a secret."""

    digits: int = 6
    period_s: int = DEFAULT_PERIOD_S
    algorithm: str = "SHA1"


class TotpKey(NamedTuple):
    """Everything that makes codes. Never logged, stored or shown."""

    key: bytes
    settings: CodeSettings
    issuer: str = ""
    account: str = ""
    loose_bits: int = 0
    """Bits at the end that make no whole byte; left out, as authenticators do."""

    def __repr__(self) -> str:
        """Without the key."""
        return f"TotpKey(***, {self.settings})"

    @property
    def bits(self) -> int:
        """How long the key is."""
        return len(self.key) * 8


def parse_secret(text: str, settings: CodeSettings) -> TotpKey:
    """The key in a base32 secret or an `otpauth://totp/…` address.

    Args:
        text: in any case, with spaces, hyphens and padding or without.
        settings: what holds where the address says nothing.

    Raises:
        BadSecret: it is neither.
    """
    stripped = text.strip()
    if "://" in stripped[:30]:
        return _from_address(stripped, settings)
    key, loose_bits = decode_base32(stripped)
    return TotpKey(key, settings, loose_bits=loose_bits)


def decode_base32(text: str) -> tuple[bytes, int]:
    """The bytes of a base32 text, and how many bits were left over.

    Raises:
        BadSecret: it has other characters or no whole byte; positions count from 1 in the text.
    """
    number = count = 0
    ended = False
    for position, character in enumerate(text, 1):
        if _IGNORED.match(character):
            continue
        if character == "=":
            ended = True
            continue
        digit = _BASE32.find(character.upper()) if character.isascii() else -1
        if digit < 0 or ended:
            raise BadSecret(_wrong_character(position, character, digit))
        number, count = number << 5 | digit, count + 1
    size, loose_bits = divmod(count * 5, 8)
    if not size:
        raise BadSecret(_("There is no secret: it should be at least 2 letters or digits long."))
    return (number >> loose_bits).to_bytes(size, "big"), loose_bits


def _wrong_character(position: int, character: str, digit: int) -> str:
    if digit >= 0:
        told = _(
            "The character at position {position} comes after the padding `=`, which should be at "
            "the end."
        )
    elif character in "0189":
        told = _(
            "The character at position {position} is a digit that base32 does not use. Only 2 to 7 "
            "occur: it may be an O, I, L or B that was read wrongly."
        )
    elif character.isalpha():
        told = _(
            "The character at position {position} is a letter outside A to Z. A secret has only "
            "the letters A to Z and the digits 2 to 7."
        )
    else:
        told = _(
            "The character at position {position} is neither a letter nor a digit. A secret has "
            "only the letters A to Z and the digits 2 to 7."
        )
    return told.format(position=position)


def _from_address(text: str, settings: CodeSettings) -> TotpKey:
    try:
        parts = urlsplit(text)
        pairs = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=20)
    except ValueError:
        raise BadSecret(_("This `otpauth://` address is damaged. Please copy it again.")) from None
    _check_kind(parts.scheme, parts.netloc)
    given = {name.lower(): value for name, value in pairs}
    if len(given) < len(pairs):
        raise BadSecret(_("The address names one of its parameters twice. Please copy it again."))
    if given.get("encoder", "").lower() == "steam":
        raise BadSecret(_("Steam makes its codes in a way of its own, which this command cannot."))
    if not given.get("secret"):
        raise BadSecret(_("The address has no `secret=` in it. Please copy all of it."))
    try:
        key, loose_bits = decode_base32(given["secret"])
    except BadSecret as error:
        raise BadSecret(
            _("In the address, counted from after `secret=`: {problem}").format(problem=error)
        ) from None
    issuer, account = _label(parts.path, given.get("issuer", ""))
    return TotpKey(key, _address_settings(given, settings), issuer, account, loose_bits)


def _check_kind(scheme: str, kind: str) -> None:
    if scheme == "otpauth-migration":
        raise BadSecret(
            _(
                "This is an export of several accounts by Google Authenticator. Please give the "
                "secret of one account."
            )
        )
    if scheme != "otpauth":
        raise BadSecret(_("This is an address, but not one that starts with `otpauth://totp/`."))
    if kind.lower() == "hotp":
        raise BadSecret(
            _(
                "This secret makes codes by counting (HOTP), and only your own device knows the "
                "count. This command makes codes by the clock (TOTP)."
            )
        )
    if kind.lower() != "totp":
        raise BadSecret(_("The address should start with `otpauth://totp/`."))


def _label(path: str, issuer: str) -> tuple[str, str]:
    """Issuer and account; a literal colon parts them, but most apps write `%3A`."""
    label = unquote(path.lstrip("/"), errors="replace")
    front, colon, account = label.partition(":")
    named, account = (front, account) if colon else ("", label)
    return _shown(issuer or named), _shown(account)


def _shown(text: str) -> str:
    """One short line, without characters that reorder or hide text."""
    flat = " ".join(_CONTROLS.sub(" ", text).split())
    return flat if len(flat) <= 80 else flat[:79] + "…"


def _address_settings(given: Mapping[str, str], settings: CodeSettings) -> CodeSettings:
    """The settings that an address names, each of them checked."""
    digits, period = given.get("digits", ""), given.get("period", "")
    algorithm = given.get("algorithm", "").upper().replace("-", "").removeprefix("HMAC")
    if digits and digits not in {str(number) for number in DIGITS}:
        raise BadSecret(_("The address asks for codes of another length than 6, 7 or 8 digits."))
    if period and not is_period(period):
        raise BadSecret(
            _("The address asks for a period that is not {least} to {most} seconds.").format(
                least=MIN_PERIOD_S, most=MAX_PERIOD_S
            )
        )
    if algorithm and algorithm not in ALGORITHMS:
        raise BadSecret(_("The address asks for another algorithm than SHA1, SHA256 or SHA512."))
    return CodeSettings(
        int(digits or settings.digits),
        int(period or settings.period_s),
        algorithm or settings.algorithm,
    )


def is_period(text: str) -> bool:
    """Whether it is a whole number of seconds within the limits."""
    number = text.isascii() and text.isdecimal() and len(text) <= 4 and int(text)
    return bool(number) and MIN_PERIOD_S <= number <= MAX_PERIOD_S
