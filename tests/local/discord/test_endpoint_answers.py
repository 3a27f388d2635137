"""local.discord.standin: the endpoint's answers as Discord takes them, and as they are recorded."""

import asyncio
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from local.discord.signing import Signer, encode, expected_statuses
from local.discord.standin import Delivered, Exchange, StandIn
from local.discord.state import State
from local.discord.world import PLACES, USERS, World
from local.events import Events
from local.faults import Faults
from local.recorder import Recorder
from local.serving import LoopbackServer

SIGNER = Signer(b"s" * 32)
COMMAND = {"id": "1", "name": "hash", "type": 1}
DEFERRAL = {"type": 5}


class Seen(NamedTuple):
    """What came of one interaction."""

    delivered: Delivered
    standin: StandIn
    events: list[Mapping[str, Any]]
    recorded: list[dict[str, Any]]


def _standin(url: str, events: Events, recorder: Recorder, signer: Signer | None) -> StandIn:
    return StandIn(
        State(World(), time.time),
        base_url=url,
        signer=signer,
        public_keys=SIGNER.public_key,
        setup_token="set-up",
        faults=Faults(),
        events=events,
        recorder=recorder,
    )


def _lines(record: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in record.read_text().splitlines()]


def _deliver(record: Path, answer: Any, *, status: int = 200, took_s: float = 0.1) -> Seen:
    """An interaction of ours, to an endpoint that answers so and took so long."""
    events, recorder = Events(), Recorder(record)
    standins: list[StandIn] = []

    async def endpoint(request: Request) -> Response:
        raw, content = await request.body(), json.dumps(answer).encode()
        headers = [("content-type", "application/json")]
        exchange = Exchange(status, headers, content, time.time(), took_s, request.headers)
        standins[0].receive(raw, exchange)
        return Response(content, status)

    async def run() -> Delivered:
        routes = [Route("/interactions", endpoint, methods=["POST"])]
        server = LoopbackServer(Starlette(routes=routes))
        await server.start()
        standins.append(_standin(server.url, events, recorder, SIGNER))
        try:
            command = standins[0].inbound.command(USERS[0], PLACES[0], COMMAND, [], {})
            return await standins[0].deliver(command)
        finally:
            await standins[0].close()
            await server.stop()

    delivered = asyncio.run(run())
    recorder.close()
    return Seen(delivered, standins[0], list(events.recent), _lines(record))


def test_an_answer_after_3_s_is_no_answer(tmp_path: Path) -> None:
    """The user is told, with the reason; the token is dead, and no message is left."""
    seen = _deliver(tmp_path / "r", DEFERRAL, took_s=3.2)

    error = seen.delivered.outcome.error or ""
    assert error.startswith("The application did not respond")
    assert "took 3.2 s" in error
    state = seen.standin.state
    assert (state.messages, state.session(seen.delivered.interaction_id)) == ({}, None)
    line = seen.recorded[0]
    assert line["ts"] - line["interaction_ts"] == pytest.approx(3.2, abs=0.01)


def test_an_answer_in_time_is_taken(tmp_path: Path) -> None:
    """And everybody hears whose it was."""
    seen = _deliver(tmp_path / "r", DEFERRAL, took_s=2.9)

    assert seen.delivered.outcome.message
    exchange = next(event for event in seen.events if event["type"] == "exchange")
    assert seen.delivered.interaction_id == exchange["interaction_id"]
    assert "expect_status" not in seen.recorded[0]


def test_an_error_of_the_endpoint_is_recorded(tmp_path: Path) -> None:
    """With the interaction and without a callback; 200 would have been right."""
    seen = _deliver(tmp_path / "r", {"message": "Internal Server Error"}, status=500)

    line = seen.recorded[0]
    assert (line["callback"], line["status"], line["expect_status"]) == (None, 500, [200])
    assert seen.delivered.interaction_id == line["interaction"]["id"]
    assert "HTTP 500" in (seen.delivered.outcome.error or "")


@pytest.mark.parametrize(
    ("status", "signed", "expected"),
    [(401, False, None), (200, False, [401]), (400, True, [200, 400]), (200, True, None)],
)
def test_a_foreign_request_is_judged_by_its_signature(
    tmp_path: Path, status: int, signed: bool, expected: list[int] | None
) -> None:
    """A rightly refused one is no exchange with Discord; a wrongly accepted one shows."""
    recorder = Recorder(tmp_path / "r")
    standin = _standin("http://127.0.0.1:1", Events(), recorder, None)
    raw = encode(standin.inbound.command(USERS[0], PLACES[0], COMMAND, [], {}))
    now = time.time()
    headers = SIGNER.headers(raw if signed else b"another", now)
    content = json.dumps(DEFERRAL if status == 200 else {"error": "no"}).encode()

    standin.receive(raw, Exchange(status, [], content, now, 0.1, headers))

    asyncio.run(standin.close())
    recorder.close()
    lines = _lines(tmp_path / "r")
    assert [line.get("expect_status") for line in lines] == ([] if status == 401 else [expected])


def test_statuses_follow_from_key_and_age() -> None:
    """401 without a right signature; an old one may be refused; two keys during a rotation."""
    headers, other = SIGNER.headers(b"body", 1000), Signer(b"t" * 32).public_key
    keys = f"{other},{SIGNER.public_key}"

    assert expected_statuses(keys, headers, b"body", 1001) == (200,)
    assert expected_statuses(keys, headers, b"body", 2000) == (200, 401)
    assert expected_statuses(other, headers, b"body", 1001) == (401,)
    assert expected_statuses(keys, {}, b"body", 1001) == (401,)
