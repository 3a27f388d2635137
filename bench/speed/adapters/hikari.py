"""hikari: RESTBot's interaction server, on_interaction, with a listener that defers.

Does: verify, parse into typed models, route, answer deferred. Does not: queue, gate, store, log,
look at the timestamp, parse HTTP (its aiohttp server is left out, which favours it). A bad
signature is answered 400, not 401.
"""

import asyncio
import os
from collections.abc import Callable, Coroutine
from typing import Any

import hikari
from hikari.impl import interaction_server

_LOOP = asyncio.new_event_loop()
run = _LOOP.run_until_complete


class _Rest:
    """What on_interaction's models keep a reference to, and never call here."""


async def _defer(interaction: hikari.CommandInteraction) -> Any:
    assert interaction.command_name == "hash"
    return interaction.build_deferred_response()


def _server() -> interaction_server.InteractionServer:
    bot = hikari.RESTBot("t", "Bot", banner=None, public_key=os.environ["DISCORD_PUBLIC_KEY"])
    bot.set_listener(hikari.CommandInteraction, _defer)
    server: interaction_server.InteractionServer = bot.interaction_server
    return server


async def _made() -> interaction_server.InteractionServer:
    return _server()


SERVER = run(_made())


def prepare(
    headers: dict[str, str], body: str
) -> Callable[[], Coroutine[Any, Any, tuple[int, bytes]]]:
    """A call of on_interaction."""
    raw, timestamp = body.encode(), headers["x-signature-timestamp"].encode()
    signature = bytes.fromhex(headers["x-signature-ed25519"])

    async def call() -> tuple[int, bytes]:
        response = await SERVER.on_interaction(raw, signature, timestamp)
        return response.status_code, response.payload or b""

    return call
