"""Who and where: the users, guilds and channels of the playground, and ids for new things."""

import itertools
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

APPLICATION_ID = "1100000000000000001"
BOT_USER_ID = APPLICATION_ID
BOT_NAME = "UtilsBot+"
_EPOCH_MS = 1_420_070_400_000

LOCALES: Mapping[str, str] = {
    "en-US": "English, US",
    "en-GB": "English, UK",
    "de": "Deutsch",
    "es-ES": "Español",
    "es-419": "Español, LATAM",
    "fr": "Français",
    "ja": "日本語",
    "pl": "Polski",
    "pt-BR": "Português do Brasil",
    "vi": "Tiếng Việt",
}
"""What Discord may speak → its name there: the bot's languages, those that fall back to one of
them, and one that nobody translated. Source: discord-api-docs, reference.mdx, Locales.
"""
DEFAULT_LOCALE = "en-US"

Kind = Literal["guild", "dm", "private_channel"]
CONTEXTS: Mapping[Kind, int] = {"guild": 0, "dm": 1, "private_channel": 2}

_ADMIN = str((1 << 53) - 1)
_MEMBER = str(
    sum(1 << bit for bit in (6, 10, 11, 14, 15, 16, 18, 31, 38))
)  # reactions, view, send, embed, attach, history, external emojis, app commands, send in threads


class Snowflakes:
    """Makes ids as Discord does: time, then a counter."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        """Args: now: epoch seconds."""
        self._now = now
        self._counter = itertools.count(1)

    def new(self) -> str:
        """A new id, greater than all before it within a millisecond's 4096."""
        moment = int(self._now() * 1000) - _EPOCH_MS
        return str(moment << 22 | next(self._counter) & 0xFFF)


@dataclass(frozen=True)
class User:
    """A person."""

    id: str
    name: str
    avatar_colour: str
    admin: bool = False
    """Administrator of every guild here."""

    def payload(self) -> dict[str, Any]:
        """Discord's user object, as interactions carry it."""
        return {
            "id": self.id,
            "username": self.name.lower(),
            "global_name": self.name,
            "discriminator": "0",
            "avatar": None,
            "avatar_decoration_data": None,
            "bot": False,
            "clan": None,
            "collectibles": None,
            "primary_guild": None,
            "public_flags": 0,
        }

    def member(self) -> dict[str, Any]:
        """Discord's guild member object, without the user."""
        return {
            "avatar": None,
            "banner": None,
            "communication_disabled_until": None,
            "deaf": False,
            "flags": 0,
            "joined_at": "2026-01-15T10:00:00.000000+00:00",
            "mute": False,
            "nick": None,
            "pending": False,
            "permissions": _ADMIN if self.admin else _MEMBER,
            "premium_since": None,
            "roles": [],
            "unusual_dm_activity_until": None,
        }


@dataclass(frozen=True)
class Place:
    """Where somebody can type a command."""

    id: str
    kind: Kind
    name: str
    channel_id: str
    """Of a DM: the first user's; every user has a channel of their own."""
    guild_id: str | None = None
    locale: str = DEFAULT_LOCALE
    """What the community of a guild speaks."""

    @property
    def context(self) -> int:
        """Discord's interaction context type."""
        return CONTEXTS[self.kind]


USERS = (
    User("300000000000000001", "Ada", "#5865F2", admin=True),
    User("300000000000000002", "Ben", "#57A773"),
    User("300000000000000003", "Cleo", "#E07A5F"),
)
PLACES = (
    Place("playground", "guild", "Playground #general", "500000000000000011", "400000000000000001"),
    Place(
        "tea-house",
        "guild",
        "Tea House #lobby",
        "500000000000000021",
        "400000000000000002",
        "en-GB",
    ),
    Place("dm", "dm", f"Direct message with {BOT_NAME}", "510000000000000001"),
    Place("friends", "private_channel", "Group DM “friends”", "500000000000000041"),
)
_COLOURS = ("#9B5DE5", "#F15BB5", "#00BBF9", "#F4A259", "#8D99AE")


class World:
    """The known users and places; a foreign client's are added when they are first seen."""

    def __init__(self, developer_ids: frozenset[str] = frozenset()) -> None:
        """Args: developer_ids: whom the bot takes for its developers."""
        self.developer_ids = developer_ids
        self.users = {user.id: user for user in USERS}
        self.places = {place.id: place for place in PLACES}

    def user(self, user_id: str, name: str | None = None) -> User:
        """The user of that id, made up if unknown."""
        if user_id not in self.users:
            colour = _COLOURS[len(self.users) % len(_COLOURS)]
            self.users[user_id] = User(user_id, name or f"User {user_id[-4:]}", colour)
        return self.users[user_id]

    def place_of_guild(self, guild_id: str) -> Place:
        """The first channel of a guild, made up if unknown."""
        found = next((p for p in self.places.values() if p.guild_id == guild_id), None)
        return found or self._add(
            Place(guild_id, "guild", f"Guild {guild_id[-4:]}", guild_id, guild_id)
        )

    def place_of(self, body: Mapping[str, Any]) -> Place:
        """Where an interaction happened; a place made up if it is unknown."""
        channel_id, guild_id = str(body.get("channel_id") or "0"), body.get("guild_id")
        for place in self.places.values():
            if place.channel_id == channel_id:
                return place
        if guild_id:
            return self._add(
                Place(channel_id, "guild", f"#{channel_id[-4:]}", channel_id, str(guild_id))
            )
        if body.get("context") == CONTEXTS["private_channel"]:
            return self._add(
                Place(channel_id, "private_channel", f"DM {channel_id[-4:]}", channel_id)
            )
        return self.places["dm"]

    def _add(self, place: Place) -> Place:
        self.places[place.id] = place
        return place


def dm_channel_id(user_id: str) -> str:
    """The channel between a user and the bot; of no place that is somebody else's too."""
    first = int(PLACES[2].channel_id)
    return str(first + (int(user_id) - int(USERS[0].id)) % 10**9)
