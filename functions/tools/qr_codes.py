"""Codes as values: what was drawn, and what was read."""

from typing import NamedTuple


class BadImage(ValueError):
    """What is wrong with an image, as a sentence."""


class Drawn(NamedTuple):
    """A QR code as an image."""

    png: bytes
    version: int
    """1 to 40: the code has 17 + 4 * version modules a side."""
    modules: int
    """A side, without the quiet zone."""
    pixels: int
    """A side, with it."""


class Found(NamedTuple):
    """A code that was read."""

    kind: str
    """As "QR Code" or "Data Matrix"."""
    content: bytes
    text: str | None
    """None if the content is not text."""
