"""/guilds: the servers that the bot is in, all pages of them."""

from collections.abc import Sequence
from typing import Protocol

from utilsbot.context import Context
from utilsbot.discord.components import Button, row
from utilsbot.discord.custom_id import build
from utilsbot.discord.guild import Guild
from utilsbot.errors import UnknownCommand
from utilsbot.i18n import _, ngettext, number
from utilsbot.markdown import escape
from utilsbot.reply import Embed, Reply
from utilsbot.spec import Access, Ack, Action, Command, Visibility

SPEC = Command(
    name="guilds",
    summary="The servers that the bot is in, with their sizes",
    actions=(Action("page", Ack.UPDATE),),
    visibility=Visibility.PRIVATE,
    access=Access.DEVELOPERS,
    help="By name, ten a page. Discord's own list of the bot's servers: those that installed the "
    "app without its bot user are not in it. Sizes are Discord's approximations.",
    examples=("/guilds",),
)
_A_PAGE = 10


class Directory(Protocol):
    """utilsbot.discord.admin_rest.AdminApi."""

    def guilds(self) -> Sequence[Guild]:
        """Every guild that the bot is in, by name."""


def run(ctx: Context, *, directory: Directory) -> Reply:  # noqa: ARG001
    """The first page."""
    return _page(directory.guilds(), 0)


def on_page(ctx: Context, page: str, *, directory: Directory) -> Reply:  # noqa: ARG001
    """Another page, in place; the last one if there are fewer by now.

    Raises:
        UnknownCommand: it is no number.
    """
    if not (page.isascii() and page.isdecimal() and len(page) <= 5):
        raise UnknownCommand
    return _page(directory.guilds(), int(page))


def _page(guilds: Sequence[Guild], page: int) -> Reply:
    last = max(0, (len(guilds) - 1) // _A_PAGE)
    page = min(page, last)
    lines = [_line(guild) for guild in guilds[page * _A_PAGE : (page + 1) * _A_PAGE]]
    members = sum(guild.members or 0 for guild in guilds)
    heading = ngettext("{count} server", "{count} servers", len(guilds))
    heading = heading.format(count=number(len(guilds)))
    footer = _("Page {number} of {last}").format(number=page + 1, last=last + 1)
    if members:
        footer += f", {_members(members)}"
    embed = Embed(heading, "\n".join(lines) or _("The bot is in no server."), footer=footer)
    if not last:
        return Reply(embeds=(embed,))
    buttons = row(
        Button(_("Back"), build("guilds", "page", max(0, page - 1)), disabled=page == 0),
        Button(_("Next"), build("guilds", "page", page + 1), disabled=page == last),
    )
    return Reply(embeds=(embed,), rows=(buttons,))


def _members(count: int) -> str:
    text = ngettext("about {count} member", "about {count} members", count)
    return text.format(count=number(count))


def _line(guild: Guild) -> str:
    size = "" if guild.members is None else f", {_members(guild.members)}"
    return f"**{escape(guild.name)}** `{guild.id}`{size}"
