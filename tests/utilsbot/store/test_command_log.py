"""Claims and counts, on moto over HTTP."""

from typing import Any

import boto3
import pytest

from utilsbot.errors import StoreError
from utilsbot.store import table as store_table
from utilsbot.store.command_log import Claim, CommandLog, Ending, Entry

_NOW = 1_790_000_000.0
_ENTRY = Entry("42", "1001", "hash", "tools", "7", "0-REF", _NOW - 1)
_OK = Ending("ok", failed=False, duration_ms=12, attempt=1)


@pytest.fixture
def log(table: str) -> CommandLog:
    """The log under test."""
    return CommandLog(store_table.connect(), table)


def _items(table: str) -> list[dict[str, object]]:
    return list(boto3.resource("dynamodb").Table(table).scan()["Items"])  # type: ignore[arg-type]


def test_one_worker_gets_a_command(log: CommandLog) -> None:
    """The first claim takes it; while the lease runs, others hear that it is busy."""
    assert log.claim(_ENTRY, now=_NOW, lease_s=30) is Claim.TAKEN
    assert log.claim(_ENTRY, now=_NOW + 29, lease_s=30) is Claim.BUSY


def test_a_claim_whose_answer_was_lost_is_its_makers(
    log: CommandLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """boto3 repeats a write that timed out; that it was done is no sign of another worker."""
    put = log._client.put_item

    def repeated(**request: Any) -> Any:
        put(**request)
        return put(**request)

    monkeypatch.setattr(log._client, "put_item", repeated)

    assert log.claim(_ENTRY, now=_NOW, lease_s=30) is Claim.TAKEN
    assert log.claim(_ENTRY, now=_NOW + 1, lease_s=30) is Claim.BUSY


def test_a_dead_workers_command_is_free_after_its_lease(log: CommandLog) -> None:
    """A crash loses nothing: the lease ends and the next one takes over."""
    log.claim(_ENTRY, now=_NOW, lease_s=30)

    assert log.claim(_ENTRY, now=_NOW + 31, lease_s=30) is Claim.TAKEN


def test_a_released_command_is_free_at_once(log: CommandLog) -> None:
    """A worker that gives up says so."""
    log.claim(_ENTRY, now=_NOW, lease_s=30)
    log.release(_ENTRY)

    assert log.claim(_ENTRY, now=_NOW + 1, lease_s=30) is Claim.TAKEN


def test_a_finished_command_is_done_for_ever(log: CommandLog) -> None:
    """However late a duplicate comes, it is known."""
    log.claim(_ENTRY, now=_NOW, lease_s=30)
    log.finish(_ENTRY, _OK, now=_NOW)

    assert log.claim(_ENTRY, now=_NOW + 10_000, lease_s=30) is Claim.DONE


def _take_over(log: CommandLog) -> None:
    log.release(_ENTRY)
    assert log.claim(_ENTRY, now=_NOW + 1, lease_s=30) is Claim.TAKEN


def test_what_can_be_told_once_is_told_under_one_claim(log: CommandLog) -> None:
    """The note outlives the claim; under its own claim it may be repeated."""
    log.claim(_ENTRY, now=_NOW, lease_s=30)
    assert [log.begin_telling(_ENTRY) for _ in range(2)] == [True, True]

    for _ in range(2):
        _take_over(log)
        assert log.begin_telling(_ENTRY) is False


def test_a_note_is_taken_back_by_its_own_claim_only(log: CommandLog) -> None:
    """What was told earlier stays told, whatever fails now."""
    log.claim(_ENTRY, now=_NOW, lease_s=30)
    log.begin_telling(_ENTRY)
    log.undo_telling(_ENTRY)
    log.undo_telling(_ENTRY)
    _take_over(log)
    assert log.begin_telling(_ENTRY)

    _take_over(log)
    log.undo_telling(_ENTRY)
    assert log.begin_telling(_ENTRY) is False


def test_an_erased_row_does_not_come_back_for_a_note(log: CommandLog, table: str) -> None:
    """Its user is told, and nothing is kept of it."""
    assert log.begin_telling(_ENTRY)
    log.undo_telling(_ENTRY)

    assert _items(table) == []


def test_nobody_tells_what_is_done(log: CommandLog) -> None:
    """The user has an answer: the lease was over, and another was quicker."""
    log.claim(_ENTRY, now=_NOW, lease_s=30)
    log.finish(_ENTRY, _OK, now=_NOW)

    assert log.begin_telling(_ENTRY) is False


def test_two_that_take_over_at_once_are_one(
    log: CommandLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both see that the claim was left, and one of them gets it."""
    log.claim(_ENTRY, now=_NOW, lease_s=30)
    log.release(_ENTRY)
    put, seen = log._client.put_item, []

    def overtaken(**request: Any) -> Any:
        seen.append(request)
        if len(seen) == 2:  # it has looked, and is about to take over
            assert log.claim(_ENTRY, now=_NOW + 1, lease_s=30) is Claim.TAKEN
        return put(**request)

    monkeypatch.setattr(log._client, "put_item", overtaken)

    assert log.claim(_ENTRY, now=_NOW + 1, lease_s=30) is Claim.BUSY


def test_finishing_twice_counts_once(log: CommandLog, table: str) -> None:
    """The row is the condition of the counters."""
    log.claim(_ENTRY, now=_NOW, lease_s=30)
    endings = [log.finish(_ENTRY, _OK, now=_NOW) for _ in range(3)]

    assert endings == [True, False, False]
    (stats,) = [item for item in _items(table) if str(item["pk"]).startswith("STATS#")]
    assert (stats["sk"], stats["runs"], stats["failures"]) == ("COMMAND#hash", 1, 0)


def test_the_row_says_who_what_where_and_how(log: CommandLog, table: str) -> None:
    """Everything that an operator asks for, an expiry, and nothing that a user typed."""
    log.claim(_ENTRY, now=_NOW, lease_s=30)
    log.begin_telling(_ENTRY)
    log.finish(_ENTRY, Ending("error", failed=True, duration_ms=5, attempt=2), now=_NOW)

    (row,) = [item for item in _items(table) if item["pk"] == "USER#42"]
    assert row == {
        "pk": "USER#42",
        "sk": "LOG#00000000000000001001",
        "status": "done",
        "command": "hash",
        "command_group": "tools",
        "guild_id": "7",
        "reference": "0-REF",
        "received_at": (_NOW - 1) * 1000,
        "outcome": "error",
        "duration_ms": 5,
        "attempt": 2,
        "expires_at": _NOW + 90 * 24 * 3600,
    }


def test_a_store_that_refuses_is_a_store_error(aws: dict[str, str]) -> None:
    """AWS's code comes along, and no request."""
    with pytest.raises(StoreError, match="ResourceNotFoundException"):
        CommandLog(store_table.connect(), "missing").claim(_ENTRY, now=_NOW, lease_s=1)
