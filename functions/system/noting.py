"""What the audit trail is told of a call, and its caller when there was nothing to tell it."""

import re
from typing import Protocol

from utilsbot.context import Context
from utilsbot.i18n import _, ngettext, number
from utilsbot.markdown import escape
from utilsbot.reply import Colour, Embed
from utilsbot.store.operators import Change, ChangePage, Subject

BOT = Subject("bot")
_COUNTED = re.compile(r"[a-z]+=\d+(?: [a-z]+=\d+)*")


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


def counted(**numbers: int) -> str:
    """A detail of numbers, put into words in the reader's language when the entry is shown.

    Args:
        numbers: by what they count: characters, files, seconds, created, changed or deleted.
    """
    return " ".join(f"{what}={count}" for what, count in numbers.items())


def unchanged(text: str = "") -> Embed:
    """For a call that changed nothing, and so was not noted; the text says how it is."""
    return Embed(_("Nothing to change"), text, colour=Colour.WARNING)


def told(entry: Change) -> str:
    """An entry as a line of Markdown."""
    reason = f": {_worded(entry.detail)}" if entry.detail else ""
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


def _worded(detail: str) -> str:
    """What `counted` made in words; reasons, and rows of older versions, as they are."""
    if not _COUNTED.fullmatch(detail):
        return escape(detail)
    pairs = (part.split("=") for part in detail.split(" "))
    return ", ".join(_count(what, int(count)) for what, count in pairs)


def _count(what: str, count: int) -> str:
    match what:
        case "characters":
            text = ngettext("{count} character", "{count} characters", count)
        case "files":
            text = ngettext("{count} file", "{count} files", count)
        case "seconds":
            text = _("{count} s")
        case "created":
            text = ngettext("{count} new", "{count} new", count)
        case "changed":
            text = ngettext("{count} changed", "{count} changed", count)
        case "deleted":
            text = ngettext("{count} removed", "{count} removed", count)
        case _:
            text = f"{what}={{count}}"
    return text.format(count=number(count))
