"""/privacy: what is held of you, as a list, as a file, or not at all any more."""

import json
from collections.abc import Mapping
from typing import Any, Protocol

from utilsbot.context import Context
from utilsbot.discord.components import Button, ButtonStyle, row
from utilsbot.discord.custom_id import build
from utilsbot.i18n import N_, _, ngettext, number
from utilsbot.reply import Colour, Embed, Field, File, Reply, success
from utilsbot.spec import Access, Ack, Action, Command, Cooldown, Subcommand, Visibility
from utilsbot.store.records import Erasure, Kept

SPEC = Command(
    name="privacy",
    summary="What this bot holds of you: show it, get it as a file, or erase it",
    subcommands=(
        Subcommand("show", "What is held of you, in short"),
        Subcommand("export", "Everything that is held of you, as a JSON file"),
        Subcommand("delete", "Erase everything that is held of you"),
    ),
    actions=(Action("erase", Ack.UPDATE, cools_down=True), Action("keep", Ack.UPDATE)),
    visibility=Visibility.PRIVATE,
    access=Access.EVERYONE,
    cooldown=Cooldown(6, 60),
    help="The bot keeps what its commands need, and never what you typed into them; "
    "conversations with the AI are the exception, sealed and for hours only. `export` is every row "
    "that is about you, as it is stored. `delete` asks first, erases, looks again and says what it "
    "found. Backups of the database forget within 35 days, logs (which name you by a one-way hash) "
    "after the operator's retention.",
    examples=("/privacy show", "/privacy export", "/privacy delete"),
)

_LABELS: Mapping[str, str] = {
    "profile": N_("Your name, language, preferences, times and counts"),
    "command_log": N_("Commands that you used (90 days; never what you typed)"),
    "api_usage": N_("How often your commands used outside services"),
    "allowances": N_("What you used of daily allowances"),
    "game_stats": N_("Your game figures"),
    "games": N_("Games under way"),
    "chats": N_("AI conversations, sealed"),
    "leaderboards": N_("Your places on servers' leaderboards"),
    "lists": N_("Your entries on the bot's whitelist or blacklist"),
    "failed_commands": N_("Commands of yours that failed for good"),
    "sealed_commands": N_("Failed commands themselves, sealed, for minutes"),
    "failed_list": N_("The same in the list of failed commands"),
    "audit": N_("Changes by developers or admins that concern you, or that you made"),
    "audit_trail": N_("The same in the bot's audit trail"),
    "other": N_("Anything else"),
}


class Holdings(Protocol):
    """utilsbot.store.privacy.Privacy."""

    def export(self, user_id: str) -> dict[str, list[dict[str, Any]]]:
        """Every row that is about a user, by kind."""

    def erase(self, user_id: str) -> Erasure:
        """Erases a user, looks again, and says what is left."""


def run_show(ctx: Context, *, holdings: Holdings) -> Reply:
    """A line for each kind."""
    held = holdings.export(ctx.user.id)
    lines = "\n".join(f"**{_(_LABELS[kind])}**: {_rows(len(rows))}" for kind, rows in held.items())
    more = _("`/privacy export` has it all as a file; `/privacy delete` erases it.")
    text = "\n\n".join((lines or _("Nothing."), more))
    return Reply(embeds=(Embed(_("What is held of you"), text),))


def run_export(ctx: Context, *, holdings: Holdings) -> Reply:
    """The file."""
    held = holdings.export(ctx.user.id)
    document = {
        "user_id": ctx.user.id,
        "exported_at": int(ctx.now),
        "about": {kind: _(_LABELS[kind]) for kind in held},
        "held": held,
    }
    content = json.dumps(document, indent=2, ensure_ascii=False).encode()
    count = sum(map(len, held.values()))
    text = _(
        "{rows}, as stored. Times are milliseconds since 1970 unless the name says `expires_at`, "
        "which is seconds."
    ).format(rows=_rows(count))
    file = File(f"privacy-{ctx.user.id}.json", content, "application/json")
    return Reply(embeds=(Embed(_("Everything that is held of you"), text),), files=(file,))


def run_delete(ctx: Context, *, holdings: Holdings) -> Reply:
    """Asks first."""
    count = sum(map(len, holdings.export(ctx.user.id).values()))
    text = ngettext(
        "{count} row would be erased, and cannot be brought back: your game figures, leaderboard "
        "places, conversations, preferences and, in a closed beta, your place on the whitelist. "
        "Using the bot again starts anew.",
        "{count} rows would be erased, and cannot be brought back: your game figures, leaderboard "
        "places, conversations, preferences and, in a closed beta, your place on the whitelist. "
        "Using the bot again starts anew.",
        count,
    ).format(count=number(count))
    buttons = row(
        Button(_("Erase it all"), build("privacy", "erase"), ButtonStyle.DANGER),
        Button(_("Keep it"), build("privacy", "keep")),
    )
    embed = Embed(_("Erase what is held of you?"), text, colour=Colour.WARNING)
    return Reply(embeds=(embed,), rows=(buttons,))


def on_erase(ctx: Context, *, holdings: Holdings) -> Reply:
    """Erases, and tells what a second look found."""
    done = holdings.erase(ctx.user.id)
    fields = (Field(_("Kept"), "\n".join(map(_kept, done.kept))),) if done.kept else ()
    count = ngettext("{count} row was erased.", "{count} rows were erased.", done.erased)
    erased = count.format(count=number(done.erased))
    if done.remaining:
        text = _(
            "Another command of yours wrote meanwhile and left this: {rows}. Please do it once "
            "more when it is done."
        ).format(rows=_rows(done.remaining))
        embed = Embed(_("Not quite done"), f"{erased} {text}", fields, Colour.WARNING)
    else:
        text = (
            _("A second look found nothing but what is kept.")
            if done.kept
            else _("A second look found nothing that is left of you.")
        )
        embed = success(_("Erased"), f"{erased} {text}", fields=fields)
    return Reply(embeds=(embed,))


def on_keep(ctx: Context) -> Reply:  # noqa: ARG001
    """Does nothing, and says so."""
    return Reply(embeds=(Embed(_("Nothing was erased")),))


def _rows(count: int) -> str:
    return ngettext("{count} row", "{count} rows", count).format(count=number(count))


def _kept(kept: Kept) -> str:
    if kept.until is None:
        return _(kept.what)
    text = _("{what}, until {moment}")
    return text.format(what=_(kept.what), moment=f"<t:{int(kept.until)}:R>")
