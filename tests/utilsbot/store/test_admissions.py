"""The gate's one write, on moto over HTTP."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest

from tests.fakes import FakeClock
from utilsbot.aws import AwsClient
from utilsbot.errors import StoreError
from utilsbot.spec import Cooldown
from utilsbot.store.admissions import SWITCHES_LIFE_S, Admission, Admissions, Caller, Verdict

_THREE_A_MINUTE = Cooldown(3, 60)


def _caller(interaction_id: int, **changes: object) -> Caller:
    known: dict[str, object] = {
        "user_id": "42",
        "name": "Ada",
        "locale": "en-GB",
        "command": "hash",
        "cooldown": _THREE_A_MINUTE,
    }
    return Caller(interaction_id=str(interaction_id), **{**known, **changes})  # type: ignore[arg-type]


@pytest.fixture
def admissions(aws: dict[str, str], table: str, fake_clock: FakeClock) -> Admissions:
    """The store under test."""
    return Admissions(AwsClient("dynamodb", aws, timeout_s=5), table, fake_clock.clock)


def _row(table: str, pk: str = "USER#42") -> dict[str, object]:
    client = boto3.resource("dynamodb").Table(table)
    return dict(client.get_item(Key={"pk": pk, "sk": "PROFILE"}).get("Item", {}))


def _put(table: str, pk: str, sk: str = "PROFILE", **values: object) -> None:
    boto3.resource("dynamodb").Table(table).put_item(Item={"pk": pk, "sk": sk, **values})  # type: ignore[dict-item]


def test_a_new_user_is_admitted_and_noted(admissions: Admissions, table: str) -> None:
    """The first call creates the user with name, locale, times and counts."""
    assert admissions.admit(_caller(1)) == Admission(Verdict.ADMITTED)

    row = _row(table)
    assert (row["name"], row["locale"]) == ("Ada", "en-GB")
    assert (row["total_commands_used"], row["used_hash"]) == (1, 1)
    assert row["first_seen_at"] == row["last_seen_at"]


def test_a_burst_passes_and_then_a_steady_rate(
    admissions: Admissions, fake_clock: FakeClock
) -> None:
    """Three at once, then one more every 20 s, each refusal naming the exact moment."""
    verdicts = [admissions.admit(_caller(number)).verdict for number in range(4)]
    refused = admissions.admit(_caller(5))
    fake_clock.advance(20)
    later = admissions.admit(_caller(6))

    assert verdicts == [Verdict.ADMITTED] * 3 + [Verdict.COOLDOWN]
    assert refused.retry_at == pytest.approx(fake_clock.seconds)
    assert later.verdict is Verdict.ADMITTED
    assert admissions.admit(_caller(7)).verdict is Verdict.COOLDOWN


def test_a_refusal_costs_and_counts_nothing(admissions: Admissions, table: str) -> None:
    """However often a refused caller asks, the moment to try again stays and nothing is counted."""
    for number in range(3):
        admissions.admit(_caller(number))
    before = _row(table)
    moments = {admissions.admit(_caller(10 + number)).retry_at for number in range(5)}

    assert len(moments) == 1
    assert _row(table) == before


def test_each_command_has_its_own_rate(admissions: Admissions) -> None:
    """A worn-out /hash does not stop a /qr."""
    for number in range(4):
        admissions.admit(_caller(number))

    assert admissions.admit(_caller(9, command="qr")).verdict is Verdict.ADMITTED


def test_the_same_interaction_twice_is_charged_once(admissions: Admissions, table: str) -> None:
    """Discord sending one interaction twice gets the same answer and pays once."""
    verdicts = [admissions.admit(_caller(1)).verdict for _ in range(3)]

    assert verdicts == [Verdict.ADMITTED, Verdict.REPEATED, Verdict.REPEATED]
    assert _row(table)["total_commands_used"] == 1


def test_the_same_interaction_twice_is_the_days_first_both_times(
    admissions: Admissions, fake_clock: FakeClock
) -> None:
    """Whichever of the two a worker gets to count, the day's users are the same."""
    firsts = []
    for number in (1, 2, 3):
        if number == 3:
            fake_clock.advance(24 * 3600)
        told = [admissions.admit(_caller(number, worked=True)) for _ in range(2)]
        firsts.append([admission.first_today for admission in told])

    assert firsts == [[True, True], [False, False], [True, True]]
    assert not admissions.admit(_caller(3)).first_today


def test_blacklisted_users_are_refused(admissions: Admissions, table: str) -> None:
    """A blacklisted row refuses every command."""
    _put(table, "USER#42", blacklisted=True)

    assert admissions.admit(_caller(1)).verdict is Verdict.BLACKLISTED


def test_a_closed_beta_admits_the_whitelisted_only(admissions: Admissions, table: str) -> None:
    """Without the flag nobody passes, and asking leaves no row behind."""
    assert admissions.admit(_caller(1, needs_whitelist=True)).verdict is Verdict.NOT_WHITELISTED
    assert _row(table) == {}

    _put(table, "USER#42", whitelisted=True)

    assert admissions.admit(_caller(2, needs_whitelist=True)).verdict is Verdict.ADMITTED


def test_many_at_once_admit_exactly_the_burst(aws: dict[str, str], table: str) -> None:
    """Twelve callers in parallel on one row: at most the burst passes, whatever the order."""
    clock = FakeClock().clock

    def ask(number: int) -> Verdict:
        admissions = Admissions(AwsClient("dynamodb", aws, timeout_s=20), table, clock)
        try:
            return admissions.admit(_caller(number)).verdict
        except StoreError:  # endless races: refused politely
            return Verdict.COOLDOWN

    with ThreadPoolExecutor(12) as pool:
        verdicts = list(pool.map(ask, range(12)))

    assert verdicts.count(Verdict.ADMITTED) == _row(table)["total_commands_used"]
    assert 1 <= verdicts.count(Verdict.ADMITTED) <= 3


def test_switches_are_read_once_in_their_life(
    admissions: Admissions, table: str, fake_clock: FakeClock
) -> None:
    """A switch shows within its life and not before, without a call for every command."""
    assert admissions.switches("7").flags.off == {}
    _put(table, "FLAGS", "FLAGS", off={"tools": "Back at noon."}, closed_beta=True)
    _put(table, "GUILD#7", blacklisted=True)

    assert admissions.switches("7").flags.off == {}
    fake_clock.advance(SWITCHES_LIFE_S + 1)
    flags, guild = admissions.switches("7")

    assert flags.off == {"tools": "Back at noon."}
    assert flags.closed_beta is True
    assert guild.blacklisted
    assert not admissions.switches(None).guild.blacklisted


def test_guilds_share_the_flags(
    admissions: Admissions, table: str, fake_clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are read once in their life and kept once, however many guilds there are."""
    read: list[int] = []
    call = AwsClient.call

    def counting(self: AwsClient, target: str, body: Mapping[str, Any]) -> dict[str, Any]:
        read.append(len(body["RequestItems"][table]["Keys"]))
        return call(self, target, body)

    monkeypatch.setattr(AwsClient, "call", counting)
    first, second = admissions.switches("7"), admissions.switches("8")
    assert read == [2, 1]
    assert first.flags is second.flags

    admissions.switches(None)
    assert read == [2, 1]
    fake_clock.advance(SWITCHES_LIFE_S + 1)
    admissions.switches(None)
    assert read == [2, 1, 1]


def test_a_store_that_is_not_there_is_a_store_error(clock: object) -> None:
    """No answer is an error that the gate turns into a polite refusal."""
    client = AwsClient("dynamodb", {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"})

    with pytest.raises(StoreError):
        Admissions(client, "t", FakeClock().clock).admit(_caller(1))
