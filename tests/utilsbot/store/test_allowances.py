"""Allowances in the store: one reservation for all who pay, settled once, whatever is repeated."""

import json
from typing import Any, cast

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ReadTimeoutError
from botocore.httpsession import URLLib3Session

from tests.fakes import FakeClock
from tests.interactions import NOW, snowflake
from utilsbot.errors import StoreError
from utilsbot.store import table as store_table
from utilsbot.store.allowances import Allowances, Purse, Reservation, Used
from utilsbot.store.keys import Key, guild_allowance, shared_allowance, user_allowance

_KEYS = [
    user_allowance("300000000000000001", "gemini", NOW),
    guild_allowance("400000000000000001", "gemini", NOW),
    shared_allowance("gemini", NOW),
]
_NOBODY = [Used()] * 3


@pytest.fixture
def allowances(table: str, fake_clock: FakeClock) -> Allowances:
    """Of a fresh table."""
    return Allowances(store_table.connect(), table, now=lambda: NOW, sleep=fake_clock.sleep)


@pytest.fixture
def fake_clock() -> FakeClock:
    """For the pauses between tries."""
    return FakeClock(NOW)


def _purses(requests: int = 60, tokens: int = 250_000) -> list[Purse]:
    whose = ("user", "guild", "everybody")
    return [Purse(who, key, requests, tokens) for who, key in zip(whose, _KEYS, strict=True)]


def _run(interaction: int = 0, tokens: int = 10_000, requests: int = 60) -> Reservation:
    """One run of an interaction; each call is another run."""
    return Reservation.of(_purses(requests), tokens, snowflake(NOW, interaction))


def _row(allowances: Allowances, key: Key) -> dict[str, Any]:
    item = allowances._client.get_item(TableName=allowances._table, Key=store_table.key_of(key))
    return store_table.values_of(item.get("Item", {}))


def _lose_an_answer(allowances: Allowances, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The next transaction that is carried out goes unanswered, so boto3 sends it again.

    Returns:
        The token of each request from now on, once they are sent.
    """
    tokens: list[str] = []
    lost: list[str] = []

    def send(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        tokens.append(json.loads(cast("bytes", request.body))["ClientRequestToken"])
        response = URLLib3Session().send(request)
        if response.status_code == 200 and not lost:
            lost.append(tokens[-1])
            raise ReadTimeoutError(endpoint_url=request.url)
        return response

    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _seconds: None)
    events: Any = allowances._client.meta.events
    events.register("before-send.dynamodb.TransactWriteItems", send)
    return tokens


def test_what_was_spent_takes_the_place_of_what_was_reserved(allowances: Allowances) -> None:
    """In all three rows, whether it is less or more."""
    less, more = _run(0), _run(1)
    assert allowances.reserve(less) is None
    assert allowances.used(_KEYS) == [Used(1, 10_000)] * 3

    allowances.settle(less, spent=2_000, charge=True)
    allowances.reserve(more)
    allowances.settle(more, spent=11_000, charge=True)

    assert allowances.used(_KEYS) == [Used(2, 13_000)] * 3


def test_a_settlement_whose_answer_was_lost_counts_once(
    allowances: Allowances, monkeypatch: pytest.MonkeyPatch
) -> None:
    """AWS knows the token, which boto3 sends again; moto does not, but the user's row knows."""
    run = _run()
    allowances.reserve(run)
    tokens = _lose_an_answer(allowances, monkeypatch)

    allowances.settle(run, spent=2_000, charge=True)

    assert allowances.used(_KEYS) == [Used(1, 2_000)] * 3
    first, again = tokens
    assert first == again


def test_a_request_is_given_back_once(
    allowances: Allowances, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does what costs nothing become a gift when its answer is lost."""
    run = _run()
    allowances.reserve(run)
    tokens = _lose_an_answer(allowances, monkeypatch)

    allowances.settle(run, spent=0, charge=False)

    assert len(tokens) == 2
    assert allowances.used(_KEYS) == [Used(0, 0)] * 3


@pytest.mark.parametrize("paid_before", [False, True])
def test_a_reservation_whose_answer_was_lost_is_taken_once(
    allowances: Allowances, monkeypatch: pytest.MonkeyPatch, paid_before: bool
) -> None:
    """That it stands already is no sign of an earlier run, whether there was one or not."""
    if paid_before:
        first = _run()
        allowances.reserve(first)
        allowances.settle(first, spent=0, charge=True)
    again = _run()
    tokens = _lose_an_answer(allowances, monkeypatch)

    assert allowances.reserve(again) is None

    assert len(tokens) == 2 + paid_before
    assert tokens[-1] == tokens[-2]
    assert allowances.used(_KEYS) == [Used(1, 10_000)] * 3


def test_all_are_settled_or_nobody(allowances: Allowances) -> None:
    """A row that cannot be written leaves the others as they are, so it can be tried again."""
    run = _run()
    allowances.reserve(run)
    guild = store_table.key_of(_KEYS[1])
    row = allowances._client.get_item(TableName=allowances._table, Key=guild)["Item"]
    allowances._client.delete_item(TableName=allowances._table, Key=guild)

    with pytest.raises(StoreError):
        allowances.settle(run, spent=2_000, charge=True)

    assert allowances.used(_KEYS) == [Used(1, 10_000), Used(), Used(1, 10_000)]
    allowances._client.put_item(TableName=allowances._table, Item=row)
    allowances.settle(run, spent=2_000, charge=True)
    assert allowances.used(_KEYS) == [Used(1, 2_000)] * 3


def test_another_transaction_in_the_way_is_waited_for(
    allowances: Allowances, fake_clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A settlement is repeated as a reservation is; everybody's row is always in demand."""
    run = _run()
    allowances.reserve(run)
    client = allowances._client
    transact = client.transact_write_items
    answer: Any = {
        "Error": {"Code": "TransactionCanceledException"},
        "CancellationReasons": [{"Code": "None"}] * 2 + [{"Code": "TransactionConflict"}],
    }
    conflict = client.exceptions.TransactionCanceledException(answer, "TransactWriteItems")
    outcomes = [conflict, conflict]

    def busy(**request: Any) -> Any:
        if outcomes:
            raise outcomes.pop()
        return transact(**request)

    monkeypatch.setattr(client, "transact_write_items", busy)
    allowances.settle(run, spent=2_000, charge=True)

    assert allowances.used(_KEYS) == [Used(1, 2_000)] * 3
    assert len(fake_clock.slept) == 2


def test_an_interaction_that_runs_again_pays_its_tokens_only(allowances: Allowances) -> None:
    """Three runs are one request, for the server and everybody too, also where it was the last."""
    for _ in range(3):
        run = _run(requests=1)
        assert allowances.reserve(run) is None
        allowances.settle(run, spent=2_000, charge=True)

    assert allowances.used(_KEYS) == [Used(1, 6_000)] * 3
    refused = allowances.reserve(_run(1, requests=1))
    assert refused is not None
    assert refused.whose == "user"


def test_a_run_after_one_that_died_pays_its_tokens_only(allowances: Allowances) -> None:
    """The reservation of the dead one stands: nobody knows what it has spent."""
    allowances.reserve(_run())
    run = _run()
    allowances.reserve(run)
    allowances.settle(run, spent=2_000, charge=True)

    assert allowances.used(_KEYS) == [Used(1, 12_000)] * 3


def test_tokens_are_refused_to_an_interaction_that_has_paid_its_request(
    allowances: Allowances,
) -> None:
    """They are what Google bills."""
    allowances.reserve(_run(tokens=200_000))

    refused = allowances.reserve(_run(tokens=60_000))

    assert refused is not None
    assert refused.whose == "user"
    assert allowances.used(_KEYS) == [Used(1, 200_000)] * 3


def test_what_was_given_back_is_forgotten(allowances: Allowances) -> None:
    """A run that fails costs no request, and the next one of the same interaction pays it."""
    for charge in (True, False):
        run = _run()
        allowances.reserve(run)
        allowances.settle(run, spent=0, charge=charge)
    assert allowances.used(_KEYS) == [Used(0, 0)] * 3
    assert "charged" not in _row(allowances, _KEYS[0])

    allowances.reserve(_run())

    assert allowances.used(_KEYS) == [Used(1, 10_000)] * 3
