"""discord-http (discord.http): its backend's endpoint, with a command that defers.

Does: verify (with the cryptography package), parse with orjson, build its context, route, answer
deferred. Does not: queue, gate, store, log, look at the timestamp, parse HTTP (its aiohttp server
is left out, which favours it).
"""

import asyncio
import logging
import os
from collections.abc import Callable, Coroutine
from typing import Any

from aiohttp.web import HTTPException
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from discord_http import Client, Context

_LOOP = asyncio.new_event_loop()
run = _LOOP.run_until_complete


async def _made() -> Client:
    client = Client(token="t", sync=False, logging_level=logging.ERROR)
    key = bytes.fromhex(os.environ["DISCORD_PUBLIC_KEY"])
    client.backend.verify_key = Ed25519PublicKey.from_public_bytes(key)

    @client.command(name="hash", description="Hash")
    async def answer(ctx: Context, text: str) -> Any:
        return ctx.response.defer(thinking=True)

    return client


CLIENT = run(_made())


class _Request:
    """What the endpoint reads of an aiohttp request."""

    def __init__(self, headers: dict[str, str], body: bytes) -> None:
        self.headers = {name.title(): value for name, value in headers.items()}
        self._body = body

    async def read(self) -> bytes:
        """The body."""
        return self._body


def prepare(
    headers: dict[str, str], body: str
) -> Callable[[], Coroutine[Any, Any, tuple[int, bytes]]]:
    """A call of the endpoint."""
    given = {**headers, "X-Signature-Ed25519": headers["x-signature-ed25519"]}
    request = _Request(given, body.encode())

    async def call() -> tuple[int, bytes]:
        try:
            response = await CLIENT.backend._index_interactions_endpoint(request)
        except HTTPException as error:
            return error.status, b""
        return response.status, response.body

    return call
