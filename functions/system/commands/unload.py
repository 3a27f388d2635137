"""/unload: switches a group or a command off, for everyone but developers."""

from functions.system.noting import change, unchanged
from functions.system.switches import (
    ALWAYS_ON,
    OWN_GROUP,
    WITHIN,
    Switchboard,
    Visible,
    subject_of,
    suggest,
)
from utilsbot.context import Context
from utilsbot.errors import UserError
from utilsbot.i18n import _
from utilsbot.markdown import escape
from utilsbot.reply import Choices, Reply, success
from utilsbot.spec import Access, Command, Option, Visibility

SPEC = Command(
    name="unload",
    summary="Switch a group or a command off, everywhere within 30 s",
    options=(
        Option("name", "A group or a command", required=True, autocomplete=True, max_length=40),
        Option("reason", "What users are told", default="", max_length=300),
    ),
    visibility=Visibility.PRIVATE,
    access=Access.DEVELOPERS,
    help="Users who call it get the reason, at once and privately; developers may go on using it. "
    f"{WITHIN} `/load` switches it on again. The group `system`, `/load`, `/unload` and "
    "`/privacy` stay on.",
    examples=("/unload name:ai reason:Back at noon.", "/unload name:screenshot"),
)


def complete_name(ctx: Context, partial: str, *, visible: Visible) -> Choices:
    """Groups and commands."""
    return suggest(ctx, partial, visible)


def run(
    ctx: Context, *, name: str, reason: str, switchboard: Switchboard, groups: dict[str, str]
) -> Reply:
    """Switches it off."""
    subject = subject_of(name, groups)
    if subject.id == OWN_GROUP or (subject.kind == "command" and subject.id in ALWAYS_ON):
        stays = _(
            "{name} stays on: without it nothing could be switched on again, and people would lose "
            "the way to their data."
        )
        raise UserError(stays.format(name=f"`{subject.id}`"), title=_("Not this one"))
    text = reason.strip()
    noted = change(ctx, "unload", subject, text)
    if not switchboard.switch_off(subject.id, text, noted):
        already = _("{name} is off already, for this reason.").format(name=f"`{subject.id}`")
        return Reply(embeds=(unchanged(already),))
    told = _("Users are told to try again later.")
    if text:
        told = _("Users are told: {text}").format(text=escape(text))
    done = _("{name} is off.").format(name=f"`{subject.id}`")
    return Reply(embeds=(success(_("Switched off"), f"{done} {_(WITHIN)}\n{told}"),))
