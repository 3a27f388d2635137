"""What is held of a user is found, exported and erased, whatever entity it is of."""

import inspect
import json
from collections.abc import Callable
from types import ModuleType
from typing import Any

import boto3
import pytest

from utilsbot.meter import ApiCall
from utilsbot.store import keys, system_keys
from utilsbot.store import table as store_table
from utilsbot.store.command_log import CommandLog, Ending, Entry
from utilsbot.store.failed import Failed, Failures
from utilsbot.store.game_rows import GameRow
from utilsbot.store.game_stats import GameStats, Result
from utilsbot.store.games import Games
from utilsbot.store.memberships import Memberships
from utilsbot.store.operators import Change, Kind, Member, Roll
from utilsbot.store.privacy import Privacy
from utilsbot.store.privacy_map import ELSEWHERE, NOBODY, OWN

_NOW = 1_790_000_000.0
_USER, _OTHER, _DEVELOPER, _GUILD = "420000", "430000", "990000", "700000"
_ADA = Member(Kind.USER, _USER)
_MODULES = (keys, system_keys)


def _key_functions() -> dict[str, Callable[..., Any]]:
    return {
        name: function
        for module in _MODULES
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if _is_public(name, function, module)
    }


def _is_public(name: str, function: Any, module: ModuleType) -> bool:
    return not name.startswith("_") and function.__module__ == module.__name__


_FUNCTIONS = _key_functions()


def _key(name: str) -> keys.Key:
    """A key with the user in every place that could be theirs."""
    values = {"at": _NOW, "number": 1, "entry_id": "5", "interaction_id": "5"}
    known = {"user_id": _USER, "member_id": _USER, "kind": "USER", "list_name": "whitelist"}
    parameters = inspect.signature(_FUNCTIONS[name]).parameters
    given = {p: {**values, **known}.get(p, "x") for p in parameters}
    return _FUNCTIONS[name](**given)  # type: ignore[no-any-return]


@pytest.mark.parametrize("name", _FUNCTIONS)
def test_no_entity_can_be_forgotten(name: str) -> None:
    """Each key is in the user's partition, or found from it, or about nobody: and says which."""
    in_partition = _key(name).pk == keys.user(_USER).pk

    assert [in_partition, name in ELSEWHERE, name in NOBODY].count(True) == 1, (
        f"say in store/privacy_map.py how /privacy finds the rows of {name}()"
    )


@pytest.mark.parametrize("name", [n for n in _FUNCTIONS if _key(n).pk == keys.user(_USER).pk])
def test_every_entity_of_the_partition_has_a_name(name: str) -> None:
    """The export calls things by their name and not "other"."""
    assert any(_key(name).sk.startswith(prefix) for prefix in OWN)


def test_the_lists_name_what_exists() -> None:
    """A key function that was removed is removed here too."""
    assert ELSEWHERE.keys() | NOBODY.keys() <= _FUNCTIONS.keys()


class House:
    """A store in which one user has something of everything, and another has too."""

    def __init__(self, table: str) -> None:
        self.entries = 100
        self.client, self.table = store_table.connect(), table
        self.privacy = Privacy(self.client, table, lambda: _NOW)
        self.memberships = Memberships(self.client, table)
        for user_id in (_USER, _OTHER):
            self._fill(user_id)

    def _fill(self, user_id: str) -> None:
        rows = boto3.resource("dynamodb").Table(self.table)
        rows.put_item(
            Item={"pk": f"USER#{user_id}", "sk": "PROFILE", "name": "Ada", "used_hash": 3}
        )
        rows.put_item(Item={"pk": f"USER#{user_id}", "sk": "NEWTHING#1", "blob": b"\x01\x02"})
        entry = Entry(user_id, "5001", "hash", "tools", _GUILD, "REF", _NOW)
        log = CommandLog(self.client, self.table)
        log.claim(entry, now=_NOW, lease_s=30)
        calls = [ApiCall("ip-api", "ok", failed=False, duration_ms=3)]
        log.finish(entry, Ending("ok", False, 5, 1), now=_NOW - 86400, calls=calls)
        lost = Entry(user_id, f"{user_id}00", "ip", "network", _GUILD, "REF", _NOW)
        log.claim(lost, now=_NOW, lease_s=30)
        failed = Failed(lost.interaction_id, _NOW, "network", "m", "ip", user_id, replay_until=_NOW)
        Failures(self.client, self.table).keep(failed, lost, 1, b"sealed")
        games = Games(self.client, self.table, "wordle")
        games.prefer(user_id, {"board": "text"})
        row = GameRow("daily", 1, int(_NOW), {"guesses": []})
        games.finish(user_id, row, Result("daily", True, 3, 739000), GameStats(), _GUILD)
        self.add(Roll.WHITELIST, user_id)

    def add(self, roll: Roll, user_id: str, actor_id: str = _DEVELOPER) -> None:
        """A change by a developer."""
        member = Member(Kind.USER, user_id)
        action = f"{roll.value} add"
        self.entries += 1
        change = Change(str(self.entries), _NOW, actor_id, action, member.subject, "why")
        self.memberships.add(roll, member, change)

    def rows(self) -> list[dict[str, Any]]:
        """All there is."""
        return list(boto3.resource("dynamodb").Table(self.table).scan()["Items"])

    def naming(self, user_id: str) -> list[dict[str, Any]]:
        """Every row that has the user's id anywhere."""
        return [row for row in self.rows() if user_id in repr(row)]


@pytest.fixture
def house(table: str) -> House:
    """The store."""
    return House(table)


def test_the_export_has_everything(house: House) -> None:
    """Every row that names the user is in it, by kind, as JSON that says no other's id."""
    export = house.privacy.export(_USER)

    assert set(export) == {
        *("profile", "command_log", "api_usage", "game_stats", "games", "audit"),
        *("leaderboards", "lists", "audit_trail", "other"),
        *("failed_commands", "failed_list", "sealed_commands"),
    }
    exported = sum(map(len, export.values()))
    assert exported == len(house.naming(_USER))
    text = json.dumps(export)
    assert _OTHER not in text
    (profile,) = export["profile"]
    assert profile == {
        "sk": "PROFILE",
        "name": "Ada",
        "used_hash": 3,
        "whitelisted": True,
        "prefers_wordle_board": "text",
    }
    assert export["other"] == [{"sk": "NEWTHING#1", "blob": "0102"}]


def test_nothing_is_held_of_a_stranger(house: House) -> None:
    """An empty export, and nothing to erase."""
    assert house.privacy.export("1") == {}
    assert house.privacy.erase("1") == (0, 0, ())


def test_erasing_leaves_nothing_and_proves_it(house: House) -> None:
    """No row anywhere has the user's id; the other user's rows are untouched."""
    others = house.naming(_OTHER)
    before = len(house.naming(_USER))

    done = house.privacy.erase(_USER)

    assert (done.remaining, done.kept) == (0, ())
    assert done.erased == before - 2  # the trail's copies stay, without the user
    assert house.naming(_USER) == []
    assert house.naming(_OTHER) == others
    assert house.privacy.export(_USER) == {}


def test_the_trail_stays_without_the_user(house: House) -> None:
    """That a developer changed something is kept, whom it concerned is not."""
    house.privacy.erase(_USER)

    trail = [row for row in house.rows() if row["pk"].startswith("AUDIT#")]
    assert sorted(row["subject_id"] for row in trail) == [_OTHER, "erased"]
    assert {row["actor_id"] for row in trail} == {_DEVELOPER}


def test_erasing_again_does_no_harm(house: House) -> None:
    """A redelivered erasure finds nothing."""
    house.privacy.erase(_USER)

    assert house.privacy.erase(_USER).erased == 0


def test_a_ban_outlives_an_erasure(house: House) -> None:
    """Erasing one's data is no way back in; the rest goes."""
    house.add(Roll.BLACKLIST, _USER)

    done = house.privacy.erase(_USER)

    kept = house.naming(_USER)
    assert {(row["pk"], row["sk"]) for row in kept} == {
        (f"USER#{_USER}", "PROFILE"),
        ("LIST#blacklist", f"USER#{_USER}"),
    }
    assert house.memberships.find(Roll.BLACKLIST, _ADA)
    assert done.remaining == 0
    assert [kept.what for kept in done.kept] == [
        "that you are not allowed to use this bot, and why"
    ]


def test_todays_allowance_ends_with_the_day(house: House) -> None:
    """Erasing is no way around a daily limit; tomorrow they are gone."""
    key = keys.user_allowance(_USER, "gemini", _NOW)
    row: dict[str, Any] = {"pk": key.pk, "sk": key.sk, "calls": 9, "expires_at": 9}
    boto3.resource("dynamodb").Table(house.table).put_item(Item=row)

    done = house.privacy.erase(_USER)

    (left,) = house.naming(_USER)
    midnight = (int(_NOW) // 86400 + 1) * 86400
    assert (left["sk"], left["expires_at"]) == (key.sk, midnight)
    assert (done.remaining, done.kept[0].until) == (0, midnight)


def test_a_developers_changes_stay_for_their_year(house: House) -> None:
    """Who changes things for everybody cannot wipe the trail."""
    done = house.privacy.erase(_DEVELOPER)

    assert done.remaining == 0
    assert len(done.kept) == 1
    assert len(house.privacy.export(_DEVELOPER)["audit"]) == 2
    assert len(house.privacy.export(_DEVELOPER)["audit_trail"]) == 2


def test_hundreds_of_rows(house: House) -> None:
    """More than one batch."""
    with boto3.resource("dynamodb").Table(house.table).batch_writer() as writer:
        for number in range(130):
            writer.put_item(Item={"pk": f"USER#{_USER}", "sk": f"LOG#{number:020}"})

    house.privacy.erase(_USER)

    assert house.naming(_USER) == []


def test_a_command_under_way_leaves_nothing_after_the_erasure(house: House) -> None:
    """Its row was erased, so its ending writes none, counts nothing, and has no note."""
    entry = Entry(_USER, "6001", "hash", "tools", _GUILD, "REF", _NOW)
    log = CommandLog(house.client, house.table)
    log.claim(entry, now=_NOW, lease_s=30)
    house.privacy.erase(_USER)
    before = house.rows()

    calls = [ApiCall("ip-api", "ok", failed=False, duration_ms=3)]
    told = log.begin_telling(entry)
    counted = log.finish(entry, Ending("error", True, 5, 1), now=_NOW, calls=calls)

    assert (told, counted) == (True, False)
    assert house.rows() == before
