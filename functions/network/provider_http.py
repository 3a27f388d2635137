"""HTTP to the services that the operator has chosen (for users' addresses: guard.client)."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

import httpx

from functions.network.failures import ProviderFailed
from utilsbot.clock import Clock
from utilsbot.discord.http_client import keep_addresses_out_of_logs, new_client
from utilsbot.i18n import N_


class Answer(NamedTuple):
    """What a service answered."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes

    def json(self) -> dict[str, Any]:
        """The body as a JSON object.

        Raises:
            ProviderFailed: it is none.
        """
        try:
            value = json.loads(self.body)
        except ValueError:
            value = None
        if not isinstance(value, dict):
            raise ProviderFailed(
                N_("{service} answered something unreadable"), word="bad_body", again=True
            )
        return value


class ProviderHttp:
    """Sends one request, follows no redirects, and reads no more than it should."""

    def __init__(self, clock: Clock, client: httpx.Client | None = None) -> None:
        """Makes no connection yet.

        Args:
            clock: measures the time that an answer takes.
            client: by default one with explicit time limits.
        """
        keep_addresses_out_of_logs()
        self._clock = clock
        self._client = client or new_client()

    def send(
        self,
        method: str,
        address: str,
        *,
        timeout_s: float,
        max_bytes: int,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
    ) -> Answer:
        """One answer, whatever its status.

        Args:
            method: GET or POST.
            address: of the service.
            timeout_s: for all of it.
            max_bytes: of the body.
            headers: beside the usual ones.
            params: the query.
            form: the body of a POST.

        Raises:
            ProviderFailed: no answer, too late, or too large.
        """
        deadline = self._clock.monotonic() + timeout_s
        timeout = httpx.Timeout(timeout_s, connect=min(3.0, timeout_s))
        failure: ProviderFailed | None = None
        try:
            with self._client.stream(
                method, address, headers=headers, params=params, data=form, timeout=timeout
            ) as response:
                body = self._read(response, max_bytes, deadline)
                return Answer(response.status_code, dict(response.headers), body)
        except httpx.TimeoutException:
            failure = _late()
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError):
            failure = ProviderFailed(
                N_("{service} could not be reached"), word="unreachable", again=True
            )
        raise failure  # out here, because httpx's exceptions hold the address and the key

    def _read(self, response: httpx.Response, max_bytes: int, deadline: float) -> bytes:
        body = bytearray()
        for chunk in response.iter_bytes(64 * 1024):
            body += chunk
            if len(body) > max_bytes:
                raise ProviderFailed(N_("{service} answered more than we take"), word="too_large")
            if self._clock.monotonic() > deadline:
                raise _late()
        return bytes(body)


def _late() -> ProviderFailed:
    return ProviderFailed(N_("{service} did not answer in time"), word="timeout", again=True)


def check_status(answer: Answer) -> None:
    """Turns the statuses that mean the same everywhere into failures.

    Raises:
        ProviderFailed: 429 or a server error.
    """
    if answer.status == 429:
        raise ProviderFailed(N_("{service} asks us to slow down"), word="429", blames_it=False)
    if answer.status >= 500:
        raise ProviderFailed(
            N_("{service} has an error of its own (status {status})"),
            word=str(answer.status),
            again=True,
            status=answer.status,
        )
