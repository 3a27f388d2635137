"""Lists, switches and the audit trail, on moto; and that the gate reads what is written."""

from typing import Any

import boto3
import pytest

from tests.fakes import FakeClock
from utilsbot.aws import AwsClient
from utilsbot.clock import Clock
from utilsbot.errors import StoreError
from utilsbot.store import table as store_table
from utilsbot.store.admissions import Admissions
from utilsbot.store.audit import Audit
from utilsbot.store.flags import Flags
from utilsbot.store.memberships import Memberships
from utilsbot.store.operators import Change, Kind, Member, Roll, State, Subject
from utilsbot.store.reload_watch import LOOK_EVERY_S, ReloadWatch

_NOW = 1_790_000_000.0
_ADA, _GUILD = Member(Kind.USER, "42"), Member(Kind.GUILD, "7")


def _change(entry_id: int, action: str = "whitelist add", **parts: Any) -> Change:
    known: dict[str, Any] = {"subject": _ADA.subject, "detail": "a friend"}
    return Change(str(entry_id), _NOW, "1", action, **{**known, **parts})


@pytest.fixture
def memberships(table: str) -> Memberships:
    """The lists under test."""
    return Memberships(store_table.connect(), table)


@pytest.fixture
def flags(table: str) -> Flags:
    """The switches under test."""
    return Flags(store_table.connect(), table)


@pytest.fixture
def audit(table: str) -> Audit:
    """The trail under test."""
    return Audit(store_table.connect(), table)


@pytest.fixture
def admissions(aws: dict[str, str], table: str, clock: Clock) -> Admissions:
    """What the front door reads."""
    return Admissions(AwsClient("dynamodb", aws, timeout_s=5), table, clock)


def test_a_member_is_added_once(memberships: Memberships) -> None:
    """The second time says that it was so, and the first reason stays."""
    assert memberships.add(Roll.WHITELIST, _ADA, _change(100))
    assert not memberships.add(Roll.WHITELIST, _ADA, _change(101, detail="another"))

    found = memberships.find(Roll.WHITELIST, _ADA)
    assert found
    assert (found.reason, found.added_by, found.added_at) == ("a friend", "1", _NOW)


def test_a_redelivered_command_is_no_second_one(memberships: Memberships, audit: Audit) -> None:
    """The same interaction again hears that it worked, and the trail has one entry."""
    assert [memberships.add(Roll.WHITELIST, _ADA, _change(100)) for _ in range(3)] == [True] * 3
    assert len(audit.recent(_NOW).changes) == 1


def test_a_member_is_removed_once(memberships: Memberships) -> None:
    """Removing who is not there is told apart."""
    assert not memberships.remove(Roll.WHITELIST, _ADA, _change(100))
    memberships.add(Roll.WHITELIST, _ADA, _change(101))

    assert memberships.remove(Roll.WHITELIST, _ADA, _change(102, "whitelist remove"))
    assert memberships.find(Roll.WHITELIST, _ADA) is None
    assert memberships.page(Roll.WHITELIST).total == 0


def test_what_does_not_change_is_not_noted(memberships: Memberships, audit: Audit) -> None:
    """The trail holds changes, not attempts."""
    memberships.remove(Roll.BLACKLIST, _ADA, _change(100))

    assert audit.recent(_NOW).changes == ()


def test_the_gate_sees_the_lists(memberships: Memberships, admissions: Admissions) -> None:
    """What is written is what the front door reads: users and guilds, both lists."""
    memberships.add(Roll.WHITELIST, _ADA, _change(100))
    memberships.add(Roll.WHITELIST, _GUILD, _change(101, subject=_GUILD.subject))
    memberships.add(Roll.BLACKLIST, _GUILD, _change(102, subject=_GUILD.subject))

    assert admissions.is_whitelisted("42")
    assert not admissions.is_whitelisted("43")
    switches = admissions.switches("7").guild
    assert (switches.whitelisted, switches.blacklisted) == (True, True)


def test_the_lists_are_apart(memberships: Memberships) -> None:
    """The blacklist does not hold the whitelist's members."""
    memberships.add(Roll.WHITELIST, _ADA, _change(100))

    assert memberships.find(Roll.BLACKLIST, _ADA) is None
    assert memberships.page(Roll.BLACKLIST).listings == ()


def test_pages_go_forth_and_back(memberships: Memberships) -> None:
    """Every member is on exactly one page, whichever way one came; the ends are known."""
    for number in range(25):
        member = Member(Kind.USER, str(1000 + number))
        memberships.add(Roll.WHITELIST, member, _change(100 + number, subject=member.subject))

    first = memberships.page(Roll.WHITELIST)
    second = memberships.page(Roll.WHITELIST, after=first.listings[-1].cursor)
    third = memberships.page(Roll.WHITELIST, after=second.listings[-1].cursor)

    assert [len(page.listings) for page in (first, second, third)] == [10, 10, 5]
    assert [page.has_before for page in (first, second, third)] == [False, True, True]
    assert [page.has_after for page in (first, second, third)] == [True, True, False]
    assert {page.total for page in (first, second, third)} == {25}
    assert memberships.page(Roll.WHITELIST, before=third.listings[0].cursor) == second
    assert memberships.page(Roll.WHITELIST, before=second.listings[0].cursor) == first


def test_switches_are_what_the_gate_reads(flags: Flags, admissions: Admissions) -> None:
    """A group, a command, maintenance and the beta show in the front door's own reading."""
    assert flags.switch_off("tools", "Back at noon.", _change(100))
    assert flags.switch_off("ask", "", _change(101))
    assert flags.set_maintenance("Moving house.", _change(102))
    assert flags.set_closed_beta(True, _change(103))
    flags.note_command_ids({"hash": "11", "qr": "12"})

    switches = admissions.switches(None).flags
    assert switches.off == {"tools": "Back at noon.", "ask": ""}
    assert switches.maintenance == "Moving house."
    assert switches.closed_beta is True
    assert switches.command_ids == {"hash": "11", "qr": "12"}


def test_switching_twice_says_so(flags: Flags) -> None:
    """The same again changes nothing; another reason does."""
    assert flags.switch_off("tools", "a", _change(100))
    assert not flags.switch_off("tools", "a", _change(101))
    assert flags.switch_off("tools", "b", _change(102))
    assert flags.switch_on("tools", _change(103))
    assert not flags.switch_on("tools", _change(104))
    assert flags.state().off == {}


def test_switching_on_what_never_was_off(flags: Flags) -> None:
    """On an empty table too."""
    assert not flags.switch_on("tools", _change(100))
    assert not flags.set_maintenance("", _change(101))
    assert not flags.set_closed_beta(None, _change(102))
    assert flags.state() == State({}, "", None, 0, {})


def test_the_beta_has_three_states(flags: Flags) -> None:
    """Closed, open, and as the deployment says."""
    assert flags.set_closed_beta(False, _change(100))
    assert flags.state().closed_beta is False
    assert not flags.set_closed_beta(False, _change(101))
    assert flags.set_closed_beta(None, _change(102))
    assert flags.state().closed_beta is None


def test_command_ids_are_merged(flags: Flags) -> None:
    """A guild's sync leaves the global ids alone; what is gone is forgotten."""
    flags.note_command_ids({"hash": "11", "qr": "12"})
    flags.note_command_ids({"sync": "13"}, gone=["qr", "never"])
    flags.note_command_ids({})

    assert flags.state().command_ids == {"hash": "11", "sync": "13"}


def test_130_command_ids_fit(flags: Flags, admissions: Admissions) -> None:
    """As many as Discord takes, in one write."""
    ids = {f"command-with-a-long-name-{n:07}": str(10**18 + n) for n in range(130)}
    flags.note_command_ids(ids)

    assert admissions.switches(None).flags.command_ids == ids


def test_a_reload_counts_once(flags: Flags) -> None:
    """A redelivered /reload is the same reload."""
    flags.reload(_change(100, "reload"))
    flags.reload(_change(100, "reload"))
    flags.reload(_change(101, "reload"))

    assert flags.state().version == 2


def test_warm_workers_notice_a_reload(flags: Flags, fake_clock: FakeClock) -> None:
    """Within 20 s of the next command caches are dropped, once."""
    dropped: list[str] = []
    watch = ReloadWatch(flags, fake_clock.clock, [lambda: dropped.append("secrets")])

    assert not watch.look()
    flags.reload(_change(100, "reload"))
    assert not watch.look()
    fake_clock.advance(LOOK_EVERY_S)
    assert watch.look()
    fake_clock.advance(LOOK_EVERY_S)
    assert not watch.look()
    assert dropped == ["secrets"]


def test_a_silent_store_stops_no_worker(aws: dict[str, str], fake_clock: FakeClock) -> None:
    """Looking for a reload never fails a command."""
    watch = ReloadWatch(Flags(store_table.connect(), "missing"), fake_clock.clock, [])

    assert not watch.look()


def test_the_trail_tells_who_what_when_and_why(memberships: Memberships, audit: Audit) -> None:
    """Newest first, whole, and with those whom it concerns."""
    memberships.add(Roll.WHITELIST, _ADA, _change(100))
    memberships.add(Roll.BLACKLIST, _GUILD, _change(2000, "blacklist add", subject=_GUILD.subject))

    page = audit.recent(_NOW)
    assert [change.entry_id for change in page.changes] == ["2000", "100"]
    assert page.changes[1] == _change(100)
    assert audit.of_user("42").changes == (_change(100),)
    assert [c.action for c in audit.of_user("1").changes] == ["blacklist add", "whitelist add"]
    assert [c.entry_id for c in audit.of_guild("7").changes] == ["2000"]


def test_the_trail_is_read_page_by_page(audit: Audit) -> None:
    """Each page goes on where the last one ended."""
    for number in range(5):
        audit.commit([], _change(100 + number, "eval", subject=Subject("bot")))

    first = audit.recent(_NOW, limit=3)
    second = audit.recent(_NOW, before=first.changes[-1].entry_id, limit=3)
    assert [c.entry_id for c in first.changes] == ["104", "103", "102"]
    assert [c.entry_id for c in second.changes] == ["101", "100"]
    assert (first.more, second.more) == (True, False)


def test_entries_expire_after_a_year(audit: Audit, table: str) -> None:
    """Every copy carries the same end."""
    audit.commit([], _change(100))

    items = boto3.resource("dynamodb").Table(table).scan()["Items"]
    assert len(items) == 3
    assert {item["expires_at"] for item in items} == {int(_NOW) + 365 * 24 * 3600}


def test_a_store_that_refuses_is_a_store_error(aws: dict[str, str]) -> None:
    """Nobody is told that a change was made which was not."""
    client = store_table.connect()
    with pytest.raises(StoreError):
        Memberships(client, "missing").add(Roll.WHITELIST, _ADA, _change(100))
    with pytest.raises(StoreError):
        Flags(client, "missing").switch_off("tools", "", _change(100))
    with pytest.raises(StoreError):
        Audit(client, "missing").recent(_NOW)
