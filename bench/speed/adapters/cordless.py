"""cordless: its Lambda handler with a command that defers to its worker function.

Does: verify, parse, route, defer. Warm, its asynchronous invocation of the worker is answered in
place, as ours are; BENCH_IMPORT_ONLY=1 stops after the import. Does not: gate, store, log, check
options, look at the timestamp, keep a command whose worker dies.
"""

import os
from collections.abc import Callable
from typing import Any

from cordless import Cordless

if not os.environ.get("BENCH_IMPORT_ONLY"):
    os.environ["CORDLESS_WORKER_FUNCTION"] = "worker"
    bot = Cordless(public_key=os.environ["DISCORD_PUBLIC_KEY"])

    @bot.command(name="hash", description="Hash", defer=True)
    async def answer(ctx: Any, text: str) -> None:
        """Runs in the worker, never here."""

    handler = bot.handler()
    if os.environ.get("BENCH_AWS") != "wire":
        from cordless import defer

        defer.invoke_worker = lambda _name, _interaction: None


def prepare(headers: dict[str, str], body: str) -> Callable[[], tuple[int, str]]:
    """A call of the handler."""
    event = {"version": "2.0", "headers": headers, "body": body, "isBase64Encoded": False}

    def call() -> tuple[int, str]:
        response = handler(event, None)
        return response["statusCode"], response["body"]

    return call
