"""`utilsbot costs`: what the bot costs at list price, from what was measured."""

import json
from collections.abc import Mapping
from typing import Any

import click

from cli.logs import table
from cli.pricing.assumptions import COMMANDS_PER_USER


@click.command()
@click.option(
    "--users",
    type=click.FloatRange(0, 1e9),
    multiple=True,
    help="Users a day; may be given several times.  [default: 100, 10 000, 1 000 000]",
)
@click.option(
    "--commands-per-user",
    type=click.FloatRange(0, 1e6),
    default=COMMANDS_PER_USER,
    show_default=True,
    help="A day.",
)
@click.option("--json", "as_json", is_flag=True, help="All figures, part by part.")
def costs(users: tuple[float, ...], commands_per_user: float, as_json: bool) -> None:
    """Show what the bot costs: per million commands of each group, and by the month.

    AWS's list prices of November 2025 for us-east-1 and arm64. Calls, sizes and CPU were measured
    (python -m bench.profile); what others take is assumed (docs/costs.md). Gemini, ScreenshotOne
    and the like send bills of their own.
    """
    from cli.pricing.measured import load
    from cli.pricing.report import USERS, report
    from cli.pricing.template import fixed

    found = report(load(), fixed(), users or USERS, commands_per_user)
    if as_json:
        click.echo(json.dumps(found))
        return
    click.echo("US dollars for a million commands")
    _show([_row({"group": name}, group) for name, group in found["per_million"].items()])
    click.echo("\nUS dollars a month")
    _show([_month(one) for one in found["months"]])
    budget = found["budget"]
    click.echo(
        f"\nA month in which nobody comes: {found['idle_month']['total']:.2f} USD. A million "
        f"{budget['command']}: {budget['now']:.2f} USD, of at most {budget['limit']:.2f}."
    )


def _row(head: Mapping[str, Any], bill: Mapping[str, Any]) -> dict[str, Any]:
    parts = {"store": 0.0, "compute": 0.0, "queue": 0.0, "requests": 0.0, "logs": 0.0, "other": 0.0}
    for part, usd in bill["parts"].items():
        parts[column(part)] += usd
    figures = {name: f"{usd:.2f}" for name, usd in (parts | {"total": bill["total"]}).items()}
    return {**head, **figures}


def column(part: str) -> str:
    """The sum that a part of the bill belongs to in tables and charts."""
    known = {"Lambda compute": "compute", "SQS": "queue", "HTTP API": "requests"}
    if part in known:
        return known[part]
    if part == "Lambda requests":
        return "requests"
    return {"DynamoDB": "store", "Logs": "logs"}.get(part.split()[0], "other")


def _month(one: Mapping[str, Any]) -> dict[str, Any]:
    row = _row({"users": f"{one['users']:g}", "commands": f"{one['commands']:,}"}, one)
    return row | {
        "free tier": f"{one['after_free_tier']:.2f}",
        "no queue": f"{one['without_queue']:.2f}",
        "always on": f"{one['always_on']['total']:.2f} ({one['always_on']['machine']})",
    }


def _show(rows: list[dict[str, Any]]) -> None:
    for line in table(rows):
        click.echo(line)
