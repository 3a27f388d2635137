"""What failed three times: the user hears of it once, it is counted once, and it is kept."""

import json
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.catalog import CATALOG
from functions.rescue.letters import Stray, read_letter, stray_id
from functions.rescue.rescue import Parts, Rescue
from functions.rescue.telling import Abandoned
from tests.fakes import FakeClock, FakeLambda, FakeQueue
from utilsbot.catalog import Catalog, CommandModule
from utilsbot.context import Context
from utilsbot.discord.interaction import TOKEN_LIFE_S, Interaction
from utilsbot.discord.snowflake import EPOCH_MS, created_at, reference_id
from utilsbot.envelope import Envelope
from utilsbot.errors import DiscordError, RateLimited, ServiceError, StoreError, TokenExpired
from utilsbot.progress import Progress
from utilsbot.reply import Reply
from utilsbot.spec import Ack, Action, Command, Option
from utilsbot.store import keys
from utilsbot.store import table as store_table
from utilsbot.store.command_log import CommandLog, Ending, Entry
from utilsbot.store.failed import Failed, Failures, bound_to
from utilsbot.worker import MARGIN_S

_AGE_S = 30.0
_SECRET = "hunter2"
_MAX_RECEIVES = 3
_FIRST = _MAX_RECEIVES + 1
"""What SQS says of the first receive here: it counts those of the group's queue too."""
_TRIES = 8
"""How often a record is tried in place (utilsbot.store.persistence)."""
_CLICK: Mapping[str, Any] = {
    "type": 3,
    "data": {"custom_id": "echo/again", "component_type": 2},
}


class _Outbox:
    """Notes what was sent; raises what it is told to."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock, self.slow_s = clock, 0.0
        self.edits: list[Reply] = []
        self.told: list[Reply] = []
        self.troubles: list[Exception] = []
        self.deadlines: list[float] = []
        self.message: dict[str, Any] = {"flags": 128 | 64}

    def silence_s(self, interaction: Interaction) -> float:
        """Discord takes everything."""
        return 0.0

    def deliver(
        self,
        interaction: Interaction,
        reply: Reply,
        *,
        private: bool,
        received_at: float,
        deadline: float,
        **_: Any,
    ) -> None:
        self._meet(deadline)
        self.edits.append(reply)

    def shown(
        self, interaction: Interaction, *, received_at: float, deadline: float
    ) -> dict[str, Any]:
        return self.message

    def preview(
        self, interaction: Interaction, reply: Reply, *, received_at: float, deadline: float
    ) -> None:
        raise AssertionError

    def tell(
        self, interaction: Interaction, reply: Reply, *, received_at: float, deadline: float
    ) -> None:
        self._meet(deadline)
        self.told.append(reply)

    def _meet(self, deadline: float) -> None:
        self.deadlines.append(deadline)
        self.clock.advance(self.slow_s)
        if self.troubles:
            raise self.troubles.pop(0)


class _BrokenFailures(Failures):
    """A store that fails as often as it is told to."""

    troubles = 0

    def keep(self, failed: Failed, entry: Entry, attempt: int, sealed: bytes | None = None) -> bool:
        self._fail()
        return super().keep(failed, entry, attempt, sealed)

    def keep_stray(self, failed: Failed) -> None:
        self._fail()
        super().keep_stray(failed)

    def _fail(self) -> None:
        if self.troubles:
            self.troubles -= 1
            raise StoreError("ThrottlingException")


def _close(content: bytes, bound: str) -> bytes:
    """No cipher: shows what was sealed, and under which name."""
    return bound.encode() + b"|" + content[::-1]


def _run(ctx: Context, text: str) -> Reply:
    raise AssertionError


def _run_in_parts(ctx: Context, text: str, *, progress: Progress) -> Reply:
    raise AssertionError


def _catalog() -> Catalog:
    catalog = Catalog()
    option = Option("text", "What", required=True)
    for spec in (
        Command("echo", "Says it", options=(option,), actions=(Action("again", Ack.UPDATE),)),
        Command("look", "Looks", options=(option,), replayable=True),
        Command("stream", "Says it", options=(option,)),
    ):
        module = ModuleType(spec.name)
        module.SPEC = spec  # type: ignore[attr-defined]
        module.run = _run  # type: ignore[attr-defined]
        module.on_again = _run  # type: ignore[attr-defined]
        if spec.name == "stream":
            module.run = _run_in_parts  # type: ignore[attr-defined]
        catalog._packages[spec.name] = "functions.tools"
        catalog._loaded[spec.name] = CommandModule("tools", module)
    return catalog


class House:
    """A rescue and everything around it."""

    def __init__(self, table: str, clock: FakeClock) -> None:
        self.table, self.clock = table, clock
        self.id = str(int((clock.seconds - _AGE_S) * 1000 - EPOCH_MS) << 22)
        self.outbox, self.queue = _Outbox(clock), FakeQueue()
        self.lines: list[dict[str, Any]] = []
        client = store_table.connect()
        self.log = CommandLog(client, table)
        self.failures = _BrokenFailures(client, table)
        self.close: Callable[[bytes, str], bytes] | None = _close

    def interaction(self, name: str = "echo", **changed: Any) -> dict[str, Any]:
        """A command of Ada's."""
        options = [{"name": "text", "type": 3, "value": _SECRET}]
        body = {
            "id": self.id,
            "application_id": "1200000000000000001",
            "type": 2,
            "token": "aW50ZXJhY3Rpb246token",
            "user": {"id": "42", "username": "ada"},
            "data": {"id": "1", "name": name, "type": 1, "options": options},
        }
        return body | changed

    def deliver(
        self,
        interaction: Mapping[str, Any] | None = None,
        *,
        body: str | None = None,
        tries: int = _FIRST,
    ) -> bool:
        """Hands one dead message to the rescue; True if it may be deleted."""
        if body is None:
            sent = Envelope(
                interaction or self.interaction(), created_at(self.id), language="en-US"
            )
            body = sent.encode()
        record = {
            "messageId": "m1",
            "receiptHandle": "h",
            "body": body,
            "attributes": {
                "ApproximateReceiveCount": str(tries),
                "SentTimestamp": str(int(self.clock.seconds * 1000)),
            },
            "messageAttributes": {},
            "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:us-east-1:1:dead",
            "awsRegion": "us-east-1",
        }
        parts = Parts(
            catalog=_catalog(),
            command_log=self.log,
            failures=self.failures,
            window=self.outbox,
            queues={"dead": ("tools", self.queue)},
            close=self.close,
            clock=self.clock.clock,
            log=lambda event, *, level="INFO", **fields: self.lines.append(
                {"event": event, "level": level, **fields}
            ),
            max_receives=_MAX_RECEIVES,
        )
        answer = Rescue(parts).handle({"Records": [record]}, FakeLambda(20_000))  # type: ignore[arg-type]
        return answer["batchItemFailures"] == []

    def log_troubles(self, monkeypatch: pytest.MonkeyPatch, method: str, times: int) -> None:
        """Lets a method of the command log fail so many times."""
        works, left = getattr(self.log, method), [StoreError("TransactionConflict")] * times

        def call(*arguments: Any, **named: Any) -> Any:
            if left:
                raise left.pop()
            return works(*arguments, **named)

        monkeypatch.setattr(self.log, method, call)

    @property
    def entry(self) -> Entry:
        """The command as its worker would have logged it."""
        now = created_at(self.id)
        return Entry("42", self.id, "echo", "tools", None, reference_id(self.id), now)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """All there is."""
        return list(boto3.resource("dynamodb").Table(self.table).scan()["Items"])

    @property
    def stats(self) -> tuple[int, int]:
        """Runs and failures counted."""
        rows = [row for row in self.rows if row["pk"].startswith("STATS#")]
        return sum(int(row["runs"]) for row in rows), sum(int(row["failures"]) for row in rows)

    @property
    def logged(self) -> dict[str, Any]:
        """The command log's row."""
        key = keys.command_log("42", self.id)
        return next(row for row in self.rows if (row["pk"], row["sk"]) == key)

    @property
    def kept(self) -> Failed:
        """What `utilsbot failed` finds."""
        found = self.failures.find(self.id)
        assert found
        return found


@pytest.fixture
def house(table: str, fake_clock: FakeClock) -> House:
    """A rescue on a fresh table."""
    return House(table, fake_clock)


def test_the_user_is_told_with_the_reference_and_it_is_kept(house: House) -> None:
    """The ordinary way, when the worker crashed and left its claim behind."""
    house.log.claim(house.entry, now=house.clock.seconds - 20, lease_s=10)

    assert house.deliver()

    (reply,) = house.outbox.edits
    embed = reply.embeds[0]
    assert embed.footer == f"Reference {reference_id(house.id)}"
    assert embed.description
    assert "please try again" in embed.description
    assert house.kept == Failed(
        id=house.id,
        at=house.clock.seconds,
        group="tools",
        message_id="m1",
        command="echo",
        user_id="42",
        received_at=created_at(house.id),
        told=True,
        size_bytes=house.kept.size_bytes,
    )
    assert (house.logged["status"], house.logged["outcome"]) == ("done", "rescued")
    assert house.stats == (1, 1)
    assert house.lines[-1]["outcome"] == "rescued"


def test_a_command_that_no_worker_ever_claimed_is_counted_too(house: House) -> None:
    """The store was down for the worker: the log has no row yet."""
    assert house.deliver()

    assert house.stats == (1, 1)
    assert house.logged["command"] == "echo"


def test_a_redelivery_tells_counts_and_keeps_nothing_again(house: House) -> None:
    """The same dead message again, however often, is swallowed."""
    assert [house.deliver(tries=n) for n in (4, 5, 6)] == [True] * 3

    assert len(house.outbox.edits) == 1
    assert house.stats == (1, 1)
    assert house.lines[-1]["outcome"] == "answered"


def test_an_answered_user_sees_no_failure(house: House) -> None:
    """A second delivery of what was answered: no word, no count, no entry."""
    house.log.claim(house.entry, now=house.clock.seconds, lease_s=10)
    house.log.finish(house.entry, Ending("ok", False, 5, 1), now=house.clock.seconds)

    assert house.deliver()

    assert house.outbox.edits == []
    assert house.stats == (1, 0)
    assert house.failures.find(house.id) is None


def test_a_worker_that_answered_and_died_is_no_failure(house: House) -> None:
    """Discord shows an answer that nobody wrote down: it stays, and is counted once."""
    house.outbox.message = {"flags": 0, "content": "42"}

    assert house.deliver()

    assert house.outbox.edits == []
    assert (house.logged["outcome"], house.stats) == ("answered", (1, 0))
    assert house.failures.find(house.id) is None


def test_a_preview_is_no_answer(house: House) -> None:
    """A command that writes in parts may have died in the midst of it: the user is told."""
    house.outbox.message = {"flags": 0, "content": "the begin…"}

    assert house.deliver(house.interaction("stream"))

    assert len(house.outbox.edits) == 1
    assert house.logged["outcome"] == "rescued"


def test_its_own_word_is_not_taken_for_an_answer(house: House) -> None:
    """Told at an earlier try that was not recorded: nothing is sent again, and it is a failure."""
    house.outbox.message = {"flags": 0, "embeds": [{"title": Abandoned().title}]}

    assert house.deliver()

    assert house.outbox.edits == []
    assert (house.kept.told, house.stats) == (True, (1, 1))


def test_a_worker_that_is_still_at_it_is_waited_for(house: House) -> None:
    """A duplicate can die while the first delivery still runs; the message stays."""
    house.log.claim(house.entry, now=house.clock.seconds, lease_s=40)

    assert not house.deliver()
    assert (house.outbox.edits, house.queue.delays) == ([], [5])

    house.clock.advance(41)
    assert house.deliver()
    assert len(house.outbox.edits) == 1


def test_nothing_is_sent_once_the_token_is_dead(house: House) -> None:
    """The command is recorded as not told, and says why."""
    house.clock.advance(TOKEN_LIFE_S)

    assert house.deliver()

    assert house.outbox.deadlines == []
    assert (house.kept.told, "15 minutes" in house.kept.reason) == (False, True)
    assert house.logged["outcome"] == "failed"
    assert house.stats == (1, 1)


def test_no_wait_passes_the_tokens_end(house: House) -> None:
    """Near the end Discord gets only the time that is left."""
    house.clock.advance(TOKEN_LIFE_S - _AGE_S - 15)

    house.deliver()

    (deadline,) = house.outbox.deadlines
    assert deadline == pytest.approx(house.clock.seconds + 10)


def test_a_button_gets_a_private_word_beside_its_message(house: House) -> None:
    """The message that the button is on keeps what it shows."""
    assert house.deliver(house.interaction(**_CLICK))

    assert (len(house.outbox.told), house.outbox.edits) == (1, [])
    assert house.kept.command == "echo:again"


@pytest.mark.parametrize("custom_id", ["nobody/knows", "echo/nothing", "\x00", ""])
def test_an_unknown_button_is_answered_without_touching_its_message(
    house: House, custom_id: str
) -> None:
    """Nobody can say how it was acknowledged; a follow-up is right either way."""
    assert house.deliver(house.interaction(type=3, data={"custom_id": custom_id}))

    assert (len(house.outbox.told), house.outbox.edits) == (1, [])


def test_an_unknown_command_is_answered(house: House) -> None:
    """What this version cannot route failed for that very reason."""
    assert house.deliver(house.interaction("retired"))

    assert len(house.outbox.edits) == 1
    assert (house.kept.command, house.kept.group) == ("retired", "tools")


@pytest.mark.parametrize(
    "trouble",
    [DiscordError("503", status=503), DiscordError("no answer"), RateLimited(4.2, "user")],
    ids=["5xx", "no connection", "429"],
)
def test_a_busy_discord_is_tried_again(house: House, trouble: DiscordError) -> None:
    """The message stays, the claim is given back, and the next try tells."""
    house.outbox.troubles = [trouble]

    assert not house.deliver()
    assert house.queue.delays in ([10], [5])
    assert house.stats == (0, 0)

    assert house.deliver()
    assert len(house.outbox.edits) == 1
    assert house.stats == (1, 1)


@pytest.mark.parametrize(
    "trouble", [TokenExpired("gone", status=404), DiscordError("blocked", status=403)]
)
def test_a_final_refusal_is_recorded_and_not_repeated(house: House, trouble: DiscordError) -> None:
    """The answer was deleted, or Discord will never take it."""
    house.outbox.troubles = [trouble]

    assert house.deliver()

    assert not house.kept.told
    assert str(trouble.status) in house.kept.reason


def test_a_busy_discord_is_not_waited_for_beyond_the_token(house: House) -> None:
    """When no try is left, what happened is recorded at once."""
    house.clock.advance(TOKEN_LIFE_S - _AGE_S - 12)
    house.outbox.troubles = [DiscordError("503", status=503)]

    assert house.deliver()
    assert not house.kept.told


def test_a_meeting_on_the_counters_is_no_reason_to_come_back(house: House) -> None:
    """Many fail at once, so transactions meet: the record is tried again in place."""
    house.failures.troubles = _TRIES - 1

    assert house.deliver()

    assert (house.queue.delays, house.stats) == ([], (1, 1))


def test_an_answered_commands_ending_is_tried_again_in_place(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It meets the same counters."""
    house.outbox.message = {"flags": 0, "content": "42"}
    house.log_troubles(monkeypatch, "finish", _TRIES - 1)

    assert house.deliver()

    assert (house.logged["outcome"], house.stats) == ("answered", (1, 0))


def test_no_try_of_a_record_begins_at_the_functions_end(house: House) -> None:
    """The message is given back in an orderly way, and not when Lambda kills the function."""
    house.failures.troubles = 1000
    house.outbox.slow_s = 15.5

    assert not house.deliver()

    assert house.queue.delays == [10]
    assert sum(house.clock.slept) < 18 - 15.5


def test_telling_leaves_time_for_the_record(house: House) -> None:
    """Discord may be as slow as it likes."""
    began = house.clock.seconds

    house.deliver()

    assert house.outbox.deadlines == [began + (20 - MARGIN_S) * 0.75]


def test_a_store_that_is_down_leaves_the_message(house: House) -> None:
    """It comes back ever more slowly, and is told of and counted once in the end."""
    house.failures.troubles = 2 * _TRIES

    assert not house.deliver(tries=_FIRST)
    assert house.lines[-1]["reason"] == "store: ThrottlingException"
    assert not house.deliver(tries=_FIRST + 3)
    assert house.queue.delays == [10, 80]
    assert house.deliver(tries=_FIRST + 20)
    assert house.stats == (1, 1)


def test_a_buttons_user_is_told_once_however_long_the_store_is_down(house: House) -> None:
    """A private message cannot be repeated, and Discord does not show whether it is there."""
    house.failures.troubles = 3 * _TRIES
    click = house.interaction(**_CLICK)

    done = [house.deliver(click, tries=_FIRST + n) for n in range(4)]

    assert (done, len(house.outbox.told)) == ([False, False, False, True], 1)
    assert (house.kept.told, house.stats) == (True, (1, 1))


def test_a_buttons_user_whom_a_worker_told_hears_no_more(house: House) -> None:
    """The worker died between its word and its record."""
    house.log.claim(house.entry, now=house.clock.seconds - 20, lease_s=10)
    house.log.begin_telling(house.entry)

    assert house.deliver(house.interaction(**_CLICK))

    assert (house.outbox.told, house.kept.told) == ([], True)


@pytest.mark.parametrize(
    "trouble", [DiscordError("503", status=503), RateLimited(4.2, "user")], ids=["5xx", "429"]
)
def test_a_buttons_user_is_told_when_discord_takes_it(house: House, trouble: DiscordError) -> None:
    """What certainly is not there is sent at the next try."""
    house.outbox.troubles = [trouble]
    click = house.interaction(**_CLICK)

    assert [house.deliver(click, tries=_FIRST + n) for n in range(2)] == [False, True]

    assert len(house.outbox.told) == 1


def test_a_button_whose_note_fails_is_told_later(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is told without a note, and the message comes back."""
    house.log_troubles(monkeypatch, "begin_telling", _TRIES)
    click = house.interaction(**_CLICK)

    assert not house.deliver(click)
    assert (house.outbox.told, house.queue.delays) == ([], [10])

    assert house.deliver(click)
    assert len(house.outbox.told) == 1


def test_retries_are_never_more_than_a_quarter_of_an_hour_apart(house: House) -> None:
    """For as long as the queue keeps the message."""
    house.failures.troubles = _TRIES

    house.deliver(tries=1000)

    assert house.queue.delays == [900]


@pytest.mark.parametrize(
    "body",
    ["", "garbage", "[]", "{}", '{"v":99}', '{"v":1,"interaction":[],"received_at":1}', "\ud83d"],
)
def test_garbage_is_kept_with_what_is_known(house: House, body: str) -> None:
    """It never comes back, nothing of it is stored, and it has a reference of its own."""
    assert [house.deliver(body=body) for _ in range(2)] == [True, True]

    (kept,) = house.failures.newest(house.clock.seconds)
    assert (kept.group, kept.message_id, kept.user_id) == ("tools", "m1", None)
    assert kept.reason
    assert house.failures.find(kept.id) == kept
    assert house.lines[-1]["outcome"] == "stray"
    assert house.stats == (0, 0)


def test_garbage_waits_for_the_store(house: House) -> None:
    """It is deleted only when it is recorded."""
    house.failures.troubles = _TRIES

    assert not house.deliver(body="garbage")
    assert house.queue.delays == [10]

    house.failures.troubles = _TRIES - 1
    assert house.deliver(body="garbage")


def test_nothing_that_a_user_typed_is_kept(house: House) -> None:
    """By default not even sealed: no row and no log line has the input or the token."""
    house.deliver()

    assert house.kept.replay_until is None
    for text in (repr(house.rows), repr(house.lines)):
        assert _SECRET not in text
        assert "aW50ZXJhY3Rpb246token" not in text
        assert _SECRET[::-1] not in text  # what the test's seal would leave


def test_a_replayable_command_is_sealed_until_its_token_dies(house: House) -> None:
    """What its spec allows is kept for 15 minutes at the most, bound to its interaction."""
    house.deliver(house.interaction("look"))

    until = created_at(house.id) + TOKEN_LIFE_S
    assert house.kept.replay_until == pytest.approx(until, abs=0.01)
    sealed = house.failures.sealed(house.kept, house.clock.seconds)
    assert sealed
    bound, _, content = sealed.partition(b"|")
    assert bound.decode() == bound_to(house.id)
    assert Envelope.decode(content[::-1].decode()).interaction["data"]["name"] == "look"
    assert house.failures.sealed(house.kept, until) is None
    (row,) = [row for row in house.rows if row["sk"].startswith("REPLAY#")]
    assert int(row["expires_at"]) == int(until)


@pytest.mark.parametrize(
    "changed", [{"received_at": float("nan")}, {"received_at": -1}, {"language": {}}, {"v": 1}]
)
def test_no_message_stays_for_ever(house: House, changed: dict[str, Any]) -> None:
    """An envelope with strange parts is worked off, as a command or as garbage."""
    body = json.loads(Envelope(house.interaction(), created_at(house.id)).encode()) | changed

    assert house.deliver(body=json.dumps(body))
    assert list(house.failures.newest(house.clock.seconds))


def test_a_name_that_is_no_text_is_worked_off(house: House) -> None:
    """A lone surrogate is JSON, and nothing that DynamoDB takes."""
    assert house.deliver(house.interaction("\ud83d"))


def test_a_form_is_never_kept(house: House) -> None:
    """Whatever the command allows: a modal's fields are the user's own."""
    modal = {"custom_id": "look/form", "components": []}

    house.deliver(house.interaction(type=5, data=modal))

    assert house.kept.replay_until is None


def test_without_a_key_nothing_is_sealed(house: House) -> None:
    """The operator has set none: what is no input is kept all the same."""
    house.close = None

    house.deliver(house.interaction("look"))

    assert (house.kept.told, house.kept.replay_until) == (True, None)


def test_a_key_that_cannot_be_read_stops_nothing(house: House) -> None:
    """The user is told and the rest is kept; the log line says what is wrong."""

    def broken(_content: bytes, _bound: str) -> bytes:
        raise ServiceError("parameter /k: AccessDenied")

    house.close = broken
    house.deliver(house.interaction("look"))

    assert (house.kept.told, house.kept.replay_until) == (True, None)
    assert house.lines[-1]["not_sealed"] == "parameter /k: AccessDenied"


@pytest.mark.parametrize("slug", ["totp", "password", "hash", "base64", "qr", "ask", "eval", "run"])
def test_what_takes_secrets_or_code_is_not_replayable(slug: str) -> None:
    """Nothing typed into these is kept, sealed or not."""
    command = CATALOG.find(slug)
    assert command
    assert not command.spec.replayable


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_any_json_is_a_letter_or_a_stray(value: Any) -> None:
    """No message crashes the reading, as an envelope or inside of one."""
    wrapped = {"v": 1, "interaction": value, "received_at": 1, "developer": False}
    for body in (value, wrapped):
        with pytest.raises(Stray):
            read_letter(json.dumps(body), CATALOG, "tools")


@given(st.text(min_size=1), st.integers(min_value=0, max_value=2**41))
def test_a_strays_id_is_a_snowflake_of_its_time(message_id: str, sent_at_ms: int) -> None:
    """The same at every delivery, and found again by its reference."""
    made = stray_id(message_id, sent_at_ms)

    assert made == stray_id(message_id, sent_at_ms)
    assert created_at(made) == max(sent_at_ms, EPOCH_MS) / 1000
