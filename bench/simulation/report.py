"""The simulation's tables and plots, as docs/scale.md shows them."""

from collections.abc import Iterable, Sequence

from bench.simulation.sweep import STEADY, Row
from bench.simulation.world import World
from bench.svg import lines

BEGIN = "<!-- make simulate writes from here -->"
END = "<!-- to here -->"
ACK_LIMIT_S = 3.0
_HEAD = (
    "cold",
    "ack p50",
    "ack p99",
    "answer p50",
    "answer p99",
    "AI p50",
    "AI p99",
    "late acks",
    "refused",
    "expired",
)


def section(world: World, loads: Sequence[Row], colds: Sequence[Row], seed: int) -> str:
    """What stands between the markers.

    Args:
        world: what was simulated.
        loads: by commands a second.
        colds: by the share of cold starts.
        seed: of both.
    """
    return "\n".join(
        [
            BEGIN,
            "",
            "### Where each group's workers are full",
            "",
            *capacities(world),
            "",
            f"### By load (seed {seed})",
            "",
            "![Percentiles by load](images/scale-load.svg)",
            "",
            *_table("commands/s", loads),
            "",
            f"### By cold starts, at {STEADY:g} commands a second",
            "",
            "![Percentiles by the share of cold starts](images/scale-cold.svg)",
            "",
            *_table("cold starts", colds),
            "",
            END,
        ]
    )


def capacities(world: World) -> Iterable[str]:
    """How many commands a second each group's workers can take."""
    yield "| Group | at once | warm, ms | its commands/s | that is in all, commands/s |"
    yield "|---|---|---|---|---|"
    for name, station in world.workers.items():
        own = station.limit / station.service_s
        yield (
            f"| {name} | {station.limit} | {station.service_s * 1000:,.0f} | {own:,.1f} | "
            f"{own / world.mix[name]:,.0f} |"
        )


def _table(what: str, rows: Iterable[Row]) -> Iterable[str]:
    yield f"| {what} | {' | '.join(_HEAD)} |"
    yield "|---" * (len(_HEAD) + 1) + "|"
    for row in rows:
        times = (row.ack_p50, row.ack_p99, row.answer_p50, row.answer_p99)
        shares = (row.late, row.refused, row.expired)
        cells = [f"{row.x:g}", f"{row.cold:.1%}"]
        cells += [_seconds(value) for value in (*times, row.slow_p50, row.slow_p99)]
        yield f"| {' | '.join(cells + [f'{share:.1%}' for share in shares])} |"


def _seconds(value: float) -> str:
    return f"{value * 1000:,.0f} ms" if value < 10 else f"{value:,.0f} s"


def charts(loads: Sequence[Row], colds: Sequence[Row]) -> dict[str, str]:
    """The plots by their file's name."""
    return {
        "scale-load.svg": _chart("By load", "commands a second", loads),
        "scale-cold.svg": _chart("By cold starts", "share of cold starts", colds),
    }


def _chart(title: str, across: str, rows: Sequence[Row]) -> str:
    series = {
        "ack p50": [(row.x, row.ack_p50) for row in rows],
        "ack p99": [(row.x, row.ack_p99) for row in rows],
        "answer p50": [(row.x, row.answer_p50) for row in rows],
        "answer p99": [(row.x, row.answer_p99) for row in rows],
        "AI p50": [(row.x, row.slow_p50) for row in rows],
        "AI p99": [(row.x, row.slow_p99) for row in rows],
    }
    words = f"{title}; dashed: Discord's 3 s for the acknowledgement"
    return lines(words, across, "seconds", series, ACK_LIMIT_S)


def replaced(page: str, text: str) -> str:
    """A page with the part between the markers replaced."""
    before, _, rest = page.partition(BEGIN)
    return before + text + rest.partition(END)[2]
