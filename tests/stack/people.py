"""New people, whom no cooldown, preference or allowance of another test meets."""

from collections.abc import Mapping
from typing import Any

from cli.playground import Playground, find_component
from tests.stack.conftest import RunningStack

WAIT_S = 180


class Person:
    """Somebody new, in a server of their own unless they say which."""

    _numbers = iter(range(330_000_000_000_000_001, 340_000_000_000_000_000))

    def __init__(self, stack: RunningStack, guild_id: str | None = None) -> None:
        """Args: guild_id: whose server; None for a new one."""
        self.id = str(next(self._numbers))
        self.guild_id = guild_id or str(int(self.id) + 100_000_000_000_000_000)
        self._stack = stack

    def send(self, *arguments: str) -> dict[str, Any]:
        """The final answer to `utilsbot send ARGUMENTS`."""
        answer: dict[str, Any] = self._stack.answer(
            *arguments, "--as", self.id, "--guild", self.guild_id
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
