"""Everything outside AWS: stand-ins for Discord and the services, and somebody who types.

The endpoint that the stand-in Discord knows is ministack's HTTP API; what is sent there and what
the functions send back is what AWS and Discord would see.
"""

import asyncio
import json
import secrets
import time
from collections.abc import Mapping
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from local.discord.signing import Signer
from local.discord.standin import ENDPOINT, Exchange, StandIn
from local.discord.state import State
from local.discord.world import USERS, World
from local.events import Events
from local.faults import Faults
from local.play import Play
from local.recorder import Recorder
from local.server import application
from local.services import Services, services
from local.serving import LoopbackServer, loopback_socket

DEVELOPER = USERS[0].id


class Outage:
    """Discord's webhooks as they are when they are down for one user's answers: 503."""

    def __init__(self, app: ASGIApp, state: State) -> None:
        """Args: app: the API when it is up. state: knows whose a token is."""
        self._app = app
        self._state = state
        self.user_id: str | None = None
        """Whose answers are refused."""
        self.refused = 0
        self.interaction_id = ""
        """Whose answer was refused last."""
        self.agents: set[str] = set()
        """The user agents of those who called the webhooks."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI has it."""
        _, found, after = scope.get("path", "").partition("/webhooks/")
        if found:
            headers = dict(scope["headers"])
            self.agents.add(headers.get(b"user-agent", b"").decode("latin-1"))
            session = self._state.session_of_token(f"{after}//".split("/")[1])
            if self.user_id and session and session.user.id == self.user_id:
                self.refused += 1
                self.interaction_id = session.id
                body = {"message": "503: Service Unavailable", "code": 0}
                await JSONResponse(body, 503)(scope, receive, send)
                return
        await self._app(scope, receive, send)


class OutsideWorld:
    """The stand-ins on one loopback port."""

    def __init__(self) -> None:
        """Nothing listens yet; `address` is known."""
        bound = loopback_socket()
        self.address = f"127.0.0.1:{bound.getsockname()[1]}"
        self.url = f"http://{self.address}"
        self.signer = Signer()
        self.setup_token = secrets.token_urlsafe()
        self.services: Services = services(self.url, {})
        events = Events()
        self.standin = StandIn(
            State(World(frozenset({DEVELOPER})), time.time),
            base_url=self.url,
            signer=self.signer,
            public_keys=self.signer.public_key,
            setup_token=self.setup_token,
            faults=Faults(),
            events=events,
            recorder=Recorder(None),
        )
        self.play = Play(self.standin, events)
        self.outage = Outage(self._application(), self.standin.state)
        self._server = LoopbackServer(self.outage, bound)
        self._endpoint: tuple[str, str] | None = None
        self._client = httpx.AsyncClient(timeout=60, trust_env=False)

    @property
    def api_url(self) -> str:
        """Discord's API, with its version."""
        return f"{self.url}/api/v10"

    def point_at(self, url: str, host: str) -> None:
        """Says where the bot's endpoint is. Args: host: its Host header, which chooses the API."""
        self._endpoint = url, host

    async def start(self) -> None:
        """Listens when it returns."""
        await self._server.start()

    async def stop(self) -> None:
        """Closes the port and the connections."""
        await self._server.stop()
        await self.standin.close()
        await self._client.aclose()

    async def post(self, body: bytes, headers: Mapping[str, str]) -> httpx.Response:
        """A request to the bot's endpoint, as API Gateway gets it."""
        if self._endpoint is None:
            raise RuntimeError("nothing is deployed yet")
        url, host = self._endpoint
        return await self._client.post(url, content=body, headers={**headers, "Host": host})

    def _application(self) -> Starlette:
        inner = application(
            routes=(),
            functions={},
            standin=self.standin,
            play=self.play,
            standins=self.services.routes,
            health=_no_health,
        )
        return Starlette(
            routes=[Route(ENDPOINT, self._forward, methods=["POST"]), Mount("/", inner)]
        )

    async def _forward(self, request: Request) -> Response:
        """Discord's request to the endpoint, and the answer back to the stand-in."""
        body, started_at, started = await request.body(), time.time(), time.monotonic()
        kept = ("content-type", "user-agent", "x-signature-ed25519", "x-signature-timestamp")
        answer = await self.post(body, {k: v for k, v in request.headers.items() if k in kept})
        # No poller of ours tells when a worker is done, so the first answer counts as final.
        self.standin.state.work_off(str(json.loads(body).get("id")))
        exchange = Exchange(
            answer.status_code,
            list(answer.headers.items()),
            answer.content,
            started_at,
            time.monotonic() - started,
            request.headers,
        )
        self.standin.receive(body, exchange)
        return Response(answer.content, answer.status_code)


async def _no_health() -> dict[str, Any]:
    await asyncio.sleep(0)
    return {"ok": True}
