"""Makes time-based one-time codes (RFC 6238) with pyotp."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from functions.tools.otp_secret import TotpKey

_DIGESTS: Mapping[str, Callable[..., Any]] = {
    "SHA1": hashlib.sha1,
    "SHA256": hashlib.sha256,
    "SHA512": hashlib.sha512,
}


class OneTimeCodes:
    """The port that /totp is given; stateless."""

    def code(self, key: TotpKey, at: float) -> str:
        """The code that holds at a time.

        Args:
            key: the secret and its settings.
            at: epoch seconds.
        """
        return str(_totp(key).at(int(at)))


def _totp(key: TotpKey) -> Any:
    import pyotp  # here, so that the group's other commands start without it

    class AnyLength(pyotp.TOTP):
        """pyotp 2.12 refuses secrets under 112 bits, and many sites still give out 80."""

        def byte_secret(self) -> bytes:
            return key.key

    settings = key.settings
    return AnyLength(
        "",
        digits=settings.digits,
        digest=_DIGESTS[settings.algorithm],
        interval=settings.period_s,
    )
