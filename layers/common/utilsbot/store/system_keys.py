"""The keys of operators' data: lists of members, the audit trail, what failed. One table."""

from time import gmtime, strftime

from utilsbot.store.keys import Key

AUDIT_LIFE_S = 365 * 24 * 3600
"""How long operators' changes are kept."""
FAILED_LIFE_S = 14 * 24 * 3600
"""How long a command that failed for good is listed; as long as a dead-letter queue keeps one."""


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


def failed(interaction_id: str, at: float) -> Key:
    """What the rescue kept, with everything of that UTC day; `at`: when the id was made."""
    return Key(f"FAILED#{strftime('%Y-%m-%d', gmtime(at))}", f"{interaction_id:0>20}")


def failed_of_user(user_id: str, interaction_id: str) -> Key:
    """That a command of a user is among what failed: how /privacy finds it."""
    return Key(f"USER#{user_id}", f"FAILED#{interaction_id:0>20}")


def failed_command(user_id: str, interaction_id: str) -> Key:
    """The failed command itself, sealed, for the minutes in which it can be run again."""
    return Key(f"USER#{user_id}", f"REPLAY#{interaction_id:0>20}")
