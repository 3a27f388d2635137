"""Where the store holds what is about a user, and which rows are about nobody.

Most lies in the user's own partition. What lies elsewhere is listed in ELSEWHERE with how its keys
follow from the user's own rows. A test calls every function of store.keys and store.system_keys and
fails for one that is in neither place and not in NOBODY.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from utilsbot.discord.snowflake import created_at
from utilsbot.store import keys, system_keys
from utilsbot.store.keys import Key
from utilsbot.store.operators import Kind, Roll

Row = Mapping[str, Any]

OWN: Mapping[str, str] = {
    "PROFILE": "profile",
    "LOG#": "command_log",
    "API#": "api_usage",
    "ALLOWANCE#": "allowances",
    keys.CHATS: "chats",
    "GAMESTATS#": "game_stats",
    "GAME#": "games",
    "AUDIT#": "audit",
    "FAILED#": "failed_commands",
    "REPLAY#": "sealed_commands",
}
"""What the export calls the rows of a user's partition, by the beginning of their sort key."""


def standings(user_id: str, own: Sequence[Row]) -> Iterator[Key]:
    """Leaderboards, which the figures of each game name by guild."""
    prefix = keys.game_stats("", "").sk
    for row in own:
        if row["sk"].startswith(prefix):
            for guild_id in row.get("guilds", ()):
                yield keys.standing(guild_id, row["sk"].removeprefix(prefix), user_id)


def memberships(user_id: str, _own: Sequence[Row]) -> Iterator[Key]:
    """Entries in the whitelist and the blacklist, whether they exist or not."""
    for roll in Roll:
        yield system_keys.member(roll.value, Kind.USER.value, user_id)


def audit_copies(user_id: str, own: Sequence[Row]) -> Iterator[Key]:
    """The other copies of the entries that the user's partition has a copy of."""
    prefix = system_keys.audit_of_user("", "").sk.rstrip("0")
    for row in own:
        if row["sk"].startswith(prefix):
            entry_id = row["sk"].removeprefix(prefix)
            yield system_keys.audit(entry_id, int(row["at"]) / 1000)
            if row["actor_id"] != user_id:
                yield system_keys.audit_of_user(row["actor_id"], entry_id)
            if row["subject_kind"] == "guild":
                yield system_keys.audit_of_guild(row["subject_id"], entry_id)


def failures(user_id: str, own: Sequence[Row]) -> Iterator[Key]:
    """The operators' list of what failed, in which the user's partition names their entries."""
    prefix = system_keys.failed_of_user(user_id, "").sk.rstrip("0")
    for row in own:
        if row["sk"].startswith(prefix):
            interaction_id = row["sk"].removeprefix(prefix).lstrip("0") or "0"
            yield system_keys.failed(interaction_id, created_at(interaction_id))


ELSEWHERE: Mapping[str, tuple[str, Callable[[str, Sequence[Row]], Iterator[Key]]]] = {
    "standing": ("leaderboards", standings),
    "member": ("lists", memberships),
    "audit": ("audit_trail", audit_copies),
    "audit_of_guild": ("audit_trail", audit_copies),
    "failed": ("failed_list", failures),
}
"""Key function → what the export calls its rows, and how to find a user's."""

NOBODY: Mapping[str, str] = {
    "guild": "a server's settings and switches",
    "flags": "the bot's switches",
    "stats": "counts of all users together",
    "cache": "answers of services; the key is a digest of what was asked, the row names nobody",
    "allowance": "counts of all users together",
    "shared_allowance": "counts of all users together",
    "guild_allowance": "counts of all users of a server together",
    "slot": "a call under way, named by its interaction for at most a day",
    "pause": "a service's pause",
}
"""Key functions whose rows are about no user, and what they are."""


def kind_of(sort_key: str) -> str:
    """What the export calls a row of a user's partition."""
    return next((name for prefix, name in OWN.items() if sort_key.startswith(prefix)), "other")
