"""An HTTP server on a loopback port, inside our event loop."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from typing import Any

import uvicorn
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

HOST = "127.0.0.1"


class PortTaken(Exception):
    """Something else listens there; the message says what to do."""


def loopback_socket(port: int = 0) -> socket.socket:
    """A listening socket; port 0 takes any free one.

    Raises:
        PortTaken: the port is in use.
    """
    # The protocol by name: asyncio sets TCP_NODELAY only on sockets that have it, and without that
    # each answer of two pieces waits 40 ms for its acknowledgement.
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((HOST, port))
        bound.listen(128)  # at once: two sockets may be bound to a port, only one may listen
    except OSError as error:
        bound.close()
        raise PortTaken(f"port {port} is taken ({error.strerror}); choose one by --port") from None
    return bound


def free_port() -> int:
    """A port that was free a moment ago."""
    with contextlib.closing(loopback_socket()) as bound:
        port: int = bound.getsockname()[1]
        return port


class _QuietServer(uvicorn.Server):
    """Leaves signals to the stack, which has more than one server to stop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


_ABORT = "local.abort"


class _Abortable:
    """Lets an application break a connection, which ASGI has no word for."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        cycle = getattr(receive, "__self__", None)  # uvicorn's own, of either HTTP parser
        if transport := getattr(cycle, "transport", None):
            scope.setdefault("extensions", {})[_ABORT] = {"call": transport.abort}
        await self._app(scope, receive, send)


def abort(request: Request) -> None:
    """Breaks a request's connection (RST), with nothing more sent."""
    request.scope["extensions"][_ABORT]["call"]()


class LoopbackServer:
    """Serves an ASGI application on a socket."""

    def __init__(self, application: Any, bound: socket.socket | None = None) -> None:
        """Args: bound: from `loopback_socket`; None takes any free port."""
        self._socket = bound or loopback_socket()
        self._task: asyncio.Task[None] | None = None
        self._server = _QuietServer(
            uvicorn.Config(
                _Abortable(application),
                lifespan="off",
                log_config=None,
                log_level="critical",
                access_log=False,
                ws="none",
                timeout_keep_alive=300,
                timeout_graceful_shutdown=1,
            )
        )

    @property
    def address(self) -> str:
        """HOST:PORT."""
        return f"{HOST}:{self._socket.getsockname()[1]}"

    @property
    def url(self) -> str:
        """http://HOST:PORT."""
        return f"http://{self.address}"

    async def start(self) -> None:
        """Listens when it returns."""
        self._task = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        while not self._server.started and not self._task.done():
            await asyncio.sleep(0.005)
        if self._task.done():
            self._task.result()

    async def stop(self) -> None:
        """Ends open requests within a second and closes the port."""
        self._server.should_exit = True
        if self._task:
            await self._task
        self._socket.close()
