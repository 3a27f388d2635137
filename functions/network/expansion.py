"""What following a link found out, as plain data: no library, so that commands can import it."""

from enum import Enum
from typing import Any, NamedTuple

MAX_HOPS = 10
"""Redirects that are followed."""


class End(Enum):
    """How a chain ended."""

    PAGE = "page"
    """A page answered."""
    DEAD = "dead"
    """The last host answers, and says that there is no such page (404, 410)."""
    ERROR = "error"
    """The last host answers with another error."""
    NO_HOST = "no_host"
    """The last host has no address."""
    SILENT = "silent"
    """The last host did not answer (in time)."""
    LOOP = "loop"
    """The chain came back to where it had been."""
    TOO_MANY = "too_many"
    """More redirects than MAX_HOPS."""
    REFUSED = "refused"
    """The next address is none that may be opened."""


class Hop(NamedTuple):
    """One address of a chain."""

    url: str
    """ASCII."""
    host: str
    """As people read it."""
    status: int | None = None
    """None if it did not answer or was not asked."""


class Expansion(NamedTuple):
    """A chain from the address that was given to where it ends."""

    hops: tuple[Hop, ...]
    end: End
    why: str = ""
    """A clause, where the end needs one; in the reader's language, as the warnings are."""
    title: str = ""
    """Of the final page, if it has one."""
    forwards_to: str = ""
    """Where the final page itself says that it goes on to (a refresh in its HTML); not followed."""
    warnings: tuple[str, ...] = ()
    """Whole sentences in Markdown."""

    @property
    def final(self) -> Hop:
        """The last address."""
        return self.hops[-1]

    @property
    def redirects(self) -> int:
        """How many there were."""
        return len(self.hops) - 1

    def to_json(self) -> dict[str, Any]:
        """For the cache."""
        return self._asdict() | {"end": self.end.value, "hops": [list(hop) for hop in self.hops]}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Expansion":
        """From the cache."""
        hops = tuple(Hop(*hop) for hop in value["hops"])
        warnings = tuple(value["warnings"])
        return cls(**value | {"hops": hops, "end": End(value["end"]), "warnings": warnings})
