"""Discord's REST API as far as an interaction's token reaches: its original response, follow-ups.

What is repeated, and what never (sources: discord-api-docs topics/rate-limits.mdx, reference.mdx,
interactions/receiving-and-responding.mdx):

    429                     waited out if it fits before the deadline, a few times; else RateLimited
    500, 503, no connection repeated with growing, jittered waits
    other 5xx, time-outs    repeated for GET, PATCH and DELETE; a POST may have worked all the same,
                            so it raises OutcomeUnknown and is never repeated
    404 on the webhook      repeated until 10 s after receipt (Discord may not have processed the
                            deferral yet, docs issue 7220); later TokenExpired
    404 on the message,     TokenExpired: nobody is there to answer
    401, code 50027
    an edit on the way      sent once: nothing above is repeated or waited for, and no answer raises
                            OutcomeUnknown
    other 4xx               DiscordError with the places that Discord names

The token authorises every call, so no Authorization is sent: with one, Discord would count the
calls against the bot (docs issue 4142). Tokens appear in no error and no log.
"""

import random
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import httpx

from utilsbot.clock import Clock
from utilsbot.discord.exchange import Answer, NotSent, Request, Unanswered, send
from utilsbot.discord.http_client import keep_addresses_out_of_logs, new_client
from utilsbot.discord.limits import FLAG_EPHEMERAL
from utilsbot.discord.messages import Message
from utilsbot.discord.waits import RateLimits
from utilsbot.errors import DiscordError, OutcomeUnknown, RateLimited, TokenExpired
from utilsbot.reply import File

PROJECT_URL = "https://github.com/utilsbot-plus/utilsbot-plus"
MAX_TRIES = 5
"""Sendings of one request that failed for another reason than 429 and the race."""
MAX_RATE_LIMIT_ROUNDS = 5
RACE_S = 10.0
"""How long after receipt a 404 may still mean that Discord has not processed the deferral."""
MAX_BACKOFF_S = 8.0

_ORIGINAL = "/messages/@original"
_UNKNOWN_MESSAGE, _INVALID_TOKEN = 10008, 50027
_REFUSED_UNDONE = {500, 503}
"""Discord's own word that it failed; 502, 504 and 52x are a proxy's that it does not know."""


def user_agent(version: str) -> str:
    """The User-Agent that Discord demands (reference.mdx, User Agent)."""
    return f"DiscordBot ({PROJECT_URL}, {version})"


class _Call(NamedTuple):
    """One call, and what bounds it."""

    request: Request
    bucket: tuple[str, str]
    received_at: float
    deadline: float
    once: bool


class DiscordApi:
    """The calls of one process; knows the rate limits of each token that it has used."""

    def __init__(
        self,
        base_url: str,
        *,
        client: httpx.Client | None = None,
        clock: Clock | None = None,
        user_agent: str,
        random_unit: Callable[[], float] = random.random,
    ) -> None:
        """Makes no connection yet.

        Args:
            base_url: as `https://discord.com/api/v10`, or a stand-in's.
            client: by default one with explicit time limits; it stays the caller's to close.
            clock: its `sleep` is how waits are made.
            user_agent: see the function of that name.
            random_unit: a number from 0 to 1, for the jitter.
        """
        keep_addresses_out_of_logs()
        self._base_url = base_url.rstrip("/")
        self._client = client or new_client()
        self._clock = clock or Clock()
        self._user_agent = user_agent
        self._random_unit = random_unit
        self._limits = RateLimits()

    def edit_original(
        self,
        application_id: str,
        token: str,
        message: Message,
        *,
        received_at: float,
        deadline: float,
        once: bool = False,
    ) -> dict[str, Any]:
        """Makes the original response this message, whatever it was; repeating it does no harm.

        Args:
            application_id: of the interaction.
            token: of the interaction.
            message: replaces text, embeds, components and files.
            received_at: epoch seconds when the interaction arrived.
            deadline: moment of `clock.monotonic` that no wait and no request passes.
            once: nothing is repeated or waited for.

        Returns:
            The message as Discord has it now.

        Raises:
            RateLimited: waiting would pass the deadline, or Discord asked for it too often.
            TokenExpired: the token is dead or the message is deleted.
            OutcomeUnknown: with `once`, no answer came; Discord may still carry it out.
            DiscordError: anything else went wrong.
        """
        return self._call(
            "PATCH",
            (application_id, token),
            _ORIGINAL,
            received_at,
            deadline,
            message.edit_payload,
            message.files,
            once=once,
        )

    def get_original(
        self, application_id: str, token: str, *, received_at: float, deadline: float
    ) -> dict[str, Any]:
        """The original response; arguments and errors as for `edit_original`."""
        return self._call("GET", (application_id, token), _ORIGINAL, received_at, deadline)

    def delete_original(
        self, application_id: str, token: str, *, received_at: float, deadline: float
    ) -> None:
        """Deletes the original response; arguments and errors as for `edit_original`."""
        self._call("DELETE", (application_id, token), _ORIGINAL, received_at, deadline)

    def follow_up(
        self,
        application_id: str,
        token: str,
        message: Message,
        *,
        private: bool,
        received_at: float,
        deadline: float,
    ) -> dict[str, Any]:
        """Posts a further message; never after a type 5 answer that is not edited yet.

        Args and errors as for `edit_original`, and

        Args:
            application_id: of the interaction.
            token: of the interaction.
            message: the message.
            private: only the caller sees it.
            received_at: epoch seconds when the interaction arrived.
            deadline: moment of `clock.monotonic` that no wait and no request passes.

        Raises:
            OutcomeUnknown: no answer came; the message may be there, so it was not sent again.
        """
        flags = {"flags": FLAG_EPHEMERAL} if private else {}
        return self._call(
            "POST",
            (application_id, token),
            "",
            received_at,
            deadline,
            message.create_payload | flags,
            message.files,
        )

    def silence_s(self, application_id: str, token: str) -> float:
        """For how long Discord wants nothing of this interaction, or of anyone; 0 for no time."""
        return self._limits.wait((application_id, token), self._clock.monotonic())[0]

    def _call(
        self,
        method: str,
        bucket: tuple[str, str],
        path: str,
        received_at: float,
        deadline: float,
        payload: Mapping[str, Any] | None = None,
        files: tuple[File, ...] = (),
        *,
        once: bool = False,
    ) -> dict[str, Any]:
        url = self._base_url + Request.webhook_path(*bucket) + path
        request = Request(method, url, self._user_agent, payload, files)
        return _Attempts(
            _Call(request, bucket, received_at, deadline, once),
            self._client,
            self._clock,
            self._limits,
            self._random_unit,
        ).run()


class _Attempts:
    """One call until it is answered for good."""

    def __init__(
        self,
        call: _Call,
        client: httpx.Client,
        clock: Clock,
        limits: RateLimits,
        random_unit: Callable[[], float],
    ) -> None:
        self._call = call
        self._client = client
        self._clock = clock
        self._limits = limits
        self._random_unit = random_unit
        self._failures = self._rate_limits = self._races = 0

    def run(self) -> dict[str, Any]:
        """The body of the answer, empty for none."""
        while True:
            self._wait_for_bucket()
            answer = self._send()
            if answer is None:
                continue
            self._limits.note(self._call.bucket, answer, self._clock.monotonic())
            if 200 <= answer.status < 300:
                return answer.body
            if answer.status == 429:
                self._rate_limits += 1
                if self._call.once or self._rate_limits >= MAX_RATE_LIMIT_ROUNDS:
                    raise RateLimited(answer.retry_after_s, answer.scope)
            elif answer.status >= 500:
                self._after_server_error(answer)
            else:
                self._after_refusal(answer)

    def _send(self) -> Answer | None:
        """The answer, or None if it failed in a way that may be repeated, after a wait."""
        try:
            return send(self._client, self._call.request, self._clock, self._call.deadline)
        except (NotSent, Unanswered) as failure:
            unknown = isinstance(failure, Unanswered) and self._unrepeated
            text = f"{self._what}: {failure}"
        if unknown:
            raise OutcomeUnknown(text)
        self._back_off(DiscordError(text))
        return None

    @property
    def _what(self) -> str:
        return self._call.request.what

    @property
    def _unrepeated(self) -> bool:
        """Whether it is not sent again when nobody knows what became of it."""
        return self._call.once or self._call.request.method == "POST"

    def _wait_for_bucket(self) -> None:
        """Waits as a 429 or an emptied bucket demands."""
        wait, scope = self._limits.wait(self._call.bucket, self._clock.monotonic())
        if not wait:
            return
        if not self._may_wait(wait):
            raise RateLimited(wait, scope)
        self._clock.sleep(wait)

    def _after_server_error(self, answer: Answer) -> None:
        problem = self._error(DiscordError, answer)
        if self._unrepeated and answer.status not in _REFUSED_UNDONE:
            raise OutcomeUnknown(str(problem), status=answer.status, code=answer.code)
        self._back_off(problem)

    def _back_off(self, problem: DiscordError) -> None:
        self._failures += 1
        longest = min(MAX_BACKOFF_S, 0.5 * 2**self._failures)
        if self._failures >= MAX_TRIES:
            raise problem
        self._wait(longest * (0.5 + self._random_unit() / 2), problem)

    def _after_refusal(self, answer: Answer) -> None:
        gone = answer.status == 401 or answer.code in (_UNKNOWN_MESSAGE, _INVALID_TOKEN)
        if gone or answer.status != 404:
            raise self._error(TokenExpired if gone else DiscordError, answer)
        left = self._call.received_at + RACE_S - self._clock.now()
        if left <= 0:
            raise self._error(TokenExpired, answer)
        self._races += 1
        wait = min(0.125 * 2**self._races, 2.0, left)
        self._wait(max(wait, 0.01), self._error(DiscordError, answer))

    def _wait(self, seconds: float, problem: DiscordError) -> None:
        """Waits, or raises the problem if the deadline comes first."""
        if not self._may_wait(seconds):
            raise problem
        self._clock.sleep(seconds)

    def _may_wait(self, seconds: float) -> bool:
        return not self._call.once and self._clock.monotonic() + seconds < self._call.deadline

    def _error(self, kind: type[DiscordError], answer: Answer) -> DiscordError:
        told = answer.problem.replace(self._call.bucket[1], "***")
        text = f"{self._what}: {answer.status}, {told}"
        return kind(text, status=answer.status, code=answer.code)
