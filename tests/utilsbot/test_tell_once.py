"""What cannot be sent twice is sent once, whatever fails before and after."""

import pytest

from tests.fakes import FakeClock
from utilsbot.errors import DiscordError, RateLimited, StoreError
from utilsbot.store import table as store_table
from utilsbot.store.command_log import CommandLog, Entry
from utilsbot.tell_once import tell_once

_ENTRY = Entry("42", "1001", "echo:again", "tools", None, "REF", 1_790_000_000.0)


class House:
    """A claimed command, and a user who hears."""

    def __init__(self, table: str, clock: FakeClock) -> None:
        self.clock = clock
        self.log = CommandLog(store_table.connect(), table)
        self.troubles: list[Exception] = []
        self.told = 0
        self.claim()

    def claim(self) -> None:
        """Gives the claim back, if there is one, and takes it."""
        self.clock.advance(60)
        self.log.claim(_ENTRY, now=self.clock.seconds, lease_s=30)

    def tell(self) -> None:
        """Tells, with ten seconds left."""
        deadline = self.clock.seconds + 10
        tell_once(self.log, _ENTRY, self._post, self.clock.clock, deadline)

    def _post(self) -> None:
        if self.troubles:
            raise self.troubles.pop(0)
        self.told += 1


@pytest.fixture
def house(table: str, fake_clock: FakeClock) -> House:
    """A fresh one."""
    return House(table, fake_clock)


def test_a_command_that_comes_back_tells_nobody_again(house: House) -> None:
    """Its worker died after the word, or could not record it."""
    house.tell()
    for _ in range(2):
        house.claim()
        house.tell()

    assert house.told == 1


@pytest.mark.parametrize("trouble", [RateLimited(40, "shared"), DiscordError("503", status=503)])
def test_what_discord_did_not_take_is_told_at_the_next_try(
    house: House, trouble: DiscordError
) -> None:
    """The note is taken back, and the caller hears of it."""
    house.troubles = [trouble]
    with pytest.raises(type(trouble)):
        house.tell()

    house.claim()
    house.tell()

    assert house.told == 1


def test_under_one_claim_another_text_may_follow(house: House) -> None:
    """The first one could not be sent as it was."""
    house.troubles = [ValueError("too long")]
    with pytest.raises(ValueError, match="too long"):
        house.tell()

    house.tell()

    assert house.told == 1


def test_a_note_whose_answer_is_lost_silences_nobody(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is written, and nobody knows: it is taken back, or its repetition tells."""
    works = house.log.begin_telling

    def lost(entry: Entry) -> bool:
        works(entry)
        raise StoreError("ReadTimeoutError")

    monkeypatch.setattr(house.log, "begin_telling", lost)
    with pytest.raises(StoreError):
        house.tell()
    assert house.told == 0
    monkeypatch.undo()

    house.claim()
    house.tell()

    assert house.told == 1


def test_a_conflict_is_repeated_in_place(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways, and none of it reaches the user."""
    for method in ("begin_telling", "undo_telling"):
        _fail_first(house, monkeypatch, method)
    house.troubles = [RateLimited(40, "user")]
    with pytest.raises(RateLimited):
        house.tell()

    house.claim()
    house.tell()

    assert house.told == 1


def _fail_first(house: House, monkeypatch: pytest.MonkeyPatch, method: str) -> None:
    works, left = getattr(house.log, method), [StoreError("ThrottlingException")]

    def call(entry: Entry) -> object:
        if left:
            raise left.pop()
        return works(entry)

    monkeypatch.setattr(house.log, method, call)
