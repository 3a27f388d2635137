"""What the audit trail is told of a call, and its caller when there was nothing to tell it."""

from typing import Protocol

from utilsbot.context import Context
from utilsbot.i18n import _
from utilsbot.reply import Colour, Embed
from utilsbot.store.operators import Change, ChangePage, Subject

BOT = Subject("bot")


class Trail(Protocol):
    """utilsbot.store.audit.Audit."""

    def commit(self, writes: list[object], change: Change) -> bool:
        """Notes a change, with its writes if they are the store's."""

    def recent(self, month_of: float, *, before: str | None = None, limit: int = 10) -> ChangePage:
        """Entries of a UTC month, newest first."""

    def of_user(self, user_id: str, limit: int = 5) -> ChangePage:
        """The newest entries that a user is in."""

    def of_guild(self, guild_id: str, limit: int = 5) -> ChangePage:
        """The newest entries about a guild."""


def change(ctx: Context, action: str, subject: Subject = BOT, detail: str = "") -> Change:
    """An entry for this call; the time is the interaction's, so a redelivery notes the same."""
    interaction = ctx.interaction
    return Change(interaction.id, interaction.created_at, ctx.user.id, action, subject, detail)


def unchanged(text: str = "") -> Embed:
    """For a call that changed nothing, and so was not noted; the text says how it is."""
    return Embed(_("Nothing to change"), text, colour=Colour.WARNING)


def told(entry: Change) -> str:
    """An entry as a line of Markdown."""
    reason = f": {entry.detail}" if entry.detail else ""
    about = f" {named(entry.subject)}" if named(entry.subject) else ""
    return f"<t:{int(entry.at)}:R> <@{entry.actor_id}> **{entry.action}**{about}{reason}"


def named(subject: Subject) -> str:
    """A subject as Markdown."""
    if subject.kind == "user":
        if subject.id.isdecimal():
            return f"<@{subject.id}>"
        return _("a user ({why})").format(why=subject.id)
    if subject.kind == "guild":
        return _("server {id}").format(id=f"`{subject.id}`")
    return f"`{subject.id}`" if subject.id else ""
