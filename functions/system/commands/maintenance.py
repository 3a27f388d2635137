"""/maintenance: everyone but developers gets a text instead of an answer."""

from functions.system.noting import change
from functions.system.switches import WITHIN, Switchboard
from utilsbot.context import Context
from utilsbot.errors import BadInput
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
_BETA = {None: "as the deployment says", True: "closed", False: "open"}


def run_on(ctx: Context, *, text: str, switchboard: Switchboard) -> Reply:
    """Begins it."""
    shown = text.strip()
    if not shown:
        raise BadInput("Users need to be told something.", option="text")
    if not switchboard.set_maintenance(shown, change(ctx, "maintenance on", detail=shown)):
        return _as_it_was("Maintenance is on already, with this text.")
    told = f"Everyone but developers is told: {escape(shown)}\n{WITHIN}"
    return Reply(embeds=(success("Maintenance is on", told),))


def run_off(ctx: Context, *, switchboard: Switchboard) -> Reply:
    """Ends it."""
    if not switchboard.set_maintenance("", change(ctx, "maintenance off")):
        return _as_it_was("There is no maintenance.")
    return Reply(embeds=(success("Maintenance is over", WITHIN),))


def run_status(ctx: Context, *, switchboard: Switchboard) -> Reply:  # noqa: ARG001
    """Everything that is switched."""
    state = switchboard.state()
    off = "\n".join(
        f"`{name}`" + (f": {escape(why)}" if why else "") for name, why in sorted(state.off.items())
    )
    fields = (
        Field("Maintenance", escape(state.maintenance) or "no"),
        Field("Switched off", off or "nothing"),
        Field("Closed beta", _BETA[state.closed_beta], inline=True),
        Field("Reloads", str(state.version), inline=True),
    )
    busy = state.maintenance or state.off
    colour = Colour.WARNING if busy else Colour.SUCCESS
    return Reply(embeds=(Embed("What is switched", fields=fields, colour=colour),))


def _as_it_was(text: str) -> Reply:
    return Reply(embeds=(Embed("Nothing to change", text, colour=Colour.WARNING),))
