"""What makes a QR code that scanners read: how much fits, which colours, how large.

Sources: ISO/IEC 18004 (capacity of version 40 in byte mode, quiet zone of 4 modules); WCAG 2.2,
contrast ratio.
"""

import math
import re
from collections.abc import Mapping
from typing import NamedTuple


class Level(NamedTuple):
    """A level of error correction."""

    label: str
    max_bytes: int
    """The most that the largest code, version 40, holds in byte mode."""
    damage: str
    """How much of the code may be unreadable."""


LEVELS: Mapping[str, Level] = {
    "L": Level("Low", 2953, "7 %"),
    "M": Level("Medium", 2331, "15 %"),
    "Q": Level("Quartile", 1663, "25 %"),
    "H": Level("High", 1273, "30 %"),
}
MODULE_PX: Mapping[str, int] = {"small": 5, "medium": 8, "large": 12}
"""Pixels a module."""
QUIET_ZONE = 4
"""Modules of the light colour around the code."""
MIN_CONTRAST = 3.0
"""Below it phones begin to fail."""

Rgb = tuple[int, int, int]
"""Red, green, blue, each 0 to 255."""

COLOUR_NAMES: Mapping[str, str] = {
    "black": "000000",
    "white": "ffffff",
    "grey": "808080",
    "gray": "808080",
    "silver": "c0c0c0",
    "red": "ff0000",
    "maroon": "800000",
    "crimson": "dc143c",
    "brown": "8b4513",
    "orange": "ffa500",
    "gold": "ffd700",
    "yellow": "ffff00",
    "olive": "808000",
    "lime": "00ff00",
    "green": "008000",
    "teal": "008080",
    "cyan": "00ffff",
    "blue": "0000ff",
    "navy": "000080",
    "indigo": "4b0082",
    "purple": "800080",
    "violet": "ee82ee",
    "magenta": "ff00ff",
    "pink": "ffc0cb",
    "blurple": "5865f2",
}
"""CSS's values where CSS has the name; blurple is Discord's."""

_HEX = re.compile(r"#?([0-9a-f]{6}|[0-9a-f]{3})")


def parse_colour(text: str) -> Rgb:
    """The colour that `#1a2b3c`, `1a2b3c`, `#abc` or a name stands for.

    Raises:
        ValueError: it is none of these.
    """
    wanted = text.strip().lower()
    match = _HEX.fullmatch(COLOUR_NAMES.get(wanted, wanted))
    if match is None:
        raise ValueError("not a colour")
    digits = match[1] if len(match[1]) == 6 else "".join(digit * 2 for digit in match[1])
    red, green, blue = bytes.fromhex(digits)
    return red, green, blue


def contrast(one: Rgb, other: Rgb) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: Rgb) -> float:
    """The relative luminance, 0 for black to 1 for white (WCAG 2.2)."""
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else math.pow((part + 0.055) / 1.055, 2.4)
