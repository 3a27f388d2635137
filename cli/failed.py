"""`utilsbot failed`: what the rescue kept of commands that failed for good."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import wraps
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from cli.target import Target, Where, where_options

if TYPE_CHECKING:
    from utilsbot.store.failed import Failed, Failures
    from utilsbot.store.records import Line

_UNITS = {"m": 60, "h": 3600, "d": 24 * 3600}


class Since(click.ParamType[float]):
    """A moment: `30m`, `6h`, `2d` ago, or an ISO date or time (UTC)."""

    name = "TIME"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Epoch seconds."""
        if not isinstance(value, str):
            return float(value)
        if ago := re.fullmatch(r"(\d{1,6})([mhd])", value):
            return datetime.now(UTC).timestamp() - int(ago[1]) * _UNITS[ago[2]]
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail("give it as 30m, 6h, 2d, 2026-11-23 or 2026-11-23T16:00", param, ctx)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


@click.group()
def failed() -> None:
    """List, show, replay and drop the commands that failed for good.

    A command that failed three times is kept for 14 days, without what its user typed. As long as
    Discord takes an answer (15 minutes) it can be run again, if its spec allows to keep it.
    """


def _on_target(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command its target in place of the options, and turns its errors into sentences."""

    @where_options("url", "stack", "region", "table")
    @wraps(command)
    def run(where: Where, **rest: Any) -> None:
        from utilsbot.errors import StoreError

        target = Target(where)
        try:
            command(target, **rest)
        except StoreError as error:
            raise click.ClickException(f"the table of {target.name}: {error}") from None

    return run


def _failures(target: Target) -> "Failures":
    from utilsbot.store.failed import Failures

    return Failures(target.dynamodb, target.table)


def _newest(target: Target, since: float | None = None) -> "Iterator[Failed]":
    return _failures(target).newest(datetime.now(UTC).timestamp(), since)


def _find(target: Target, reference: str) -> "Failed":
    from utilsbot.discord.snowflake import interaction_id

    try:
        wanted = interaction_id(reference)
    except ValueError:
        raise click.UsageError(f"{reference!r} is no reference id, as 142M-73K0-04001") from None
    found = _failures(target).find(wanted)
    if found is None:
        raise click.ClickException(
            f"{target.name} keeps nothing under {reference}: it did not fail for good, was "
            "dropped, or is older than 14 days"
        )
    return found


@failed.command("list")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1), metavar="N")
@click.option("--since", type=Since(), help="30m, 6h, 2d, or a date or time (UTC).")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@_on_target
def list_failed(target: Target, limit: int, since: float | None, as_json: bool) -> None:
    """List what failed, newest first."""
    newest = _newest(target, since)
    shown = list(islice(newest, limit))
    if as_json:
        click.echo(json.dumps([_plain(item) for item in shown], indent=2))
        return
    if not shown:
        click.echo("Nothing failed.")
        return
    for item in shown:
        click.echo(
            f"{item.reference}  {_time(item.at)}  {item.command or '(no command)':<20}  "
            f"{item.user_id or '-':<20}  {_state(item)}"
        )
    if next(newest, None):
        click.echo(f"… and more: raise --limit ({limit}) or narrow it by --since.", err=True)


@failed.command()
@click.argument("reference")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@_on_target
def show(target: Target, reference: str, as_json: bool) -> None:
    """Show all that is known of a failed command, by its REFERENCE id."""
    from cli.replay import Replayer
    from utilsbot.store.logs import Logs

    item = _find(target, reference)
    why_not = Replayer(target).why_not(item)
    logs = Logs(target.dynamodb, target.table)
    line = logs.find(item.id, user_id=item.user_id) if item.user_id else None
    if as_json:
        known = {"outcome": line.outcome if line else None, "replayable": not why_not}
        click.echo(json.dumps(_plain(item) | known, indent=2))
        return
    for name, value in _facts(item, line, why_not):
        click.echo(f"{name + ':':<12} {value}")


@failed.command()
@click.argument("reference", required=False)
@click.option("--all", "every", is_flag=True, help="Everything that can still be answered.")
@click.option(
    "--wait", "wait_s", default=60.0, show_default=True, help="Seconds to wait for each; 0: none."
)
@_on_target
def replay(target: Target, reference: str | None, every: bool, wait_s: float) -> None:
    """Run a failed command again, by its REFERENCE id, or --all of them.

    It works while Discord takes an answer, 15 minutes from the call, and only for commands whose
    input may be kept. Later the user has to type it again: there is nowhere to answer to.

    Exit status: 0 all were answered (or sent, with --wait 0), 1 one was not, 2 wrong usage.
    """
    from cli.replay import Replayer

    if bool(reference) == every:
        raise click.UsageError("give either a reference id or --all")
    replayer = Replayer(target)
    if reference:
        wanted = [_find(target, reference)]
    else:
        wanted = [item for item in _recent(target) if not replayer.why_not(item)]
        if not wanted:
            click.echo("Nothing can be replayed: Discord takes answers for 15 minutes only.")
    good = [
        _replay(replayer, item, f"{number} of {len(wanted)}", wait_s)
        for number, item in enumerate(wanted, 1)
    ]
    if not all(good):
        raise SystemExit(1)


def _recent(target: Target) -> "list[Failed]":
    """What can be young enough, and was not replayed yet."""
    now = datetime.now(UTC).timestamp()
    return [item for item in _newest(target, now - 3600) if not item.replayed_at]


def _replay(replayer: Any, item: "Failed", which: str, wait_s: float) -> bool:
    from cli.replay import CannotReplay

    click.echo(f"{item.reference} ({which}): {item.command} … ", nl=False)
    try:
        done = replayer.replay(item, wait_s)
    except CannotReplay as error:
        click.echo(f"not replayed: {error}.")
        return False
    if done.outcome == "working":
        click.echo("sent." if not wait_s else f"sent, but it has not ended within {wait_s:g} s.")
        return not wait_s
    click.echo("answered." if done.good else f"it failed again ({done.outcome}).")
    return bool(done.good)


@failed.command()
@click.argument("reference")
@_on_target
def drop(target: Target, reference: str) -> None:
    """Forget a failed command, by its REFERENCE id; the command log keeps its line."""
    item = _find(target, reference)
    _failures(target).drop(item)
    click.echo(f"Dropped {item.reference}.")


def _time(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S}Z"


def _state(item: "Failed") -> str:
    if item.replayed_at:
        return f"replayed at {_time(item.replayed_at)}"
    if not item.user_id:
        return item.reason
    return "user told" if item.told else f"user not told ({item.reason})"


def _facts(item: "Failed", line: "Line | None", why_not: str) -> Iterator[tuple[str, str]]:
    yield "Reference", f"{item.reference} (interaction {item.id})"
    yield "Command", item.command or "none"
    yield "Group", item.group
    yield "User", item.user_id or "unknown"
    yield "Server", item.guild_id or "none: a direct message, or unknown"
    yield "Received", _time(item.received_at)
    yield "Given up", _time(item.at)
    yield "State", _state(item)
    if line:
        yield "Log says", "it runs" if line.outcome == "working" else line.outcome
    yield "Replay", f"no: {why_not}" if why_not else "yes, until its 15 minutes are over"
    yield "Message", f"{item.message_id}, {item.size_bytes} bytes"


def _plain(item: "Failed") -> dict[str, Any]:
    """As JSON: epoch seconds, and the reference beside the id."""
    return {"reference": item.reference, **item._asdict()}
