"""What Sentry hears, on a loopback server in its place."""

import gzip
import http.server
import json
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from utilsbot.reports import reporter


class _Sentry(http.server.BaseHTTPRequestHandler):
    """Keeps what it is sent."""

    received: list[bytes] = []  # noqa: RUF012

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        zipped = self.headers.get("content-encoding") == "gzip"
        self.received.append(gzip.decompress(body) if zipped else body)
        self.send_response(200)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Quiet."""


@pytest.fixture
def sentry() -> Iterator[str]:
    """A DSN that leads to the loopback server."""
    _Sentry.received.clear()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Sentry)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://key@127.0.0.1:{server.server_port}/1"
    server.shutdown()
    server.server_close()


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # the SDK keeps its pool until exit
def test_an_error_is_reported_without_anything_personal(sentry: str) -> None:
    """Type, place and reference arrive; the message, variables and host name do not."""
    report = reporter(sentry)
    typed = "hunter2"
    try:
        int(typed)
    except ValueError as error:
        report(error, {"reference": "142M-73K0-04001"})

    told = b"".join(_Sentry.received).decode()
    assert "ValueError" in told
    assert "142M-73K0-04001" in told
    assert "test_an_error_is_reported_without_anything_personal" in told
    assert "hunter2" not in told


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_nothing_of_what_led_to_an_error_is_told_either(sentry: str) -> None:
    """Causes, notes, groups, variables, source, user, request, machine: none of it arrives."""
    report = reporter(sentry)
    typed, person = "hunter2", "300000000000000001"
    try:
        try:
            raise KeyError(typed)
        except KeyError as cause:
            cause.add_note(f"typed {typed}")
            raise ExceptionGroup(person, [ValueError(typed)]) from cause
    except ExceptionGroup as error:
        report(error, {"reference": "142M-73K0-04001", "command": "hash"})

    told = b"".join(_Sentry.received)
    assert not [word for word in (typed, person, socket.gethostname()) if word.encode() in told]
    event = next(json.loads(line) for line in told.splitlines() if b'"exception"' in line)
    assert {"KeyError", "ExceptionGroup"} <= {one["type"] for one in event["exception"]["values"]}
    assert event["breadcrumbs"] == {"values": []}
    assert not {"user", "request", "modules"} & event.keys()
    frames = [f for one in event["exception"]["values"] for f in _frames(one)]
    assert frames
    assert not [f for f in frames if {"vars", "context_line", "pre_context"} & f.keys()]
    assert event["server_name"] == "lambda"


def _frames(exception: dict[str, Any]) -> list[dict[str, Any]]:
    return list((exception.get("stacktrace") or {}).get("frames", []))


def test_without_a_dsn_nothing_is_imported_or_sent() -> None:
    """No DSN, no report."""
    reporter("")(ValueError("x"), {})
