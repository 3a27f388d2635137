"""What operators keep, as values: members of lists, switches, the audit trail. Imports no AWS."""

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

from utilsbot.store import keys, system_keys


class Subject(NamedTuple):
    """What a change is about."""

    kind: str
    """`user`, `guild`, `group`, `command`, `bot`."""
    id: str = ""


class Change(NamedTuple):
    """An entry of the audit trail."""

    entry_id: str
    """The interaction's id: a redelivery writes the same entry again."""
    at: float
    """Epoch seconds."""
    actor_id: str
    action: str
    """As `whitelist add`: a fixed word, never input."""
    subject: Subject
    detail: str = ""
    """The reason given, or a number; never code that was run."""


class ChangePage(NamedTuple):
    """Some entries, newest first."""

    changes: tuple[Change, ...]
    more: bool
    """Whether there are older ones."""


class Roll(Enum):
    """A list; the value names its partition."""

    WHITELIST = "whitelist"
    BLACKLIST = "blacklist"

    @property
    def flag(self) -> str:
        """The attribute of the User or Guild row that the gate reads."""
        return f"{self.value}ed"


class Kind(Enum):
    """What a member is; the value begins its sort key."""

    USER = "USER"
    GUILD = "GUILD"


class Member(NamedTuple):
    """A user or a guild."""

    kind: Kind
    id: str

    @property
    def profile(self) -> keys.Key:
        """The row whose flag counts."""
        return keys.user(self.id) if self.kind is Kind.USER else keys.guild(self.id)

    @property
    def subject(self) -> Subject:
        """As the audit trail names it."""
        return Subject(self.kind.value.lower(), self.id)


class Listing(NamedTuple):
    """A member with why it is on the list."""

    member: Member
    reason: str
    added_by: str
    added_at: float
    """Epoch seconds."""

    @property
    def cursor(self) -> str:
        """Where a page begins or ends."""
        return system_keys.member("", self.member.kind.value, self.member.id).sk


class ListPage(NamedTuple):
    """Some members in the order of kind and id."""

    listings: tuple[Listing, ...]
    total: int
    has_before: bool
    has_after: bool


class State(NamedTuple):
    """What is switched."""

    off: Mapping[str, str]
    """Groups and commands that are off, each with the reason that users see."""
    maintenance: str
    """The text that everyone but developers sees; empty: none."""
    closed_beta: bool | None
    """None: as the deployment's setting says."""
    version: int
    """Grows with every /reload."""
    command_ids: Mapping[str, str]
