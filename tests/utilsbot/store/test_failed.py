"""What the rescue kept: listed newest first, found by reference, reopened once, dropped whole."""

from typing import Any

import boto3
import pytest

from tests.fakes import FakeClock
from utilsbot.discord.snowflake import EPOCH_MS, interaction_id
from utilsbot.store import keys
from utilsbot.store import table as store_table
from utilsbot.store.command_log import Claim, CommandLog, Ending, Entry
from utilsbot.store.failed import Failed, Failures, bound_to
from utilsbot.store.system_keys import FAILED_LIFE_S

_DAY_S = 24 * 3600


class House:
    """A store with a command log and what failed."""

    def __init__(self, table: str, clock: FakeClock) -> None:
        self.table, self.now = table, clock.seconds
        client = store_table.connect()
        self.log, self.failures = CommandLog(client, table), Failures(client, table)

    def entry(self, age_s: float = 0) -> Entry:
        """A command that was made so long ago."""
        made = str(int((self.now - age_s) * 1000 - EPOCH_MS) << 22)
        return Entry("42", made, "ip", "network", None, "REF", self.now - age_s, first_today=True)

    def fail(self, age_s: float = 0, sealed: bytes | None = b"sealed") -> Failed:
        """One that failed just now."""
        entry = self.entry(age_s)
        self.log.claim(entry, now=self.now, lease_s=0)
        until = self.now + 600 if sealed else None
        failed = Failed(
            id=entry.interaction_id,
            at=self.now,
            group="network",
            message_id="m",
            command="ip",
            user_id="42",
            received_at=entry.received_at,
            told=True,
            replay_until=until,
            first_today=True,
        )
        assert self.failures.keep(failed, entry, 4, sealed)
        return failed

    def rows(self, beginning: str) -> list[dict[str, Any]]:
        """Rows by the beginning of their partition or sort key."""
        items = boto3.resource("dynamodb").Table(self.table).scan()["Items"]
        return [i for i in items if any(str(i[k]).startswith(beginning) for k in ("pk", "sk"))]

    @property
    def counted(self) -> tuple[int, int, int]:
        """Runs, failures and people of the command."""
        (row,) = self.rows("STATS#")
        return int(row["runs"]), int(row["failures"]), int(row["people"])


@pytest.fixture
def house(table: str, fake_clock: FakeClock) -> House:
    """An empty one."""
    return House(table, fake_clock)


def test_what_is_kept_is_found_by_its_reference(house: House) -> None:
    """Every field survives; a reference that nothing has finds nothing."""
    failed = house.fail(age_s=20)

    assert house.failures.find(interaction_id(failed.reference)) == failed
    assert house.failures.find("1") is None


def test_the_list_is_newest_first_over_days(house: House) -> None:
    """Page by page, and no further back than is asked for."""
    ages = (0, 60, _DAY_S, 3 * _DAY_S, 13 * _DAY_S)
    kept = [house.fail(age_s=age) for age in ages]

    assert list(house.failures.newest(house.now)) == kept
    assert list(house.failures.newest(house.now, house.now - _DAY_S - 1)) == kept[:3]


def test_what_was_ended_before_is_not_kept(house: House) -> None:
    """One transaction: no second count, and no entry beside an answer."""
    entry = house.entry()
    house.log.claim(entry, now=house.now, lease_s=0)
    house.log.finish(entry, Ending("ok", False, 1, 1), now=house.now)

    kept = house.failures.keep(
        Failed(entry.interaction_id, house.now, "network", "m", "ip", "42"), entry, 4, b"sealed"
    )

    assert not kept
    assert house.rows("FAILED#") == house.rows("REPLAY#") == []
    assert house.counted == (1, 0, 1)


def test_it_is_kept_for_14_days_and_the_command_for_minutes(house: House) -> None:
    """DynamoDB deletes later than that, so what has expired is not handed out either."""
    failed = house.fail()

    assert {int(row["expires_at"]) for row in house.rows("FAILED#")} == {
        int(house.now) + FAILED_LIFE_S
    }
    assert len(house.rows("FAILED#")) == 2  # the list's, and the user's that names it
    assert house.failures.sealed(failed, house.now) == b"sealed"
    assert house.failures.sealed(failed, house.now + 601) is None


def test_reopening_lets_one_worker_in_and_takes_the_count_back(house: House) -> None:
    """Twice at once is once; whatever ends it then counts it, once in all."""
    failed = house.fail()

    assert [house.failures.reopen(failed, house.now + 5) for _ in range(2)] == [True, False]

    assert house.counted == (0, 0, 0)
    found = house.failures.find(failed.id)
    assert found
    assert found.replayed_at == house.now + 5
    assert house.log.claim(house.entry(), now=house.now, lease_s=9) is Claim.TAKEN
    house.log.finish(house.entry(), Ending("ok", False, 1, 1), now=house.now)
    assert house.counted == (1, 0, 1)


def test_what_was_answered_since_is_not_reopened(house: House) -> None:
    """A replay that worked is not repeated."""
    failed = house.fail()
    house.failures.reopen(failed, house.now)
    house.log.claim(house.entry(), now=house.now, lease_s=9)
    house.log.finish(house.entry(), Ending("ok", False, 1, 1), now=house.now)

    assert not house.failures.reopen(failed, house.now)
    assert house.counted == (1, 0, 1)


def test_dropping_forgets_all_but_the_log(house: House) -> None:
    """The list's entry, the user's, and the sealed command; twice is once."""
    failed = house.fail()

    for _ in range(2):
        house.failures.drop(failed)

    assert house.rows("FAILED#") == house.rows("REPLAY#") == []
    key = keys.command_log("42", failed.id)
    assert [row["pk"] for row in house.rows(key.sk)] == [key.pk]


def test_a_stray_has_no_user(house: House) -> None:
    """It is listed and dropped all the same."""
    stray = Failed(house.entry().interaction_id, house.now, "tools", "m", reason="no envelope")

    house.failures.keep_stray(stray)

    assert list(house.failures.newest(house.now)) == [stray]
    house.failures.drop(stray)
    assert list(house.failures.newest(house.now)) == []


def test_a_sealed_command_is_bound_to_its_interaction() -> None:
    """Another's name gives another."""
    assert bound_to("1") != bound_to("2")
