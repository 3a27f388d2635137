"""/settings: what a server's administrators decide about the bot there."""

from collections.abc import Collection, Mapping
from typing import Protocol

from functions.system.noting import Trail, change, unchanged
from functions.system.settings_view import OWN, Offer, limit_form, shown
from functions.system.switches import WITHIN
from utilsbot.context import Context
from utilsbot.discord.components import Modal
from utilsbot.errors import BadInput, UnknownCommand, UserError
from utilsbot.i18n import LANGUAGES, _
from utilsbot.reply import Embed, Reply, success
from utilsbot.spec import (
    Access,
    Ack,
    Action,
    Command,
    Integration,
    InteractionContext,
    Visibility,
)
from utilsbot.store.guild_settings import GuildSettings
from utilsbot.store.operators import Change, Subject

MANAGE_GUILD = 1 << 5
"""Discord's permission Manage Server (topics/permissions.mdx)."""

SPEC = Command(
    name="settings",
    summary="For server admins: what the bot may do in this server",
    actions=(
        Action("groups", Ack.UPDATE),
        Action("commands", Ack.UPDATE),
        Action("language", Ack.UPDATE),
        Action("private", Ack.UPDATE),
        Action("limit", Ack.MODAL),
        Action("limited", Ack.UPDATE),
    ),
    visibility=Visibility.PRIVATE,
    access=Access.EVERYONE,
    contexts=(InteractionContext.GUILD,),
    integrations=(Integration.GUILD_INSTALL,),
    permissions=MANAGE_GUILD,
    help="Needs the permission Manage Server. Commands and groups can be off in this server, "
    "answers private whatever a command says, AI questions a day fewer than the operator allows, "
    f"and public answers in one language. {WITHIN} Every change is kept with who made it for a "
    "year; the last ones are shown. `/help`, `/privacy`, `/preferences` and this command stay on.",
    examples=("/settings",),
)
_MAX_DIGITS = 9


class Store(Protocol):
    """utilsbot.store.guild_settings_store.GuildSettingsStore."""

    def of(self, guild_id: str) -> GuildSettings:
        """A guild's settings."""

    def switch_off(
        self, guild_id: str, names: Collection[str], among: Collection[str], change: Change
    ) -> bool:
        """Of some groups and commands, switches exactly these off; False if it was so."""

    def set_private_only(self, guild_id: str, on: bool, change: Change) -> bool:
        """Whether every answer is private; False if it was so."""

    def set_language(self, guild_id: str, locale: str, change: Change) -> bool:
        """What public answers speak; False if it was so."""

    def set_ai_requests(self, guild_id: str, requests: int | None, change: Change) -> bool:
        """AI questions a day; False if it was so."""


Offers = Mapping[str, tuple[Offer, ...]]
"""Group → its commands that a server may switch off."""


def run(ctx: Context, *, guild_store: Store, trail: Trail, offers: Offers) -> Reply:
    """The settings, with menus to change them."""
    guild_id = _guild(ctx)
    return _page(guild_id, Embed(_("Settings of this server")), guild_store, trail, offers)


def on_groups(ctx: Context, *, guild_store: Store, trail: Trail, offers: Offers) -> Reply:
    """Exactly the chosen groups are off."""
    return _switch(ctx, "groups", list(offers), guild_store, trail, offers)


def on_commands(ctx: Context, *, guild_store: Store, trail: Trail, offers: Offers) -> Reply:
    """Exactly the chosen commands are off, beside those of a group that is off."""
    among = [offer.slug for group in offers.values() for offer in group]
    return _switch(ctx, "commands", among, guild_store, trail, offers)


def on_language(ctx: Context, *, guild_store: Store, trail: Trail, offers: Offers) -> Reply:
    """What public answers speak here.

    Raises:
        UnknownCommand: another version's menu.
    """
    guild_id = _guild(ctx)
    chosen = ctx.values[0] if len(ctx.values) == 1 else ""
    if chosen not in {*LANGUAGES, OWN}:
        raise UnknownCommand
    noted = _noted(ctx, "language", chosen)
    done = guild_store.set_language(guild_id, "" if chosen == OWN else chosen, noted)
    return _page(guild_id, _said(done), guild_store, trail, offers)


def on_private(ctx: Context, to: str, *, guild_store: Store, trail: Trail, offers: Offers) -> Reply:
    """Every answer private, or as each command says.

    Raises:
        UnknownCommand: another version's button.
    """
    guild_id = _guild(ctx)
    if to not in {"on", "off"}:
        raise UnknownCommand
    done = guild_store.set_private_only(guild_id, to == "on", _noted(ctx, "private", to))
    return _page(guild_id, _said(done), guild_store, trail, offers)


def on_limit(ctx: Context, now: str) -> Modal:  # noqa: ARG001
    """The form for the AI's allowance, with what it is now."""
    return limit_form(now)


def on_limited(ctx: Context, *, guild_store: Store, trail: Trail, offers: Offers) -> Reply:
    """AI questions a day; nothing stands for the operator's limit.

    Raises:
        BadInput: it is no number.
    """
    guild_id = _guild(ctx)
    typed = ctx.fields.get("requests", "").strip()
    if typed and not (typed.isascii() and typed.isdecimal() and len(typed) <= _MAX_DIGITS):
        text = _("Give a whole number from 0 up, or nothing for the limit of whoever runs the bot.")
        raise BadInput(text, option="requests")
    requests = int(typed) if typed else None
    noted = _noted(ctx, "ai", str(requests) if typed else "")
    done = guild_store.set_ai_requests(guild_id, requests, noted)
    return _page(guild_id, _said(done), guild_store, trail, offers)


def _switch(
    ctx: Context,
    what: str,
    among: Collection[str],
    guild_store: Store,
    trail: Trail,
    offers: Offers,
) -> Reply:
    guild_id, names = _guild(ctx), sorted(set(ctx.values))
    if not set(among).issuperset(names):  # values come from outside
        raise UnknownCommand
    done = guild_store.switch_off(guild_id, names, among, _noted(ctx, what, ", ".join(names)))
    return _page(guild_id, _said(done), guild_store, trail, offers)


def _guild(ctx: Context) -> str:
    """The server. The gate has checked the permission; developers pass it anywhere."""
    if ctx.guild_id is None:
        raise UserError(_("Servers have settings; this is no server."), title=_("Not here"))
    return ctx.guild_id


def _noted(ctx: Context, what: str, detail: str) -> Change:
    return change(ctx, f"settings {what}", Subject("guild", _guild(ctx)), detail[:500])


def _said(done: bool) -> Embed:
    return success(_("Saved")) if done else unchanged()


def _page(guild_id: str, embed: Embed, guild_store: Store, trail: Trail, offers: Offers) -> Reply:
    changes = [
        entry for entry in trail.of_guild(guild_id, 25).changes if entry.action[:9] == "settings "
    ]
    return shown(embed, guild_store.of(guild_id), changes, offers)
