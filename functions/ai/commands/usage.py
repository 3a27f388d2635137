"""/usage: how much of the AI you have used, and for developers how much everybody has."""

from collections.abc import Sequence
from time import gmtime
from typing import Protocol

from utilsbot.context import Context
from utilsbot.errors import NotConfigured, Refused
from utilsbot.i18n import N_, _, ngettext, number
from utilsbot.markdown import code_block
from utilsbot.reply import Embed, Field, Reply
from utilsbot.spec import Command, Cooldown, Option, OptionType, Visibility

DAYS = 7
_DAY_S = 24 * 3600
_BAR = 12
_PARTS = " ▏▎▍▌▋▊▉"
_WEEKDAYS = (
    N_("Mon"),
    N_("Tue"),
    N_("Wed"),
    N_("Thu"),
    N_("Fri"),
    N_("Sat"),
    N_("Sun"),
)

SPEC = Command(
    name="usage",
    summary="See how much of the AI you have used this week, and what is left today",
    options=(
        Option(
            "everybody",
            "For the bot's developers: what everybody has used (default: no)",
            OptionType.BOOLEAN,
            default=False,
        ),
    ),
    visibility=Visibility.PRIVATE,
    cooldown=Cooldown(5, 60),
    requires=("ai",),
    help=(
        "Your questions to the AI and their tokens (a token is about four letters) by day, what is "
        "left of today's allowance and of the server's, and when the next day begins. Days are "
        "UTC. Only counts are kept, never what was asked."
    ),
    examples=("/usage", "/usage everybody:true"),
)


class Amount(Protocol):
    """Requests and tokens."""

    @property
    def requests(self) -> int:
        """Questions."""

    @property
    def tokens(self) -> int:
        """Tokens of questions and answers."""


class Lifetime(Protocol):
    """Calls of all time."""

    @property
    def calls(self) -> int:
        """Calls of the AI."""

    @property
    def failures(self) -> int:
        """Of these, without an answer."""

    @property
    def tokens(self) -> int:
        """Tokens."""


class Limits(Protocol):
    """The daily allowances."""

    @property
    def user(self) -> Amount:
        """A user's."""

    @property
    def everybody(self) -> Amount:
        """The bot's."""


class Spending(Protocol):
    """Knows what was used. Each method raises StoreError if the store does not answer."""

    @property
    def limits(self) -> Limits:
        """The daily allowances."""

    def guild_limit(self, ctx: Context) -> Amount:
        """What a server has a day: the operator's limit, or what its administrators lowered."""

    def of_user(self, user_id: str, now: float, days: int) -> Sequence[Amount]:
        """A user's days, today first."""

    def of_guild(self, guild_id: str, now: float) -> Amount:
        """A server's today."""

    def of_everybody(self, now: float, days: int) -> Sequence[Amount]:
        """Everybody's days, today first."""

    def lifetime(self, user_id: str) -> Lifetime:
        """A user's calls of all time."""


def run(ctx: Context, *, everybody: bool, spending: Spending | None) -> Reply:
    """The caller's use, or everybody's."""
    if spending is None:
        raise NotConfigured(_("AI"))
    if everybody:
        return _whole(ctx, spending)
    days = spending.of_user(ctx.user.id, ctx.now, DAYS)
    fields = [Field(_("Left of your allowance today"), _left(days[0], spending.limits.user))]
    if ctx.guild_id:
        guild = spending.of_guild(ctx.guild_id, ctx.now)
        fields.append(Field(_("Left of this server's"), _left(guild, spending.guild_limit(ctx))))
    ever = spending.lifetime(ctx.user.id)
    calls = ngettext("{count} call", "{count} calls", ever.calls)
    tokens = ngettext("{count} token", "{count} tokens", ever.tokens)
    told = _("{calls}, {failures} without an answer, {tokens}").format(
        calls=calls.format(count=number(ever.calls)),
        failures=number(ever.failures),
        tokens=tokens.format(count=number(ever.tokens)),
    )
    fields.append(Field(_("In all"), told))
    fields.append(Field(_("The next day begins"), f"<t:{_tomorrow(ctx.now)}:R>"))
    return Reply(embeds=(Embed(_("Your use of the AI"), chart(days, ctx.now), tuple(fields)),))


def _whole(ctx: Context, spending: Spending) -> Reply:
    if not ctx.developer:
        text = _(
            "Only the bot's developers see what everybody uses. Leave out `everybody` to see what "
            "you have used."
        )
        raise Refused("developers_only", text)
    days = spending.of_everybody(ctx.now, DAYS)
    field = Field(_("Left of the bot's allowance today"), _left(days[0], spending.limits.everybody))
    return Reply(embeds=(Embed(_("Everybody's use of the AI"), chart(days, ctx.now), (field,)),))


def chart(days: Sequence[Amount], now: float) -> str:
    """A bar for each day's tokens, the oldest first.

    Args:
        days: today first.
        now: epoch seconds.
    """
    most = max((day.tokens for day in days), default=0)
    lines = []
    for back, day in reversed(list(enumerate(days))):
        date = gmtime(now - back * _DAY_S)
        bar = _bar(day.tokens / most if most else 0)
        used = _("{questions} asked {tokens} tokens").format(
            questions=number(day.requests).rjust(4), tokens=number(day.tokens).rjust(9)
        )
        lines.append(f"{_(_WEEKDAYS[date.tm_wday])} {date.tm_mday:02} {bar} {used}")
    return code_block("\n".join(lines))


def _bar(share: float) -> str:
    """A bar of fixed width; anything above nothing shows."""
    eighths = round(share * _BAR * 8)
    if share > 0:
        eighths = max(1, eighths)
    whole, rest = divmod(eighths, 8)
    return ("█" * whole + (_PARTS[rest] if rest else "")).ljust(_BAR)


def _left(used: Amount, limit: Amount) -> str:
    requests, tokens = (
        max(0, limit.requests - used.requests),
        max(0, limit.tokens - used.tokens),
    )
    told = _("{questions} of {most_questions} questions, {tokens} of {most_tokens} tokens")
    return told.format(
        questions=number(requests),
        most_questions=number(limit.requests),
        tokens=number(tokens),
        most_tokens=number(limit.tokens),
    )


def _tomorrow(now: float) -> int:
    return (int(now) // _DAY_S + 1) * _DAY_S
