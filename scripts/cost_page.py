"""docs/costs.md, from scripts/cost_page.md and the model (cli/pricing), and its chart.

scripts/docs_pages.py writes them.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.svg import stacked
from cli.costs import column
from cli.pricing import designs, snapstart
from cli.pricing.assumptions import COMMANDS_PER_USER, MIX
from cli.pricing.measured import Measured, Size, load, load_memories
from cli.pricing.model import FRONT_DOOR, VCPU_MB
from cli.pricing.report import USERS, assumptions, calls_alone, price_list, report
from cli.pricing.template import fixed
from utilsbot.prices import DATE, REGION

_TEXT = Path(__file__).with_suffix(".md")
_SIZES = (128, 256, 512, 1024, 1769)


def cost_page() -> str:
    """The text."""
    measured = load()
    found = report(measured, fixed())
    budget = found["budget"]
    parts = {
        "region": REGION,
        "date": DATE,
        "measured": f"{measured.date}, {measured.machine}, {measured.commands} commands a group",
        "per_million": _per_million(found),
        "a_command": _a_command(measured, found),
        "per_user": f"{COMMANDS_PER_USER:g}",
        "mix": ", ".join(f"{name} {share:.0%}" for name, share in MIX.items()),
        "months": _months(found["months"]),
        "idle": _bill(found["idle_month"]),
        "mappings": str(fixed().mappings),
        "limit": f"{budget['limit']:g}",
        "now": f"{budget['now']:.2f}",
        "verdict": "met" if budget["met"] else "**not met**",
        "options": _options(budget["options"]),
        "steps": _steps(measured, budget["now"]),
        "calls": _usd(calls_alone()),
        "floor": f"{budget['floor']:.2f}",
        **_memory(measured),
        **_snapstart(measured),
        "assumptions": _table(
            ["Name", "Value", "Why"],
            [[f"`{name}`", value, why] for name, value, why in assumptions()],
        ),
        "prices": _table(["Part", "USD", "For", "Source"], price_list()),
    }
    return re.sub(r"{{(\w+)}}", lambda name: parts[name[1]], _TEXT.read_text())


def _parts(bills: Iterable[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(part for bill in bills for part in bill["parts"]))


def _per_million(found: Any) -> str:
    groups = found["per_million"]
    head = ["USD", *(f"{name} `{one['command']}`" for name, one in groups.items())]
    rows = [
        [part, *(_usd(one["parts"].get(part, 0)) for one in groups.values())]
        for part in _parts(groups.values())
    ]
    return _table(head, [*rows, ["**all**", *(f"**{_usd(one)}**" for one in _totals(groups))]])


def _totals(bills: Mapping[str, Mapping[str, float]]) -> list[float]:
    return [one["total"] for one in bills.values()]


def _a_command(measured: Measured, found: Any) -> str:
    billed, groups = found["per_million"].values(), measured.groups.values()
    return _table(
        ["a command", *measured.groups],
        [
            ["billed, front door, ms", *(f"{one['front_ms']:.0f}" for one in billed)],
            ["billed, worker, ms", *(f"{one['worker_ms']:,.0f}" for one in billed)],
            ["CPU, both, ms", *(f"{one.front_cpu_ms + one.worker_cpu_ms:.1f}" for one in groups)],
            ["write units", *(f"{one.write_units:g}" for one in groups)],
            ["log, bytes", *(f"{one.log_bytes:,}" for one in groups)],
            ["of that metrics", *(f"{one.metric_bytes:,}" for one in groups)],
            ["to Discord, bytes", *(f"{one.out_bytes:,}" for one in groups)],
        ],
    )


def _months(months: Sequence[Any]) -> str:
    rows = [[part, *(_usd(one["parts"].get(part, 0)) for one in months)] for part in _parts(months)]
    rows += [
        ["**all**", *(f"**{_usd(one['total'])}**" for one in months)],
        ["after AWS's lasting free tier", *(_usd(one["after_free_tier"]) for one in months)],
        ["that, without alarms and metrics", *(_usd(one["smallest"]) for one in months)],
        ["X-Ray besides, where it is on", *(_usd(one["tracing"]) for one in months)],
        ["deferred without a queue", *(_usd(one["without_queue"]) for one in months)],
        ["an always-on gateway bot", *(_machine(one["always_on"]) for one in months)],
        ["commands", *(f"{one['commands']:,}" for one in months)],
        ["a thousand commands", *(_usd(one["total"] / one["commands"] * 1000) for one in months)],
    ]
    return _table(["USD a month", *(f"{one['users']:,} users a day" for one in months)], rows)


def _machine(one: Mapping[str, Any]) -> str:
    return f"{_usd(one['total'])} ({one['machine']})"


def _bill(bill: Mapping[str, Any]) -> str:
    parts = ", ".join(f"{part} {_usd(usd)}" for part, usd in bill["parts"].items())
    return f"{_usd(bill['total'])} USD ({parts})"


def _options(options: Iterable[Mapping[str, Any]]) -> str:
    rows = [[one["title"], _usd(one["saves"]), one["loses"]] for one in options]
    return _table(["Change", "saves", "loses"], rows)


def _steps(measured: Measured, now: float) -> str:
    rows = [[title, _usd(usd)] for title, usd in designs.steps(measured)]
    return _table(["and with", "USD a million"], [["as deployed", _usd(now)], *rows])


def _memory(measured: Measured) -> dict[str, str]:
    memories = load_memories()
    warm, work, cold, curves = [], [], [], {}
    for name, sizes in memories.groups.items():
        deployed = measured.functions[name].memory_mb
        command = measured.groups[designs.GROUP if name == FRONT_DOOR else name].command
        title = f"{name} `{command}`"
        curve = {one.memory_mb: one for one in designs.memory_curve(measured, memories, name)}
        curves[name] = curve
        found = [(sizes.get(mb), curve.get(mb), " *" * (mb == deployed)) for mb in _SIZES]
        peak = max(one.peak_mb for one in sizes.values())
        warm.append([title, f"{peak} MB", *(_billed(*one) for one in found)])
        work.append([title, *(_worked(*one) for one in found)])
        cold.append([title, *(_cold(*one) for one in found)])
    heads = [f"{mb:,} MB" for mb in _SIZES]
    return {
        "memory": _table(["Group", "peak", *heads], warm),
        "memory_work": _table(["Group", *heads], work),
        "memory_cold": _table(["Group", *heads], cold),
        "memory_measured": f"{memories.date}, {memories.machine}, {memories.commands} commands and "
        f"{memories.colds} new processes at each size",
        **_half("ai", curves["ai"]),
        **_half("games", curves["games"]),
        "ai_small_cold": f"{memories.groups['ai'][256].init_ms / 1000:.1f}",
        "memory_period": f"{memories.period_ms:g}",
        "vcpu_mb": f"{VCPU_MB:,}",
    }


def _half(name: str, curve: Mapping[int, designs.Memory]) -> dict[str, str]:
    """What 512 MB save and at most lose against 1,024 MB."""
    large, small = curve[1024], curve[512]
    saves = sorted(a - b for a, b in zip(large.usd, small.usd, strict=True))
    later = max(b - a for a, b in zip(large.billed_ms, small.billed_ms, strict=True))
    return {
        f"{name}_saves": " to ".join(dict.fromkeys(map(_usd, saves))),
        f"{name}_later": f"{later:.0f}",
    }


def _billed(size: Size | None, one: designs.Memory | None, mark: str) -> str:
    if size is None:
        return ""
    if one is None:
        return "too small"
    usd = dict.fromkeys(map(_usd, one.usd))
    ms = dict.fromkeys(f"{ms:,.0f}" for ms in one.billed_ms)
    return f"{' to '.join(usd)}, {' to '.join(ms)} ms{mark}"


def _worked(size: Size | None, _: designs.Memory | None, mark: str) -> str:
    return "" if size is None else f"{size.cpu_ms:.1f} + {size.held_ms:.1f}{mark}"


def _cold(size: Size | None, _: designs.Memory | None, mark: str) -> str:
    return "" if size is None else f"{size.init_ms / 1000:.2f} s, {size.first_ms:,} ms{mark}"


def _snapstart(measured: Measured) -> dict[str, str]:
    head = ["Function", "memory", "init, billed", "a million inits", "a million restores"]
    head += [
        "keeping it, a month",
        *(f"adds to a month of {users:,} users a day" for users in USERS),
    ]
    rows, inits = [], []
    for name in measured.functions:
        one = snapstart.snapstart(measured, name)
        inits.append(one.init_s)
        row = [name, f"{one.memory_mb:,} MB", f"{one.init_s:.2f} s"]
        row += map(_usd, (one.init_usd, one.restore_usd, one.kept_usd))
        rows.append([*row, *(_usd(snapstart.more_a_month(measured, name, n)) for n in USERS)])
    return {
        "snapstart": _table(head, rows),
        "cache_usd": f"{snapstart.CACHE.usd * 1e6:.2f}",
        "restore_usd": f"{snapstart.RESTORE.usd * 1e6:.0f}",
        "pays_from": f"{snapstart.PAYS_FROM_S:.1f}",
        "inits": f"{min(inits):.2f} to {max(inits):.2f}",
        "snapstart_date": snapstart.DATE,
    }


def _usd(usd: float) -> str:
    return "" if not usd else f"{usd:,.2f}" if usd >= 0.005 else f"{usd:.4f}"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    names = list(head)
    lines = [names, ["---"] * len(names), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def cost_chart() -> str:
    """The SVG: a bar for each group but the AI's, beside which the others could not be read."""
    bars: dict[str, dict[str, float]] = {}
    for name, one in report(load(), fixed())["per_million"].items():
        if name != "ai":
            bar = bars.setdefault(f"{name} {one['command']}", {})
            for part, usd in one["parts"].items():
                bar[column(part)] = bar.get(column(part), 0.0) + usd
    title = "US dollars a million commands, without the AI's; dashed: the budget of /hash"
    return stacked(title, bars, designs.BUDGET_USD)
