"""Writes what was measured: bench/results.json, docs/performance.md's tables, and a chart."""

import json
import os
import platform
import re
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.speed.chart import chart
from bench.speed.figures import Row
from bench.speed.graph import Module
from bench.speed.subjects import ROOT

RESULTS = ROOT / "bench" / "results.json"
PAGE = ROOT / "docs" / "performance.md"
CHART = ROOT / "docs" / "images" / "performance.svg"
_BEGIN, _END = "<!-- make bench writes from here -->", "<!-- to here -->"
_DRAWN = {
    "warm CPU, deferred": "A deferred command, warm: CPU over a bare verification",
    "cold start, CPU": "Cold start to the first acknowledged command: ms CPU above bare Python",
}


def show(rows: Sequence[Row]) -> None:
    """Prints the table."""
    console = Console(width=max(110, Console().width))
    table = Table("metric", "ours", "floor", "budget", "", "unit", title="make bench")
    for row in rows:
        budget = "" if row.budget is None else f"{row.budget:.2f}"
        verdict = {None: "", True: "met", False: "NOT MET"}[row.met]
        table.add_row(row.metric, str(row.ours), str(row.floor or ""), budget, verdict, row.unit)
    console.print(table)


def write(rows: Sequence[Row], modules: Sequence[Module], left_out: Sequence[str]) -> None:
    """Writes the three files; of the page only what is between its marks."""
    RESULTS.write_text(json.dumps([row.result() for row in rows], indent=2) + "\n")
    by_name = {row.metric: row for row in rows}
    CHART.write_text(
        chart({title: by_name[metric] for metric, title in _DRAWN.items() if metric in by_name})
    )
    page = PAGE.read_text(encoding="utf-8")
    text = "\n".join([_BEGIN, "", *_machine(left_out), *_tables(rows), *_imports(modules), _END])
    pattern = re.compile(f"{re.escape(_BEGIN)}.*{re.escape(_END)}", re.DOTALL)
    PAGE.write_text(pattern.sub(lambda _: text, page), encoding="utf-8")


def _machine(left_out: Sequence[str]) -> list[str]:
    lines = [
        f"Measured {time.strftime('%Y-%m-%d')} with `make bench` on {os.cpu_count()} cores, "
        f"{_processor()}, Linux {platform.release().partition('-')[0]}, Python "
        f"{platform.python_version()}. Medians, with the quartiles in brackets.",
        "",
    ]
    if left_out:
        lines += [f"Not measured in this run: {', '.join(left_out)}.", ""]
    return lines


def _processor() -> str:
    try:
        found = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    except OSError:
        found = None
    return found[1] if found else platform.machine()


def _tables(rows: Sequence[Row]) -> list[str]:
    lines = ["| metric | ours | floor | budget | met | unit |", "|---|---|---|---|---|---|"]
    for row in rows:
        budget = "" if row.budget is None else f"{row.budget:.2f}"
        met = {None: "", True: "yes", False: "**no**"}[row.met]
        cells = [row.metric, str(row.ours), str(row.floor or ""), budget, met, row.unit]
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", "What the figures are of:", ""]
    lines += [f"- {row.metric}: {row.note}" for row in rows if row.note]
    for row in rows:
        if row.peers:
            lines += ["", f"### Peers: {row.metric}", "", f"| | {row.unit} |", "|---|---|"]
            lines += [f"| **ours** | **{row.ours}** |"]
            peers = sorted(row.peers.items(), key=lambda item: item[1].median)
            lines += [f"| {name} | {peer} |" for name, peer in peers]
    return [*lines, ""]


def _imports(modules: Sequence[Module]) -> list[str]:
    if not modules:
        return []
    lines = [
        "### What the front door imports",
        "",
        "| module | own ms | with all |",
        "|---|---|---|",
    ]
    top = modules[:20]
    lines += [f"| `{m.name}` | {m.own_ms:.2f} | {m.with_all_ms:.2f} |" for m in top]
    rest = modules[20:]
    own = sum(module.own_ms for module in rest)
    return [*lines, f"| {len(rest)} more | {own:.2f} | |", ""]
