"""/privacy: what is held of you, as a list, as a file, or not at all any more."""

import json
from collections.abc import Mapping
from typing import Any, Protocol

from utilsbot.context import Context
from utilsbot.discord.components import Button, ButtonStyle, row
from utilsbot.discord.custom_id import build
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
    "profile": "Your name, language, times and counts",
    "command_log": "Commands that you used (90 days; never what you typed)",
    "api_usage": "How often your commands used outside services",
    "allowances": "What you used of daily allowances",
    "game_stats": "Your game figures",
    "games": "Games under way",
    "preferences": "Your preferences",
    "chats": "AI conversations, sealed",
    "leaderboards": "Your places on servers' leaderboards",
    "lists": "Your entries on the bot's whitelist or blacklist",
    "audit": "Developers' changes that concern you, or that you made",
    "audit_trail": "The same in the developers' trail",
    "other": "Anything else",
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
    lines = "\n".join(f"**{_LABELS[kind]}**: {_rows(len(rows))}" for kind, rows in held.items())
    more = "`/privacy export` has it all as a file; `/privacy delete` erases it."
    return Reply(embeds=(Embed("What is held of you", f"{lines or 'Nothing.'}\n\n{more}"),))


def run_export(ctx: Context, *, holdings: Holdings) -> Reply:
    """The file."""
    held = holdings.export(ctx.user.id)
    document = {
        "user_id": ctx.user.id,
        "exported_at": int(ctx.now),
        "about": {kind: _LABELS[kind] for kind in held},
        "held": held,
    }
    content = json.dumps(document, indent=2, ensure_ascii=False).encode()
    count = sum(map(len, held.values()))
    text = (
        f"{_rows(count)}, as stored. Times are milliseconds since 1970 unless the name says "
        "`expires_at`, which is seconds."
    )
    file = File(f"privacy-{ctx.user.id}.json", content, "application/json")
    return Reply(embeds=(Embed("Everything that is held of you", text),), files=(file,))


def run_delete(ctx: Context, *, holdings: Holdings) -> Reply:
    """Asks first."""
    count = sum(map(len, holdings.export(ctx.user.id).values()))
    text = (
        f"{_rows(count)} would be erased, and cannot be brought back: your game figures, "
        "leaderboard places, conversations, preferences and, in a closed beta, your place on the "
        "whitelist. Using the bot again starts anew."
    )
    buttons = row(
        Button("Erase it all", build("privacy", "erase"), ButtonStyle.DANGER),
        Button("Keep it", build("privacy", "keep")),
    )
    embed = Embed("Erase what is held of you?", text, colour=Colour.WARNING)
    return Reply(embeds=(embed,), rows=(buttons,))


def on_erase(ctx: Context, *, holdings: Holdings) -> Reply:
    """Erases, and tells what a second look found."""
    done = holdings.erase(ctx.user.id)
    fields = (Field("Kept", "\n".join(map(_kept, done.kept))),) if done.kept else ()
    if done.remaining:
        text = (
            f"{_rows(done.erased)} were erased, but another command of yours wrote meanwhile and "
            f"left {_rows(done.remaining)}. Please do it once more when it is done."
        )
        embed = Embed("Not quite done", text, fields, Colour.WARNING)
    else:
        but = " but what is kept" if done.kept else " that is left of you"
        text = f"{_rows(done.erased)} were erased. A second look found nothing{but}."
        embed = success("Erased", text, fields=fields)
    return Reply(embeds=(embed,))


def on_keep(ctx: Context) -> Reply:  # noqa: ARG001
    """Does nothing, and says so."""
    return Reply(embeds=(Embed("Nothing was erased"),))


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _kept(kept: Kept) -> str:
    return f"{kept.what}" + (f", until <t:{int(kept.until)}:R>" if kept.until else "")
