"""What is written down of a measured command."""

from typing import Any

from bench.profile.measuring import metric_bytes
from bench.profile.units_moto import kind_of, writes
from utilsbot.metrics import Metrics

_KEY = {"pk": {"S": "USER#1"}, "sk": {"S": "LOG#0002"}}


def test_a_new_row_of_a_guild_is_written_to_the_index_too() -> None:
    """And one of a direct message is not."""
    row: dict[str, Any] = {"Item": _KEY | {"guild_id": {"S": "4"}}}

    assert list(writes("PutItem", row)) == ["USER/LOG", "USER/LOG index"]
    assert list(writes("PutItem", {"Item": _KEY})) == ["USER/LOG"]
    assert list(writes("UpdateItem", {"Key": _KEY})) == ["USER/LOG"]


def test_a_transactions_rows_are_told_apart() -> None:
    """Because each costs twice."""
    stats = {"pk": {"S": "STATS#2026-11-23"}, "sk": {"S": "COMMAND#hash"}}
    items = [{"Update": {"Key": _KEY}}, {"Update": {"Key": stats}}]

    assert list(writes("TransactWriteItems", {"TransactItems": items})) == [
        "USER/LOG in a transaction",
        "STATS/COMMAND in a transaction",
    ]


def test_kinds_are_words_and_no_ids() -> None:
    """What stands in measured.json names nobody."""
    assert kind_of(_KEY) == "USER/LOG"
    assert kind_of({"pk": {"S": "FLAGS"}, "sk": {"S": "FLAGS"}}) == "FLAGS/FLAGS"


def test_the_metrics_part_of_a_line() -> None:
    """Exactly what Metrics=off would leave out."""
    line = {"event": "command", "outcome": "ok", "run_ms": 5.0, "attempt": 1}
    more = Metrics("bot", "tools").of(line, 1.0)
    without = len('{"event":"command","outcome":"ok","run_ms":5.0,"attempt":1}')

    assert metric_bytes(line) == 0
    assert metric_bytes({**line, **more}) > without
    assert metric_bytes({**line, "Group": "a"}) == 0
