"""How Discord signs interactions. Source: interactions/overview.mdx, Setting Up an Endpoint."""

import json
from collections.abc import Mapping
from typing import Any

from nacl.signing import SigningKey


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


def encode(body: Mapping[str, Any]) -> bytes:
    """The body as Discord writes it: compact, keys sorted, raw UTF-8."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.encode("utf-8", "surrogatepass")
