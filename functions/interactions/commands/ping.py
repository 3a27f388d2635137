"""/ping: real timings of the way that a command takes."""

from typing import NamedTuple, Protocol

from utilsbot.context import Context
from utilsbot.discord.components import Button, row
from utilsbot.discord.custom_id import build
from utilsbot.i18n import _, number
from utilsbot.reply import Colour, Embed, Field, Reply
from utilsbot.spec import Access, Ack, Action, Command, Visibility

SPEC = Command(
    name="ping",
    summary="How quick the bot is right now, measured on this very command",
    ack=Ack.REPLY,
    visibility=Visibility.PUBLIC_UNLESS_PRIVATE,
    access=Access.EVERYONE,
    actions=(Action("again", Ack.UPDATE, owner_only=False),),
    help=(
        "Measures the time from Discord's own stamp of your command to the bot's endpoint, one "
        "conditional write to the database, and one round trip to the queues with what waits there."
    ),
    examples=("/ping",),
)

_GOOD_MS, _FAIR_MS = 300, 1000


class QueueProbe(NamedTuple):
    """A look at the queues."""

    round_trip_ms: float
    """Of one call."""
    waiting: int | None
    """Commands in all queues together; None if the queues did not answer."""


class Queues(Protocol):
    """Looks at the queues."""

    def __call__(self) -> QueueProbe:
        """Measures one round trip."""


def run(ctx: Context, *, store_ms: float, probe_queues: Queues) -> Reply:
    """The timings of this call."""
    arrival_ms = max(0.0, (ctx.now - ctx.interaction.created_at) * 1000)
    probe = probe_queues()
    total_ms = arrival_ms + store_ms
    colour = Colour.SUCCESS if total_ms < _GOOD_MS else Colour.WARNING
    if total_ms >= _FAIR_MS or probe.waiting is None:
        colour = Colour.ERROR
    waiting = _("not answering") if probe.waiting is None else _waiting(probe.waiting)
    embed = Embed(
        title=_("Pong"),
        fields=(
            Field(_("Discord to endpoint"), f"{number(arrival_ms)} ms", inline=True),
            Field(_("Database write"), f"{number(store_ms, 1)} ms", inline=True),
            Field(_("Queues"), f"{number(probe.round_trip_ms, 1)} ms, {waiting}", inline=True),
        ),
        colour=colour,
        footer=_("The first figure compares two clocks, Discord's and ours."),
    )
    return Reply(embeds=(embed,), rows=(row(Button(_("Again"), build("ping", "again"))),))


def on_again(ctx: Context, *, store_ms: float, probe_queues: Queues) -> Reply:
    """Measures again, in place."""
    return run(ctx, store_ms=store_ms, probe_queues=probe_queues)


def _waiting(count: int) -> str:
    return _("nothing waiting") if count == 0 else _("{count} waiting").format(count=count)
