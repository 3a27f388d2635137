"""Seals what users wrote: XChaCha20-Poly1305 by PyNaCl (docs/decisions/0007)."""

import base64
from collections.abc import Callable
from hashlib import blake2b

from nacl.exceptions import CryptoError
from nacl.secret import Aead

from utilsbot.errors import ServiceError
from utilsbot.settings import Secret

_NAME_BYTES = 4
_VERSION = b"\x01"


class XChaChaSeal:
    """Closes with the first of its keys and opens with any, so that keys can be rotated.

    A sealed text is a version byte, four bytes that name the key, and the nonce with the ciphertext
    and its tag. Nonces are random: with 24 bytes no two will ever be the same.
    """

    def __init__(self, read_keys: Callable[[], Secret]) -> None:
        """Args: read_keys: 32 bytes each in base64, comma separated, the one in use first."""
        self._read_keys = read_keys
        self._parsed: tuple[Secret, dict[bytes, Aead]] | None = None

    def close(self, content: bytes, bound_to: str) -> bytes:
        """As utilsbot.store.chats.Seal.

        Raises:
            ServiceError: the setting holds no key of 32 bytes.
        """
        name, box = next(iter(self._boxes().items()))
        return _VERSION + name + bytes(box.encrypt(content, bound_to.encode()))

    def open(self, sealed: bytes, bound_to: str) -> bytes | None:
        """As utilsbot.store.chats.Seal.

        Raises:
            ServiceError: the setting holds no key of 32 bytes.
        """
        if sealed[:1] != _VERSION:
            return None
        box = self._boxes().get(sealed[1 : 1 + _NAME_BYTES])
        if box is None:
            return None
        try:
            return box.decrypt(sealed[1 + _NAME_BYTES :], bound_to.encode())
        except (CryptoError, ValueError):
            return None

    def _boxes(self) -> dict[bytes, Aead]:
        secret = self._read_keys()
        if self._parsed is None or self._parsed[0] != secret:
            self._parsed = secret, _parse(secret)
        return self._parsed[1]


def _parse(secret: Secret) -> dict[bytes, Aead]:
    boxes = {}
    for part in secret.reveal().split(","):
        try:
            key = base64.b64decode(part.strip(), validate=True)
        except ValueError:
            key = b""
        if len(key) != Aead.KEY_SIZE:
            raise ServiceError("the sealing key should be 32 bytes in base64")
        name = blake2b(key, digest_size=_NAME_BYTES, person=b"utilsbot chat").digest()
        boxes[name] = Aead(key)
    return boxes
