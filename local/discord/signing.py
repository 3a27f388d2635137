"""How Discord signs interactions. Source: interactions/overview.mdx, Setting Up an Endpoint."""

import json
from collections.abc import Mapping
from typing import Any

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

_FRESH_S = 30
"""A bot may refuse what is older; Discord's docs give no window."""


class Signer:
    """A key pair as Discord has one for each application."""

    def __init__(self, seed: bytes | None = None) -> None:
        """Args: seed: 32 bytes; None makes a throw-away key."""
        self._key = SigningKey(seed) if seed else SigningKey.generate()

    @property
    def public_key(self) -> str:
        """64 hex digits, as the developer portal shows them."""
        return self._key.verify_key.encode().hex()

    def headers(self, body: bytes, at: float) -> dict[str, str]:
        """The headers of a signed request. Args: at: epoch seconds."""
        timestamp = str(int(at))
        signature = self._key.sign(timestamp.encode() + body).signature.hex()
        return {
            "Content-Type": "application/json",
            "User-Agent": "Discord-Interactions/1.0 (+https://discord.com)",
            "X-Signature-Ed25519": signature,
            "X-Signature-Timestamp": timestamp,
        }


def expected_statuses(
    public_keys: str, headers: Mapping[str, str], body: bytes, at: float
) -> tuple[int, ...]:
    """What an endpoint should answer to a request: 401 unless it is signed.

    Args:
        public_keys: hex, comma separated.
        headers: of the request, names in any case.
        body: its bytes.
        at: epoch seconds when it came.
    """
    named = {name.lower(): value for name, value in headers.items()}
    timestamp = named.get("x-signature-timestamp", "")
    if not any(_signed(key, timestamp, named, body) for key in public_keys.split(",")):
        return (401,)
    fresh = timestamp.isdecimal() and abs(at - int(timestamp)) <= _FRESH_S
    return (200,) if fresh else (200, 401)


def _signed(public_key: str, timestamp: str, headers: Mapping[str, str], body: bytes) -> bool:
    try:
        signature = bytes.fromhex(headers.get("x-signature-ed25519", ""))
        VerifyKey(bytes.fromhex(public_key)).verify(timestamp.encode() + body, signature)
    except (BadSignatureError, ValueError):
        return False
    return True


def encode(body: Mapping[str, Any]) -> bytes:
    """The body as Discord writes it: compact, keys sorted, raw UTF-8."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.encode("utf-8", "surrogatepass")
