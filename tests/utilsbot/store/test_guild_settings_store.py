"""What guilds' administrators set: exact under races, and noted with each change."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from utilsbot.errors import StoreError
from utilsbot.store.audit import Audit
from utilsbot.store.guild_settings import GuildSettings
from utilsbot.store.guild_settings_store import GuildSettingsStore
from utilsbot.store.operators import Change, Subject
from utilsbot.store.table import connect

_GUILD, _NOW = "700000", 1_790_000_000.0


def _change(number: int) -> Change:
    return Change(str(number), _NOW, "420000", "settings commands", Subject("guild", _GUILD), "")


class Stale(GuildSettingsStore):
    """Sees the settings as they were before others changed them, so many times."""

    times = 1

    def of(self, guild_id: str) -> GuildSettings:
        if self.times:
            self.times -= 1
            return GuildSettings()
        return super().of(guild_id)


def test_two_admins_at_once_lose_nothing(table: str) -> None:
    """Each decides about other commands; both decisions count."""
    store = GuildSettingsStore(connect(), table)
    store.switch_off(_GUILD, ["hash"], ["hash"], _change(1))

    assert Stale(connect(), table).switch_off(_GUILD, ["qr"], ["qr"], _change(2))
    assert store.of(_GUILD).off == {"hash", "qr"}
    assert len(Audit(connect(), table).of_guild(_GUILD).changes) == 2


def test_endless_races_end(table: str) -> None:
    """With an error that may be tried again, and no entry of what did not happen."""
    GuildSettingsStore(connect(), table).switch_off(_GUILD, ["hash"], ["hash"], _change(1))
    stale = Stale(connect(), table)
    stale.times = 99

    with pytest.raises(StoreError):
        stale.switch_off(_GUILD, ["qr"], ["qr"], _change(2))
    assert len(Audit(connect(), table).of_guild(_GUILD).changes) == 1


def test_many_at_once(table: str) -> None:
    """Three admins in threads, each with a command of their own."""
    store = GuildSettingsStore(connect(), table)
    names = ["hash", "qr", "ip"]

    with ThreadPoolExecutor(3) as pool:
        done = pool.map(
            lambda at: store.switch_off(_GUILD, [names[at]], [names[at]], _change(at + 1)), range(3)
        )
        assert all(done)
    assert store.of(_GUILD).off == set(names)


def test_nought_and_nothing_are_two_things(table: str) -> None:
    """No AI questions at all, or the operator's limit; the rest of the row is left alone."""
    store = GuildSettingsStore(connect(), table)
    store.set_language(_GUILD, "de", _change(1))
    assert store.set_ai_requests(_GUILD, 0, _change(2))
    assert not store.set_ai_requests(_GUILD, 0, _change(3))
    assert store.of(_GUILD) == GuildSettings(language="de", ai_requests=0)
    assert store.set_ai_requests(_GUILD, None, _change(4))
    assert store.of(_GUILD) == GuildSettings(language="de")
