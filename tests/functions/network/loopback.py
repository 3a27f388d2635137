"""HTTP on loopback for tests: servers that note who came, and answer what they are told to."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from local.serving import LoopbackServer
from utilsbot.meter import Meter


class Asked(NamedTuple):
    """A request that arrived."""

    method: str
    path: str
    headers: dict[str, str]


class Told(NamedTuple):
    """What to answer."""

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


Script = Callable[[Asked], Told]


class Server:
    """A site on loopback."""

    def __init__(self, http: "_Http") -> None:
        self._http = http
        self.port: int = http.server_address[1]
        self.asked: list[Asked] = http.asked

    @property
    def connections(self) -> int:
        """How many were accepted, whether they sent anything or not."""
        return self._http.connections

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def socket(self) -> tuple[str, int]:
        """As the guard's exceptions are written."""
        return ("127.0.0.1", self.port)


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    connections = 0

    def __init__(self, script: Script, family: socket.AddressFamily, port: int) -> None:
        self.address_family = family
        self.script = script
        self.asked: list[Asked] = []
        super().__init__(("::1" if family is socket.AF_INET6 else "127.0.0.1", port), _Handler)

    def verify_request(self, *_: Any) -> bool:
        """Counts."""
        self.connections += 1
        return True

    def handle_error(self, *_: Any) -> None:
        """A client that hangs up is none of the test's business."""


class _Handler(BaseHTTPRequestHandler):
    server: _Http

    def _answer(self) -> None:
        asked = Asked(self.command, self.path, {k.lower(): v for k, v in self.headers.items()})
        self.server.asked.append(asked)
        told = self.server.script(asked)
        self.send_response(told.status)
        for name, value in told.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(told.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(told.body)

    do_GET = do_HEAD = do_POST = _answer  # noqa: N815

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@contextlib.contextmanager
def serving(
    script: Script, family: socket.AddressFamily = socket.AF_INET, port: int = 0
) -> Iterator[Server]:
    """A server that answers by the script until the block ends."""
    http = _Http(script, family, port)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield Server(http)
    finally:
        http.shutdown()
        http.server_close()
        thread.join()


@contextlib.contextmanager
def serving_app(application: Any) -> Iterator[str]:
    """An ASGI application, as the local stack serves it; gives its address."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def run(work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, loop).result(20)

    server = LoopbackServer(application)
    run(server.start())
    try:
        yield server.url
    finally:
        run(server.stop())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def redirect(to: str, status: int = 302) -> Told:
    """A redirect."""
    return Told(status, (("Location", to),))


def html(title: str, status: int = 200) -> Told:
    """A page."""
    body = f"<!doctype html><title>{title}</title>".encode()
    return Told(status, (("Content-Type", "text/html; charset=utf-8"),), body)


class Ticks:
    """A meter's clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """Seconds."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Moves on."""
        self.now += seconds


def meter(ticks: Ticks | None = None, left_s: float = 60) -> Meter:
    """A meter with so much time left."""
    ticks = ticks or Ticks()
    return Meter(ticks, ticks.now + left_s)
