"""`utilsbot costs` and its model: what is counted once, what falls, what grows, what is assumed."""

import json
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from cli.main import main
from cli.pricing import designs, snapstart
from cli.pricing.assumptions import ASSUMED, MIX, assumed
from cli.pricing.compare import ASYNCHRONOUS, machine
from cli.pricing.measured import Function, Group, Measured, Memories, Size, load, load_memories
from cli.pricing.model import (
    DEPLOYED,
    cold_share,
    command,
    idle,
    money,
    month,
    per_million,
    times,
    total,
)
from cli.pricing.report import calls_alone, report
from cli.pricing.template import Fixed, api_rate, fixed, limits, memory_by_group
from functions.catalog import CATALOG
from utilsbot.prices import PRICES

_FIXED = Fixed(mappings=10, alarm_metrics=37, dashboards=1, functions=7)
_USERS = st.floats(1, 1e7)


def _group(**more: Any) -> Group:
    values: dict[str, Any] = {
        "command": "/x",
        "front_cpu_ms": 0.0,
        "worker_cpu_ms": 0.0,
        "calls": {},
        "writes": {"XFunction USER/LOG": 2.0, "XFunction USER/LOG in a transaction": 4.0},
        "log_bytes": 1000,
        "metric_bytes": 400,
        "out_bytes": 300,
        "services": {},
        "edits": 1.0,
    }
    return Group(**(values | more))


def _measured(memory_mb: int = 512, **more: Any) -> Measured:
    function = Function(memory_mb, 0.0, 60)
    groups = dict.fromkeys(MIX, _group(**more))
    rows = {"USER/LOG": 300, "USER/PROFILE": 200}
    return Measured("2025-11-23", "x", 1, dict.fromkeys(MIX, function), groups, rows)


def test_the_measurement_is_of_this_template() -> None:
    """Another memory size asks for another measurement, or at least for a look."""
    expected = {name: mb for name, mb in memory_by_group().items() if name in MIX}

    assert {name: f.memory_mb for name, f in load().functions.items()} == expected


def test_every_group_is_measured_and_has_a_share() -> None:
    """A new group cannot be forgotten in the bill."""
    groups = {module.group for module in CATALOG}

    assert set(load().groups) == groups == set(MIX)
    assert sum(MIX.values()) == pytest.approx(1)


def test_the_units_of_hash_are_those_of_the_design() -> None:
    """Gate 1, claim 1, its index 1, and two rows of a transaction at double price."""
    writes = load().groups["tools"].writes

    assert sorted(writes.values()) == [1, 1, 1, 2, 2]
    assert load().groups["tools"].write_units == 7


def test_calls_are_billed_at_their_list_price() -> None:
    """A deferred command: one request, two invocations, three of the queue, its writes."""
    bill = per_million(command(_measured(), "tools"))

    assert bill["HTTP API"] == pytest.approx(1.00)
    assert bill["Lambda requests"] == pytest.approx(0.40)
    assert bill["SQS"] == pytest.approx(1.20)
    assert bill["DynamoDB writes"] == pytest.approx(6 * 0.625)
    assert bill["Logs"] == pytest.approx((1000 + 2 * 360) / 1000 * 0.50)


def test_what_the_front_door_answers_needs_no_worker() -> None:
    """No queue, one invocation, no time of a worker."""
    measured = _measured(edits=0.0)

    units = command(measured, "interactions")
    assert (units["SQS"], units["Lambda requests"]) == (0, 1)
    assert times(measured, "interactions").worker_s == 0


def test_waiting_costs_by_memory() -> None:
    """Half the memory, half the price of the same wait."""
    small, large = (
        command(_measured(mb, services={"gemini": 1.0}), "ai", cold=(0, 0))["Lambda compute"]
        for mb in (512, 1024)
    )

    assert large == pytest.approx(2 * small)


def test_work_costs_the_same_at_every_memory() -> None:
    """Less memory is less CPU, and takes longer in proportion."""
    measured = [_measured(mb, front_cpu_ms=10.0, edits=0.0) for mb in (256, 512, 1769)]
    prices = [command(one, "tools", cold=(0, 0))["Lambda compute"] for one in measured]

    assert prices == pytest.approx([prices[0]] * 3)


@given(st.floats(0, 1e4), st.floats(0, 1e4))
def test_cold_starts_become_rare_with_traffic(a: float, b: float) -> None:
    """From every invocation to a steady rest."""
    low, high = sorted((a, b))

    assert assumed("cold_share") <= cold_share(high) <= cold_share(low) <= 1


@given(_USERS, _USERS)
def test_more_users_never_cost_less(a: float, b: float) -> None:
    """With and without the free tier."""
    low, high = sorted((a, b))
    for free in (False, True):
        bills = [month(_measured(), _FIXED, users) for users in (low, high)]
        cheap, dear = (total(money(units, free=free).values()) for units in bills)
        assert cheap <= dear * (1 + 1e-9)


@given(_USERS)
def test_the_free_tier_only_takes_off(users: float) -> None:
    """No part gets negative or dearer."""
    units = month(_measured(), _FIXED, users)
    listed, reduced = money(units), money(units, free=True)

    assert all(0 <= reduced[part] <= listed[part] for part in listed)


def test_an_idle_month_is_polling_and_watching() -> None:
    """Ten mappings, five polls of 20 s each at once."""
    bill = money(idle(_FIXED))

    assert bill["SQS"] == pytest.approx(10 * 5 * 730 * 180 * 0.40e-6)
    assert (bill["Alarms"], bill["Dashboards"]) == pytest.approx((3.7, 3.0))


def test_without_a_queue_there_is_nothing_to_ask() -> None:
    """Neither for a command nor in an idle month; all else is the same."""
    with_queue = command(_measured(), "tools")

    assert command(_measured(), "tools", ASYNCHRONOUS) == with_queue | {"SQS": 0}
    assert idle(_FIXED, ASYNCHRONOUS)["SQS"] == 0


def test_the_machine_fits_the_load() -> None:
    """The smallest for few users; several of the largest for very many."""
    machines = [machine(load(), users) for users in (100, 1e6, 1e8)]

    assert machines[0].instance.name == "t4g.nano"
    assert [one.usd for one in machines] == sorted(one.usd for one in machines)
    assert machines[2].number > 1
    for one in machines:
        assert one.number * one.instance.steady_cpu >= 2 * one.cores
        assert one.number * one.instance.memory_mb >= one.memory_mb


def test_each_option_saves_and_the_steps_add_up() -> None:
    """A design that costs more is no option; the floor is one of the steps."""
    measured = load()
    now, steps = designs.price(measured), [usd for _, usd in designs.steps(measured)]

    assert all(one.saved > 0 for one in designs.priced(measured))
    assert [now, *steps] == sorted([now, *steps], reverse=True)
    assert calls_alone() < designs.floor(measured) < now


def _memories(**sizes: Size) -> Memories:
    return Memories("2025-11-23", "x", 1, 1, 20.0, {name: {512: s} for name, s in sizes.items()})


def test_memory_below_the_peak_is_not_offered() -> None:
    """A function that held 400 MB has no figure for 512."""
    size = Size(5.0, 0.0, 9.0, 500, 20, 400)
    memories = Memories("2025-11-23", "x", 1, 1, 20.0, {"tools": {512: size, 1024: size}})

    assert [one.memory_mb for one in designs.memory_curve(load(), memories, "tools")] == [1024]


def test_a_size_is_billed_its_measured_time_and_the_assumed_waits() -> None:
    """CPU and the time held back, both slower by Graviton's factor; local waits are left out."""
    memories = _memories(tools=Size(8.0, 12.0, 99.0, 500, 20, 60))
    measured = _measured(calls={"ToolsFunction PutItem": 1.0})
    waits = times(measured, "tools").worker_s * 1000  # no CPU in there

    (one,) = designs.memory_curve(measured, memories, "tools")

    assert one.billed_ms == pytest.approx((waits, waits + (8 + 12) * assumed("cpu_factor")))


def test_the_measured_and_the_computed_time_are_the_ends_of_a_range() -> None:
    """At half a core, work that was never held back takes from once to twice its CPU time."""
    size = Size(10.0, 0.0, 9.0, 99, 20, 60)
    memories = Memories("2025-11-23", "x", 1, 1, 20.0, {"tools": {884: size}})
    measured = _measured(worker_cpu_ms=10.0, edits=0.0001)  # next to no waits

    (one,) = designs.memory_curve(measured, memories, "tools")

    assert one.billed_ms == pytest.approx((12.5, 12.5 * 1769 / 884), abs=0.1)
    assert one.usd[0] < one.usd[1]


def test_the_front_door_is_priced_by_how_it_defers() -> None:
    """Its time changes, the worker's does not."""
    held = Size(4.0, 40.0, 9.0, 99, 20, 30)
    (one,) = designs.memory_curve(_measured(), _memories(interactions=held), "interactions")

    assert one.billed_ms == pytest.approx((0, 44 * assumed("cpu_factor")))
    assert one.usd[1] - one.usd[0] == pytest.approx(
        0.055 * 0.5 * PRICES["Lambda compute"].usd * 1e6
    )


def test_the_deployed_size_is_among_the_measured() -> None:
    """Another size in the template asks for another measurement."""
    memories, functions = load_memories(), load().functions

    assert set(memories.groups) == set(functions)
    for name, function in functions.items():
        assert function.memory_mb in memories.groups[name]


def test_a_restore_costs_more_than_any_of_our_inits() -> None:
    """So SnapStart saves no money; docs/costs.md says so."""
    for name, function in load().functions.items():
        one = snapstart.snapstart(load(), name)
        assert one.init_s < snapstart.PAYS_FROM_S
        assert one.init_usd < one.restore_usd
        assert one.kept_usd == pytest.approx(3.954 * function.memory_mb / 1024, abs=0.001)
        for users in (100, 10_000, 1_000_000):
            assert snapstart.more_a_month(load(), name, users) > one.kept_usd


def test_a_restore_pays_where_the_init_is_long() -> None:
    """From ten and a half seconds on, at any memory."""
    slow = Function(512, 12_000.0, 60)
    measured = _measured()._replace(functions=dict.fromkeys(MIX, slow))
    one = snapstart.snapstart(measured, "tools")

    assert one.init_s > snapstart.PAYS_FROM_S == pytest.approx(10.48, abs=0.01)
    assert snapstart.more_a_month(measured, "tools", 1e6) < one.kept_usd


def test_the_template_is_read() -> None:
    """Every mapping, alarm and limit of the deployment is in the bill and the simulation."""
    assert fixed().mappings == 10
    assert fixed().alarm_metrics >= 30
    assert set(limits()) == set(MIX) - {"interactions"}
    assert api_rate() == 50


def test_every_assumption_has_a_reason() -> None:
    """A figure that nobody measured says where it comes from."""
    assert all(one.why and one.unit for one in ASSUMED.values())
    assert all(price.usd > 0 and price.source for price in PRICES.values())


def test_sums_are_the_sums_of_their_parts() -> None:
    """In each bill of the report."""
    found = report(load(), fixed())
    for bill in (*found["per_million"].values(), found["idle_month"], *found["months"]):
        assert bill["total"] == pytest.approx(sum(bill["parts"].values()), abs=0.01)
    assert found["budget"]["met"] == (found["budget"]["now"] <= 5)


def test_a_design_changes_what_it_says() -> None:
    """Fewer lines, no API, fewer writes."""
    units = command(_measured(), "tools")
    changed = DEPLOYED._replace(metrics=False, platform_log=False, http_api=False, writes_saved=2)
    less = command(_measured(), "tools", changed)

    assert less["Logs"] == pytest.approx(600e-9)
    assert less["HTTP API"] == 0
    assert less["DynamoDB writes"] == units["DynamoDB writes"] - 2


def test_the_command_shows_groups_and_months() -> None:
    """As a table for people."""
    result = CliRunner().invoke(main, ["costs", "--users", "250", "--users", "5000"])

    assert result.exit_code == 0
    assert all(f"\n{name} " in result.output for name in MIX)
    assert "\n250 " in result.output
    assert "\n5000 " in result.output
    assert "of at most 5.00" in result.output


def test_the_command_speaks_json() -> None:
    """With the users and the use that were asked for."""
    options = ["costs", "--users", "1000", "--commands-per-user", "2", "--json"]
    found = json.loads(CliRunner().invoke(main, options).output)

    assert [one["users"] for one in found["months"]] == [1000]
    assert found["months"][0]["commands"] == round(2000 * 365 / 12)


@pytest.mark.parametrize("options", [["--users", "-1"], ["--commands-per-user", "x"], ["more"]])
def test_wrong_usage_is_refused(options: list[str]) -> None:
    """With 2, as everywhere."""
    assert CliRunner().invoke(main, ["costs", *options]).exit_code == 2
