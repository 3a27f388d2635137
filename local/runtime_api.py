"""The Lambda Runtime API: how a function's process fetches events and answers them.

Source: AWS Lambda Developer Guide, "Using the Lambda runtime API for custom runtimes".
"""

import asyncio
import json
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

_VERSION = "/2018-06-01/runtime"
_MAX_RESPONSE_BYTES = 6 * 1024 * 1024 + 100

THROTTLED = "TooManyRequestsException"
"""The error of a function that has no process free."""


@dataclass(frozen=True)
class Result:
    """What came of an invocation."""

    payload: bytes
    error: bool = False
    """The payload is an error as Lambda returns it: errorType, errorMessage, stackTrace."""

    @property
    def json(self) -> Any:
        """The payload decoded; None for an empty one."""
        return json.loads(self.payload) if self.payload else None

    @classmethod
    def failed(cls, kind: str, message: str) -> "Result":
        """An error that Lambda itself reports."""
        body = {"errorType": kind, "errorMessage": message}
        return cls(json.dumps(body).encode(), error=True)


@dataclass(frozen=True)
class Invocation:
    """One event on its way through a function."""

    payload: bytes
    deadline_ms: int
    """Epoch milliseconds."""
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    result: asyncio.Future[Result] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class RuntimeApi:
    """The API of one function: at most one process at a time talks to it."""

    def __init__(self, function_arn: str) -> None:
        """Args: function_arn: what the function is told that it was invoked as."""
        self._arn = function_arn
        self._waiting: asyncio.Queue[Invocation] = asyncio.Queue()
        self._running: dict[str, Invocation] = {}
        self.initialised = asyncio.Event()
        """Set by the first request for work."""
        self.init_error: Mapping[str, Any] | None = None
        self.application = Starlette(
            routes=[
                Route(f"{_VERSION}/invocation/next", self._next),
                Route(f"{_VERSION}/invocation/{{id}}/response", self._response, methods=["POST"]),
                Route(f"{_VERSION}/invocation/{{id}}/error", self._error, methods=["POST"]),
                Route(f"{_VERSION}/init/error", self._init_error, methods=["POST"]),
            ]
        )

    def offer(self, payload: bytes, timeout_s: float) -> Invocation:
        """Hands an event to whichever process asks next; its `result` is set by the answer."""
        if len(payload) > _MAX_RESPONSE_BYTES:
            raise ValueError("Lambda takes events of at most 6 MB")
        invocation = Invocation(payload, int((time.time() + timeout_s) * 1000))
        self._waiting.put_nowait(invocation)
        return invocation

    def reset(self) -> None:
        """Forgets a process that is gone; what it had in hand never gets an answer."""
        self._waiting = asyncio.Queue()
        self._running.clear()
        self.initialised.clear()
        self.init_error = None

    async def _next(self, request: Request) -> Response:
        self.initialised.set()
        invocation = await self._take(request)
        if invocation is None:
            return Response(status_code=499)
        self._running[invocation.request_id] = invocation
        return Response(
            invocation.payload,
            media_type="application/json",
            headers={
                "Lambda-Runtime-Aws-Request-Id": invocation.request_id,
                "Lambda-Runtime-Deadline-Ms": str(invocation.deadline_ms),
                "Lambda-Runtime-Invoked-Function-Arn": self._arn,
                "Lambda-Runtime-Trace-Id": trace_id(),
            },
        )

    async def _take(self, request: Request) -> Invocation | None:
        """The next event, or None when the process hung up before there was one."""
        getting = asyncio.create_task(self._waiting.get())
        gone = asyncio.create_task(_disconnected(request))
        done, _ = await asyncio.wait({getting, gone}, return_when=asyncio.FIRST_COMPLETED)
        gone.cancel()
        if getting in done:
            return getting.result()
        getting.cancel()
        return None

    async def _response(self, request: Request) -> Response:
        body = await request.body()
        if len(body) > _MAX_RESPONSE_BYTES:
            message = f"Response payload size exceeded maximum allowed size ({len(body)} bytes)."
            return self._finish(
                request, Result.failed("Function.ResponseSizeTooLarge", message), 413
            )
        return self._finish(request, Result(body))

    async def _error(self, request: Request) -> Response:
        return self._finish(request, Result(await request.body(), error=True))

    async def _init_error(self, request: Request) -> Response:
        self.init_error = await request.json()
        return _accepted()

    def _finish(self, request: Request, result: Result, status: int = 202) -> Response:
        invocation = self._running.pop(request.path_params["id"], None)
        if invocation is None:
            body = {"errorType": "InvalidRequestID", "errorMessage": "unknown or answered already"}
            return JSONResponse(body, 400)
        if not invocation.result.done():
            invocation.result.set_result(result)
        return _accepted(status)


def _accepted(status: int = 202) -> Response:
    return JSONResponse({"status": "OK"}, status)


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def trace_id() -> str:
    """X-Ray's header for a new event, which nobody samples."""
    return f"Root=1-{int(time.time()):08x}-{uuid.uuid4().hex[:24]};Sampled=0"
