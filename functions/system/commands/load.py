"""/load: switches a group or a command on again."""

from functions.system.noting import change
from functions.system.switches import WITHIN, Switchboard, Visible, subject_of, suggest
from utilsbot.context import Context
from utilsbot.markdown import escape
from utilsbot.reply import Choices, Colour, Embed, Reply, success
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
        embed = success("Switched on", f"The {subject.kind} `{subject.id}` is on. {WITHIN}")
    else:
        text = f"The {subject.kind} `{subject.id}` is on already."
        embed = Embed("Nothing to change", text, colour=Colour.WARNING)
    off = sorted(switchboard.state().off.items())
    lines = "\n".join(f"`{name}`" + (f": {escape(why)}" if why else "") for name, why in off)
    still = f"\n\nStill off:\n{lines}" if off else "\n\nNothing is off."
    return Reply(embeds=(embed._replace(description=embed.description + still),))
