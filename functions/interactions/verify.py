"""Whether a request is Discord's: Ed25519 over timestamp and raw body, and not too old.

Source: discord-api-docs, interactions/overview.mdx, Setting Up an Endpoint. The docs give no replay
window; ours is 5 minutes back and 30 s ahead.
"""

from collections.abc import Mapping

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from utilsbot.clock import Clock

MAX_AGE_S = 300
MAX_AHEAD_S = 30


class Unauthorized(Exception):
    """Not a request of Discord's; the reason is for the log and never for the sender."""


class Verifier:
    """Checks requests against the application's public keys (two during a rotation)."""

    def __init__(self, public_keys: tuple[bytes, ...], clock: Clock) -> None:
        """Args: public_keys: 32 bytes each; never empty, or everything is refused."""
        self._keys = tuple(VerifyKey(key) for key in public_keys)
        self._clock = clock

    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        """Accepts the request by returning; the cheapest checks come first.

        Args:
            headers: names in lower case.
            body: the bytes as they were received.

        Raises:
            Unauthorized: missing, malformed, stale or wrong.
        """
        timestamp = headers.get("x-signature-timestamp", "")
        if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12):
            raise Unauthorized("timestamp")
        signature = _signature(headers.get("x-signature-ed25519", ""))
        age_s = self._clock.now() - int(timestamp)
        if not -MAX_AHEAD_S <= age_s <= MAX_AGE_S:
            raise Unauthorized("stale")
        message = timestamp.encode() + body
        for key in self._keys:
            try:
                key.verify(message, signature)
            except BadSignatureError:
                continue
            return
        raise Unauthorized("signature")


def _signature(text: str) -> bytes:
    """The 64 bytes of a signature header."""
    if len(text) != 128 or not text.isascii() or not text.isalnum():
        raise Unauthorized("malformed")
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise Unauthorized("malformed") from None
