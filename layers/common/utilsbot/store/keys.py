"""The keys of the one table; nobody else writes a key (docs/data.md lists the access patterns)."""

from time import gmtime, strftime
from typing import NamedTuple

LOG_LIFE_S = 90 * 24 * 3600
"""How long a command's log row is kept."""


class Key(NamedTuple):
    """A primary key."""

    pk: str
    sk: str


def user(user_id: str) -> Key:
    """The User entity."""
    return Key(f"USER#{user_id}", "PROFILE")


def guild(guild_id: str) -> Key:
    """The Guild entity."""
    return Key(f"GUILD#{guild_id}", "PROFILE")


def flags() -> Key:
    """The Flags entity: the one row of switches."""
    return Key("FLAGS", "FLAGS")


def command_log(user_id: str, interaction_id: str) -> Key:
    """A command's log row, which is its claim too; padded, so that rows sort by time."""
    return Key(f"USER#{user_id}", f"LOG#{interaction_id:0>20}")


def stats(command: str, at: float) -> Key:
    """A command's counters of one UTC day; `at` in epoch seconds."""
    return Key(f"STATS#{strftime('%Y-%m-%d', gmtime(at))}", f"COMMAND#{command}")
