"""/stats: how much the bot is used, by group and day, with a chart."""

from collections.abc import Mapping, Sequence
from time import gmtime, strftime
from typing import Protocol

from functions.system.costs import cost
from functions.system.figures import Figures, Sum, figures
from utilsbot.context import Context
from utilsbot.i18n import _, ngettext, number, percent
from utilsbot.reply import Colour, Embed, Field, File, Reply
from utilsbot.spec import Access, Choice, Command, Option, OptionType, Visibility
from utilsbot.store.records import Counts

SPEC = Command(
    name="stats",
    summary="How much the bot is used: commands by group and day, users, failures, costs",
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
    "answers itself (`/help`, `/ping`, refusals) is in the logs only. Users are counted once a UTC "
    "day, by the first command that a worker ran for them. Costs are AWS's list price "
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
        text = ngettext("No command ran in {count} day.", "No command ran in {count} days.", days)
        return Reply(embeds=(Embed(_("Nothing was used"), text.format(count=days)),))
    file = File("stats.png", charts.draw(found), "image/png", _spoken(found))
    busiest = list(found.by_command.items())[:_TOP]
    title = ngettext("The last {count} day", "The last {count} days", days)
    embed = Embed(
        title.format(count=days),
        fields=(
            Field(_("Commands"), number(found.total.runs), inline=True),
            Field(_("Our failures"), _failures(found.total), inline=True),
            Field(_("Mean time"), f"{number(found.total.mean_ms)} ms", inline=True),
            Field(_("Users a day"), _people(found.people)),
            Field(_("By group"), "\n".join(_line(*item) for item in found.by_group.items())),
            Field(_("Most used"), "\n".join(_line(*item) for item in busiest)),
            Field(_("At list price"), _price(found.total)),
        ),
        colour=Colour.WARNING if found.total.failures * 20 > found.total.runs else Colour.PLAIN,
        image="attachment://stats.png",
        footer=_("UTC days; today is not over yet"),
    )
    return Reply(embeds=(embed,), files=(file,))


def _people(people: Sequence[int]) -> str:
    return _("{mean} on average, {most} at the most, {today} today").format(
        mean=number(sum(people) / len(people), 1),
        most=number(max(people)),
        today=number(people[-1]),
    )


def _line(name: str, found: Sum) -> str:
    counted = f"`{name}` {number(found.runs)}"
    took = f"{number(found.mean_ms)} ms"
    if not found.failures:
        return f"{counted}, {took}"
    failed = _("{number} failed").format(number=_failures(found))
    return f"{counted}, {failed}, {took}"


def _failures(found: Sum) -> str:
    return f"{number(found.failures)} ({percent(found.failures / found.runs, 1)})"


def _price(total: Sum) -> str:
    estimate = cost(total.runs, total.duration_ms)
    text = _(
        "About ${total}: compute ${compute}, requests ${requests}, store ${store}. That is "
        "${million} a million commands."
    )
    return text.format(
        total=number(estimate.total, 4),
        compute=number(estimate.compute, 4),
        requests=number(estimate.requests, 4),
        store=number(estimate.store, 4),
        million=number(estimate.total / total.runs * 1e6, 2),
    )


def _spoken(found: Figures) -> str:
    """The chart in words, for those who do not see it."""
    busiest = max(range(len(found.days)), key=lambda day: _of_day(found, day))
    groups = ", ".join(f"{group} {number(total.runs)}" for group, total in found.by_group.items())
    text = _(
        "Commands a day by group, {days} days. In all: {groups}. Busiest: {day} with {commands} "
        "commands of {users} users."
    )
    return text.format(
        days=len(found.days),
        groups=groups,
        day=strftime("%Y-%m-%d", gmtime(found.days[busiest])),
        commands=number(_of_day(found, busiest)),
        users=number(found.people[busiest]),
    )[:1024]


def _of_day(found: Figures, day: int) -> int:
    return sum(runs[day] for runs in found.runs.values())
