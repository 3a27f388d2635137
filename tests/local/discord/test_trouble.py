"""The faults of Discord's API as a caller meets them, and what has been done by then."""

import asyncio
import time
from typing import Any, NamedTuple

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from local.crashes import AFTER, BEFORE, DURING, FAULT, PLACES, Crashes
from local.discord import trouble
from local.discord.api import DiscordApi
from local.discord.callbacks import DEFERRED, apply_callback
from local.discord.state import Session, State
from local.discord.world import PLACES as WHERE
from local.discord.world import USERS, World
from local.faults import Faults, parse
from local.serving import LoopbackServer
from tests.interactions import command_interaction

AGENT = {"User-Agent": "DiscordBot (https://example.com, 1)"}


class Met(NamedTuple):
    """What came of one edit."""

    heard: Any
    """The status, or the name of the error."""
    body: Any
    done: bool
    """Whether the message was edited."""


def _session(state: State, number: int) -> Session:
    body = command_interaction("hash", options={"text": "a"})
    body |= {"id": str(1_500_000_000_000_000_000 + number), "token": f"token{number}"}
    now = time.time()
    session = Session(body, USERS[0], WHERE[0], now, now, 0)
    assert apply_callback(state, session, {"type": DEFERRED}).error is None
    return session


def _edits(
    faults: Faults,
    times: int,
    timeout_s: float = 5,
) -> list[Met]:
    """Edits so many deferred answers, each once."""
    state, lines = State(World(), time.time), list[tuple[int, int | None]]()

    async def run() -> list[Met]:
        api = DiscordApi(
            state,
            faults,
            base_url="",
            setup_token="set-up",
            on_exchange=lambda _, call, answer, __: lines.append((answer.status, call.carried_out)),
            on_change=lambda _: None,
        )
        route = Route("/api/{path:path}", api.__call__, methods=["PATCH", "GET"])
        server = LoopbackServer(Starlette(routes=[route]))
        await server.start()
        try:
            async with httpx.AsyncClient(
                base_url=server.url, headers=AGENT, trust_env=False, timeout=timeout_s
            ) as client:
                return [await _edit(client, state, number) for number in range(times)]
        finally:
            await server.stop()

    met = asyncio.run(run())
    for one, (status, carried_out) in zip(met, lines, strict=True):  # the recording tells both
        assert one.heard == status or status == 0
        assert one.done == (200 in {status, carried_out})
    return met


async def _edit(client: httpx.AsyncClient, state: State, number: int) -> Met:
    session = _session(state, number)
    application = session.body["application_id"]
    path = f"/api/v10/webhooks/{application}/{session.token}/messages/@original"
    heard: Any
    try:
        answer = await client.patch(path, json={"content": "x"})
        heard, body = answer.status_code, answer.json()
    except httpx.HTTPError as error:
        heard, body = type(error).__name__, None
    return Met(heard, body, state.messages[str(session.original_id)].content == "x")


def test_a_server_error_comes_before_the_work_or_after_it() -> None:
    """500 and 503 are Discord's word that it failed; 502 and 504 are a proxy's guess."""
    met = _edits(parse("discord_5xx,seed=1"), 40)

    assert {one.heard for one in met} == {500, 502, 503, 504}
    assert not any(one.done for one in met if one.heard in {500, 503})
    assert {one.done for one in met if one.heard in {502, 504}} == {True, False}


def test_a_reset_comes_before_the_work_or_after_it() -> None:
    """The connection breaks without an answer."""
    met = _edits(parse("discord_reset,seed=1"), 12)

    assert {one.heard for one in met} <= {"ReadError", "RemoteProtocolError"}
    assert {one.done for one in met} == {True, False}


def test_a_time_out_comes_before_the_work_or_after_it() -> None:
    """The connection says nothing for longer than any caller waits."""
    assert trouble.HOLD_S > 10
    met = _edits(parse("discord_timeout,seed=1"), 8, timeout_s=0.2)

    assert {one.heard for one in met} == {"ReadTimeout"}
    assert {one.done for one in met} == {True, False}


@pytest.mark.parametrize(
    ("fault", "least_s", "most_s"), [("discord_429", 0, 1), ("discord_429_long", 20, 30)]
)
def test_a_rate_limit_has_each_scope(fault: str, least_s: float, most_s: float) -> None:
    """Discord's three; for moments that a worker waits out, or for longer ones."""
    met = _edits(parse(f"{fault},seed=1"), 30)

    assert {one.heard for one in met} == {429}
    assert not any(one.done for one in met)
    assert {one.body["global"] for one in met} == {True, False}
    assert all(least_s <= one.body["retry_after"] <= most_s for one in met)


def test_slowness_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes longer and works."""
    monkeypatch.setattr(trouble, "_SLOW_S", (0.01, 0.02))
    began = time.monotonic()
    met = _edits(parse("slow_everything,seed=1"), 5)

    assert [one.heard for one in met] == [200] * 5
    assert time.monotonic() - began > 0.05


@pytest.mark.parametrize("place", PLACES)
def test_a_worker_dies_at_its_place(place: str) -> None:
    """Before, during and after the reply: the dice choose, the reply and the process show it."""
    seed = next(n for n in range(50) if Faults({}, n).one_of(FAULT, PLACES, "1") == place)
    killed: list[str] = []

    async def run() -> None:
        crashes = Crashes(Faults({FAULT: 1.0}, seed))
        assert crashes.plan("1", lambda: killed.append("now")) == place
        assert crashes.replying("1") == (place == DURING)
        assert bool(killed) == (place == DURING)
        crashes.replied("1")
        await asyncio.sleep(0.06)

    asyncio.run(run())

    assert killed == ["now"]
    assert place in {BEFORE, DURING, AFTER}


def test_an_invocation_that_is_over_kills_nobody() -> None:
    """What was planned for it is forgotten."""
    killed: list[str] = []
    crashes = Crashes(Faults({FAULT: 1.0}, 1))

    async def run() -> None:
        planned = [str(n) for n in range(30)]
        places = {n: crashes.plan(n, lambda: killed.append("x")) for n in planned}
        await asyncio.sleep(0.06)
        killed.clear()
        for number in planned:
            crashes.forget(number)
            crashes.replied(number)
            assert not crashes.replying(number)
        assert set(places.values()) == set(PLACES)
        await asyncio.sleep(0.03)

    asyncio.run(run())

    assert killed == []
