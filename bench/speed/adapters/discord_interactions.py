"""discord-interactions with Flask: its decorator on a view, called as WSGI.

Does: verify, parse, answer deferred; routing by name is the view's one dictionary. Does not: route
itself, queue, gate, store, log, look at the timestamp, check options.
"""

import os
from collections.abc import Callable
from io import BytesIO
from typing import Any

from discord_interactions import InteractionResponseType, verify_key_decorator
from flask import Flask, jsonify, request

app = Flask("bench")


def _hash(_interaction: dict[str, Any]) -> dict[str, Any]:
    return {"type": InteractionResponseType.DEFERRED_CHANNEL_MESSAGE_WITH_SOURCE}


COMMANDS = {"hash": _hash}


@app.post("/interactions")
@verify_key_decorator(os.environ["DISCORD_PUBLIC_KEY"])
def interactions() -> Any:
    """The endpoint."""
    interaction = request.json
    return jsonify(COMMANDS[interaction["data"]["name"]](interaction))


def environ_of(headers: dict[str, str], raw: bytes) -> dict[str, Any]:
    """A WSGI environment, without its input."""
    named = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    return named | {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/interactions",
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(raw)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https",
        "wsgi.errors": None,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


def prepare(headers: dict[str, str], body: str) -> Callable[[], tuple[int, bytes]]:
    """A call of the application."""
    raw = body.encode()
    environ = environ_of(headers, raw)

    status: list[str] = []

    def start(line: str, _headers: Any, _error: Any = None) -> Callable[[bytes], None]:
        status[:] = [line]
        return lambda _chunk: None

    def call() -> tuple[int, bytes]:
        answer = app({**environ, "wsgi.input": BytesIO(raw)}, start)
        return int(status[0][:3]), b"".join(answer)

    return call
