"""Talks to a running `utilsbot local` as the page does."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx

_POLL_S = 0.05


class NoAnswer(Exception):
    """No final answer came; the message says why."""


class Playground:
    """The page's API, from the command line."""

    def __init__(self, url: str, timeout_s: float) -> None:
        """Args: url: of `utilsbot local`. timeout_s: how long to wait for a final answer."""
        self.url = url.rstrip("/")
        self._timeout_s = timeout_s
        self._client = httpx.Client(base_url=self.url, timeout=60, trust_env=False)

    def __enter__(self) -> "Playground":
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Closes connections."""
        self.close()

    def close(self) -> None:
        """Closes connections."""
        self._client.close()

    def state(self) -> dict[str, Any]:
        """Users, places and commands."""
        return self._json(self._get("/play/state"))

    def messages(self, user_id: str) -> list[dict[str, Any]]:
        """Every message that a user sees."""
        answer = self._json(self._get("/play/messages", user_id=user_id))
        return list(answer["messages"])

    def command(self, body: Mapping[str, Any], files: Mapping[str, Path]) -> dict[str, Any]:
        """Types a command, and waits. Raises: NoAnswer."""
        parts: list[tuple[str, Any]] = [("json", (None, json.dumps(body), "application/json"))]
        parts += [(part, (path.name, path.read_bytes())) for part, path in files.items()]
        return self._finish(self._post("/play/command", files=parts))

    def component(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Uses a button or a select, and waits. Raises: NoAnswer."""
        return self._finish(self._post("/play/component", json=body))

    def modal(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Submits a modal, and waits. Raises: NoAnswer."""
        return self._finish(self._post("/play/modal", json=body))

    def interaction(self, interaction_id: str) -> dict[str, Any]:
        """How an interaction stands. Raises: NoAnswer."""
        return self._json(self._get(f"/play/interactions/{interaction_id}"))

    def download(self, attachment: Mapping[str, Any], folder: Path) -> Path:
        """Saves a file of a message under its own name."""
        content = self._get(str(attachment["url"])).content
        folder.mkdir(parents=True, exist_ok=True)
        path = _free(folder / Path(str(attachment["filename"])).name)
        path.write_bytes(content)
        return path

    def _finish(self, response: httpx.Response) -> dict[str, Any]:
        """The answer once it is final: the message as it is then, and what followed it."""
        answer = self._json(response)
        if answer["error"]:
            raise NoAnswer(str(answer["error"]))
        if answer["modal"]:
            return answer | {"followups": []}
        deadline = time.monotonic() + self._timeout_s
        while True:
            now = self.interaction(str(answer["interaction_id"]))
            if not now["pending"]:
                return answer | now
            if time.monotonic() > deadline:
                raise NoAnswer(f"no final answer came within {self._timeout_s:g} s")
            time.sleep(_POLL_S)

    def _get(self, path: str, **query: str) -> httpx.Response:
        try:
            return self._client.get(path, params=query)
        except httpx.HTTPError as error:
            raise self._unreachable(error) from None

    def _post(self, path: str, **content: Any) -> httpx.Response:
        try:
            return self._client.post(path, **content)
        except httpx.HTTPError as error:
            raise self._unreachable(error) from None

    def _unreachable(self, error: httpx.HTTPError) -> NoAnswer:
        return NoAnswer(f"{self.url} does not answer ({error}); is `utilsbot local` running?")

    def _json(self, response: httpx.Response) -> dict[str, Any]:
        try:
            body: dict[str, Any] = response.json()
        except ValueError:
            raise NoAnswer(
                f"{self.url} is no `utilsbot local`: HTTP {response.status_code}"
            ) from None
        return body


def walk(components: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Every component, nested ones included."""
    for part in components:
        yield part
        yield from walk(part.get("components") or [])
        yield from walk([part[key] for key in ("accessory", "component") if part.get(key)])


def find_component(
    components: Sequence[Mapping[str, Any]], wanted: str
) -> tuple[Mapping[str, Any], list[str]] | None:
    """A button by custom id or label, or a select by an option's label or value; with its values.

    `CUSTOM_ID=a,b` chooses values of the select with that custom id.
    """
    name, equals, values = wanted.partition("=")
    for part in walk(components):
        if "custom_id" not in part:
            continue
        if wanted in {part["custom_id"], part.get("label")} and part["type"] == 2:
            return part, []
        if equals and name == part["custom_id"]:
            return part, [value.strip() for value in values.split(",")]
        for option in part.get("options") or []:
            if wanted in {option["label"], option["value"]}:
                return part, [option["value"]]
    return None


def _free(path: Path) -> Path:
    """The path, or the next one of that name that does not exist."""
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return free
