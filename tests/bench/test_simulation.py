"""The simulation keeps the laws that every queue keeps, and loses nobody."""

import pytest

from bench.simulation import report
from bench.simulation.run import Ran, Simulation
from bench.simulation.sweep import percentile, row
from bench.simulation.world import LIFE_S, World, commands, deployed
from cli.pricing.measured import load
from cli.pricing.template import api_rate, limits
from scripts.docs_pages import DOCS

_NUMBER = 400


@pytest.fixture
def world() -> World:
    """The deployment of the template, every environment warm."""
    found = deployed(load(), {**limits(), "interactions": 1000}, api_rate())
    return found._replace(cold=0.0)


def _ran(world: World, rate: float, number: int = _NUMBER, seed: int = 1) -> Ran:
    return Simulation(world).run(commands(world, rate, number, seed))


@pytest.mark.parametrize("rate", [0.1, 3, 12])
def test_littles_law(world: World, rate: float) -> None:
    """As many are inside on average as come in a second, times how long they stay."""
    ran = _ran(world, rate)
    inside = ran.inside_s / ran.elapsed_s
    arrivals = len(ran.outcomes) / ran.elapsed_s
    stay_s = sum(one.gone_s for one in ran.outcomes) / len(ran.outcomes)

    assert inside == pytest.approx(arrivals * stay_s)


def test_no_command_is_lost(world: World) -> None:
    """Below every limit each is acknowledged and answered, once and in this order."""
    ran = _ran(world, 2)

    assert len(ran.outcomes) == _NUMBER
    for one in ran.outcomes:
        assert one.ack_s is not None
        assert one.answer_s is not None
        assert 0 < one.ack_s <= one.answer_s <= one.gone_s


def test_beyond_its_limits_every_command_still_ends(world: World) -> None:
    """Refused in front, expired in the queue, or answered within the life of its token."""
    narrow = world._replace(
        workers={name: one._replace(limit=1) for name, one in world.workers.items()}
    )
    ran = _ran(narrow, 100, 3000)
    refused = [one for one in ran.outcomes if one.ack_s is None]
    expired = [one for one in ran.outcomes if one.ack_s is not None and one.answer_s is None]
    answers = [one.answer_s for one in ran.outcomes if one.answer_s is not None]

    assert len(refused) + len(expired) + len(answers) == 3000
    assert refused
    assert expired
    assert max(answers) < LIFE_S + 60


def test_more_load_never_answers_sooner(world: World) -> None:
    """The same people, closer together, with everything warm."""
    rows = [row(world, rate, rate, _NUMBER, seed=3) for rate in (0.5, 2, 8, 30)]

    for name in ("ack_p50", "ack_p99", "answer_p50", "answer_p99", "slow_p50", "slow_p99"):
        values = [round(getattr(one, name), 6) for one in rows]
        assert values == sorted(values), name


def test_more_cold_starts_never_answer_sooner(world: World) -> None:
    """The same people, more of whom meet one."""
    rows = [row(world._replace(cold=share), share, 1, _NUMBER, 3) for share in (0, 0.1, 0.5, 1)]

    assert [one.cold for one in rows] == pytest.approx([0, 0.1, 0.5, 1], abs=0.05)
    for name in ("ack_p99", "answer_p99", "slow_p50"):
        values = [round(getattr(one, name), 6) for one in rows]
        assert values == sorted(values), name


def test_environments_die_of_idleness(world: World) -> None:
    """A bot that is asked once an hour starts cold each time; a busy one hardly ever."""
    living = world._replace(cold=None)

    assert _ran(living, 1 / 36000, 50).cold > 0.95
    assert _ran(living, 2, 2000).cold < 0.02


def test_the_same_seed_is_the_same_day(world: World) -> None:
    """Another one is another."""
    assert _ran(world, 5) == _ran(world, 5)
    assert _ran(world, 5) != _ran(world, 5, seed=2)


def test_percentiles_are_nearest_ranks() -> None:
    """Of a hundred values the 99th; nothing has none."""
    assert percentile(range(1, 101), 99) == 99
    assert percentile([7], 50) == 7
    assert percentile([], 50) == 0


def test_the_page_has_what_the_model_says(world: World) -> None:
    """`make simulate` was run after the last measurement, and wrote between its markers."""
    page = (DOCS / "scale.md").read_text()
    _, _, after = page.partition(report.BEGIN)
    written, end, _ = after.partition(report.END)

    assert end
    assert "\n".join(report.capacities(world)) in written
    assert report.replaced(page, report.BEGIN + written + report.END) == page


def test_a_section_has_both_tables_and_both_charts(world: World) -> None:
    """With a line for each run."""
    rows = [row(world, rate, rate, 40, seed=1) for rate in (1, 2)]
    text = report.section(world, rows, rows, seed=1)
    charts = report.charts(rows, rows)

    assert text.count("\n| 1 | 0.0% |") == text.count("\n| 2 | 0.0% |") == 2
    assert all(f"images/{name}" in text for name in charts)
    assert all(chart.count("<polyline") == 6 for chart in charts.values())
