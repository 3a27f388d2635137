"""/reload: every instance drops cached flags, settings and secrets."""

from functions.system.noting import change
from functions.system.switches import Switchboard
from utilsbot.context import Context
from utilsbot.i18n import _
from utilsbot.reply import Reply, success
from utilsbot.spec import Access, Command, Visibility

SPEC = Command(
    name="reload",
    summary="Make every instance drop its cached flags and secrets within 30 s",
    visibility=Visibility.PRIVATE,
    access=Access.DEVELOPERS,
    help="For a key that was changed in Parameter Store and is to count at once. The front door "
    "reads the switches anew every 20 s anyway; workers look for a reload before a command, at "
    "most every 20 s. Settings of the deployment are not touched: a deployment changes them, and "
    "with it every instance. Code is deployed, never reloaded.",
    examples=("/reload",),
)


def run(ctx: Context, *, switchboard: Switchboard) -> Reply:
    """Counts the version up, which instances compare."""
    switchboard.reload(change(ctx, "reload"))
    text = _("This is reload {number}. Every instance drops its caches within 30 s.")
    number = switchboard.state().version
    return Reply(embeds=(success(_("Reloading"), text.format(number=number)),))
