"""/load: switches a group or a command on again."""

from functions.system.noting import change, unchanged
from functions.system.switches import WITHIN, Switchboard, Visible, reasons, subject_of, suggest
from utilsbot.context import Context
from utilsbot.i18n import _
from utilsbot.reply import Choices, Reply, success
from utilsbot.spec import Access, Command, Option, Visibility

SPEC = Command(
    name="load",
    summary="Switch a group or a command on again, everywhere within 30 s",
    options=(
        Option("name", "A group or a command", required=True, autocomplete=True, max_length=40),
    ),
    visibility=Visibility.PRIVATE,
    access=Access.DEVELOPERS,
    help=f"Undoes `/unload`. {WITHIN} The answer lists what is still off.",
    examples=("/load name:ai",),
)


def complete_name(ctx: Context, partial: str, *, visible: Visible) -> Choices:
    """Groups and commands."""
    return suggest(ctx, partial, visible)


def run(ctx: Context, *, name: str, switchboard: Switchboard, groups: dict[str, str]) -> Reply:
    """Switches it on."""
    subject = subject_of(name, groups)
    if switchboard.switch_on(subject.id, change(ctx, "load", subject)):
        text = _("{name} is on.").format(name=f"`{subject.id}`")
        embed = success(_("Switched on"), f"{text} {_(WITHIN)}")
    else:
        embed = unchanged(_("{name} is on already.").format(name=f"`{subject.id}`"))
    off = reasons(switchboard.state().off)
    still = "\n".join((_("Still off:"), off)) if off else _("Nothing is off.")
    return Reply(embeds=(embed._replace(description=f"{embed.description}\n\n{still}"),))
