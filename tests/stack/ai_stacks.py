"""What the tests of the AI group need: stacks with settings of their own."""

import asyncio
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from local.options import Options
from local.serving import free_port
from local.stack import LocalStack
from tests.stack.conftest import RunningStack
from tests.stack.people import WAIT_S

KINDS: dict[str, dict[str, str]] = {
    "tight": {
        "AI_STALL_S": "1",
        "AI_USER_REQUESTS": "1",
        "AI_GUILD_REQUESTS": "1",
        "AI_MAX_INPUT_TOKENS": "1000",
    },
    "cut off": {
        "GEMINI_URL": f"http://127.0.0.1:{free_port()}",
        "CHAT_KEY_PARAMETER": "",
        "AI_MAX_OUTPUT_TOKENS": "1000",
        "AI_ALL_TOKENS": "2000",
    },
    "without a key": {"GEMINI_KEY_PARAMETER": ""},
}
"""Stacks with settings of `.env` that bring about what the stand-in cannot."""


@contextmanager
def serving(
    folder: Path, dotenv: Mapping[str, str], aws_url: str | None = None
) -> Iterator[RunningStack]:
    """A stack with its own `.env`, in a thread: the command reads the developer's file only.

    `aws_url` is an AWS that is there already.
    """
    record, loop = folder / "recording.jsonl", asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def begin() -> LocalStack:
        options = Options(port=0, record=record, reload=False, dotenv=dotenv, aws_url=aws_url)
        stack = LocalStack(options, tell=lambda _: None)
        try:
            await stack.start()
        except BaseException:
            await stack.stop()
            raise
        return stack

    try:
        stack = asyncio.run_coroutine_threadsafe(begin(), loop).result(WAIT_S)
        try:
            yield RunningStack(stack.url, record, folder)
        finally:
            asyncio.run_coroutine_threadsafe(stack.stop(), loop).result(WAIT_S)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


class Kinds:
    """The stacks of KINDS, each started when it is first asked for."""

    def __init__(self, folder: Path, cleanup: ExitStack) -> None:
        """Args: cleanup: stops them."""
        self._folder = folder
        self._cleanup = cleanup
        self._started: dict[str, RunningStack] = {}

    def __getitem__(self, kind: str) -> RunningStack:
        """One of them."""
        if kind not in self._started:
            folder = self._folder / kind
            folder.mkdir()
            self._started[kind] = self._cleanup.enter_context(serving(folder, KINDS[kind]))
        return self._started[kind]
