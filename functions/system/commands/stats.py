"""/stats: how much the bot is used, by group and day, with a chart."""

from collections.abc import Mapping
from time import gmtime, strftime
from typing import Protocol

from functions.system.costs import cost
from functions.system.figures import Figures, Sum, figures
from utilsbot.context import Context
from utilsbot.reply import Colour, Embed, Field, File, Reply
from utilsbot.spec import Access, Choice, Command, Option, OptionType, Visibility
from utilsbot.store.records import Counts

SPEC = Command(
    name="stats",
    summary="How much the bot is used: commands by group and day, failures, costs",
    options=(
        Option(
            "days",
            "How far back (default: 14 days)",
            OptionType.INTEGER,
            default=14,
            choices=(Choice("7 days", 7), Choice("14 days", 14), Choice("30 days", 30)),
        ),
    ),
    visibility=Visibility.PRIVATE,
    access=Access.DEVELOPERS,
    help="Counts what the groups' workers ran, each command once, buttons too; what the front door "
    "answers itself (`/help`, `/ping`, refusals) is in the logs only. Costs are AWS's list price "
    "for what was counted and measured; what outside services charge is not in them.",
    examples=("/stats", "/stats days:30"),
)
_TOP = 8


class Counters(Protocol):
    """utilsbot.store.stats.Stats."""

    def days(self, now: float, days: int) -> list[Counts]:
        """All counters of the last so many UTC days."""


class Charts(Protocol):
    """functions.system.chart.Charts."""

    def draw(self, found: Figures) -> bytes:
        """A PNG."""


def run(
    ctx: Context,
    *,
    days: int,
    counters: Counters,
    charts: Charts,
    groups: Mapping[str, str],
) -> Reply:
    """The figures and the chart."""
    found = figures(counters.days(ctx.now, days), groups, ctx.now, days)
    if not found.total.runs:
        return Reply(embeds=(Embed("Nothing was used", f"No command ran in {days} days."),))
    file = File("stats.png", charts.draw(found), "image/png", _spoken(found))
    embed = Embed(
        f"The last {days} days",
        fields=(
            Field("Commands", f"{found.total.runs:,}", inline=True),
            Field("Our failures", _failures(found.total), inline=True),
            Field("Mean time", f"{found.total.mean_ms:,.0f} ms", inline=True),
            Field("By group", "\n".join(_line(*item) for item in found.by_group.items())),
            Field(
                "Most used",
                "\n".join(_line(*item) for item in list(found.by_command.items())[:_TOP]),
            ),
            Field("At list price", _price(found.total)),
        ),
        colour=Colour.WARNING if found.total.failures * 20 > found.total.runs else Colour.PLAIN,
        image="attachment://stats.png",
        footer="UTC days; today is not over yet",
    )
    return Reply(embeds=(embed,), files=(file,))


def _line(name: str, found: Sum) -> str:
    failed = f", {_failures(found)} failed" if found.failures else ""
    return f"`{name}` {found.runs:,}{failed}, {found.mean_ms:,.0f} ms"


def _failures(found: Sum) -> str:
    return f"{found.failures:,} ({found.failures / found.runs:.1%})"


def _price(total: Sum) -> str:
    estimate = cost(total.runs, total.duration_ms)
    million = estimate.total / total.runs * 1e6
    return (
        f"About ${estimate.total:,.4f}: compute ${estimate.compute:,.4f}, requests "
        f"${estimate.requests:,.4f}, store ${estimate.store:,.4f}. That is ${million:,.2f} a "
        "million commands."
    )


def _spoken(found: Figures) -> str:
    """The chart in words, for those who do not see it."""
    busiest = max(range(len(found.days)), key=lambda day: _of_day(found, day))
    day = strftime("%d %B", gmtime(found.days[busiest]))
    groups = ", ".join(f"{group} {total.runs:,}" for group, total in found.by_group.items())
    return (
        f"Commands a day by group, {len(found.days)} days. In all: {groups}. Busiest: {day} with "
        f"{_of_day(found, busiest):,}."
    )[:1024]


def _of_day(found: Figures, day: int) -> int:
    return sum(runs[day] for runs in found.runs.values())
