"""Computes and compares digests with hashlib and hmac."""

import hashlib
import hmac


class Digests:
    """The port that /hash is given; stateless."""

    def hex_digest(self, algorithm: str, content: bytes) -> str:
        """The digest in lower-case hex.

        Args:
            algorithm: a name of digest_names.ALGORITHMS.
            content: what to digest.
        """
        name = algorithm.replace("-", "_")
        return hashlib.new(name, content, usedforsecurity=False).hexdigest()

    def same(self, one: str, other: str) -> bool:
        """Whether two hex digests are equal, in a time that does not tell where they differ."""
        return hmac.compare_digest(one.encode(), other.encode())
