"""What a screenshot is asked for and answered with, as plain data that commands can import."""

from typing import NamedTuple

MAX_DELAY_S = 10


class Size(NamedTuple):
    """A browser window."""

    name: str
    label: str
    width: int
    height: int


SIZES = (
    Size("desktop", "Desktop, 1920 x 1080", 1920, 1080),
    Size("laptop", "Laptop, 1366 x 768", 1366, 768),
    Size("tablet", "Tablet, 820 x 1180", 820, 1180),
    Size("phone", "Phone, 390 x 844", 390, 844),
)
DEFAULT_SIZE = SIZES[0]


class ShotOptions(NamedTuple):
    """How the picture is to be taken."""

    size: Size = DEFAULT_SIZE
    full_page: bool = False
    delay_s: int = 0
    """How long the page may go on loading."""
    dark: bool = False
    """Ask the page for its dark colours."""


class Picture(NamedTuple):
    """An image as a service delivered it."""

    provider: str
    content: bytes
    dark: bool = False
    """Whether the page was asked for its dark colours."""


class Shot(NamedTuple):
    """The answer: an image that fits into a Discord message."""

    host: str
    """As people read it."""
    url: str
    provider: str
    content: bytes
    suffix: str
    """Of the file, as `.png`."""
    content_type: str
    width: int
    height: int
    dark: bool = False
    scaled_percent: int = 100
    """How much of the original's width is left."""
    cut_at: int = 0
    """The height in pixels at which a very long page was cut; 0 if it is whole."""
