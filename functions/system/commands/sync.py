"""/sync: registers the commands with Discord, after showing what would change."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from functions.system.noting import Trail, change, counted
from utilsbot.context import Context
from utilsbot.discord.components import Button, ButtonStyle, row
from utilsbot.discord.custom_id import build
from utilsbot.discord.snowflake import is_snowflake
from utilsbot.discord.sync import Changed, Plan, PlanOutdated
from utilsbot.errors import BadInput, UnknownCommand
from utilsbot.i18n import _
from utilsbot.reply import Colour, Embed, Field, Reply, success
from utilsbot.spec import Access, Ack, Action, Choice, Command, Option, Visibility
from utilsbot.store.operators import Subject

SPEC = Command(
    name="sync",
    summary="Register the bot's commands with Discord, after showing what would change",
    options=(
        Option(
            "scope",
            "Which registration (default: global)",
            default="global",
            choices=(
                Choice("Global: everywhere", "global"),
                Choice("This server", "here"),
                Choice("A server, by its id", "server"),
            ),
        ),
        Option("server", "With scope server: its id", min_length=17, max_length=20),
    ),
    actions=(Action("apply", Ack.UPDATE), Action("cancel", Ack.UPDATE)),
    visibility=Visibility.PRIVATE,
    access=Access.DEVELOPERS,
    help="Shows what is new, changed and removed, and does it when you press the button: one bulk "
    "overwrite, of exactly that plan. Developers' commands belong into the developers' server "
    "where one is configured; other servers have no commands of their own. `utilsbot sync` does "
    "the same from a terminal.",
    examples=("/sync", "/sync scope:here", "/sync scope:server server:400000000000000001"),
)
_GLOBAL = "0"


class Registry(Protocol):
    """functions.system.registry.Registry."""

    def plan(self, guild_id: str | None) -> Plan:
        """What an overwrite of a scope would do."""

    def apply(self, plan: Plan) -> None:
        """Does it and notes Discord's ids."""


def run(ctx: Context, *, scope: str, server: str | None, registry: Registry) -> Reply:
    """The plan."""
    guild_id = _scope(ctx, scope, server)
    return _shown(registry.plan(guild_id))


def on_apply(ctx: Context, scope: str, digest: str, *, registry: Registry, trail: Trail) -> Reply:
    """Does what the plan said, or shows the new plan if it would be another one now.

    Raises:
        UnknownCommand: another version's button.
    """
    if not is_snowflake(scope):
        raise UnknownCommand
    plan = registry.plan(None if scope == _GLOBAL else scope)
    if plan.digest != digest:
        return _outdated(plan)
    try:
        registry.apply(plan)
    except PlanOutdated:
        return _outdated(registry.plan(plan.guild_id))
    counts = counted(
        created=len(plan.created), changed=len(plan.changed), deleted=len(plan.deleted)
    )
    subject = Subject("guild", plan.guild_id) if plan.guild_id else Subject("bot")
    trail.commit([], change(ctx, "sync", subject, counts))
    text = _(
        "{where}: {created} new, {changed} changed, {deleted} removed, {unchanged} as before."
    ).format(
        where=_where(plan),
        created=len(plan.created),
        changed=len(plan.changed),
        deleted=len(plan.deleted),
        unchanged=len(plan.unchanged),
    )
    return Reply(embeds=(success(_("Registered"), text),))


def on_cancel(ctx: Context) -> Reply:  # noqa: ARG001
    """Does nothing, and says so."""
    return Reply(embeds=(Embed(_("Nothing was registered")),))


def _scope(ctx: Context, scope: str, server: str | None) -> str | None:
    if scope == "server":
        if not is_snowflake(server):
            raise BadInput(_("Give the `server`'s id: 17 to 20 digits."), option="server")
        return server
    if scope == "global":
        return None
    if ctx.guild_id is None:
        text = _("This is no server. Use scope `server` with an id.")
        raise BadInput(text, option="scope")
    return ctx.guild_id


def _outdated(plan: Plan) -> Reply:
    outdated = PlanOutdated()
    notice = Embed(outdated.title, outdated.text, colour=Colour.WARNING)
    new = _shown(plan)
    return new._replace(embeds=(notice, *new.embeds))


def _shown(plan: Plan) -> Reply:
    if not plan.changes_anything:
        text = _("{where}: everything is registered as it is ({count}).").format(
            where=_where(plan), count=len(plan.unchanged)
        )
        return Reply(embeds=(success(_("Nothing to do"), text),))
    title = _("Plan: {where}").format(where=_where(plan))
    embed = Embed(title, fields=tuple(_fields(plan)), colour=Colour.WARNING)
    style = ButtonStyle.DANGER if plan.deleted else ButtonStyle.PRIMARY
    apply = build("sync", "apply", plan.guild_id or _GLOBAL, plan.digest)
    buttons = row(Button(_("Apply"), apply, style), Button(_("Cancel"), build("sync", "cancel")))
    return Reply(embeds=(embed,), rows=(buttons,))


def _fields(plan: Plan) -> Iterator[Field]:
    if plan.created:
        yield Field(_("New: {count}").format(count=len(plan.created)), _listed(plan.created))
    if plan.changed:
        lines = [_changed(changed) for changed in plan.changed]
        yield Field(_("Changed: {count}").format(count=len(lines)), "\n".join(lines))
    if plan.deleted:
        note = _("Their permissions in servers go with them.")
        title = _("Removed: {count}").format(count=len(plan.deleted))
        yield Field(title, f"{_listed(plan.deleted)}\n{note}")
    if f"/{SPEC.name}" in plan.deleted:
        yield Field(
            _("Careful"),
            _(
                "This takes `/sync` itself away here. Sync the developers' server first, or use "
                "`utilsbot sync` in a terminal afterwards."
            ),
        )
    if plan.unchanged:
        yield Field(_("As before"), str(len(plan.unchanged)))


def _changed(changed: Changed) -> str:
    fields = ", ".join(changed.fields[:4])
    more = len(changed.fields) - 4
    listed = _("{fields} and {more} more").format(fields=fields, more=more) if more > 0 else fields
    return f"`{changed.name}`: {listed}"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _where(plan: Plan) -> str:
    if plan.guild_id:
        return _("Server {id}").format(id=f"`{plan.guild_id}`")
    return _("Everywhere")
