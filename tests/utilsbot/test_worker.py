"""One command, one run, one answer, one count: the worker's loop on moto."""

import json
from types import ModuleType
from typing import Any

import boto3
import pytest

from tests.fakes import FakeClock, FakeLambda, FakeQueue
from utilsbot.catalog import Catalog, CommandModule
from utilsbot.context import Context
from utilsbot.discord.interaction import TOKEN_LIFE_S, Interaction
from utilsbot.discord.limits import LimitExceeded
from utilsbot.envelope import LIFE_S, Envelope
from utilsbot.errors import (
    BadInput,
    DiscordError,
    OutcomeUnknown,
    RateLimited,
    StoreError,
    TokenExpired,
)
from utilsbot.progress import Progress
from utilsbot.reply import Reply
from utilsbot.runtime import build_worker
from utilsbot.spec import Ack, Action, Command, Option
from utilsbot.store import table as store_table
from utilsbot.store.command_log import CommandLog
from utilsbot.worker import MARGIN_S, Worker

_ID = "1300000000000000001"
_MAX_RECEIVES = 3

_REMAINING_MS = 30_000


class _Outbox:
    """Notes what was sent; raises what it is told to."""

    def __init__(self) -> None:
        self.sent: list[Reply] = []
        self.told: list[Reply] = []
        self.troubles: list[Exception] = []
        self.previews: list[tuple[str, float]] = []
        self.preview_trouble: Exception | None = None
        self.silent_s = 0.0
        self.how: list[tuple[bool, bool]] = []
        """`again` and `adrift` of what was sent."""

    def deliver(
        self,
        interaction: Interaction,
        reply: Reply,
        *,
        private: bool,
        received_at: float,
        deadline: float,
        again: bool = False,
        adrift: bool = False,
    ) -> None:
        if self.troubles:
            raise self.troubles.pop(0)
        self.sent.append(reply)
        self.how.append((again, adrift))

    def silence_s(self, interaction: Interaction) -> float:
        return self.silent_s

    def preview(
        self, interaction: Interaction, reply: Reply, *, received_at: float, deadline: float
    ) -> None:
        if self.preview_trouble:
            raise self.preview_trouble
        self.previews.append((reply.content, deadline))

    def tell(
        self, interaction: Interaction, reply: Reply, *, received_at: float, deadline: float
    ) -> None:
        self.told.append(reply)

    @property
    def texts(self) -> list[str]:
        return [r.content or f"{r.embeds[0].title}: {r.embeds[0].footer}" for r in self.sent]


class House:
    """A worker with a one-command catalog, and everything around it."""

    def __init__(self, table: str, clock: FakeClock) -> None:
        self.table = table
        self.clock = clock
        self.outbox, self.queue = _Outbox(), FakeQueue()
        self.runs: list[str] = []
        self.remaining_ms = _REMAINING_MS
        self.trouble: Exception | None = None
        self.lines: list[dict[str, Any]] = []
        self.reports: list[dict[str, object]] = []
        self.log = CommandLog(store_table.connect(), table)
        self.worker = Worker(
            catalog=self._catalog(),
            ports={"suffix": "!"},
            command_log=self.log,
            outbox=self.outbox,
            queue=self.queue,
            clock=clock.clock,
            log=lambda event, *, level="INFO", **fields: self.lines.append(
                {"event": event, "level": level, **fields}
            ),
            report=lambda error, tags: self.reports.append({"error": error, **tags}),
            max_receives=_MAX_RECEIVES,
        )

    def _catalog(self) -> Catalog:
        def run(ctx: Context, text: str, *, suffix: str, progress: Progress) -> Reply:
            self.runs.append(text)
            progress(Reply(f"{text} …"))
            if self.trouble:
                raise self.trouble
            return Reply(text + suffix)

        def on_again(ctx: Context) -> Reply:
            raise self.trouble or AssertionError

        module = ModuleType("echo")
        module.SPEC = Command(  # type: ignore[attr-defined]
            "echo",
            "Says it again",
            options=(Option("text", "What", required=True),),
            actions=(Action("again", Ack.UPDATE),),
        )
        module.run = run  # type: ignore[attr-defined]
        module.on_again = on_again  # type: ignore[attr-defined]
        catalog = Catalog()
        catalog._packages["echo"] = "functions.tools"
        catalog._loaded["echo"] = CommandModule("tools", module)
        return catalog

    def deliver(self, *, attempt: int = 1, body: str | None = None, age_s: float = 1) -> bool:
        """Hands one SQS message to the worker; True if it may be deleted."""
        if body is None:
            body = Envelope(_interaction(), self.clock.seconds - age_s).encode()
        record = {
            "messageId": "m1",
            "receiptHandle": "h",
            "body": body,
            "attributes": {"ApproximateReceiveCount": str(attempt)},
            "messageAttributes": {},
            "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:us-east-1:1:q",
            "awsRegion": "us-east-1",
        }
        answer = self.worker.handle({"Records": [record]}, FakeLambda(self.remaining_ms))  # type: ignore[arg-type]
        return answer["batchItemFailures"] == []

    @property
    def stats(self) -> dict[str, int]:
        items = boto3.resource("dynamodb").Table(self.table).scan()["Items"]
        rows = [item for item in items if str(item["pk"]).startswith("STATS#")]
        return {"runs": int(str(rows[0]["runs"])), "failures": int(str(rows[0]["failures"]))}


def _interaction() -> dict[str, Any]:
    return {
        "id": _ID,
        "application_id": "1200000000000000001",
        "type": 2,
        "token": "aW50ZXJhY3Rpb246token",
        "user": {"id": "42", "username": "ada"},
        "data": {
            "id": "1",
            "name": "echo",
            "type": 1,
            "options": [{"name": "text", "type": 3, "value": "hunter2"}],
        },
    }


def _click() -> dict[str, Any]:
    return _interaction() | {"type": 3, "data": {"custom_id": "echo/again", "component_type": 2}}


@pytest.fixture
def house(table: str, fake_clock: FakeClock) -> House:
    """A worker on a fresh table."""
    return House(table, fake_clock)


def test_a_command_is_run_answered_and_counted(house: House) -> None:
    """The ordinary way."""
    assert house.deliver()

    assert house.outbox.texts == ["hunter2!"]
    assert house.stats == {"runs": 1, "failures": 0}
    assert house.lines[-1]["outcome"] == "ok"


def test_a_redelivery_runs_answers_and_counts_nothing(house: House) -> None:
    """The same message again, however often, is swallowed."""
    assert [house.deliver(attempt=n) for n in (1, 2, 3)] == [True] * 3

    assert house.runs == ["hunter2"]
    assert len(house.outbox.sent) == 1
    assert house.stats == {"runs": 1, "failures": 0}
    assert house.lines[-1]["outcome"] == "duplicate"


def test_a_command_that_another_worker_has_goes_back(house: House) -> None:
    """Two deliveries at once: the second waits for as long as the first can still be at it.

    Coming back sooner would use up the receives, and the command at work would be given up.
    """
    entry = house.worker._job(Envelope.decode(Envelope(_interaction(), 1).encode()), 1).entry
    house.log.claim(entry, now=house.clock.seconds, lease_s=60)

    assert not house.deliver()
    (delay_s,) = house.queue.delays
    assert delay_s > _REMAINING_MS / 1000 + 2
    assert house.runs == []


def test_counting_is_tried_until_it_works(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The day's counters are one row, where transactions meet: a conflict loses no count."""
    finish, failures = house.log.finish, [StoreError("TransactionConflict")] * 3

    def conflicting(*given: Any, **more: Any) -> bool:
        if failures:
            raise failures.pop()
        return finish(*given, **more)

    monkeypatch.setattr(house.log, "finish", conflicting)

    assert house.deliver()
    assert house.stats == {"runs": 1, "failures": 0}
    assert "recorded" not in house.lines[-1]


def test_counting_that_never_works_fails_no_answer(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ends in time, and the log says what is missing."""

    def failing(*_: Any, **__: Any) -> bool:
        raise StoreError("ThrottlingException")

    monkeypatch.setattr(house.log, "finish", failing)

    assert house.deliver()
    assert house.outbox.texts == ["hunter2!"]
    assert house.lines[-1]["recorded"] is False


def test_a_silent_store_cannot_hold_the_record_beyond_the_functions_end(
    table: str, queue_url: str
) -> None:
    """The last try begins before MARGIN_S and is over within it; else Lambda would kill it."""
    environment = {"TABLE_NAME": table, "QUEUE_URL": queue_url, "MAX_RECEIVES": "3"}
    worker = build_worker("functions.tools", environment, lambda _: {})

    config: Any = worker._command_log._last.meta.config
    assert config.retries["total_max_attempts"] == 1
    assert config.connect_timeout + config.read_timeout < MARGIN_S


def test_a_mistake_of_the_user_is_answered_and_is_no_failure(house: House) -> None:
    """A BadInput becomes a private explanation with the reference id."""
    house.trouble = BadInput("Too long.")

    assert house.deliver()
    assert house.outbox.texts == ["Please check your input: Reference 142M-73K0-04001"]
    assert house.stats == {"runs": 1, "failures": 0}


def test_a_bug_is_answered_with_the_reference_and_counted(house: House) -> None:
    """An unexpected exception tells the user its reference at once, and the log its place."""
    house.trouble = ZeroDivisionError("hunter2")

    assert house.deliver()
    reference = house.lines[-1]["reference"]
    assert house.outbox.texts == [f"Something went wrong on our side: Reference {reference}"]
    assert house.stats == {"runs": 1, "failures": 1}
    assert house.lines[-1]["error"] == "ZeroDivisionError"
    assert house.lines[-1]["level"] == "ERROR"
    assert house.reports == [{"error": house.trouble, "reference": reference, "command": "echo"}]


def test_a_store_that_fails_is_tried_again_and_then_told(house: House) -> None:
    """A command whose store call failed is retried until the last receive, which says so."""
    house.trouble = StoreError("ProvisionedThroughputExceededException")

    assert [house.deliver(attempt=n) for n in (1, 2, 3)] == [False, False, True]
    assert len(house.outbox.sent) == 1
    assert house.stats == {"runs": 1, "failures": 1}


@pytest.mark.parametrize(
    ("trouble", "delay_s"),
    [
        (DiscordError("bad gateway", status=502), 6),
        (DiscordError("no answer"), 6),
        (RateLimited(40.5, "shared"), 41),
    ],
)
def test_discords_trouble_puts_the_command_back(
    house: House, trouble: Exception, delay_s: int
) -> None:
    """5xx, silence and long rate limits cost no paid waiting; the next delivery answers, once."""
    house.outbox.troubles = [trouble]

    assert [house.deliver(attempt=n) for n in (1, 2)] == [False, True]
    assert house.queue.delays == [delay_s]
    assert house.outbox.texts == ["hunter2!"]
    assert house.stats == {"runs": 1, "failures": 0}


@pytest.mark.parametrize(
    "trouble",
    [DiscordError("Invalid Form Body", status=400, code=50035), LimitExceeded("/content", "long")],
)
def test_a_reply_that_discord_refuses_becomes_an_honest_error(
    house: House, trouble: Exception
) -> None:
    """A bug in a payload never leaves the user with "thinking…"."""
    house.outbox.troubles = [trouble]

    assert house.deliver()
    assert "Something went wrong on our side" in house.outbox.texts[0]
    assert house.stats == {"runs": 1, "failures": 1}


def test_a_failed_button_leaves_its_message_alone(house: House) -> None:
    """What a message shows stays; the error is a private message beside it."""
    house.trouble = BadInput("Not now.")
    body = Envelope(_click(), house.clock.seconds).encode()

    assert house.deliver(body=body)
    assert house.outbox.sent == []
    assert [reply.embeds[0].description for reply in house.outbox.told] == ["Not now."]


def test_a_buttons_user_is_told_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A post cannot be repeated: it is noted first, and a command that comes back says nothing."""

    def unrecorded(*_: Any, **__: Any) -> bool:
        raise StoreError("ThrottlingException")

    house.trouble = BadInput("Not now.")
    body = Envelope(_click(), house.clock.seconds).encode()
    with monkeypatch.context() as broken:
        broken.setattr(house.log, "finish", unrecorded)
        house.deliver(body=body)
    house.clock.advance(60)

    assert house.deliver(body=body, attempt=2)
    assert len(house.outbox.told) == 1
    assert house.stats == {"runs": 1, "failures": 0}


def test_what_cannot_be_noted_is_not_told(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command comes back, and its user hears of it then."""

    def silent(*_: Any) -> bool:
        raise StoreError("ThrottlingException")

    house.trouble = BadInput("Not now.")
    body = Envelope(_click(), house.clock.seconds).encode()
    with monkeypatch.context() as broken:
        broken.setattr(house.log, "begin_telling", silent)
        assert not house.deliver(body=body)
    assert (house.outbox.told, house.queue.delays) == ([], [5])

    assert house.deliver(body=body, attempt=2)
    assert len(house.outbox.told) == 1


def test_a_function_with_no_time_to_spare_runs_its_command_all_the_same(house: House) -> None:
    """Discord has not asked for silence, so nothing is put off."""
    house.remaining_ms = 5_000

    assert house.deliver()
    assert house.outbox.texts == ["hunter2!"]


def test_a_deleted_message_ends_the_command(house: House) -> None:
    """When nobody is there to answer any more, the command is done and not retried."""
    house.outbox.troubles = [TokenExpired("gone", status=404, code=10008)]

    assert house.deliver()
    assert house.lines[-1]["outcome"] == "undeliverable"


@pytest.mark.parametrize("trouble", [None, DiscordError("bad gateway", status=502)])
def test_a_command_that_waited_too_long_is_not_run_but_answered(
    house: House, trouble: Exception | None
) -> None:
    """There may be no time to run it; it ends and counts, whatever Discord says of the answer."""
    house.outbox.troubles = [trouble] if trouble else []
    assert house.deliver(age_s=LIFE_S + 1)

    assert house.runs == []
    told = [] if trouble else ["The bot was too busy: Reference 142M-73K0-04001"]
    assert house.outbox.texts == told
    assert house.lines[-1]["outcome"] == "expired"
    assert house.stats == {"runs": 1, "failures": 1}
    assert house.deliver(attempt=2, age_s=LIFE_S + 1)
    assert house.lines[-1]["outcome"] == "duplicate"


def test_a_command_older_than_its_token_ends_in_silence(house: House) -> None:
    """Discord takes no answer any more."""
    assert house.deliver(age_s=TOKEN_LIFE_S)

    assert house.outbox.texts == []
    assert house.lines[-1]["outcome"] == "expired"
    assert house.stats == {"runs": 1, "failures": 1}


def test_a_command_is_not_run_while_discord_wants_nothing(house: House) -> None:
    """It could not be answered, and would run, and be paid for, again; no claim is left behind."""
    house.outbox.silent_s = 60

    assert not house.deliver()
    assert (house.runs, house.queue.delays) == ([], [61])
    house.outbox.silent_s = 5  # which fits before the end
    assert house.deliver(attempt=2)
    assert house.outbox.texts == ["hunter2!"]


def test_a_redelivered_command_says_so_to_the_outbox(house: House) -> None:
    """An earlier try may have posted follow-ups, which must not be posted twice."""
    house.outbox.troubles = [DiscordError("bad gateway", status=502)]
    house.deliver()
    house.deliver(attempt=2)

    assert house.outbox.how == [(True, False)]


@pytest.mark.parametrize("body", ["", "{}", "[1]", '{"v":2}', '{"v":1,"interaction":[]}'])
def test_a_foreign_message_goes_to_the_dead_letters(house: House, body: str) -> None:
    """What no front door of ours wrote is kept by the queue and not run."""
    assert not house.deliver(body=body)
    assert house.lines[-1]["outcome"] == "poison"


def test_no_log_line_carries_input_or_token(house: House) -> None:
    """Whatever happens, the lines name neither what was typed nor the token."""
    for trouble in (None, ZeroDivisionError("hunter2"), BadInput("hunter2 is bad")):
        house.trouble = trouble
        house.deliver()

    told = json.dumps(house.lines)
    assert "hunter2" not in told
    assert "aW50ZXJhY3Rpb2" not in told


def test_a_command_can_show_its_progress(house: House) -> None:
    """An edit on the way may take two seconds; the final reply follows by the ordinary way."""
    assert house.deliver()

    ((content, deadline),) = house.outbox.previews
    assert content == "hunter2 …"
    assert deadline == house.clock.seconds + 2
    assert house.outbox.texts == ["hunter2!"]


def test_an_edit_that_may_still_come_is_told_to_the_outbox(house: House) -> None:
    """The final reply is then said twice."""
    house.outbox.preview_trouble = OutcomeUnknown("no answer")

    assert house.deliver()
    assert house.outbox.how == [(False, True)]


@pytest.mark.parametrize(
    "trouble", [RateLimited(40.5, "shared"), DiscordError("bad gateway", status=502)]
)
def test_trouble_with_progress_changes_nothing(house: House, trouble: Exception) -> None:
    """The command runs on, is answered, and counts as if nothing had been."""
    house.outbox.preview_trouble = trouble

    assert house.deliver()
    assert house.outbox.texts == ["hunter2!"]
    assert house.stats == {"runs": 1, "failures": 0}
    assert house.queue.delays == []
