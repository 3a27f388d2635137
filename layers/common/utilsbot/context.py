"""What a command is told about its call."""

from collections.abc import Mapping
from typing import NamedTuple

from utilsbot.discord.interaction import Interaction, User
from utilsbot.i18n import DEFAULT


class Context(NamedTuple):
    """One call of a command, a button, a select or a modal."""

    interaction: Interaction
    now: float
    """Epoch seconds, UTC, when this function took the call up."""
    reference: str
    """The reference id that users see and logs carry."""
    private: bool
    """Whether only the caller sees the reply."""
    developer: bool = False
    values: tuple[str, ...] = ()
    """What was chosen in a select."""
    fields: Mapping[str, str] = {}
    """What was typed into a modal, by the input's name."""
    language: str = DEFAULT
    """What the reply is written in: one of utilsbot.i18n.LANGUAGES."""
    ai_requests: int | None = None
    """AI questions a day that the guild's administrators allow; None: they set nothing."""

    @property
    def user(self) -> User:
        """Who called."""
        return self.interaction.user

    @property
    def guild_id(self) -> str | None:
        """Where, or None outside guilds."""
        return self.interaction.guild_id
