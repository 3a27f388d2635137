"""What /whitelist and /blacklist have in common: two lists of users and servers."""

from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol

from functions.system.noting import Trail, change, told, unchanged
from utilsbot.context import Context
from utilsbot.discord.components import Button, row
from utilsbot.discord.custom_id import build
from utilsbot.discord.snowflake import is_snowflake
from utilsbot.errors import BadInput, UnknownCommand, UserError
from utilsbot.i18n import N_, _, number
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
_LISTS: Mapping[Roll, str] = {
    # i18n: a list of users and servers; stands after an article, as in "The {list} is empty"
    Roll.WHITELIST: N_("whitelist"),
    Roll.BLACKLIST: N_("blacklist"),
}

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


class RollFunctions(NamedTuple):
    """What the module of a list's command has to define."""

    run_add: Callable[..., Reply]
    run_remove: Callable[..., Reply]
    run_list: Callable[..., Reply]
    run_check: Callable[..., Reply]
    on_page: Callable[..., Reply]


def roll_functions(roll: Roll) -> RollFunctions:
    """The functions of a list's command, which differ in the list alone."""

    def run_add(
        ctx: Context,
        *,
        user: str | None,
        server: str | None,
        reason: str,
        lists: Lists,
        developers: frozenset[str],
    ) -> Reply:
        """Puts a member on it."""
        member = member_of(user, server)
        if roll is Roll.BLACKLIST:
            refuse_developers(member, developers)
        return add(ctx, roll, member, reason, lists)

    def run_remove(
        ctx: Context, *, user: str | None, server: str | None, reason: str, lists: Lists
    ) -> Reply:
        """Takes a member off it."""
        return remove(ctx, roll, member_of(user, server), reason, lists)

    def run_list(ctx: Context, *, lists: Lists) -> Reply:  # noqa: ARG001
        """The first page."""
        return listed(roll, lists)

    def run_check(
        ctx: Context,  # noqa: ARG001
        *,
        user: str | None,
        server: str | None,
        lists: Lists,
        trail: Trail,
        developers: frozenset[str],
    ) -> Reply:
        """Whether a member is on it, and why."""
        return check(roll, member_of(user, server), lists, trail, developers)

    def on_page(ctx: Context, direction: str, cursor: str, *, lists: Lists) -> Reply:  # noqa: ARG001
        """Another page, in place."""
        return listed(roll, lists, direction, cursor)

    return RollFunctions(run_add, run_remove, run_list, run_check, on_page)


def member_of(user: str | None, server: str | None) -> Member:
    """The member that the options name.

    Raises:
        BadInput: none, both, or no id.
    """
    if (user is None) == (server is None):
        raise BadInput(_("Give either a `user` or a `server`."), option="user")
    if user is not None:
        return Member(Kind.USER, user)
    if not is_snowflake(server):
        text = _("`server` should be a server's id: 17 to 20 digits.")
        raise BadInput(text, option="server")
    return Member(Kind.GUILD, str(server))


def add(ctx: Context, roll: Roll, member: Member, reason: str, lists: Lists) -> Reply:
    """Puts a member on a list."""
    noted = change(ctx, f"{roll.value} add", member.subject, reason.strip())
    if lists.add(roll, member, noted):
        text = _filled(_("{member} is on the {list} now."), roll, member)
        return Reply(embeds=(success(_("Added"), text + _why(reason)),))
    known = lists.find(roll, member)
    return _as_it_was(_filled(_("{member} is on the {list} already."), roll, member), known)


def remove(ctx: Context, roll: Roll, member: Member, reason: str, lists: Lists) -> Reply:
    """Takes a member off a list."""
    noted = change(ctx, f"{roll.value} remove", member.subject, reason.strip())
    if lists.remove(roll, member, noted):
        text = _filled(_("{member} is no longer on the {list}."), roll, member)
        return Reply(embeds=(success(_("Removed"), text + _why(reason)),))
    return _as_it_was(_filled(_("{member} is not on the {list}."), roll, member), None)


def check(
    roll: Roll, member: Member, lists: Lists, trail: Trail, developers: frozenset[str]
) -> Reply:
    """Whether a member is on a list, and what was changed about it lately."""
    known = lists.find(roll, member)
    said = _("{member} is on the {list}.") if known else _("{member} is **not** on the {list}.")
    text = _filled(said, roll, member)
    if member.kind is Kind.USER and member.id in developers:
        text += "\n" + _("As a developer they may use everything, whatever the lists say.")
    fields = [Field(_("Entry"), entry(known))] if known else []
    page = trail.of_user(member.id) if member.kind is Kind.USER else trail.of_guild(member.id)
    if page.changes:
        fields.append(Field(_("Lately"), "\n".join(told(c)[:200] for c in page.changes)))
    colour = Colour.SUCCESS if known else Colour.PLAIN
    title = _("On the {list}?").format(list=_(_LISTS[roll]))
    return Reply(embeds=(Embed(title, text, tuple(fields), colour),))


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
        return Reply(embeds=(Embed(_("The {list} is empty").format(list=_(_LISTS[roll]))),))
    lines = "\n".join(f"{shown(item.member)} {entry(item)}" for item in page.listings)
    title = _("On the {list}: {count}").format(list=_(_LISTS[roll]), count=number(page.total))
    embed = Embed(title, lines)
    if not (page.has_before or page.has_after):
        return Reply(embeds=(embed,))
    first, last = page.listings[0].cursor, page.listings[-1].cursor
    back = build(roll.value, "page", "before", first)
    forth = build(roll.value, "page", "after", last)
    buttons = row(
        Button(_("Back"), back, disabled=not page.has_before),
        Button(_("Next"), forth, disabled=not page.has_after),
    )
    return Reply(embeds=(embed,), rows=(buttons,))


def shown(member: Member) -> str:
    """A member as Markdown."""
    if member.kind is Kind.USER:
        return f"<@{member.id}> (`{member.id}`)"
    return _("Server {id}").format(id=f"`{member.id}`")


def entry(listing: Listing) -> str:
    """When, by whom and why."""
    since = _("since {day} by {who}").format(
        day=f"<t:{int(listing.added_at)}:d>", who=f"<@{listing.added_by}>"
    )
    return since + (f": {escape(listing.reason)}" if listing.reason else "")


def refuse_developers(member: Member, developers: frozenset[str]) -> None:
    """Raises: UserError: developers pass the blacklist, so an entry would say what is not so."""
    if member.kind is Kind.USER and member.id in developers:
        raise UserError(
            _("Developers pass every list. Take them out of `DEVELOPER_IDS` first."),
            title=_("A developer cannot be blacklisted"),
        )


def _why(reason: str) -> str:
    text = escape(reason.strip())
    return "\n" + _("Reason: {reason}").format(reason=text) if text else ""


def _filled(text: str, roll: Roll, member: Member) -> str:
    return text.format(member=shown(member), list=_(_LISTS[roll]))


def _as_it_was(text: str, known: Listing | None) -> Reply:
    more = f"\n{entry(known)}" if known else ""
    return Reply(embeds=(unchanged(text + more),))
