"""/beta: opens and closes the beta without a deployment."""

from functions.system.noting import change, unchanged
from functions.system.switches import WITHIN, Switchboard
from utilsbot.context import Context
from utilsbot.i18n import N_, _
from utilsbot.reply import Reply, success
from utilsbot.spec import Access, Choice, Command, Option, Visibility

_STATES = {"closed": True, "open": False, "default": None}

SPEC = Command(
    name="beta",
    summary="Let only the whitelist use the bot, or everyone",
    options=(
        Option(
            "state",
            "Who may use the bot",
            required=True,
            choices=(
                Choice("Closed: the whitelist only", "closed"),
                Choice("Open: everyone", "open"),
                Choice("As the deployment's setting says", "default"),
            ),
        ),
    ),
    visibility=Visibility.PRIVATE,
    access=Access.DEVELOPERS,
    help="In a closed beta only users and servers on the whitelist may use the bot's commands; "
    f"`/help` and the other information commands stay open. {WITHIN}",
    examples=("/beta state:closed", "/beta state:default"),
)
_SAID = {
    True: N_("Only the whitelist may use the bot now."),
    False: N_("Everyone may use the bot now."),
    None: N_("The deployment's setting (`CLOSED_BETA`) decides again."),
}


def run(ctx: Context, *, state: str, switchboard: Switchboard) -> Reply:
    """Switches it."""
    closed = _STATES[state]
    said = _(_SAID[closed])
    if not switchboard.set_closed_beta(closed, change(ctx, f"beta {state}")):
        same = _("It was so already.")
        return Reply(embeds=(unchanged(f"{same} {said}"),))
    return Reply(embeds=(success(_("The beta is switched"), f"{said} {_(WITHIN)}"),))
