"""/version: which version answers, exactly."""

from functions.interactions.commands.info import Deployment
from utilsbot import __version__
from utilsbot.context import Context
from utilsbot.i18n import _
from utilsbot.reply import Embed, Field, Reply
from utilsbot.spec import Access, Ack, Command, Visibility

SPEC = Command(
    name="version",
    summary="Which version of the bot answers you",
    ack=Ack.REPLY,
    visibility=Visibility.PUBLIC_UNLESS_PRIVATE,
    access=Access.EVERYONE,
    help="The version, and the Python that runs it.",
    examples=("/version",),
)


def run(_ctx: Context, *, deployment: Deployment) -> Reply:
    """The version."""
    embed = Embed(
        title=f"UtilsBot+ {__version__}",
        fields=(
            Field("Python", deployment.python, inline=True),
            Field(_("Architecture"), deployment.architecture, inline=True),
        ),
    )
    return Reply(embeds=(embed,))
