"""What a guild's administrators set, as it lies in the guild's row. Imports no AWS."""

from collections.abc import Mapping
from typing import Any, NamedTuple


class GuildSettings(NamedTuple):
    """The settings of one guild; the defaults are those of a guild that set nothing."""

    off: frozenset[str] = frozenset()
    """Groups and commands that are off here, by name."""
    private_only: bool = False
    """Whether every answer in this guild is private."""
    language: str = ""
    """What public answers speak here, as a Discord locale; empty: what the caller speaks."""
    ai_requests: int | None = None
    """AI questions a day for the whole guild, beside the operator's limit; None: only that one."""


def guild_settings(row: Mapping[str, Any]) -> GuildSettings:
    """The settings of a guild's row, in DynamoDB's JSON; an empty row has none."""
    requests = row.get("ai_requests", {}).get("N")
    return GuildSettings(
        off=frozenset(row.get("commands_off", {}).get("SS", ())),
        private_only=row.get("private_only", {}).get("BOOL", False),
        language=row.get("language", {}).get("S", ""),
        ai_requests=int(requests) if requests is not None else None,
    )
