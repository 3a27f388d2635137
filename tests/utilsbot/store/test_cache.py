"""Answers that are kept for a while, on moto over HTTP."""

import json

import boto3
import pytest

from tests.fakes import FakeClock
from utilsbot.store import table as store_table
from utilsbot.store.cache import MAX_VALUE_BYTES, Cache


@pytest.fixture
def cache(table: str, fake_clock: FakeClock) -> Cache:
    """The cache under test."""
    return Cache(store_table.connect(), table, fake_clock.clock.now)


def test_what_is_put_comes_back(cache: Cache) -> None:
    """Any JSON, by kind and question."""
    assert cache.put("ip", "1.1.1.1", {"city": "Zürich", "lat": 47.5, "none": None}, 60)

    assert cache.get("ip", "1.1.1.1") == {"city": "Zürich", "lat": 47.5, "none": None}
    assert cache.get("ip", "1.1.1.2") is None
    assert cache.get("other", "1.1.1.1") is None


def test_an_old_answer_is_none(cache: Cache, fake_clock: FakeClock) -> None:
    """DynamoDB deletes late, so the age is checked at every read."""
    cache.put("ip", "a", 1, 60)
    fake_clock.advance(59)
    assert cache.get("ip", "a") == 1

    fake_clock.advance(1)
    assert cache.get("ip", "a") is None


def test_what_was_asked_is_not_written_down(cache: Cache, table: str) -> None:
    """A question may be a user's input; the row has a digest of it and an expiry."""
    cache.put("unshorten", "https://example.com/secret", {"end": "page"}, 60)

    (row,) = boto3.resource("dynamodb").Table(table).scan()["Items"]
    assert "secret" not in json.dumps(row, default=str)
    assert row["expires_at"] == 1_790_000_060


def test_a_large_answer_is_not_kept(cache: Cache) -> None:
    """It would not fit into an item; the command goes on without."""
    assert not cache.put("ip", "a", "x" * MAX_VALUE_BYTES, 60)
    assert cache.get("ip", "a") is None


def test_a_store_that_fails_is_a_miss(aws: dict[str, str], fake_clock: FakeClock) -> None:
    """A cache never fails a command."""
    cache = Cache(store_table.connect(), "no-such-table", fake_clock.clock.now)

    assert not cache.put("ip", "a", 1, 60)
    assert cache.get("ip", "a") is None
