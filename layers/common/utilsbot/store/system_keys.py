"""The keys of operators' data: lists of members, the audit trail. Beside store.keys, same table."""

from time import gmtime, strftime

from utilsbot.store.keys import Key

AUDIT_LIFE_S = 365 * 24 * 3600
"""How long operators' changes are kept."""


def member(list_name: str, kind: str, member_id: str) -> Key:
    """A member of a list, as USER or GUILD of the whitelist; a whole list is one partition."""
    return Key(f"LIST#{list_name}", f"{kind}#{member_id}")


def audit(entry_id: str, at: float) -> Key:
    """A change, with everybody's of that UTC month; `at` in epoch seconds."""
    return Key(f"AUDIT#{strftime('%Y-%m', gmtime(at))}", f"{entry_id:0>20}")


def audit_of_user(user_id: str, entry_id: str) -> Key:
    """The copy of a change for a user whom it concerns or who made it."""
    return Key(f"USER#{user_id}", f"AUDIT#{entry_id:0>20}")


def audit_of_guild(guild_id: str, entry_id: str) -> Key:
    """The copy of a change for the guild that it concerns."""
    return Key(f"GUILD#{guild_id}", f"AUDIT#{entry_id:0>20}")
