"""The keys of the one table; nobody else writes a key (docs/data.md lists the access patterns)."""

from time import gmtime, strftime
from typing import NamedTuple

LOG_LIFE_S = 90 * 24 * 3600
"""How long a command's log row is kept."""
USAGE_LIFE_S = 90 * 24 * 3600
"""How long a user's API usage is kept by the day; the lifetime row stays."""

PREFERS = "prefers_"
"""What the attributes of a user's row begin with that hold what they have chosen."""
CHATS = "CHAT#"
"""What the sort keys of a user's conversations begin with."""


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


def api_usage(user_id: str, api: str, at: float | None = None) -> Key:
    """A user's use of an API on the UTC day of `at` (epoch seconds); without it, of all time."""
    day = f"DAY#{_day(at)}" if at is not None else "ALL"
    return Key(f"USER#{user_id}", f"API#{day}#{api}")


def cache(kind: str, digest: str) -> Key:
    """A cached answer; the digest stands for what was asked, which may be a user's input."""
    return Key(f"CACHE#{kind}#{digest}", "CACHE")


def allowance(api: str, at: float) -> Key:
    """How often everybody together has used an API on one UTC day; `at` in epoch seconds."""
    return Key(f"ALLOWANCE#{api}", f"DAY#{_day(at)}")


def slot(api: str, number: int) -> Key:
    """One of an API's places for calls under way."""
    return Key(f"ALLOWANCE#{api}", f"SLOT#{number:03d}")


def pause(api: str) -> Key:
    """Until when an API wants to be left alone."""
    return Key(f"ALLOWANCE#{api}", "PAUSE")


def _day(at: float) -> str:
    return strftime("%Y-%m-%d", gmtime(at))


def game(user_id: str, name: str, slot: str) -> Key:
    """A user's game in one of the slots of a kind of game, as wordle's `daily`."""
    return Key(f"USER#{user_id}", f"GAME#{name}#{slot}")


def game_stats(user_id: str, name: str) -> Key:
    """A user's figures of one kind of game."""
    return Key(f"USER#{user_id}", f"GAMESTATS#{name}")


def standing(guild_id: str, name: str, user_id: str) -> Key:
    """A user's figures of one kind of game in one guild; a guild's leaderboard is one partition."""
    return Key(f"GUILD#{guild_id}#GAME#{name}", f"USER#{user_id}")


def chat(user_id: str, place: str) -> Key:
    """A user's conversation in one place; under the user, so that only its owner can reach it."""
    return Key(f"USER#{user_id}", f"{CHATS}{place}")


def user_allowance(user_id: str, api: str, at: float) -> Key:
    """What a user has used of their allowance of an API on one UTC day."""
    return Key(f"USER#{user_id}", f"ALLOWANCE#{api}#DAY#{_day(at)}")


def guild_allowance(guild_id: str, api: str, at: float) -> Key:
    """What a guild's members have used of its allowance of an API on one UTC day."""
    return Key(f"GUILD#{guild_id}", f"ALLOWANCE#{api}#DAY#{_day(at)}")


def shared_allowance(api: str, at: float) -> Key:
    """What everybody has used, in requests and tokens, of an API on one UTC day."""
    return Key(f"ALLOWANCE#{api}", f"TOKENS#DAY#{_day(at)}")
