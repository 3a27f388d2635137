"""What users' commands called, counted with the command and never twice; on moto over HTTP."""

import boto3
import pytest

from utilsbot.meter import ApiCall
from utilsbot.store import table as store_table
from utilsbot.store.command_log import CommandLog, Ending, Entry
from utilsbot.store.usage import Usage, UsageReader

_NOW = 1_790_000_000.0
_DAY_S = 86_400
_CALLS = (
    ApiCall("ip-api", "timeout", failed=True, duration_ms=4000),
    ApiCall("ip-api", "ok", failed=False, duration_ms=200),
    ApiCall("gemini", "ok", failed=False, duration_ms=900, tokens=321),
)
_OK = Ending("ok", failed=False, duration_ms=12, attempt=1)


def _entry(interaction_id: str, user_id: str = "42") -> Entry:
    return Entry(user_id, interaction_id, "ip", "network", "7", "0-REF", _NOW - 1)


@pytest.fixture
def log(table: str) -> CommandLog:
    """The log, whose transaction counts."""
    return CommandLog(store_table.connect(), table)


@pytest.fixture
def usage(table: str) -> UsageReader:
    """Reads what was counted."""
    return UsageReader(store_table.connect(), table)


def test_a_commands_calls_are_counted_by_the_day_and_for_ever(
    log: CommandLog, usage: UsageReader
) -> None:
    """Every try is a call; failures and tokens are counted beside."""
    log.claim(_entry("1001"), now=_NOW, lease_s=30)
    log.finish(_entry("1001"), _OK, now=_NOW, calls=_CALLS)

    expected = Usage(calls=2, failures=1, tokens=0, duration_ms=4200)
    assert usage.of("42", "ip-api") == usage.of("42", "ip-api", _NOW) == expected
    assert usage.of("42", "gemini", _NOW).tokens == 321
    assert usage.of("43", "ip-api") == Usage()


def test_a_redelivery_counts_nothing_again(log: CommandLog, usage: UsageReader) -> None:
    """The command's row is the condition of the whole transaction."""
    log.claim(_entry("1001"), now=_NOW, lease_s=30)
    endings = [log.finish(_entry("1001"), _OK, now=_NOW, calls=_CALLS) for _ in range(3)]

    assert endings == [True, False, False]
    assert usage.of("42", "ip-api").calls == 2


def test_days_are_apart_and_the_lifetime_is_their_sum(log: CommandLog, usage: UsageReader) -> None:
    """UTC days."""
    for number in range(3):
        entry, now = _entry(f"100{number}"), _NOW + number * _DAY_S
        log.claim(entry, now=now, lease_s=30)
        log.finish(entry, _OK, now=now, calls=_CALLS)

    assert usage.of("42", "ip-api", _NOW).calls == 2
    assert usage.of("42", "ip-api").calls == 6


def test_only_the_days_expire(log: CommandLog, table: str) -> None:
    """After 90 days; the lifetime row stays until the user erases it."""
    log.claim(_entry("1001"), now=_NOW, lease_s=30)
    log.finish(_entry("1001"), _OK, now=_NOW, calls=_CALLS[:1])

    rows = boto3.resource("dynamodb").Table(table).scan()["Items"]
    found = {str(r["sk"]): r.get("expires_at") for r in rows if str(r["sk"]).startswith("API#")}
    assert found == {
        "API#ALL#ip-api": None,
        "API#DAY#2026-09-21#ip-api": int(_NOW) + 90 * _DAY_S,
    }
