"""/logs: which commands ran, by user, by server, by reference; and what developers changed."""

from collections.abc import Mapping
from time import gmtime
from typing import Protocol

from functions.system.noting import Trail, told
from utilsbot.context import Context
from utilsbot.discord.components import Button, Row, row
from utilsbot.discord.custom_id import build
from utilsbot.discord.snowflake import created_at, interaction_id, is_snowflake, reference_id
from utilsbot.errors import BadInput, UnknownCommand
from utilsbot.i18n import _, number
from utilsbot.markdown import code_block
from utilsbot.reply import Colour, Embed, Field, Reply
from utilsbot.spec import Access, Ack, Action, Command, Option, OptionType, Subcommand, Visibility
from utilsbot.store.records import Line, LogPage

SPEC = Command(
    name="logs",
    summary="Which commands ran, when and how they ended; never what was typed",
    subcommands=(
        Subcommand(
            "user", "A user's commands", (Option("user", "Whose", OptionType.USER, required=True),)
        ),
        Subcommand(
            "server",
            "A server's commands",
            (Option("server", "Its id (default: this one)", min_length=17, max_length=20),),
        ),
        Subcommand(
            "reference",
            "The command that a reference id stands for",
            (
                Option("reference", "As the error showed it", required=True, max_length=40),
                Option("user", "Who saw it", OptionType.USER),
                Option(
                    "server", "Or where: its id (default: this one)", min_length=17, max_length=20
                ),
            ),
        ),
        Subcommand("audit", "What developers changed, newest first"),
    ),
    actions=(Action("older", Ack.UPDATE),),
    visibility=Visibility.PRIVATE,
    access=Access.DEVELOPERS,
    help="The command log of the last 90 days: who, where, which command, outcome, duration, "
    "reference. It never holds input. `audit` lists developers' changes of the last year.",
    examples=(
        "/logs user user:300000000000000001",
        "/logs server",
        "/logs reference reference:142M-73K0-04001 user:300000000000000001",
        "/logs audit",
    ),
)
_MONTHS = 12
_A_PAGE = 10
_OUTCOMES: Mapping[str, str] = {
    "ok": "✅",
    "working": "⏳",
    "user_error": "↩️",
    "service_error": "🔌",
    "error": "❌",
    "undeliverable": "📭",
    "rescued": "🛟",
    "failed": "🪦",
    "answered": "✉️",
}


class CommandLogs(Protocol):
    """utilsbot.store.logs.Logs."""

    def of_user(self, user_id: str, *, before: str | None = None, limit: int = 10) -> LogPage:
        """A user's commands, newest first."""

    def of_guild(self, guild_id: str, *, before: str | None = None, limit: int = 10) -> LogPage:
        """A guild's commands, newest first."""

    def find(
        self, interaction_id: str, *, user_id: str | None = None, guild_id: str | None = None
    ) -> Line | None:
        """The line of an interaction."""


def run_user(ctx: Context, *, user: str, logs: CommandLogs) -> Reply:  # noqa: ARG001
    """The newest of a user."""
    return _page("user", user, logs.of_user(user))


def run_server(ctx: Context, *, server: str | None, logs: CommandLogs) -> Reply:
    """The newest of a server."""
    guild_id = _server(ctx, server)
    if guild_id is None:
        raise BadInput(_("Outside servers, give the `server`'s id."), option="server")
    return _page("server", guild_id, logs.of_guild(guild_id))


def run_audit(ctx: Context, *, trail: Trail) -> Reply:
    """The newest changes; the month before, too, early in a month."""
    return _changes(trail, ctx.now, None)


def run_reference(
    ctx: Context, *, reference: str, user: str | None, server: str | None, logs: CommandLogs
) -> Reply:
    """One command in full."""
    try:
        wanted = interaction_id(reference)
    except ValueError:
        text = _("That is no reference id; one looks like `142M-73K0-04001`.")
        raise BadInput(text, option="reference") from None
    guild_id = _server(ctx, server)
    line = logs.find(wanted, user_id=user) if user else logs.find(wanted, guild_id=guild_id)
    return _one(line) if line else _not_found(wanted)


def on_older(
    ctx: Context, what: str, whose: str, before: str, *, logs: CommandLogs, trail: Trail
) -> Reply:
    """The next older ones, or with `before` 0 the newest again, in place.

    Raises:
        UnknownCommand: another version's button.
    """
    if not (is_snowflake(whose) and is_snowflake(before)):
        raise UnknownCommand
    below = before if before != "0" else None
    if what == "user":
        return _page(what, whose, logs.of_user(whose, before=below), below)
    if what == "server":
        return _page(what, whose, logs.of_guild(whose, before=below), below)
    if what == "audit":
        return _changes(trail, created_at(before) if below else ctx.now, below)
    raise UnknownCommand


def _server(ctx: Context, given: str | None) -> str | None:
    if given is not None and not is_snowflake(given):
        text = _("`server` should be a server's id: 17 to 20 digits.")
        raise BadInput(text, option="server")
    return given or ctx.guild_id


def _page(what: str, whose: str, page: LogPage, before: str | None = None) -> Reply:
    title = _("Commands of a user") if what == "user" else _("Commands in a server")
    about = f"<@{whose}> (`{whose}`)" if what == "user" else _server_named(whose)
    lines = "\n".join(_told(line, what) for line in page.lines)
    oldest = page.lines[-1].interaction_id if page.more else None
    lines = lines or _("Nothing in the last 90 days.")
    footer = _("✅ well ↩️ user's mistake 🔌 service ❌ our mistake ⏳ runs")
    embed = Embed(title, f"{about}\n{lines}", footer=footer)
    return Reply(embeds=(embed,), rows=_rows(what, whose, oldest, before))


def _changes(trail: Trail, moment: float, before: str | None) -> Reply:
    page = trail.recent(moment, before=before)
    found, more = list(page.changes), page.more
    for _month in range(
        _MONTHS
    ):  # a month is a partition: on to those before it until the page is full
        if more:
            break
        moment = _before_its_month(moment)
        page = trail.recent(moment)
        room = _A_PAGE - len(found)
        found += page.changes[:room]
        more = page.more or len(page.changes) > room
    lines = "\n".join(told(entry)[:300] for entry in found)
    embed = Embed(_("What was changed"), lines or _("Nothing in the last year."))
    oldest = found[-1].entry_id if more else None
    return Reply(embeds=(embed,), rows=_rows("audit", "0", oldest, before))


def _before_its_month(moment: float) -> float:
    """The last second of the UTC month before a moment's."""
    midnight = int(moment) // 86400 * 86400
    return midnight - (gmtime(moment).tm_mday - 1) * 86400 - 1


def _rows(what: str, whose: str, oldest: str | None, before: str | None) -> tuple[Row, ...]:
    buttons = []
    if before:
        buttons.append(Button(_("Newest"), build("logs", "older", what, whose, 0)))
    if oldest:
        buttons.append(Button(_("Older"), build("logs", "older", what, whose, oldest)))
    return (row(*buttons),) if buttons else ()


def _told(line: Line, what: str) -> str:
    who = "" if what == "user" else f" <@{line.user_id}>"
    mark = _OUTCOMES.get(line.outcome, "❔")
    took = f" {number(line.duration_ms)} ms" if line.outcome != "working" else ""
    return f"{mark} <t:{int(line.received_at)}:R> `{line.command}`{who}{took} `{line.reference}`"


def _one(line: Line) -> Reply:
    where = _server_named(line.guild_id) if line.guild_id else _("A direct message")
    took = _("{ms} ms, attempt {attempt}").format(ms=number(line.duration_ms), attempt=line.attempt)
    fields = (
        Field(_("Command"), f"`{line.command}` ({line.group})", inline=True),
        Field(_("Outcome"), f"{_OUTCOMES.get(line.outcome, '❔')} {line.outcome}", inline=True),
        Field(_("Took"), took, inline=True),
        Field(_("Who"), f"<@{line.user_id}> (`{line.user_id}`)", inline=True),
        Field(_("Where"), where, inline=True),
        Field(_("When"), f"<t:{int(line.received_at)}:F>", inline=True),
        Field(_("Interaction"), f"`{line.interaction_id}`", inline=True),
    )
    title = _("Reference {reference}").format(reference=line.reference)
    return Reply(embeds=(Embed(title, fields=fields),))


def _server_named(guild_id: str) -> str:
    return _("Server {id}").format(id=f"`{guild_id}`")


def _not_found(wanted: str) -> Reply:
    reference = reference_id(wanted)
    query = f'fields @timestamp, @log, @message | filter reference = "{reference}"'
    text = _(
        "No such command of that user, or in that server, in the last 90 days. It was called "
        "{moment}. Say who saw it (`user`) or where (`server`); or search all functions' logs with "
        "CloudWatch Logs Insights:"
    ).format(moment=f"<t:{int(created_at(wanted))}:F>")
    title = _("Reference {reference}").format(reference=reference)
    return Reply(embeds=(Embed(title, f"{text}\n{code_block(query)}", colour=Colour.WARNING),))
