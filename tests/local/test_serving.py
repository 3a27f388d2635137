"""The loopback server."""

import asyncio
import socket
from typing import Any

import httpx

from local.serving import LoopbackServer


def test_an_answer_of_two_pieces_does_not_wait_for_its_acknowledgement() -> None:
    """Connections send at once (TCP_NODELAY); else each answer takes 40 ms longer."""
    options: list[int] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        transport = receive.__self__.transport  # uvicorn's own
        connection = transport.get_extra_info("socket")
        options.append(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def ask() -> None:
        server = LoopbackServer(application)
        await server.start()
        try:
            async with httpx.AsyncClient(trust_env=False) as client:
                await client.get(server.url)
        finally:
            await server.stop()

    asyncio.run(ask())

    assert options == [1]
