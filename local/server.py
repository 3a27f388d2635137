"""The HTTP side of the stack: the signed endpoint, the stand-in's API, the page, health."""

import time
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.routing import Route as HttpRoute
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from local.apigateway import HttpAnswer, http_answer, http_event, not_found
from local.discord.standin import Exchange, StandIn
from local.function import LocalFunction
from local.play import Play
from local.template import Route as ApiRoute

PAGE = Path(__file__).parent / "page"
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
_PATIENCE_S = 1.5
"""A request that waits longer for a free process might not be answered in Discord's 3 s, where the
machine is as busy as it then is.
"""
Health = Callable[[], Awaitable[dict[str, Any]]]


class OwnOriginOnly:
    """Refuses what another site's page sends to us: a browser says where a page came from."""

    def __init__(self, app: ASGIApp) -> None:
        """Args: app: what comes next."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI has it."""
        headers = dict(scope.get("headers", []))
        origin = headers.get(b"origin", b"").decode("latin-1")
        own = headers.get(b"host", b"").decode("latin-1")
        if scope["type"] == "http" and origin and urlsplit(origin).netloc != own:
            await Response("another origin", 403)(scope, receive, send)
            return
        await self._app(scope, receive, send)


class Gateway:
    """API Gateway's part: a request becomes an event for the function, its answer a response."""

    def __init__(self, function: LocalFunction, standin: StandIn) -> None:
        """Args: standin: hears of every exchange, whoever signed it."""
        self._function = function
        self._standin = standin

    async def __call__(self, request: Request) -> Response:
        """The endpoint."""
        body, started_at, started = await request.body(), time.time(), time.monotonic()
        event = http_event(
            method=request.method,
            path=request.url.path,
            query=request.url.query,
            headers=request.headers.items(),
            body=body,
            source_ip=request.client.host if request.client else "127.0.0.1",
        )
        answer = http_answer(await self._function.invoke(event, patience_s=_PATIENCE_S))
        elapsed_s = time.monotonic() - started
        headers = list(answer.headers.items())
        exchange = Exchange(
            answer.status, headers, answer.body, started_at, elapsed_s, request.headers
        )
        self._standin.receive(body, exchange)
        return _response(answer)


class PageFiles(StaticFiles):
    """The page's files, asked for anew each time (304 by their ETag): an edited one shows."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """As Starlette makes it, with one header more."""
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        return response


def _response(answer: HttpAnswer) -> Response:
    return Response(answer.body, answer.status, dict(answer.headers))


def application(
    *,
    routes: Iterable[ApiRoute],
    functions: dict[str, LocalFunction],
    standin: StandIn,
    play: Play,
    standins: Iterable[BaseRoute],
    health: Health,
) -> Starlette:
    """The ASGI application.

    `routes` are the HTTP API's, each to its function. `health` is what `GET /health` says; its
    `ok` decides about the status.
    """

    async def show_health(_: Request) -> Response:
        report = await health()
        return JSONResponse(report, 200 if report["ok"] else 503)

    async def attachment(request: Request) -> Response:
        stored = standin.state.files.get(request.path_params["id"])
        if stored is None or stored.signature != request.path_params["signature"]:
            return Response("This content is no longer available.", 404)
        # Nothing that a user uploads may run as a page of ours.
        headers = {"Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff"}
        return Response(stored.content, media_type=stored.content_type, headers=headers)

    async def nowhere(_: Request) -> Response:
        return _response(not_found())

    page = PageFiles(directory=PAGE, check_dir=False)

    async def index(request: Request) -> Response:
        return await page.get_response("index.html", request.scope)

    return Starlette(
        routes=[
            HttpRoute("/", index),
            Mount("/static", page),
            Route("/health", show_health),
            *(
                Route(r.path, Gateway(functions[r.function], standin).__call__, methods=[r.method])
                for r in routes
            ),
            Route("/attachments/{id}/{signature}/{name}", attachment),
            Route("/api/{path:path}", standin.api.__call__, methods=_METHODS),
            *play.routes(),
            *standins,
            Route("/{path:path}", nowhere, methods=_METHODS),
        ],
        middleware=[
            # Against a page that lets its own host name point here (DNS rebinding).
            Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"]),
            Middleware(OwnOriginOnly),
        ],
    )
