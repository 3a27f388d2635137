"""What the commands that switch something have in common."""

from collections.abc import Callable, Mapping
from typing import Protocol

from utilsbot.catalog import CommandModule
from utilsbot.context import Context
from utilsbot.errors import BadInput
from utilsbot.i18n import N_, _
from utilsbot.markdown import escape
from utilsbot.reply import Choices
from utilsbot.spec import Access, Choice
from utilsbot.store.operators import Change, State, Subject

WITHIN = N_("Everywhere within 30 s, without a deployment.")
OWN_GROUP = "system"
"""It has /load, and people's own data: it cannot be switched off as a whole."""
ALWAYS_ON = frozenset({"load", "unload", "privacy"})

Visible = Callable[[Context], list[CommandModule]]


class Switchboard(Protocol):
    """utilsbot.store.flags.Flags."""

    def state(self) -> State:
        """The switches as they are now."""

    def switch_off(self, name: str, reason: str, change: Change) -> bool:
        """Switches a group or a command off; False if it was."""

    def switch_on(self, name: str, change: Change) -> bool:
        """Switches a group or a command on; False if it was."""

    def set_maintenance(self, text: str, change: Change) -> bool:
        """Begins or ends maintenance; False if it was so."""

    def set_closed_beta(self, closed: bool | None, change: Change) -> bool:
        """Opens, closes or leaves the beta to the setting; False if it was so."""

    def reload(self, change: Change) -> bool:
        """Tells every instance to drop what it has cached."""


def subject_of(name: str, groups: dict[str, str]) -> Subject:
    """The group or command of that name.

    Args:
        name: as typed: case, a slash in front and hyphens are forgiven.
        groups: every command's group, by its slug.

    Raises:
        BadInput: there is neither.
    """
    wanted = name.strip().lower().removeprefix("/").replace("-", "_").replace(" ", "_")
    if wanted in groups.values():
        return Subject("group", wanted)
    if wanted in groups:
        return Subject("command", wanted)
    known = ", ".join(f"`{group}`" for group in sorted(set(groups.values())))
    text = _("There is no such group or command. Groups: {groups}.").format(groups=known)
    raise BadInput(text, option="name")


def reasons(off: Mapping[str, str]) -> str:
    """What is off, a line each, with what users are told."""
    return "\n".join(
        f"`{name}`" + (f": {escape(why)}" if why else "") for name, why in sorted(off.items())
    )


def suggest(ctx: Context, partial: str, visible: Visible) -> Choices:
    """Groups and commands whose name has what was typed, groups first."""
    modules = visible(ctx)
    wanted = partial.strip().lower().removeprefix("/")
    groups = sorted({module.group for module in modules})
    names = sorted({m.spec.slug for m in modules if m.spec.access is not Access.DEVELOPERS})
    whole = _("{group} (the whole group)")
    found = [Choice(whole.format(group=group), group) for group in groups if wanted in group]
    found += [Choice(f"/{name}", name) for name in names if wanted in name]
    return Choices(tuple(found[:25]))
