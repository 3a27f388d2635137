"""/maintenance: everyone but developers gets a text instead of an answer."""

from functions.system.noting import change, unchanged
from functions.system.switches import WITHIN, Switchboard, reasons
from utilsbot.context import Context
from utilsbot.errors import BadInput
from utilsbot.i18n import N_, _
from utilsbot.markdown import escape
from utilsbot.reply import Colour, Embed, Field, Reply, success
from utilsbot.spec import Access, Command, Option, Subcommand, Visibility

SPEC = Command(
    name="maintenance",
    summary="Close the bot for everyone but developers, with a text that says why",
    subcommands=(
        Subcommand("status", "What is switched just now"),
        Subcommand(
            "on",
            "Begin, or change the text",
            (Option("text", "What users are told", required=True, max_length=500),),
        ),
        Subcommand("off", "End it"),
    ),
    visibility=Visibility.PRIVATE,
    access=Access.DEVELOPERS,
    help=f"Every command of everyone but developers is answered with the text. {WITHIN}",
    examples=(
        "/maintenance on text:We are moving; back at 18:00 UTC.",
        "/maintenance off",
        "/maintenance status",
    ),
)
_BETA = {None: N_("as the deployment says"), True: N_("closed"), False: N_("open")}


def run_on(ctx: Context, *, text: str, switchboard: Switchboard) -> Reply:
    """Begins it."""
    shown = text.strip()
    if not shown:
        raise BadInput(_("Users need to be told something."), option="text")
    if not switchboard.set_maintenance(shown, change(ctx, "maintenance on", detail=shown)):
        return Reply(embeds=(unchanged(_("Maintenance is on already, with this text.")),))
    told = _("Everyone but developers is told: {text}").format(text=escape(shown))
    return Reply(embeds=(success(_("Maintenance is on"), f"{told}\n{_(WITHIN)}"),))


def run_off(ctx: Context, *, switchboard: Switchboard) -> Reply:
    """Ends it."""
    if not switchboard.set_maintenance("", change(ctx, "maintenance off")):
        return Reply(embeds=(unchanged(_("There is no maintenance.")),))
    return Reply(embeds=(success(_("Maintenance is over"), _(WITHIN)),))


def run_status(ctx: Context, *, switchboard: Switchboard) -> Reply:  # noqa: ARG001
    """Everything that is switched."""
    state = switchboard.state()
    fields = (
        Field(_("Maintenance"), escape(state.maintenance) or _("no")),
        Field(_("Switched off"), reasons(state.off) or _("nothing")),
        Field(_("Beta"), _(_BETA[state.closed_beta]), inline=True),
        Field(_("Reloads"), str(state.version), inline=True),
    )
    busy = state.maintenance or state.off
    colour = Colour.WARNING if busy else Colour.SUCCESS
    return Reply(embeds=(Embed(_("What is switched"), fields=fields, colour=colour),))
