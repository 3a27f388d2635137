"""docs/costs.md and its chart, from the model (cli/pricing); scripts/docs_pages.py writes them."""

from collections.abc import Iterable, Iterator
from typing import Any

from bench.svg import stacked
from cli.costs import column
from cli.pricing import designs
from cli.pricing.assumptions import COMMANDS_PER_USER, MIX
from cli.pricing.measured import Measured, load
from cli.pricing.report import assumptions, price_list, report
from cli.pricing.template import fixed
from utilsbot.prices import DATE, REGION

_ASYNCHRONOUS = """\
Peers that defer at all invoke the worker as an asynchronous Lambda event. Lambda's own queue costs
nothing, so the three SQS requests of a command and the polling of idle queues go; the rest stays,
for as long as each command is claimed, counted and logged. What goes too: a limit on how many run at
once that makes the others wait (an event beyond reserved concurrency is tried again for up to six
hours, with growing pauses, long after the user's token is dead); a delay that we choose, for Discord's
long 429 waits; a dead-letter queue for each group, whose age and length an alarm can watch."""
_GROWTH = """\
- **With each command**: everything in the first table.
- **With time, and then no longer**: the table (90 days of command log, then TTL deletes free of
  charge) and the logs (30 days).
- **For ever, slowly**: a row for each user and server who ever came.
- **With traffic, downwards**: cold starts. An environment lives some minutes without work, so a bot with
  few users pays one for nearly every command, and a busy one for one in 300.
- **Not at all**: alarms, dashboard, polling. They are what a quiet bot costs; `EnableOperations=false`
  and `Metrics=off` are for the smallest ones."""


def cost_page() -> str:
    """The text."""
    measured = load()
    found = report(measured, fixed())
    return "\n".join(
        [
            "# Costs\n",
            f"What the bot costs at AWS's list price: {REGION}, arm64, first tier, as AWS's pages had "
            f"it in {DATE}. **The prices could not be looked up from where this was written**: compare "
            "the last table. Calls, units, bytes and CPU were measured on the local stack "
            f"(`python -m bench.profile`, {measured.date}, {measured.machine}, {measured.commands} "
            "commands of each group); what others take is [assumed](#assumptions). "
            "`utilsbot costs` prints the same for your own numbers, `--json` part by part.\n",
            *_per_million(measured, found),
            *_months(found),
            *_budget(measured, found),
            *_memory(measured),
            *_tables(),
        ]
    )


def _per_million(measured: Measured, found: Any) -> Iterator[str]:
    groups = found["per_million"]
    parts = list(dict.fromkeys(part for one in groups.values() for part in one["parts"]))
    yield "## A million commands\n"
    yield "![US dollars a million commands, by part](images/costs.svg)\n"
    head = ["US dollars", *(f"{name} `{one['command']}`" for name, one in groups.items())]
    rows = [[part, *(_usd(one["parts"].get(part, 0)) for one in groups.values())] for part in parts]
    rows.append(["**all**", *(f"**{one['total']:.2f}**" for one in groups.values())])
    yield _table(head, rows)
    head[0] = "a command"
    rows = [
        ["billed, front door, ms", *(f"{one['front_ms']:.0f}" for one in groups.values())],
        ["billed, worker, ms", *(f"{one['worker_ms']:.0f}" for one in groups.values())],
    ]
    rows += [
        ["CPU, both, ms", *(f"{g.front_cpu_ms + g.worker_cpu_ms:.1f}" for g in _groups(measured))],
        ["write units", *(f"{g.write_units:g}" for g in _groups(measured))],
        ["log, bytes", *(f"{g.log_bytes:,}" for g in _groups(measured))],
        ["of that metrics", *(f"{g.metric_bytes:,}" for g in _groups(measured))],
        ["to Discord, bytes", *(f"{g.out_bytes:,}" for g in _groups(measured))],
    ]
    yield _table(head, rows)
    yield (
        "Log bytes are those of our canonical lines; Lambda's own are assumed and in the bill. An "
        "outside service's bill (Gemini's tokens above all) is not in here.\n"
    )


def _groups(measured: Measured) -> Iterable[Any]:
    return measured.groups.values()


def _months(found: Any) -> Iterator[str]:
    yield "## A month\n"
    mix = ", ".join(f"{name} {share:.0%}" for name, share in MIX.items())
    yield f"With {COMMANDS_PER_USER:g} commands a user and day: {mix}.\n"
    months = found["months"]
    head = ["US dollars", *(f"{one['users']:,} users a day" for one in months)]
    parts = list(dict.fromkeys(part for one in months for part in one["parts"]))
    rows = [[part, *(_usd(one["parts"].get(part, 0)) for one in months)] for part in parts]
    rows += [
        ["**all**", *(f"**{one['total']:,.2f}**" for one in months)],
        ["after AWS's lasting free tier", *(f"{one['after_free_tier']:,.2f}" for one in months)],
        ["commands", *(f"{one['commands']:,}" for one in months)],
        ["a thousand commands", *(_usd(one["total"] / one["commands"] * 1000) for one in months)],
        ["deferred without a queue", *(f"{one['without_queue']:,.2f}" for one in months)],
        ["an always-on gateway bot", *(_machine(one) for one in months)],
    ]
    yield _table(head, rows)
    idle = found["idle_month"]
    parts_of = ", ".join(f"{part} {_usd(usd)}" for part, usd in idle["parts"].items())
    yield f"**Idle**, a month in which nobody comes: {idle['total']:.2f} USD ({parts_of}).\n"
    yield "### What grows, and how\n"
    yield _GROWTH + "\n"
    yield "### An always-on bot\n"
    yield (
        "A bot on Discord's gateway needs a machine that never stops, with an address and a disk, and "
        "somebody who patches it. It is cheaper from the first day on; it also is one machine in one "
        "zone, loses what is under way when it restarts, needs shards from 2,500 servers on, and its "
        "disk has no recovery to any second. Its commands are given the CPU that they take here.\n"
    )
    yield f"### Without a queue\n\n{_ASYNCHRONOUS}\n"


def _machine(one: Any) -> str:
    there = one["always_on"]
    return f"{there['total']:,.2f} ({there['machine']})"


def _budget(measured: Measured, found: Any) -> Iterator[str]:
    budget = found["budget"]
    verdict = "met" if budget["met"] else "**not met**"
    yield f"## The budget: {budget['limit']:g} USD for a million `/hash`\n"
    yield (
        f"{budget['now']:.2f} USD: {verdict}. The first table has the parts. What each change alone "
        "would save, and what it would lose:\n"
    )
    rows = [[o["title"], f"{o['saves']:.2f}", o["loses"]] for o in budget["options"]]
    yield _table(["Change", "saves", "loses"], rows)
    yield "One after the other:\n"
    rows = [[title, f"{usd:.2f}"] for title, usd in designs.steps(measured)]
    yield _table(["and with", "USD a million"], [["as deployed", f"{budget['now']:.2f}"], *rows])
    yield (
        f"**The floor** with every promise of the design kept (exact counters, a claim for each "
        f"command, its log row, a gate that writes, a rate limit in front) is {budget['floor']:.2f} USD. "
        "The budget is below what AWS takes for the calls alone: HTTP API 1.00, two invocations 0.40, "
        "three queue requests 1.20 and three write units (gate, claim, ending) 1.88 make 4.48 before "
        "anything is computed or logged.\n"
    )
    yield (
        "None of it was done: the stream's function is worth its code from some millions of commands a "
        "month on, and the parameters `Metrics` and `EnableOperations` already are the operator's.\n"
    )


def _memory(measured: Measured) -> Iterator[str]:
    yield "## Memory\n"
    yield (
        "CPU comes with memory, so work costs the same at every size below a whole core, and waiting "
        "costs in proportion. USD a million commands, and ms of a warm worker; `*` is deployed, a dash "
        "is too small for what was measured at its peak.\n"
    )
    rows = []
    for name, group in measured.groups.items():
        if not group.deferred:
            continue
        sizes = {one.memory_mb: one for one in designs.memory_curve(measured, name)}
        function = measured.functions[name]
        cells = [
            f"{sizes[mb].usd:.2f}, {sizes[mb].worker_ms:,.0f} ms"
            f"{' *' if mb == function.memory_mb else ''}"
            if mb in sizes
            else "-"
            for mb in designs.SIZES
        ]
        rows.append([f"{name} `{group.command}`", f"{function.peak_mb} MB", *cells])
    yield _table(["Group", "peak", *(f"{mb} MB" for mb in designs.SIZES)], rows)
    yield (
        "The peak is that of one plain command: a QR code to read, a board, a screenshot or an attachment "
        "take more, and are what the sizes are for.\n"
    )


def _tables() -> Iterator[str]:
    yield "## Assumptions\n"
    yield "In `cli/pricing/assumptions.py`; whoever has a deployment can replace them with its figures.\n"
    rows = [[f"`{name}`", value, why] for name, value, why in assumptions()]
    yield _table(["Name", "Value", "Why"], rows)
    yield "## Prices\n"
    yield f"{REGION}, {DATE}, in `utilsbot/prices.py`; `/stats` reads the same.\n"
    yield _table(["Part", "Price", "Source"], price_list())


def _usd(usd: float) -> str:
    return "" if not usd else f"{usd:,.2f}" if usd >= 0.005 else f"{usd:.4f}"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = list(head)
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows), ""])


def cost_chart() -> str:
    """The SVG: a bar for each group."""
    bars: dict[str, dict[str, float]] = {}
    for name, one in report(load(), fixed())["per_million"].items():
        bar = bars.setdefault(f"{name} {one['command']}", {})
        for part, usd in one["parts"].items():
            bar[column(part)] = bar.get(column(part), 0.0) + usd
    return stacked("US dollars a million commands; dashed: the budget of /hash", bars, 5.0)
