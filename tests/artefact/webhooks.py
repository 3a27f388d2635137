"""A stand-in for Discord's webhooks that notes what it is sent."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from threading import Thread
from typing import NamedTuple


class Received(NamedTuple):
    """One request."""

    method: str
    path: str
    body: bytes


@contextmanager
def webhooks() -> Iterator[tuple[str, "Queue[Received]"]]:
    """The address of its API, and the requests as they come."""
    received: Queue[Received] = Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_PATCH(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            received.put(Received(self.command, self.path, body))
            self._answer({"id": "1", "attachments": []})

        def do_GET(self) -> None:
            self._answer({"id": "1", "flags": 1 << 7})  # "thinking…"

        def _answer(self, message: dict[str, object]) -> None:
            answer = json.dumps(message).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/api/v10", received
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
