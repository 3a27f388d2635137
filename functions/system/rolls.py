"""What /whitelist and /blacklist have in common: two lists of users and servers."""

from typing import Protocol

from functions.system.noting import Trail, change, told
from utilsbot.context import Context
from utilsbot.discord.components import Button, row
from utilsbot.discord.custom_id import build
from utilsbot.discord.snowflake import is_snowflake
from utilsbot.errors import BadInput, UnknownCommand, UserError
from utilsbot.markdown import escape
from utilsbot.reply import Colour, Embed, Field, Reply, success
from utilsbot.spec import (
    Access,
    Ack,
    Action,
    Command,
    Option,
    OptionType,
    Subcommand,
    Visibility,
)
from utilsbot.store.operators import Change, Kind, Listing, ListPage, Member, Roll

MAX_REASON = 200

_USER = Option("user", "Which user", OptionType.USER)
_SERVER = Option("server", "Or which server: its id", min_length=17, max_length=20)
_REASON = Option("reason", "Why; kept with the entry", default="", max_length=MAX_REASON)


class Lists(Protocol):
    """utilsbot.store.memberships.Memberships."""

    def add(self, roll: Roll, member: Member, change: Change) -> bool:
        """Puts a member on a list; False if it was there."""

    def remove(self, roll: Roll, member: Member, change: Change) -> bool:
        """Takes a member off a list; False if it was not there."""

    def find(self, roll: Roll, member: Member) -> Listing | None:
        """A member's entry."""

    def page(self, roll: Roll, *, after: str = "", before: str = "", limit: int = 10) -> ListPage:
        """A page of a list."""


def roll_spec(roll: Roll, *, summary: str, explained: str) -> Command:
    """The spec of a list's command."""
    name = roll.value
    return Command(
        name=name,
        summary=summary,
        subcommands=(
            Subcommand("add", f"Put a user or a server on the {name}", (_USER, _SERVER, _REASON)),
            Subcommand(
                "remove", f"Take a user or a server off the {name}", (_USER, _SERVER, _REASON)
            ),
            Subcommand("list", f"Everyone on the {name}, page by page"),
            Subcommand("check", "Whether a user or a server is on it, and why", (_USER, _SERVER)),
        ),
        actions=(Action("page", Ack.UPDATE),),
        visibility=Visibility.PRIVATE,
        access=Access.DEVELOPERS,
        help=f"{explained}\nA change counts at once for users and within 30 s for servers. Every "
        "change is kept with who made it and why for a year.",
        examples=(
            f"/{name} add user:300000000000000001 reason:a tester",
            f"/{name} remove server:400000000000000001",
            f"/{name} list",
            f"/{name} check user:300000000000000001",
        ),
    )


def member_of(user: str | None, server: str | None) -> Member:
    """The member that the options name.

    Raises:
        BadInput: none, both, or no id.
    """
    if (user is None) == (server is None):
        raise BadInput("Give either a `user` or a `server`.", option="user")
    if user is not None:
        return Member(Kind.USER, user)
    if not is_snowflake(server):
        raise BadInput("`server` should be a server's id: 17 to 20 digits.", option="server")
    return Member(Kind.GUILD, str(server))


def add(ctx: Context, roll: Roll, member: Member, reason: str, lists: Lists) -> Reply:
    """Puts a member on a list."""
    noted = change(ctx, f"{roll.value} add", member.subject, reason.strip())
    if lists.add(roll, member, noted):
        text = f"{shown(member)} is on the {roll.value} now."
        return Reply(embeds=(success("Added", text + _why(reason)),))
    known = lists.find(roll, member)
    return _as_it_was(f"{shown(member)} is on the {roll.value} already.", known)


def remove(ctx: Context, roll: Roll, member: Member, reason: str, lists: Lists) -> Reply:
    """Takes a member off a list."""
    noted = change(ctx, f"{roll.value} remove", member.subject, reason.strip())
    if lists.remove(roll, member, noted):
        text = f"{shown(member)} is no longer on the {roll.value}."
        return Reply(embeds=(success("Removed", text + _why(reason)),))
    return _as_it_was(f"{shown(member)} is not on the {roll.value}.", None)


def check(
    roll: Roll, member: Member, lists: Lists, trail: Trail, developers: frozenset[str]
) -> Reply:
    """Whether a member is on a list, and what was changed about it lately."""
    known = lists.find(roll, member)
    is_on = "is" if known else "is **not**"
    text = f"{shown(member)} {is_on} on the {roll.value}."
    if member.kind is Kind.USER and member.id in developers:
        text += "\nAs a developer they may use everything, whatever the lists say."
    fields = [Field("Entry", entry(known))] if known else []
    page = trail.of_user(member.id) if member.kind is Kind.USER else trail.of_guild(member.id)
    if page.changes:
        fields.append(Field("Lately", "\n".join(told(c)[:200] for c in page.changes)))
    colour = Colour.SUCCESS if known else Colour.PLAIN
    return Reply(embeds=(Embed(f"On the {roll.value}?", text, tuple(fields), colour),))


def listed(roll: Roll, lists: Lists, direction: str = "after", cursor: str = "") -> Reply:
    """A page of a list.

    Raises:
        UnknownCommand: the direction is none.
    """
    if direction not in {"after", "before"}:
        raise UnknownCommand
    after, before = (cursor, "") if direction == "after" else ("", cursor)
    page = lists.page(roll, after=after, before=before)
    if not page.listings and cursor:  # the members behind the cursor are gone by now
        page = lists.page(roll)
    if not page.listings:
        return Reply(embeds=(Embed(f"The {roll.value} is empty"),))
    lines = "\n".join(f"{shown(item.member)} {entry(item)}" for item in page.listings)
    embed = Embed(f"On the {roll.value}: {page.total}", lines)
    if not (page.has_before or page.has_after):
        return Reply(embeds=(embed,))
    first, last = page.listings[0].cursor, page.listings[-1].cursor
    back = build(roll.value, "page", "before", first)
    forth = build(roll.value, "page", "after", last)
    buttons = row(
        Button("Back", back, disabled=not page.has_before),
        Button("Next", forth, disabled=not page.has_after),
    )
    return Reply(embeds=(embed,), rows=(buttons,))


def shown(member: Member) -> str:
    """A member as Markdown."""
    if member.kind is Kind.USER:
        return f"<@{member.id}> (`{member.id}`)"
    return f"Server `{member.id}`"


def entry(listing: Listing) -> str:
    """When, by whom and why."""
    since = f"since <t:{int(listing.added_at)}:d> by <@{listing.added_by}>"
    return since + (f": {escape(listing.reason)}" if listing.reason else "")


def refuse_developers(member: Member, developers: frozenset[str]) -> None:
    """Raises: UserError: developers pass the blacklist, so an entry would say what is not so."""
    if member.kind is Kind.USER and member.id in developers:
        raise UserError(
            "Developers pass every list. Take them out of `DEVELOPER_IDS` first.",
            title="A developer cannot be blacklisted",
        )


def _why(reason: str) -> str:
    return f"\nReason: {escape(reason.strip())}" if reason.strip() else ""


def _as_it_was(text: str, known: Listing | None) -> Reply:
    more = f"\n{entry(known)}" if known else ""
    return Reply(embeds=(Embed("Nothing to change", text + more, colour=Colour.WARNING),))
