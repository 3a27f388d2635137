"""Conversations on moto: sealed, bounded, expiring, one history, nobody else's."""

import base64
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import FakeClock
from utilsbot.errors import ServiceError, StoreError
from utilsbot.sealing import XChaChaSeal
from utilsbot.settings import Secret
from utilsbot.store import table as store_table
from utilsbot.store.chat_rows import Picture, Turn
from utilsbot.store.chats import MAX_TURNS, Chats

_OWNER, _PLACE = "300000000000000001", "500000000000000001#private"
_KEY = base64.b64encode(b"k" * 32).decode()
_OTHER_KEY = base64.b64encode(b"o" * 32).decode()


def _seal(*keys: str) -> XChaChaSeal:
    return XChaChaSeal(lambda: Secret(",".join(keys)))


def _turn(number: int, tokens: int = 10) -> Turn:
    picture = Picture("6", "cat.png", "https://cdn.discordapp.com/cat.png", "image/png", 9)
    return Turn(
        interaction_id=str(number),
        question=f"Question {number}",
        answer=f"Answer {number}",
        tokens=tokens,
        asked_at=1,
        texts=(("notes.txt", "text"),),
        pictures=(picture,),
    )


Open = Callable[..., Chats]


@pytest.fixture
def chats_with(table: str, fake_clock: FakeClock) -> Open:
    """Opens the table with keys and limits."""

    def build(*keys: str, max_tokens: int = 1000) -> Chats:
        return Chats(
            store_table.connect(),
            table,
            _seal(*(keys or (_KEY,))),
            now=fake_clock.clock.now,
            life_s=3600,
            max_tokens=max_tokens,
        )

    return build


@pytest.fixture
def chats(chats_with: Open) -> Chats:
    """The usual ones."""
    return chats_with()


def test_a_turn_comes_back_as_it_was_added(chats: Chats) -> None:
    """With its texts and pictures, in its conversation."""
    added = chats.add(_OWNER, _PLACE, _turn(1))

    assert chats.read(_OWNER, _PLACE) == added
    assert added is not None
    assert added.turns == (_turn(1),)
    assert (added.id, added.version) == ("1", 1)


def test_turns_keep_their_order(chats: Chats) -> None:
    """Each is behind the one before it, in one conversation."""
    for number in (1, 2, 3):
        chats.add(_OWNER, _PLACE, _turn(number))

    chat = chats.read(_OWNER, _PLACE)
    assert chat is not None
    assert [turn.interaction_id for turn in chat.turns] == ["1", "2", "3"]
    assert (chat.id, chat.version) == ("1", 3)


def test_the_oldest_turns_are_forgotten_for_room(chats_with: Open) -> None:
    """The newest that fit into the tokens stay; the last one always does."""
    chats = chats_with(max_tokens=25)
    for number in range(1, 6):
        chats.add(_OWNER, _PLACE, _turn(number))
    chat = chats.add(_OWNER, _PLACE, _turn(6, tokens=5000))

    assert chat is not None
    assert [turn.interaction_id for turn in chat.turns] == ["6"]
    chat = chats.add(_OWNER, _PLACE, _turn(7))
    chat = chats.add(_OWNER, _PLACE, _turn(8))
    assert chat is not None
    assert [turn.interaction_id for turn in chat.turns] == ["7", "8"]


def test_a_conversation_has_a_most_of_turns(chats: Chats) -> None:
    """Short turns are bounded by their number."""
    for number in range(MAX_TURNS + 3):
        chats.add(_OWNER, _PLACE, _turn(number, tokens=0))

    chat = chats.read(_OWNER, _PLACE)
    assert chat is not None
    assert len(chat.turns) == MAX_TURNS


def test_a_turn_is_added_once(chats: Chats) -> None:
    """A command that runs twice changes nothing the second time, a fresh one neither."""
    for fresh in (True, False):
        first = chats.add(_OWNER, _PLACE, _turn(int(fresh)), fresh=fresh)
        assert chats.add(_OWNER, _PLACE, _turn(int(fresh)), fresh=fresh) == first


def test_turns_added_at_once_are_all_there(chats_with: Open) -> None:
    """Eight writers: no turn is lost, none is doubled, and every version was one turn."""
    stores = [chats_with() for _ in range(8)]

    def add(pair: tuple[int, Chats]) -> None:
        number, store = pair
        for _ in range(5):  # endless races are the caller's to repeat
            try:
                store.add(_OWNER, _PLACE, _turn(number))
            except StoreError:
                continue
            return

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, enumerate(stores, 1)))

    chat = stores[0].read(_OWNER, _PLACE)
    assert chat is not None
    assert sorted(turn.interaction_id for turn in chat.turns) == [str(n) for n in range(1, 9)]
    assert chat.version == 8


def test_a_turn_for_an_ended_conversation_is_not_added(chats: Chats) -> None:
    """Neither after the end, nor when another one has begun in its place."""
    chats.add(_OWNER, _PLACE, _turn(1))
    assert chats.end(_OWNER, _PLACE, "1")
    assert not chats.end(_OWNER, _PLACE, "1")
    assert chats.add(_OWNER, _PLACE, _turn(2), to="1") is None

    chats.add(_OWNER, _PLACE, _turn(3))
    assert chats.add(_OWNER, _PLACE, _turn(4), to="1") is None
    assert not chats.end(_OWNER, _PLACE, "1")


def test_a_fresh_turn_replaces_what_was_there(chats: Chats) -> None:
    """A new topic has a new identity and no past."""
    chats.add(_OWNER, _PLACE, _turn(1))
    chat = chats.add(_OWNER, _PLACE, _turn(2), fresh=True)

    assert chat is not None
    assert (chat.id, len(chat.turns), chat.version) == ("2", 1, 2)


def test_it_expires_after_the_last_turn(chats: Chats, fake_clock: FakeClock) -> None:
    """An hour of silence ends it, though DynamoDB has not swept the row yet; a turn begins anew."""
    chats.add(_OWNER, _PLACE, _turn(1))
    fake_clock.advance(3599)
    chats.add(_OWNER, _PLACE, _turn(2))
    fake_clock.advance(3600)

    assert chats.read(_OWNER, _PLACE) is None
    chat = chats.add(_OWNER, _PLACE, _turn(3))
    assert chat is not None
    assert chat.id == "3"


def test_a_row_says_nothing_and_opens_nowhere_else(chats: Chats, table: str) -> None:
    """The text is not in the row, and a row copied to another user or place does not open."""
    chats.add(_OWNER, _PLACE, _turn(1))
    client = boto3.client("dynamodb")
    (item,) = client.scan(TableName=table)["Items"]
    assert b"Question" not in item["sealed"]["B"]

    for pk, sk in (("USER#9", f"CHAT#{_PLACE}"), (f"USER#{_OWNER}", "CHAT#5#open")):
        client.put_item(TableName=table, Item=item | {"pk": {"S": pk}, "sk": {"S": sk}})
    assert chats.read("9", _PLACE) is None
    assert chats.read(_OWNER, "5#open") is None


def test_an_older_state_does_not_open_as_the_newest(chats: Chats, table: str) -> None:
    """The seal is bound to the version."""
    chats.add(_OWNER, _PLACE, _turn(1))
    client = boto3.client("dynamodb")
    (old,) = client.scan(TableName=table)["Items"]
    chats.add(_OWNER, _PLACE, _turn(2))
    (new,) = client.scan(TableName=table)["Items"]
    client.put_item(TableName=table, Item=new | {"sealed": old["sealed"]})

    assert chats.read(_OWNER, _PLACE) is None


def test_keys_can_be_rotated(chats_with: Open) -> None:
    """The old key behind the new one still opens; without it the conversation is forgotten."""
    chats_with(_KEY).add(_OWNER, _PLACE, _turn(1))

    assert chats_with(_OTHER_KEY, _KEY).read(_OWNER, _PLACE)
    assert chats_with(_OTHER_KEY).read(_OWNER, _PLACE) is None
    chat = chats_with(_OTHER_KEY).add(_OWNER, _PLACE, _turn(2))
    assert chat is not None
    assert chat.turns == (_turn(2),)


def test_an_export_has_all_and_nobody_elses(chats: Chats) -> None:
    """Every conversation of the user; deleting forgets them and leaves the others'."""
    chats.add(_OWNER, _PLACE, _turn(1))
    chats.add(_OWNER, "5#open", _turn(2))
    chats.add("9", _PLACE, _turn(3))

    assert {chat.id for chat in chats.all_of(_OWNER)} == {"1", "2"}
    assert chats.forget_all(_OWNER) == 2
    assert chats.all_of(_OWNER) == []
    assert len(chats.all_of("9")) == 1


@given(st.binary(max_size=300), st.text(max_size=50), st.text(max_size=50))
def test_a_seal_opens_for_what_it_is_bound_to_only(content: bytes, bound: str, other: str) -> None:
    """Content comes back, and for anything else there is none."""
    seal = _seal(_KEY)
    sealed = seal.close(content, bound)

    assert seal.open(sealed, bound) == content
    assert (seal.open(sealed, other) == content) is (bound == other)


@given(st.binary(max_size=100), st.data())
def test_a_changed_seal_does_not_open(content: bytes, data: st.DataObject) -> None:
    """Not one bit may differ, nor may the end be missing."""
    seal = _seal(_KEY)
    sealed = bytearray(seal.close(content, "x"))
    at = data.draw(st.integers(0, len(sealed) - 1))
    sealed[at] ^= 1 << data.draw(st.integers(0, 7))

    assert seal.open(bytes(sealed), "x") is None
    assert seal.open(bytes(sealed[:at]), "x") is None


@pytest.mark.parametrize("bad", ["", "short", "a" * 44, "ü"])
def test_a_bad_key_is_named_and_not_shown(bad: str) -> None:
    """The error says what is wrong with the setting and does not repeat it."""
    with pytest.raises(ServiceError, match="32 bytes in base64"):
        _seal(bad).close(b"", "")
