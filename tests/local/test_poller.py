"""local.poller: messages at once, twice, out of order, and workers that are killed."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest

from local import poller as poller_module
from local.crashes import Crashes
from local.faults import Faults
from local.function import LocalFunction
from local.poller import QueuePoller
from local.runtime_api import Result
from local.template import Function, QueueSource
from tests.interactions import command_interaction
from utilsbot.envelope import Envelope


class _Function:
    """A function that notes what it gets; the first event waits until enough others have come."""

    concurrency = 2

    def __init__(self, wait_for: int = 0) -> None:
        self.function = Function("Example", "x.y", 30.0, 128, {})
        self.got: list[str] = []
        self.counts: list[str] = []
        self.at_once = self.most_at_once = 0
        self._wait_for = wait_for
        self._enough = asyncio.Event()

    async def invoke(self, event: Any, begun: Callable[[Callable[[], None]], None]) -> Result:
        (record,) = event["Records"]
        self.got.append(json.loads(record["body"])["interaction"]["id"])
        self.counts.append(record["attributes"]["ApproximateReceiveCount"])
        begun(lambda: None)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        if len(self.got) >= self._wait_for:
            self._enough.set()
        await self._enough.wait()
        self.at_once -= 1
        return Result(b'{"batchItemFailures": []}')


def _send(queue_url: str, count: int) -> list[str]:
    ids = [str(1_500_000_000_000_000_000 + number) for number in range(count)]
    for interaction_id in ids:
        body = command_interaction("hash", options={"text": "a"}) | {"id": interaction_id}
        message = Envelope(body, 1.0).encode()
        boto3.client("sqs").send_message(QueueUrl=queue_url, MessageBody=message)
    return ids


def _poll(queue_url: str, faults: Faults, function: _Function, until: int) -> list[str]:
    """Polls until so many events have come and their messages are deleted; the ids worked off."""
    done: list[str] = []

    async def run() -> None:
        source = QueueSource("Example", f"arn:aws:sqs:us-east-1:1:{_name(queue_url)}", 1, True)
        local: Any = function
        made: LocalFunction = local
        poller = QueuePoller(
            source,
            made,
            boto3.client("sqs"),
            faults=faults,
            on_done=done.append,
            crashes=Crashes(faults),
        )
        task = asyncio.create_task(poller.run())
        async with asyncio.timeout(20):
            while len(done) < until:
                await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(run())
    return done


def _name(queue_url: str) -> str:
    return queue_url.rpartition("/")[2]


@pytest.fixture(autouse=True)
def short_polls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for messages that do not come."""
    monkeypatch.setattr(poller_module, "LONG_POLL_S", 0)


def test_as_many_messages_at_once_as_processes(queue_url: str) -> None:
    """Lambda does not wait for one before it takes the next."""
    ids = _send(queue_url, 4)
    function = _Function(wait_for=2)

    done = _poll(queue_url, Faults(), function, 4)

    assert sorted(done) == ids
    assert function.most_at_once == 2


def test_a_message_comes_twice_at_once_and_afterwards(queue_url: str) -> None:
    """The second delivery counts one more receive."""
    ids = _send(queue_url, 8)
    function = _Function()

    _poll(queue_url, Faults({"duplicate_delivery": 1.0}, 1), function, 16)

    assert sorted(function.got) == sorted(ids * 2)
    assert sorted(function.counts) == ["1"] * 8 + ["2"] * 8


def test_messages_pass_one_that_is_held_back(
    queue_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is lost by it."""
    monkeypatch.setattr(poller_module, "_HELD_BACK_S", (0.3, 0.4))
    ids = _send(queue_url, 6)
    function = _Function()
    faults = Faults({"out_of_order": 0.4}, 1)
    held = {i for i in ids if Faults({"out_of_order": 0.4}, 1).happens("out_of_order", i)}
    assert 0 < len(held) < 6

    _poll(queue_url, faults, function, 6)

    passed = [i for i in function.got if i not in held]
    assert sorted(function.got) == ids
    assert function.got[: len(passed)] == passed
