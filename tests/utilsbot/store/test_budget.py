"""Allowances, places and pauses that all instances share, on moto over HTTP."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.fakes import FakeClock
from utilsbot.errors import StoreError
from utilsbot.store import table as store_table
from utilsbot.store.budget import Budgets, Slot


@pytest.fixture
def budgets(table: str, fake_clock: FakeClock) -> Budgets:
    """The budgets under test."""
    return Budgets(store_table.connect(), table, fake_clock.clock.now)


def test_the_days_allowance_ends(budgets: Budgets) -> None:
    """As many calls as allowed, and not one more."""
    assert [budgets.spend("shot", 3) for _ in range(5)] == [True, True, True, False, False]


def test_a_race_for_the_last_calls_is_exact(budgets: Budgets) -> None:
    """Many at once spend together what is allowed and no more."""
    with ThreadPoolExecutor(8) as threads:
        spent = list(threads.map(lambda _: budgets.spend("shot", 5), range(20)))

    assert sum(spent) == 5


def test_a_new_day_has_a_new_allowance(budgets: Budgets, fake_clock: FakeClock) -> None:
    """At midnight UTC, which is told beforehand."""
    budgets.spend("shot", 1)
    assert not budgets.spend("shot", 1)

    fake_clock.advance(budgets.starts_again_at() - fake_clock.seconds)
    assert budgets.spend("shot", 1)


def test_an_allowance_of_none_allows_nothing(budgets: Budgets) -> None:
    """Zero switches it off."""
    assert not budgets.spend("shot", 0)


def test_what_came_to_nothing_is_given_back_once(budgets: Budgets) -> None:
    """And never more than was spent."""
    budgets.spend("shot", 1)

    assert [budgets.give_back("shot"), budgets.give_back("shot")] == [True, False]
    assert [budgets.spend("shot", 1), budgets.spend("shot", 1)] == [True, False]


def test_each_place_is_taken_once(budgets: Budgets) -> None:
    """So many calls at once, whoever makes them."""
    slots = [budgets.occupy("shot", f"owner {n}", places=2, lease_s=60) for n in range(4)]

    assert [slot is not None for slot in slots] == [True, True, False, False]


def test_a_race_for_places_is_exact(budgets: Budgets) -> None:
    """Many at once get the places that there are."""

    def occupy(number: int) -> Slot | None:
        return budgets.occupy("shot", f"owner {number}", places=3, lease_s=60)

    with ThreadPoolExecutor(8) as threads:
        slots = [slot for slot in threads.map(occupy, range(12)) if slot]

    assert len({slot.number for slot in slots}) == len(slots) == 3


def test_a_place_that_was_left_is_free(budgets: Budgets) -> None:
    """At once, for anybody."""
    slot = budgets.occupy("shot", "a", places=1, lease_s=60)
    assert slot
    budgets.leave(slot)

    assert budgets.occupy("shot", "b", places=1, lease_s=60)


def test_a_dead_owners_place_is_free_after_its_lease(
    budgets: Budgets, fake_clock: FakeClock
) -> None:
    """A worker that was killed blocks nobody for long, and cannot take the new owner's place."""
    old = budgets.occupy("shot", "a", places=1, lease_s=60)
    fake_clock.advance(61)
    assert budgets.occupy("shot", "b", places=1, lease_s=60)
    assert old
    budgets.leave(old)

    assert budgets.occupy("shot", "c", places=1, lease_s=60) is None


def test_a_redelivered_command_gets_its_own_place_again(budgets: Budgets) -> None:
    """The same owner is never kept out by itself."""
    first = budgets.occupy("shot", "a", places=4, lease_s=60)

    assert budgets.occupy("shot", "a", places=4, lease_s=60) == first


def test_a_pause_holds_for_everybody_and_ends(budgets: Budgets, fake_clock: FakeClock) -> None:
    """Until the moment that was named."""
    assert budgets.paused_until("ip-api") is None
    budgets.pause("ip-api", fake_clock.seconds + 30)

    assert budgets.paused_until("ip-api") == fake_clock.seconds + 30
    fake_clock.advance(30)
    assert budgets.paused_until("ip-api") is None


def test_a_pause_is_never_shortened(budgets: Budgets, fake_clock: FakeClock) -> None:
    """Two instances that hear of different ends keep to the later one."""
    budgets.pause("ip-api", fake_clock.seconds + 60)
    budgets.pause("ip-api", fake_clock.seconds + 5)

    assert budgets.paused_until("ip-api") == fake_clock.seconds + 60


def test_a_store_that_fails_allows_nothing(aws: dict[str, str], fake_clock: FakeClock) -> None:
    """Without the store nobody knows what was spent, so nothing is spent."""
    budgets = Budgets(store_table.connect(), "no-such-table", fake_clock.clock.now)

    for ask in (
        lambda: budgets.spend("shot", 1),
        lambda: budgets.occupy("shot", "a", places=1, lease_s=1),
        lambda: budgets.paused_until("ip-api"),
    ):
        with pytest.raises(StoreError):
            ask()
