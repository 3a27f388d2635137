"""local.function and local.runtime_api: a function's process under both runtime clients."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from cli.log_sources import row_of
from cli.logs import is_error
from cli.questions import QUESTIONS
from local.apigateway import http_answer
from local.events import Events
from local.function import InitFailed, LocalFunction, runtime_module
from local.insights import ask
from local.template import Function

CLIENTS = sorted({runtime_module(), "local.runtime_client"})
Use = Callable[[LocalFunction], Awaitable[None]]


def _run(use: Use, client: str, *, handler: str = "tests.local.lambda_example.handle") -> Events:
    events = Events()
    function = Function("Example", handler, 1.0, 128, {"GREETING": "hello"})

    async def run() -> None:
        local = LocalFunction(function, aws_url="http://127.0.0.1:1", events=events, runtime=client)
        try:
            await local.start()
            await use(local)
        finally:
            await local.stop()

    asyncio.run(run())
    return events


@pytest.mark.parametrize("client", CLIENTS)
def test_an_event_is_answered_with_a_context(client: str) -> None:
    """Name, remaining time and request id as on Lambda; the environment is the template's."""
    answers: list[Any] = []

    async def use(local: LocalFunction) -> None:
        answers.append((await local.invoke({"do": "nothing"})).json)

    _run(use, client)

    answer = answers[0]
    assert answer["name"] == "Example"
    assert 0 < answer["remaining"] <= 1000
    assert len(answer["request_id"]) == 36
    assert {"GREETING", "AWS_ENDPOINT_URL", "AWS_REGION"} <= set(answer["shell"])
    assert "HOME" not in answer["shell"]


@pytest.mark.parametrize("client", CLIENTS)
def test_an_exception_is_an_error_and_the_process_stays(client: str) -> None:
    """The next event goes to the same process."""

    async def use(local: LocalFunction) -> None:
        before = (await local.invoke({})).json["pid"]
        failed = await local.invoke({"do": "raise"})
        assert failed.error
        assert (
            failed.json["errorType"],
            failed.json["errorMessage"],
        ) == ("ValueError", "on purpose")
        assert before == (await local.invoke({})).json["pid"]

    _run(use, client)


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize(
    ("do", "kind"), [("exit", "Runtime.ExitError"), ("sleep", "Sandbox.Timedout")]
)
def test_a_crash_and_a_time_out_start_a_new_process(client: str, do: str, kind: str) -> None:
    """The invocation is an error as Lambda reports it; the next one works."""

    async def use(local: LocalFunction) -> None:
        before = (await local.invoke({})).json["pid"]
        failed = await local.invoke({"do": do})
        assert failed.error
        assert kind == failed.json["errorType"]
        assert before != (await local.invoke({})).json["pid"]

    _run(use, client)


@pytest.mark.parametrize("client", CLIENTS)
def test_up_means_that_events_are_taken(client: str) -> None:
    """While a new process starts too, after a crash or for new code: events wait for it."""

    async def use(local: LocalFunction) -> None:
        assert (await local.invoke({"do": "exit"})).error
        assert local.up
        restarting = asyncio.create_task(local.restart())
        await asyncio.sleep(0)
        assert local.up
        assert not (await local.invoke({})).error
        await restarting

    _run(use, client)


async def _does_not_start(local: LocalFunction) -> None:
    try:
        with pytest.raises(InitFailed):
            await local.start()
    finally:
        await local.stop()


@pytest.mark.parametrize("client", CLIENTS)
def test_code_that_does_not_come_up_is_not_up(client: str) -> None:
    """With the reason beside it."""
    events, names = Events(), ("Example", "tests.local.nowhere.handle")
    local = LocalFunction(
        Function(*names, 1.0, 128, {}),
        aws_url="http://127.0.0.1:1",
        events=events,
        runtime=client,
    )

    assert not local.up
    asyncio.run(_does_not_start(local))

    assert not local.up
    assert "tests.local.nowhere" in str(local.error)


@pytest.mark.parametrize("client", CLIENTS)
def test_log_lines_are_published_with_the_functions_name(client: str) -> None:
    """JSON lines as objects, others as text."""

    async def use(local: LocalFunction) -> None:
        await local.invoke({"do": "log"})
        await local.invoke({})

    events = _run(use, client)

    lines = [event["line"] for event in events.recent if event["type"] == "log"]
    assert {"level": "info", "message": "hi"} in lines
    assert "plain" in lines
    assert {"Example"} == {event["function"] for event in events.recent}


@pytest.mark.parametrize("client", CLIENTS)
def test_code_that_does_not_import_says_what_is_wrong(client: str) -> None:
    """The error names the module."""

    async def use(local: LocalFunction) -> None:
        raise AssertionError("it should not have started")

    with pytest.raises(InitFailed, match=r"tests\.local\.nowhere"):
        _run(use, client, handler="tests.local.nowhere.handle")


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize(
    ("handler", "says"),
    [
        ("tests.local.nowhere.handle", "No module named 'tests.local.nowhere'"),
        ("functions.tools.handler.handle", "BadSettings"),
        ("tests.local.lambda_that_exits.handle", "Runtime exited with error: exit status 3"),
    ],
)
def test_what_does_not_start_is_an_error_to_whoever_asks(
    client: str, handler: str, says: str
) -> None:
    """Both of `logs --errors` and of the saved question, in words that Lambda has too."""
    events, rows = Events(), []
    events.watch(lambda event: rows.append(row_of(0.0, event["line"], function="Example")))
    local = LocalFunction(
        Function("Example", handler, 1.0, 128, {}),
        aws_url="http://127.0.0.1:1",
        events=events,
        runtime=client,
    )

    asyncio.run(_does_not_start(local))

    assert says in "".join(row["@message"] for row in rows if is_error(row))
    assert says in "".join(row["outcome"] for row in ask(QUESTIONS["errors"].query, rows))


def test_as_many_events_at_once_as_processes() -> None:
    """Each has a process of its own; more events wait."""
    answers: list[Any] = []

    async def run() -> None:
        function = Function("Example", "tests.local.lambda_example.handle", 5.0, 128, {})
        local = LocalFunction(
            function, aws_url="http://127.0.0.1:1", events=Events(), concurrency=2
        )
        try:
            await local.start()
            events = [{"do": "nothing"} for _ in range(6)]
            answers.extend(await asyncio.gather(*(local.invoke(event) for event in events)))
        finally:
            await local.stop()

    asyncio.run(run())

    assert len({answer.json["pid"] for answer in answers}) == 2


def test_a_process_is_killed_with_its_event() -> None:
    """As a worker that crashes: its caller hears of the signal, and the next event is answered."""
    results: list[Any] = []

    async def use(local: LocalFunction) -> None:
        results.append(await local.invoke({"do": "sleep"}, lambda kill: kill()))
        results.append(await local.invoke({"do": "nothing"}))

    _run(use, CLIENTS[0])

    killed, answered = results
    assert "Runtime exited with error: signal: killed" in killed.json["errorMessage"]
    assert answered.json["name"] == "Example"


def test_who_waits_too_long_for_a_process_is_throttled() -> None:
    """As Lambda does it: nothing is run, and API Gateway answers 503."""
    results: list[Any] = []

    async def use(local: LocalFunction) -> None:
        first = asyncio.create_task(local.invoke({"do": "sleep"}))
        await asyncio.sleep(0)
        results.append(await local.invoke({"do": "nothing"}, patience_s=0.05))
        await first
        results.append(await local.invoke({"do": "nothing"}, patience_s=5))

    _run(use, CLIENTS[0])

    throttled, answered = results
    assert http_answer(throttled).status == 503
    assert answered.json["name"] == "Example"
