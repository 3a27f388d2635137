"""Somebody who types commands into the stand-in Discord and looks at the final answers."""

import asyncio
import json
import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from bench.rehearsal.world import DEVELOPER
from cli.command_line import read_command_line
from cli.playground import NoAnswer, Playground, find_component

TIMEOUT_S = 45.0
"""A cold start here compiles nothing but imports everything, several functions at a time."""
SETTLE_S = 10.0
"""How long a streamed answer may go on being written."""
_POLL_S = 0.1


class WrongAnswer(Exception):
    """No final answer came, or another than the one that is right; the message shows it."""


class Typed(NamedTuple):
    """A command, and what its final answer must hold."""

    group: str
    line: str
    expected: str
    """A pattern that the message's JSON has somewhere."""
    click: str | None = None
    """A button of the answer to use then; `expected` is of what comes after."""
    user_id: str = DEVELOPER
    attached: tuple[Path, ...] = ()


class Player:
    """Types, clicks and waits."""

    def __init__(self, url: str, timeout_s: float = TIMEOUT_S) -> None:
        """Args: url: of the stand-ins. timeout_s: until when a final answer is to be there."""
        self._playground = Playground(url, timeout_s)
        self._commands: Sequence[dict[str, Any]] = ()

    def close(self) -> None:
        """Closes connections."""
        self._playground.close()

    async def type(self, typed: Typed) -> dict[str, Any]:
        """The final message.

        Raises:
            WrongAnswer: see there.
        """
        try:
            answer = await asyncio.to_thread(self._type, typed)
            pattern = re.compile(typed.expected, re.DOTALL)
            return await self._settled(typed, answer, pattern)
        except NoAnswer as error:
            raise WrongAnswer(f"{typed.line}: {error}") from None

    def _type(self, typed: Typed) -> dict[str, Any]:
        if not self._commands:
            self._commands = self._playground.state()["commands"]
        read = read_command_line(typed.line, self._commands, typed.attached)
        body = {
            "user_id": typed.user_id,
            "place_id": "playground",
            "name": read.name,
            "type": 1,
            "options": read.options,
        }
        answer = self._playground.command(body, read.files)
        return self._click(typed, answer) if typed.click else answer

    def _click(self, typed: Typed, answer: dict[str, Any]) -> dict[str, Any]:
        message, label = answer["message"], str(typed.click)
        found = find_component(message["components"], label)
        if found is None:
            raise NoAnswer(f"the answer has no {label!r}: {_short(message)}")
        body = {
            "user_id": typed.user_id,
            "message_id": message["id"],
            "custom_id": found[0]["custom_id"],
            "component_type": found[0]["type"],
            "values": found[1],
        }
        return self._playground.component(body)

    async def _settled(
        self, typed: Typed, answer: dict[str, Any], pattern: re.Pattern[str]
    ) -> dict[str, Any]:
        """A streamed answer is edited on; so a text that is not right yet may become so."""
        deadline = time.monotonic() + SETTLE_S
        while not pattern.search(json.dumps(_shown(answer), ensure_ascii=False)):
            if time.monotonic() > deadline or _failed(answer):
                raise WrongAnswer(f"{typed.line}: not {typed.expected!r}: {_short(answer)}")
            await asyncio.sleep(_POLL_S)
            answer = await asyncio.to_thread(self.look, answer)
        return answer

    def look(self, answer: dict[str, Any]) -> dict[str, Any]:
        """The same answer as it is now."""
        return answer | self._playground.interaction(str(answer["interaction_id"]))


def _shown(answer: dict[str, Any]) -> Any:
    return [answer.get("message"), answer.get("followups"), answer.get("modal")]


def _failed(answer: dict[str, Any]) -> bool:
    """Whether the answer is one of our errors, which no waiting makes better."""
    return "Something went wrong" in json.dumps(_shown(answer))


def _short(answer: Any) -> str:
    return json.dumps(_shown(answer) if "interaction_id" in answer else answer)[:1500]
