"""What the tests of the AI group need: stacks with settings of their own, and new people."""

import asyncio
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from cli.playground import Playground, find_component
from local.options import Options
from local.serving import free_port
from local.stack import LocalStack
from tests.stack.conftest import RunningStack

WAIT_S = 180
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


class Person:
    """Somebody new, in a server of their own unless they say which."""

    _numbers = iter(range(330_000_000_000_000_001, 340_000_000_000_000_000))

    def __init__(self, stack: RunningStack, guild_id: str | None = None) -> None:
        """Args: guild_id: whose server; None for a new one."""
        self.id = str(next(self._numbers))
        self.guild_id = guild_id or str(int(self.id) + 100_000_000_000_000_000)
        self._stack = stack

    def send(self, line: str, *more: str) -> dict[str, Any]:
        """The final answer to a command."""
        answer: dict[str, Any] = self._stack.answer(
            line, "--as", self.id, "--guild", self.guild_id, *more
        )
        return answer

    def ask(self, question: str) -> dict[str, Any]:
        """The final message of /ask."""
        message: dict[str, Any] = self.send(f'/ask question:"{question}"')["message"]
        return message

    def press(self, message: Mapping[str, Any], label: str) -> dict[str, Any]:
        """The answer to a button."""
        found = find_component(message["components"], label)
        assert found, f"no button {label}"
        body = {
            "user_id": self.id,
            "message_id": message["id"],
            "custom_id": found[0]["custom_id"],
            "component_type": 2,
            "values": [],
        }
        with Playground(self._stack.url, WAIT_S) as playground:
            return playground.component(body)

    def submit(self, form: Mapping[str, Any], text: str) -> dict[str, Any]:
        """The final message after the form that a button opened."""
        body = {
            "user_id": self.id,
            "interaction_id": form["interaction_id"],
            "custom_id": form["modal"]["custom_id"],
            "fields": {"message": text},
        }
        with Playground(self._stack.url, WAIT_S) as playground:
            message: dict[str, Any] = playground.modal(body)["message"]
        return message
