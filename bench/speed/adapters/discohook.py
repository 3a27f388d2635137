"""discohook: its Starlette application, called as ASGI, with a command that defers.

Does: verify, parse, route, build its deferral (type 5). It does not answer with it: it posts it to
Discord's callback endpoint in a call of its own, which is left out here. Does not: queue, gate,
store, log, look at the timestamp.
"""

import asyncio
import json
import os
from collections.abc import Callable, Coroutine
from typing import Any

import discohook

_LOOP = asyncio.new_event_loop()
run = _LOOP.run_until_complete
_posted: list[dict[str, Any]] = []


async def _post(_id: str, _token: str, payload: dict[str, Any], _with_response: bool) -> None:
    _posted[:] = [payload]


@discohook.command.slash("hash", description="Hash")
async def hash_command(interaction: discohook.Interaction, text: str) -> None:
    """The command."""
    await interaction.response.defer()


async def _made() -> discohook.Client:
    client = discohook.Client(
        application_id="1", public_key=os.environ["DISCORD_PUBLIC_KEY"], token="t"
    )
    client.commands(hash_command)
    client.http.create_interaction_response = _post
    return client


CLIENT = run(_made())


def prepare(
    headers: dict[str, str], body: str
) -> Callable[[], Coroutine[Any, Any, tuple[int, bytes]]]:
    """A call of the application."""
    raw = body.encode()
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "path": "/interactions",
        "raw_path": b"/interactions",
        "query_string": b"",
        "root_path": "",
        "scheme": "https",
        "server": ("localhost", 443),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": raw, "more_body": False}

    async def call() -> tuple[int, bytes]:
        sent: list[dict[str, Any]] = []
        _posted.clear()

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await CLIENT(dict(scope), receive, send)
        answer = json.dumps(_posted[0]).encode() if _posted else sent[-1].get("body", b"")
        return sent[0]["status"], answer

    return call
