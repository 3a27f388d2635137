"""What the store knows of commands and users, as values. Imports no AWS."""

from typing import NamedTuple


class Counts(NamedTuple):
    """One command on one day."""

    day_began: int
    """Epoch seconds."""
    command: str
    """With its subcommand or action, as `qr read`, `password:again`."""
    runs: int
    failures: int
    """Of ours: errors, and services that did not answer."""
    duration_ms: int
    """Of all runs together."""
    people: int = 0
    """Whose first command of the day it was; the sum over a day's commands is the day's users."""


class Line(NamedTuple):
    """One command that ran, or runs."""

    interaction_id: str
    user_id: str
    command: str
    group: str
    guild_id: str | None
    reference: str
    outcome: str
    """`working` while it runs."""
    received_at: float
    """Epoch seconds."""
    duration_ms: int
    attempt: int


class LogPage(NamedTuple):
    """Some lines, newest first."""

    lines: tuple[Line, ...]
    more: bool
    """Whether there are older ones."""


class Kept(NamedTuple):
    """Something that an erasure leaves, and why."""

    what: str
    """In English, marked for translation."""
    until: float | None = None
    """Epoch seconds; None: as long as the reason lasts."""


class Erasure(NamedTuple):
    """What was done, and what a second look found."""

    erased: int
    """Rows."""
    remaining: int
    """Rows that a fresh, consistent read found afterwards, beside what is kept; 0 unless another
    command of the user was writing all the time."""
    kept: tuple[Kept, ...]
