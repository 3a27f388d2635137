"""/info: what this bot is and what it runs on."""

from collections.abc import Callable
from typing import NamedTuple

from utilsbot import __version__
from utilsbot.catalog import CommandModule
from utilsbot.context import Context
from utilsbot.discord.components import LinkButton, row
from utilsbot.i18n import _
from utilsbot.reply import Embed, Field, Reply
from utilsbot.spec import Access, Ack, Command, Visibility

SPEC = Command(
    name="info",
    summary="What this bot is, what it runs on, and where to get help",
    ack=Ack.REPLY,
    visibility=Visibility.PUBLIC_UNLESS_PRIVATE,
    access=Access.EVERYONE,
    help="Facts about this deployment. The bot has no gateway connection and keeps no member list.",
    examples=("/info",),
)


class Deployment(NamedTuple):
    """Where and on what the bot runs."""

    region: str
    python: str
    architecture: str
    memory_mb: str
    started_at: float
    """Epoch seconds when this execution environment started."""


def run(
    ctx: Context,
    *,
    deployment: Deployment,
    visible: Callable[[Context], list[CommandModule]],
    support_url: str,
) -> Reply:
    """The facts."""
    commands = visible(ctx)
    memory = f", {deployment.memory_mb} MB" if deployment.memory_mb else ""
    embed = Embed(
        title="UtilsBot+",
        description=_(
            "A utility bot that runs as serverless functions, one for each group of "
            "commands. `/help` lists what you can use."
        ),
        fields=(
            Field(_("Version"), __version__, inline=True),
            Field(_("Commands for you"), str(len(commands)), inline=True),
            Field(_("This instance started"), f"<t:{int(deployment.started_at)}:R>", inline=True),
            Field(_("Runs in"), f"AWS {deployment.region}", inline=True),
            Field(
                _("On"),
                f"Python {deployment.python}, {deployment.architecture}{memory}",
                inline=True,
            ),
        ),
    )
    rows = (row(LinkButton(_("Get help"), support_url)),) if support_url else ()
    return Reply(embeds=(embed,), rows=rows)
