"""One HTTP exchange with Discord: the request's form, the answer's reading, and its time limit."""

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

import httpx

from utilsbot.clock import Clock
from utilsbot.discord.http_client import timeout_within
from utilsbot.reply import File

MIN_TIME_S = 0.05
"""With less than this before the deadline nothing is sent."""
MAX_ANSWER_BYTES = 4 * 1024 * 1024
MAX_PROBLEM = 500
"""Characters of Discord's explanation that an error carries."""
_CHUNK_BYTES = 64 * 1024


class NotSent(Exception):
    """Nothing reached Discord: repeating is safe."""


class Unanswered(Exception):
    """The request may have reached Discord, its answer did not reach us."""


class Request(NamedTuple):
    """What is sent; its repr does not show the address, which holds the token."""

    method: str
    url: str
    user_agent: str
    payload: Mapping[str, Any] | None = None
    files: tuple[File, ...] = ()

    def __repr__(self) -> str:
        """Method only."""
        return f"Request({self.what})"

    @property
    def what(self) -> str:
        """As errors and logs may name it."""
        return f"{self.method} webhook" + ("" if self.method == "POST" else " @original")

    @staticmethod
    def webhook_path(application_id: str, token: str) -> str:
        """`/webhooks/…/…`, each part quoted so that it stays one part."""
        return f"/webhooks/{quote(application_id, safe='')}/{quote(token, safe='')}"


class Answer(NamedTuple):
    """What Discord said."""

    status: int
    headers: Mapping[str, str]
    body: dict[str, Any]
    """Empty if it was no JSON object."""

    @property
    def code(self) -> int:
        """Discord's JSON error code; 0 for none."""
        code = self.body.get("code")
        return code if isinstance(code, int) else 0

    @property
    def problem(self) -> str:
        """Discord's explanation: its message, and place and code of each error, but no value.

        The texts of single errors are left out because they may quote what was sent.
        """
        message = str(self.body.get("message", "no explanation"))
        places = "; ".join(_places(self.body.get("errors"), ""))
        code = f"code {self.code}: " if self.code else ""
        return (f"{code}{message} ({places})" if places else code + message)[:MAX_PROBLEM]

    @property
    def retry_after_s(self) -> float:
        """How long a 429 asks to wait: the longer of header and body; 1 if neither says."""
        told = [_seconds(self.headers.get("retry-after")), _seconds(self.body.get("retry_after"))]
        return max((seconds for seconds in told if seconds is not None), default=1.0)

    @property
    def scope(self) -> str:
        """Of a 429: user, shared or global."""
        everywhere = self.body.get("global") is True or "x-ratelimit-global" in self.headers
        return self.headers.get("x-ratelimit-scope") or ("global" if everywhere else "user")

    @property
    def empty_for_s(self) -> float:
        """How long the bucket stays empty, 0 if it is not."""
        if self.headers.get("x-ratelimit-remaining") != "0":
            return 0.0
        return _seconds(self.headers.get("x-ratelimit-reset-after")) or 0.0


def _seconds(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        seconds = float(value)
    except ValueError:  # a Retry-After with a date, which Discord does not send
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def _places(tree: object, path: str) -> Iterator[str]:
    """The leaves of Discord's `errors` tree (reference.mdx, Error Messages), as `path: CODE`."""
    if not isinstance(tree, Mapping):
        return
    for key, value in tree.items():
        if key == "_errors" and isinstance(value, list):
            codes = [str(e.get("code", "?")) for e in value if isinstance(e, Mapping)]
            yield f"{path or 'body'}: {', '.join(codes)}"
        else:
            yield from _places(value, f"{path}.{key}" if path else str(key))


def send(client: httpx.Client, request: Request, clock: Clock, deadline: float) -> Answer:
    """Sends once and reads the answer, all before the deadline (of `clock.monotonic`).

    Raises:
        NotSent: no connection, or no time left.
        Unanswered: a time-out or a broken connection after that.
    """
    left = deadline - clock.monotonic()
    if left < MIN_TIME_S:
        raise NotSent("no time left")
    failure: NotSent | Unanswered
    try:
        built = _build(client, request, timeout_within(left))
        built.stream = _Timed(built.stream, clock, deadline)
        response = client.send(built, stream=True, auth=None, follow_redirects=False)
        try:
            return _read(response, clock, deadline)
        finally:
            response.close()
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        failure = NotSent(type(error).__name__)
    except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL) as error:
        failure = Unanswered(type(error).__name__)
    raise failure  # outside: httpx's exceptions hold the address, and so the token, as context


def _build(client: httpx.Client, request: Request, timeout: httpx.Timeout) -> httpx.Request:
    headers = {"User-Agent": request.user_agent, "Accept": "application/json"}
    body = json.dumps(request.payload, ensure_ascii=False).encode()
    method, url = request.method, request.url
    if request.payload is None:
        return client.build_request(method, url, headers=headers, timeout=timeout)
    if not request.files:
        headers["Content-Type"] = "application/json"
        return client.build_request(method, url, content=body, headers=headers, timeout=timeout)
    parts: list[tuple[str, tuple[str | None, bytes, str]]] = [
        ("payload_json", (None, body, "application/json"))
    ]
    for at, file in enumerate(request.files):
        parts.append((f"files[{at}]", (file.name, file.content, file.content_type)))
    return client.build_request(method, url, files=parts, headers=headers, timeout=timeout)


class _Timed(httpx.SyncByteStream):
    """A body that is sent in pieces, so that a slow network cannot carry it past the deadline."""

    def __init__(self, body: object, clock: Clock, deadline: float) -> None:
        assert isinstance(body, httpx.SyncByteStream)
        self._body = body
        self._clock = clock
        self._deadline = deadline

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._body:
            for at in range(0, len(chunk), _CHUNK_BYTES):
                if self._clock.monotonic() >= self._deadline:
                    raise httpx.WriteTimeout("the deadline has passed")
                yield chunk[at : at + _CHUNK_BYTES]


def _read(response: httpx.Response, clock: Clock, deadline: float) -> Answer:
    received = bytearray()
    for chunk in response.iter_bytes():
        received += chunk
        if clock.monotonic() >= deadline or len(received) > MAX_ANSWER_BYTES:
            raise httpx.ReadTimeout("the deadline has passed")
    try:
        body = json.loads(bytes(received))
    except ValueError:  # none, or a proxy's HTML
        body = None
    return Answer(response.status_code, response.headers, body if isinstance(body, dict) else {})
