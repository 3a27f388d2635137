"""Discord's REST API with the bot's token: commands, the bot's guilds, users.

Every call here may be repeated without harm (the bulk overwrite too), so time-outs, 5xx and 429
are; what Discord refuses is a DiscordError with the places that it names. The token is in no error
and no log. Sources: interactions/application-commands.mdx, resources/user.mdx, rate-limits.mdx.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from utilsbot.clock import Clock
from utilsbot.discord.exchange import Answer
from utilsbot.discord.guild import Guild
from utilsbot.discord.http_client import keep_addresses_out_of_logs, new_client
from utilsbot.errors import DiscordError, RateLimited
from utilsbot.settings import Secret

MAX_TRIES = 4
MAX_WAIT_S = 8.0
"""A longer wait is not worth an invocation's time: the caller is told when to come back."""
GUILDS_A_PAGE = 200
"""Discord's largest (resources/user.mdx, Get Current User Guilds)."""


class AdminApi:
    """The calls of one process that carry the bot's token."""

    def __init__(
        self,
        base_url: str,
        token: Secret,
        *,
        user_agent: str,
        client: httpx.Client | None = None,
        clock: Clock | None = None,
    ) -> None:
        """Makes no connection yet.

        Args:
            base_url: as `https://discord.com/api/v10`, or a stand-in's.
            token: the bot's.
            user_agent: as Discord demands it (utilsbot.discord.rest.user_agent).
            client: by default one with explicit time limits; it stays the caller's to close.
            clock: its `sleep` is how waits are made.
        """
        keep_addresses_out_of_logs()
        self._base_url = base_url.rstrip("/")
        self._token = token
        self._user_agent = user_agent
        self._client = client or new_client()
        self._clock = clock or Clock()
        self._application_id: str | None = None

    def application_id(self) -> str:
        """The id of the application that the token belongs to; asked once.

        Raises:
            DiscordError: Discord refused or did not answer.
        """
        if self._application_id is None:
            self._application_id = str(self._object("GET", "/applications/@me")["id"])
        return self._application_id

    def commands(self, guild_id: str | None) -> list[dict[str, Any]]:
        """The registered commands of a guild or, with None, the global ones.

        Raises:
            DiscordError: Discord refused or did not answer.
        """
        return self._list("GET", f"{self._commands_path(guild_id)}?with_localizations=true")

    def overwrite(
        self, guild_id: str | None, body: Sequence[Mapping[str, Any]]
    ) -> list[dict[str, Any]]:
        """Replaces all commands of a scope in one request; what is missing is deleted.

        Returns:
            What Discord has now.

        Raises:
            DiscordError: Discord refused (nothing is changed) or did not answer.
        """
        return self._list("PUT", self._commands_path(guild_id), list(body))

    def guilds(self) -> list[Guild]:
        """Every guild that the bot is in, by name; one request for each 200.

        Raises:
            DiscordError: Discord refused or did not answer.
        """
        found: list[dict[str, Any]] = []
        while True:
            after = f"&after={found[-1]['id']}" if found else ""
            path = f"/users/@me/guilds?with_counts=true&limit={GUILDS_A_PAGE}{after}"
            page = self._list("GET", path)
            found += page
            if len(page) < GUILDS_A_PAGE:
                break
        guilds = [Guild(str(g["id"]), str(g["name"]), _count(g)) for g in found]
        return sorted(guilds, key=lambda guild: (guild.name.casefold(), guild.id))

    def _commands_path(self, guild_id: str | None) -> str:
        scope = f"/guilds/{guild_id}" if guild_id else ""
        return f"/applications/{self.application_id()}{scope}/commands"

    def _object(self, method: str, path: str) -> dict[str, Any]:
        body = self._call(method, path, None)
        if not isinstance(body, dict):
            raise DiscordError(f"{method} {_public(path)}: no object came back")
        return body

    def _list(
        self, method: str, path: str, body: list[Mapping[str, Any]] | None = None
    ) -> list[dict[str, Any]]:
        answer = self._call(method, path, body)
        if not isinstance(answer, list):
            raise DiscordError(f"{method} {_public(path)}: no list came back")
        return [item for item in answer if isinstance(item, dict)]

    def _call(self, method: str, path: str, body: list[Mapping[str, Any]] | None) -> Any:
        """The JSON of the answer; waits and repeats as Discord asks."""
        what = f"{method} {_public(path)}"
        for attempt in range(MAX_TRIES):
            last = attempt == MAX_TRIES - 1
            try:
                response = self._send(method, path, body)
            except httpx.HTTPError as error:
                problem, wait = DiscordError(f"{what}: {type(error).__name__}"), 0.5 * 2**attempt
            else:
                if response.is_success:
                    return _json(response)
                known = _json(response)
                answer = Answer(
                    response.status_code,
                    response.headers,
                    known if isinstance(known, dict) else {},
                )
                problem, wait = _problem(what, answer, attempt)
            if last or wait is None or wait > MAX_WAIT_S:
                raise problem
            self._clock.sleep(wait)
        raise AssertionError("the loop returns or raises")

    def _send(self, method: str, path: str, body: list[Mapping[str, Any]] | None) -> httpx.Response:
        headers = {
            "Authorization": f"Bot {self._token.reveal()}",
            "User-Agent": self._user_agent,
            "Accept": "application/json",
        }
        if body is None:
            return self._client.request(method, self._base_url + path, headers=headers)
        content = json.dumps(body, ensure_ascii=False).encode()
        headers["Content-Type"] = "application/json"
        return self._client.request(method, self._base_url + path, content=content, headers=headers)


def _problem(what: str, answer: Answer, attempt: int) -> tuple[DiscordError, float | None]:
    """The error of an answer, and how long to wait before another try; None: never."""
    if answer.status == 429:
        wait = answer.retry_after_s
        return RateLimited(wait, answer.scope), wait
    text = f"{what}: {answer.status}, {answer.problem}"
    error = DiscordError(text, status=answer.status, code=answer.code)
    return error, 0.5 * 2**attempt if answer.status >= 500 else None


def _json(response: httpx.Response) -> Any:
    try:
        return response.json()
    except ValueError:  # none, or a proxy's HTML
        return None


def _public(path: str) -> str:
    """A path as errors may name it: without its query."""
    return path.partition("?")[0]


def _count(guild: Mapping[str, Any]) -> int | None:
    count = guild.get("approximate_member_count")
    return count if isinstance(count, int) else None
