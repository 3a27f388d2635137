"""The stand-in's API of Discord on loopback, for what calls it from another thread."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.applications import Starlette
from starlette.routing import Route

from local.discord.api import DiscordApi
from local.discord.state import State
from local.discord.world import World
from local.faults import Faults
from local.serving import LoopbackServer


@contextmanager
def serving(faults: Faults | None = None, setup_token: str = "") -> Iterator[str]:
    """An empty stand-in; gives its address with the version."""
    api = DiscordApi(
        State(World(), time.time),
        faults or Faults(),
        base_url="",
        setup_token=setup_token,
        on_exchange=lambda *_: None,
        on_change=lambda _: None,
    )
    routes = [Route("/api/{path:path}", api.__call__, methods=["GET", "PUT"])]
    server, stop = LoopbackServer(Starlette(routes=routes)), threading.Event()

    async def serve() -> None:
        await server.start()
        await asyncio.to_thread(stop.wait)
        await server.stop()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    try:
        yield f"{server.url}/api/v10"
    finally:
        stop.set()
        thread.join()
