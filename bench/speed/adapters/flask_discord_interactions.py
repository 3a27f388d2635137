"""flask-discord-interactions: its route, called as WSGI, with a command that answers deferred.

Does: verify, parse into its context, route, answer deferred. Does not: queue, gate, store, log,
look at the timestamp.
"""

import os
from collections.abc import Callable
from io import BytesIO
from typing import Any

from flask import Flask
from flask_discord_interactions import DiscordInteractions, Message

app = Flask("bench")
discord = DiscordInteractions(app)
app.config["DISCORD_CLIENT_ID"] = "1"
app.config["DISCORD_PUBLIC_KEY"] = os.environ["DISCORD_PUBLIC_KEY"]
app.config["DISCORD_CLIENT_SECRET"] = "s"


@discord.command(name="hash", description="Hash")
def hash_command(ctx: Any, text: str) -> Message:
    """The command."""
    return Message(deferred=True)


discord.set_route("/interactions")


def prepare(headers: dict[str, str], body: str) -> Callable[[], tuple[int, bytes]]:
    """A call of the application."""
    raw = body.encode()
    named = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    environ = named | {
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

    status: list[str] = []

    def start(line: str, _headers: Any, _error: Any = None) -> Callable[[bytes], None]:
        status[:] = [line]
        return lambda _chunk: None

    def call() -> tuple[int, bytes]:
        answer = app({**environ, "wsgi.input": BytesIO(raw)}, start)
        return int(status[0][:3]), b"".join(answer)

    return call
