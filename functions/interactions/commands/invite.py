"""/invite: links that add the bot, with the least that it needs."""

from utilsbot.context import Context
from utilsbot.discord.components import LinkButton, row
from utilsbot.discord.invite import install_url
from utilsbot.i18n import _
from utilsbot.reply import Embed, Reply
from utilsbot.spec import Access, Ack, Command, Integration, Visibility

SPEC = Command(
    name="invite",
    summary="Add the bot to a server or to your own account",
    ack=Ack.REPLY,
    visibility=Visibility.PRIVATE_UNLESS_SHARED,
    access=Access.EVERYONE,
    help=(
        "The bot answers commands only: it asks for no permission at all, reads no messages and "
        "joins no member list. Adding it to a server needs Manage Server there."
    ),
    examples=("/invite",),
)


def run(ctx: Context) -> Reply:
    """The two links."""
    application = ctx.interaction.application_id
    embed = Embed(
        title=_("Add UtilsBot+"),
        description=_(
            "**To a server**: everyone there can use it. You need Manage Server.\n"
            "**To your account**: you can use it in any server and any chat.\n\n"
            "It asks for no permission: it only answers commands."
        ),
    )
    buttons = row(
        LinkButton(_("Add to a server"), install_url(application, Integration.GUILD_INSTALL)),
        LinkButton(_("Add to my account"), install_url(application, Integration.USER_INSTALL)),
    )
    return Reply(embeds=(embed,), rows=(buttons,))
