"""The client's own connections: real sockets on this machine."""

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest

from utilsbot.clock import Clock
from utilsbot.discord.messages import render
from utilsbot.discord.rest import DiscordApi, user_agent
from utilsbot.errors import DiscordError, OutcomeUnknown
from utilsbot.reply import File, Reply


class Handler(BaseHTTPRequestHandler):
    """A Discord that takes one message, or hangs up without a word."""

    hang_up: ClassVar[bool] = False
    seen: ClassVar[list[tuple[str, str, bytes]]] = []

    def _take(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.seen.append((self.command, self.headers["Content-Type"], body))
        if self.hang_up:
            self.close_connection = True
            return
        answer = json.dumps({"id": "7"}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_PATCH = do_POST = _take  # noqa: N815  http.server's names

    def log_message(self, *_: Any) -> None:
        """Quiet."""


@pytest.fixture
def address() -> Iterator[str]:
    """Where the server listens."""
    Handler.hang_up, Handler.seen = False, []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/api/v10"
    server.shutdown()
    thread.join()
    server.server_close()


def api(base_url: str) -> DiscordApi:
    """A client of its own making that does not really wait between tries."""
    return DiscordApi(
        base_url,
        clock=Clock(sleep=lambda _: None),
        user_agent=user_agent("1"),
        random_unit=lambda: 0.0,
    )


def test_an_upload_over_the_wire(address: str) -> None:
    """Nine megabytes arrive whole, in the form that Discord reads."""
    content = bytes(range(256)) * 36_000
    (message,) = render(
        Reply(files=(File("a.bin", content),)), attachment_limit_bytes=10**7, max_messages=1
    )
    clock = Clock()
    answer = api(address).edit_original(
        "1", "t", message, received_at=clock.now(), deadline=clock.monotonic() + 30
    )
    assert answer == {"id": "7"}
    ((method, content_type, body),) = Handler.seen
    assert (method, content_type.split(";")[0]) == ("PATCH", "multipart/form-data")
    assert content in body


def test_a_server_that_hangs_up(address: str) -> None:
    """A follow-up whose connection breaks after sending is not sent again; an edit is."""
    Handler.hang_up = True
    (message,) = render(Reply("hi"), attachment_limit_bytes=1, max_messages=1)
    clock = Clock()
    when: Any = {"received_at": clock.now(), "deadline": clock.monotonic() + 30}
    with pytest.raises(OutcomeUnknown):
        api(address).follow_up("1", "t", message, private=False, **when)
    assert len(Handler.seen) == 1
    with pytest.raises(DiscordError):
        api(address).edit_original("1", "t", message, **when)
    assert len(Handler.seen) == 6


def test_nobody_listens() -> None:
    """A refused connection is repeated and then an error that names no address."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    (message,) = render(Reply("hi"), attachment_limit_bytes=1, max_messages=1)
    clock = Clock()
    with pytest.raises(DiscordError, match="POST webhook: ConnectError"):
        api(f"http://127.0.0.1:{port}").follow_up(
            "1",
            "t",
            message,
            private=False,
            received_at=clock.now(),
            deadline=clock.monotonic() + 30,
        )
