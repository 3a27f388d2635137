"""`utilsbot metrics`: what CloudWatch counts, of a deployment or of the local stack."""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import click

from cli.log_sources import Row, Unreachable, aws_client, aws_errors, source_of
from cli.logs import asked_of_a_stack, table
from cli.target import Where

_STATISTICS = ("p50", "p99", "max")
_MOST_QUERIES = 500
"""What GetMetricData takes at once."""


class Series(NamedTuple):
    """A metric with its dimensions."""

    group: str
    metric: str
    by: str = ""
    """The command or the reason, where it is counted by one."""


class Figure(NamedTuple):
    """What a metric says of a span of time: counts have a total, durations the rest."""

    series: Series
    total: float | None = None
    p50: float | None = None
    p99: float | None = None
    max: float | None = None

    def row(self) -> dict[str, Any]:
        """As it is shown."""
        return {
            **self.series._asdict(),
            **{n: v for n, v in self._asdict().items() if n != "series"},
        }


def from_lines(rows: Iterable[Row]) -> Iterator[Figure]:
    """What CloudWatch would make of lines in the embedded metric format."""
    from local.insights import percentile

    values: dict[Series, list[float]] = {}
    for row in rows:
        for directive in (row.get("_aws") or {}).get("CloudWatchMetrics", []):
            for names in directive["Dimensions"]:
                by = next((str(row[name]) for name in names if name != "Group"), "")
                for metric in directive["Metrics"]:
                    series = Series(row["Group"], metric["Name"], by)
                    values.setdefault(series, []).append(row[metric["Name"]])
    for series, measured in values.items():
        if is_count(series.metric):
            yield Figure(series, total=sum(measured))
        else:
            p50, p99 = percentile(measured, 50), percentile(measured, 99)
            yield Figure(series, None, p50, p99, max(measured))


def is_count(metric: str) -> bool:
    """Whether a metric is added up; attempts and durations are not."""
    return not metric.endswith("Ms") and metric != "Attempts"


def from_cloudwatch(
    stack: str,
    since: float,
    now: Callable[[], float] = time.time,
    region: str | None = None,
) -> Iterator[Figure]:
    """What CloudWatch has of a stack, over one span of time.

    Args:
        stack: its name, which is the namespace.
        since: epoch seconds.
        now: the span's end, epoch seconds.
        region: None: the default.

    Raises:
        Unreachable: AWS refused or did not answer.
    """
    client = aws_client("cloudwatch", region)
    with aws_errors():
        pages = client.get_paginator("list_metrics").paginate(Namespace=stack)
        known = [(_series(one), one) for page in pages for one in page["Metrics"]]
        queries = list(_queries(known, _period(since, now())))
        values: dict[str, float] = {}
        for first in range(0, len(queries), _MOST_QUERIES):
            values |= _values(client, queries[first : first + _MOST_QUERIES], since, now())
    for number, (series, _) in enumerate(known):
        figures = {s: values.get(f"m{number}_{s}") for s in ("total", *_STATISTICS)}
        if any(value is not None for value in figures.values()):
            yield Figure(series, **figures)


def _series(metric: Mapping[str, Any]) -> Series:
    dimensions = {one["Name"]: one["Value"] for one in metric["Dimensions"]}
    group = dimensions.pop("Group", "")
    return Series(group, metric["MetricName"], next(iter(dimensions.values()), ""))


def _period(since: float, now: float) -> int:
    """One period for the whole span; CloudWatch takes whole hours for any age of data."""
    return max(1, -int(-(now - since) // 3600)) * 3600


def _queries(known: Sequence[tuple[Series, Any]], period: int) -> Iterator[dict[str, Any]]:
    for number, (series, metric) in enumerate(known):
        wanted = {"total": "Sum"} if is_count(series.metric) else {
            "p50": "p50", "p99": "p99", "max": "Maximum"
        }  # fmt: skip
        named = {name: metric[name] for name in ("Namespace", "MetricName", "Dimensions")}
        for name, statistic in wanted.items():
            stat = {"Metric": named, "Period": period, "Stat": statistic}
            yield {"Id": f"m{number}_{name}", "MetricStat": stat}


def _values(client: Any, queries: Sequence[Any], since: float, now: float) -> dict[str, float]:
    span = {
        "StartTime": datetime.fromtimestamp(since, UTC),
        "EndTime": datetime.fromtimestamp(now + 60, UTC),
    }
    found: dict[str, list[float]] = {}
    pages = client.get_paginator("get_metric_data")
    for page in pages.paginate(MetricDataQueries=queries, **span):
        for result in page["MetricDataResults"]:
            found.setdefault(result["Id"], []).extend(result["Values"])
    # A span may touch two periods: totals add up, of the others the worse counts.
    return {
        name: sum(values) if name.endswith("_total") else max(values)
        for name, values in found.items()
        if values
    }


@click.command("metrics")
@asked_of_a_stack
def metrics(since: float, as_json: bool, where: Where) -> None:
    """Show the metrics of each group: commands, errors, refusals, durations, cold starts, tokens.

    Exit status: 0 there are some, 1 none or no connection, 2 wrong usage.
    """
    began = time.time() - since
    try:
        found = (
            from_cloudwatch(where.deployed, began, region=where.region)
            if where.deployed
            else from_lines(source_of(where).lines(began))
        )
        rows = [figure.row() for figure in sorted(found, key=lambda figure: figure.series)]
    except Unreachable as error:
        raise click.ClickException(str(error)) from None
    for text in map(json.dumps, rows) if as_json else table(rows) if rows else []:
        click.echo(text)
    if not rows:
        click.echo("No metrics; --since looks further back.", err=True)
        raise SystemExit(1)
