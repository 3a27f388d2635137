"""`utilsbot logs`: a reference id's whole way, errors, and the questions of an operator."""

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import click

from cli.log_sources import GROUPS, Row, Source, Unreachable, newest_last, source_of
from cli.questions import CRASH, FAILURES, QUESTIONS
from cli.target import Where, where_options

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_CRASH = re.compile(CRASH)
_HEAD = ("@timestamp", "@message", "timestamp", "function", "event", "level", "frames", "_aws")
_NOISE = ("START RequestId", "END RequestId", "INIT_START", "REPORT RequestId")
_FIRST = ("command", "outcome", "reason", "error", "cause", "calls", "attempt", "cold")
"""What people look for comes first, whatever the order in the line."""
_EVERY_S = 1.0
_LATE_S = 20.0
"""How much later than it was written a line may turn up in CloudWatch."""
_TRIED_AGAIN = (
    "It was tried more than once. A crash or a time-out leaves a line without the reference: "
    "--errors --group GROUP shows those too."
)
_EXAMPLES = """\b
Examples:
  utilsbot logs 1A2B-3C4D-5E6F7                  a command's whole way, from a user's complaint
  utilsbot logs --errors --since 1d              what failed
  utilsbot logs --query slowest                  which commands take longest
  utilsbot logs --stack utilsbot-plus --follow   a deployment's lines as they come
"""


def seconds(text: str) -> float:
    """`90s`, `15m`, `2h` or `7d` in seconds.

    Raises:
        ValueError: something else.
    """
    match = re.fullmatch(r"(\d{1,6})([smhd])", text.strip())
    if not match:
        raise ValueError("should be like 90s, 15m, 2h or 7d")
    return int(match[1]) * _UNITS[match[2]]


def read_since(_context: click.Context, _option: click.Parameter, text: str) -> float:
    """For click: `--since`."""
    try:
        return seconds(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def asked_of_a_stack(command: Callable[..., None]) -> Callable[..., None]:
    """The options of every question: how far back, of which stack, and how it is printed."""
    options = (
        click.option(
            "--since",
            default="1h",
            show_default=True,
            callback=read_since,
            help="90s, 15m, 2h, 7d: how far back.",
        ),
        click.option("--json", "as_json", is_flag=True, help="A JSON object on each line."),
        where_options("url", "stack", "region"),
    )
    for option in reversed(options):
        command = option(command)
    return command


def table(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Rows as aligned text, a column for each name that any row has."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    cells = [names, *([_cell(row.get(name)) for name in names] for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(names))]
    return [
        "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    ]


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".") if abs(value) < 1 else f"{value:.1f}"
    return "-" if value is None else " ".join(str(value).splitlines())


def describe(row: Row) -> str:
    """One line for people: when, who, what; the frames of an error below it."""
    if "event" not in row:
        return f"{row['@timestamp']}  {row.get('function', '')}  {row['@message']}"
    metrics = _metrics_of(row)
    facts = " ".join(
        f"{name}={_cell(value)}"
        for name, value in ({n: row[n] for n in _FIRST if n in row} | row).items()
        if name not in _HEAD and name not in metrics and value not in (None, "")
    )
    head = f"{row['@timestamp']}  {row['level']:<7}  {row['function']}  {row['event']}: {facts}"
    return "\n".join([head, *(f"    at {frame}" for frame in row.get("frames", []))])


def _metrics_of(row: Row) -> set[str]:
    """What a line holds for CloudWatch alone."""
    directives = (row.get("_aws") or {}).get("CloudWatchMetrics", [])
    measured = {metric["Name"] for one in directives for metric in one["Metrics"]}
    return measured | {n for one in directives for names in one["Dimensions"] for n in names}


def is_error(row: Row) -> bool:
    """Whether a line tells of a failure: by outcome or level, or a crash in Lambda's own words."""
    if "event" not in row:
        return bool(_CRASH.search(row["@message"]))
    return row.get("level") == "ERROR" or row.get("outcome") in FAILURES


@click.command(epilog=_EXAMPLES)
@click.argument("reference", required=False)
@click.option("--group", type=click.Choice(GROUPS), help="Only this function's lines.")
@click.option("--errors", is_flag=True, help="Only failures.")
@click.option("--query", "question", type=click.Choice([*QUESTIONS]), help="A canned question.")
@click.option("--follow", is_flag=True, help="Go on with what is written from now on.")
@asked_of_a_stack
def logs(
    reference: str | None,
    group: str | None,
    errors: bool,
    question: str | None,
    follow: bool,
    since: float,
    as_json: bool,
    where: Where,
) -> None:
    """Show log lines: those of a REFERENCE id, errors, or the answer to a question.

    Questions: slowest, errors, cold, refusals, costs, trace (with a REFERENCE).
    Exit status: 0 something was found, 1 nothing or no connection, 2 wrong usage.
    """
    reference = _checked(reference)
    if question and (errors or follow or bool(reference) != (question == "trace")):
        raise click.UsageError(
            "--query goes with --since, --group and --json; trace needs a REFERENCE"
        )
    began = time.time() - since
    try:
        source = source_of(where, group)
        if question:
            query = QUESTIONS[question].query.replace("REFERENCE", reference)
            found = _show_answer(source.ask(query, began), as_json=as_json)
        else:
            show = _Shown(source, reference, errors=errors, as_json=as_json)
            found = show(began)
            if show.tried_again and reference:
                click.echo(_TRIED_AGAIN, err=True)
            while follow:
                time.sleep(_EVERY_S)
                show(time.time() - _LATE_S)
    except Unreachable as error:
        raise click.ClickException(str(error)) from None
    if not found:
        click.echo("Nothing found; --since looks further back.", err=True)
        raise SystemExit(1)


def _checked(reference: str | None) -> str:
    """A reference as the log has it, however it was typed."""
    text = (reference or "").strip().strip("`").upper()
    if text and not re.fullmatch(r"[0-9A-Z-]{4,40}", text):
        raise click.UsageError("a REFERENCE has letters, digits and dashes, as 1A2B-3C4D-5E6F7")
    return text


class _Shown:
    """Shows lines, each once."""

    def __init__(self, source: Source, reference: str, *, errors: bool, as_json: bool) -> None:
        self._source = source
        self._reference = reference
        self._errors = errors
        self._as_json = as_json
        self._seen: set[tuple[str, str]] = set()
        self.tried_again = False
        """Whether a command was tried more than once."""

    def __call__(self, since: float) -> bool:
        """Shows what is new since then; whether there was anything."""
        rows = newest_last(self._source.lines(since, self._reference))
        new = [row for row in rows if self._wanted(row)]
        for row in new:
            self._seen.add((row["@timestamp"], row["@message"]))
            self.tried_again |= row.get("attempt", 1) > 1
            click.echo(row["@message"] if self._as_json and "event" in row else self._text(row))
        return bool(new)

    def _wanted(self, row: Row) -> bool:
        known = (row["@timestamp"], row["@message"]) in self._seen
        return not known and (is_error(row) if self._errors else not _is_noise(row))

    def _text(self, row: Row) -> str:
        if not self._as_json:
            return describe(row)
        return json.dumps({"timestamp": row["@timestamp"], "message": row["@message"]})


def _is_noise(row: Row) -> bool:
    """What Lambda itself writes about each invocation."""
    return str(row["@message"]).startswith(_NOISE)


def _show_answer(rows: Sequence[Row], *, as_json: bool) -> bool:
    for text in map(json.dumps, rows) if as_json else table(rows) if rows else []:
        click.echo(text)
    return bool(rows)
