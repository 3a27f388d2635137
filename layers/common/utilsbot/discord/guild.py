"""A guild, as the bot's own list of guilds has it."""

from typing import NamedTuple


class Guild(NamedTuple):
    """A guild that the bot is in."""

    id: str
    name: str
    members: int | None
    """About so many; None if Discord did not say."""
