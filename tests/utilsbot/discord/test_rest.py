"""Discord's REST API: what is waited for, what is repeated or never is, what is never shown."""

import json
import logging
import traceback
from collections.abc import Callable, Iterable
from typing import Any

import httpx
import pytest

from utilsbot.clock import Clock
from utilsbot.discord.messages import Message, render
from utilsbot.discord.rest import MAX_RATE_LIMIT_ROUNDS, MAX_TRIES, DiscordApi, user_agent
from utilsbot.errors import DiscordError, OutcomeUnknown, RateLimited, TokenExpired
from utilsbot.reply import File, Reply

APP, TOKEN = "1234567890123456789", "aW50ZXJhY3Rpb246c2VjcmV0LXRva2Vu"
RECEIVED_AT = 1_700_000_000.0
Step = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


class Time:
    """A clock that moves only when somebody waits, or a request is said to take time."""

    def __init__(self) -> None:
        self.passed = 0.0
        self.waits: list[float] = []

    def clock(self) -> Clock:
        """The clock to inject; the interaction was received at its start."""
        return Clock(lambda: RECEIVED_AT + self.passed, lambda: 500 + self.passed, self.sleep)

    def sleep(self, seconds: float) -> None:
        """Waits in no time."""
        self.waits.append(seconds)
        self.passed += seconds


class Discord:
    """A Discord that answers as told, and the client that talks to it."""

    def __init__(self, *steps: Step, then: Step | None = None) -> None:
        self.time = Time()
        self.requests: list[httpx.Request] = []
        self._steps = list(steps)
        self._then = then
        self.api = DiscordApi(
            "https://discord.com/api/v10",
            client=httpx.Client(transport=httpx.MockTransport(self._answer)),
            clock=self.time.clock(),
            user_agent=user_agent("1.2.3"),
            random_unit=lambda: 1.0,
        )

    def _answer(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        step = self._steps.pop(0) if self._steps else self._then
        assert step is not None, "one request too many"
        if isinstance(step, Exception):
            raise step
        if not isinstance(step, httpx.Response):
            return step(request)
        return httpx.Response(step.status_code, headers=step.headers, content=step.content)

    def edit(
        self,
        message: Message | None = None,
        *,
        within: float = 60,
        token: str = TOKEN,
        once: bool = False,
    ) -> Any:
        """PATCH @original."""
        return self.api.edit_original(
            APP,
            token,
            message or a_message(),
            received_at=RECEIVED_AT,
            deadline=500 + within,
            once=once,
        )

    def post(self, *, private: bool = False, within: float = 60) -> Any:
        """POST a follow-up."""
        return self.api.follow_up(
            APP,
            TOKEN,
            a_message(),
            private=private,
            received_at=RECEIVED_AT,
            deadline=500 + within,
        )


def a_message(*files: File) -> Message:
    """A message of ours."""
    (message,) = render(Reply("hi", files=files), attachment_limit_bytes=999, max_messages=1)
    return message


def ok(**headers: str) -> httpx.Response:
    """A message as Discord returns it."""
    return httpx.Response(
        200, json={"id": "7"}, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )


def error(status: int, code: int = 0, message: str = "", **more: Any) -> httpx.Response:
    """An error as Discord returns it."""
    return httpx.Response(status, json={"code": code, "message": message} | more)


def limited(retry_after: float = 1.5, scope: str = "user", **body: Any) -> httpx.Response:
    """A 429 as Discord returns it."""
    return httpx.Response(
        429,
        json={"message": "You are being rate limited.", "retry_after": retry_after} | body,
        headers={"Retry-After": str(int(-(-retry_after // 1))), "X-RateLimit-Scope": scope},
    )


UNKNOWN_WEBHOOK = error(404, 10015, "Unknown Webhook")


# What is sent


def test_an_edit_as_json() -> None:
    """An edit is a PATCH of @original in JSON, with our User-Agent and no Authorization."""
    discord = Discord(ok())
    assert discord.edit() == {"id": "7"}
    (request,) = discord.requests
    assert (request.method, request.url.path) == (
        "PATCH",
        f"/api/v10/webhooks/{APP}/{TOKEN}/messages/@original",
    )
    assert request.headers["user-agent"] == (
        "DiscordBot (https://github.com/utilsbot-plus/utilsbot-plus, 1.2.3)"
    )
    assert request.headers["content-type"] == "application/json"
    assert "authorization" not in request.headers
    assert json.loads(request.content) == a_message().edit_payload


def test_files_as_multipart() -> None:
    """Files travel as files[n] beside payload_json."""
    discord = Discord(ok())
    message = a_message(File("ä.txt", b"\x00one"), File("b.png", b"two", "image/png"))
    discord.edit(message)
    (request,) = discord.requests
    assert request.headers["content-type"].startswith("multipart/form-data; boundary=")
    body = request.content
    assert b'name="payload_json"\r\nContent-Type: application/json\r\n\r\n{' in body
    assert 'name="files[0]"; filename="ä.txt"\r\n'.encode() in body
    assert b'name="files[1]"; filename="b.png"\r\nContent-Type: image/png\r\n\r\ntwo' in body
    assert int(request.headers["content-length"]) == len(body)


@pytest.mark.parametrize("private", [True, False])
def test_a_follow_up(private: bool) -> None:
    """A follow-up is a POST that leaves absent parts out and is private if asked for."""
    discord = Discord(ok())
    discord.post(private=private)
    (request,) = discord.requests
    assert (request.method, request.url.path) == ("POST", f"/api/v10/webhooks/{APP}/{TOKEN}")
    flags = {"flags": 64} if private else {}
    assert json.loads(request.content) == a_message().create_payload | flags


def test_reading_and_deleting() -> None:
    """GET returns the message; DELETE returns nothing; neither has a body."""
    discord = Discord(ok(), httpx.Response(204))
    when = {"received_at": RECEIVED_AT, "deadline": 560.0}
    assert discord.api.get_original(APP, TOKEN, **when) == {"id": "7"}
    discord.api.delete_original(APP, TOKEN, **when)
    assert [(request.method, request.content) for request in discord.requests] == [
        ("GET", b""),
        ("DELETE", b""),
    ]


def test_a_token_stays_one_part_of_the_path() -> None:
    """A token with a slash or a question mark reaches no other address."""
    discord = Discord(ok())
    discord.edit(token="../a?b#c")
    assert b"/..%2Fa%3Fb%23c/messages/" in discord.requests[0].url.raw_path


def test_redirects_are_not_followed() -> None:
    """The token is shown to no other host."""
    discord = Discord(httpx.Response(302, headers={"Location": "https://evil.example/"}))
    with pytest.raises(DiscordError):
        discord.edit()
    assert len(discord.requests) == 1


# 429


@pytest.mark.parametrize("scope", ["user", "shared", "global"])
def test_a_429_is_waited_out(scope: str) -> None:
    """Whatever the scope, the wait is the longer of header and body; then it is repeated."""
    discord = Discord(limited(1.5, scope), ok())
    assert discord.edit() == {"id": "7"}
    assert discord.time.waits == [2.0]


def test_a_429_after_a_post_is_repeated() -> None:
    """A 429 says that nothing was done, so a POST is repeated too."""
    discord = Discord(limited(1), ok())
    assert discord.post() == {"id": "7"}
    assert len(discord.requests) == 2


@pytest.mark.parametrize(
    ("answer", "waits"),
    [
        (httpx.Response(429, headers={"Retry-After": "3"}, content=b"<html>1015"), 3.0),
        (httpx.Response(429, json={"retry_after": 0.25}), 0.25),
        (httpx.Response(429, json={"retry_after": "soon"}), 1.0),
        (httpx.Response(429, json={"retry_after": -1, "message": []}), 1.0),
        (httpx.Response(429, headers={"Retry-After": "nan"}), 1.0),
        (httpx.Response(429), 1.0),
    ],
)
def test_the_wait_of_odd_429s(answer: httpx.Response, waits: float) -> None:
    """A 429 of a proxy, or with a form of its own, is waited out too."""
    discord = Discord(answer, ok())
    discord.edit()
    assert discord.time.waits == [waits]


def test_a_429_that_passes_the_deadline() -> None:
    """A wait that does not fit is not begun: the caller learns how long and why."""
    discord = Discord(limited(61, "shared"))
    with pytest.raises(RateLimited) as caught:
        discord.edit()
    assert (caught.value.retry_after_s, caught.value.scope) == (61.0, "shared")
    assert (caught.value.status, discord.time.waits) == (429, [])


def test_a_global_429_without_scope_header() -> None:
    """The body's `global` counts where the header is missing, and holds up every token."""
    discord = Discord(httpx.Response(429, json={"retry_after": 90, "global": True}))
    for token in (TOKEN, "another"):
        with pytest.raises(RateLimited) as caught:
            discord.edit(token=token)
        assert caught.value.scope == "global"
    assert len(discord.requests) == 1


def test_429s_without_end() -> None:
    """A Discord that only says 429 is not asked for ever."""
    discord = Discord(then=limited(0.1))
    with pytest.raises(RateLimited):
        discord.edit()
    assert len(discord.requests) == MAX_RATE_LIMIT_ROUNDS


def test_an_empty_bucket_is_respected() -> None:
    """After `Remaining: 0` the next call with this token waits; another token does not."""
    empty = ok(X_RateLimit_Remaining="0", X_RateLimit_Reset_After="1.25")
    discord = Discord(empty, ok(), ok())
    discord.edit()
    discord.edit(token="another")
    assert discord.time.waits == []
    discord.post()
    assert discord.time.waits == [1.25]


def test_a_bucket_that_stays_empty_past_the_deadline() -> None:
    """The wait for an empty bucket obeys the deadline too."""
    discord = Discord(ok(X_RateLimit_Remaining="0", X_RateLimit_Reset_After="30"))
    discord.edit()
    with pytest.raises(RateLimited):
        discord.edit(within=10)


def test_a_filling_bucket_makes_no_wait() -> None:
    """Reset-After alone, with requests remaining, is no reason to wait."""
    headers = {"X_RateLimit_Remaining": "4", "X_RateLimit_Reset_After": "2"}
    discord = Discord(ok(**headers), ok(**headers))
    discord.edit()
    discord.edit()
    assert discord.time.waits == []


# 5xx, time-outs, connections


@pytest.mark.parametrize("status", [500, 502, 503, 504, 520])
def test_server_errors_of_an_edit(status: int) -> None:
    """An edit is repeated with waits that grow."""
    discord = Discord(*[httpx.Response(status)] * 3, ok())
    assert discord.edit() == {"id": "7"}
    assert discord.time.waits == [1.0, 2.0, 4.0]


def test_server_errors_without_end() -> None:
    """After a few tries the error is raised, with the status."""
    discord = Discord(then=httpx.Response(503))
    with pytest.raises(DiscordError) as caught:
        discord.edit()
    assert (caught.value.status, len(discord.requests)) == (503, MAX_TRIES)


def test_server_errors_and_the_deadline() -> None:
    """A wait that would pass the deadline is not begun."""
    discord = Discord(then=httpx.Response(503))
    with pytest.raises(DiscordError):
        discord.edit(within=2)
    assert discord.time.waits == [1.0]


@pytest.mark.parametrize("status", [500, 503])
def test_a_post_that_discord_itself_failed(status: int) -> None:
    """Where Discord itself says that it failed, a follow-up is repeated."""
    discord = Discord(httpx.Response(status), ok())
    assert discord.post() == {"id": "7"}


@pytest.mark.parametrize("status", [502, 504, 520, 524])
def test_a_post_that_a_proxy_lost(status: int) -> None:
    """Where a proxy does not know whether Discord acted, a follow-up is not repeated."""
    discord = Discord(httpx.Response(status))
    with pytest.raises(OutcomeUnknown):
        discord.post()


LOST = [
    httpx.ReadTimeout("t"),
    httpx.ReadError("t"),
    httpx.WriteTimeout("t"),
    httpx.WriteError("t"),
    httpx.RemoteProtocolError("Server disconnected without sending a response."),
]


@pytest.mark.parametrize("failure", LOST, ids=lambda failure: type(failure).__name__)
def test_a_lost_answer(failure: Exception) -> None:
    """An edit without an answer is repeated, a follow-up never is: it may be there already."""
    discord = Discord(failure, ok())
    assert discord.edit() == {"id": "7"}
    discord = Discord(failure)
    with pytest.raises(OutcomeUnknown):
        discord.post()
    assert len(discord.requests) == 1


@pytest.mark.parametrize("failure", [httpx.ConnectError("t"), httpx.ConnectTimeout("t")])
def test_no_connection(failure: Exception) -> None:
    """What never left is safe to repeat, follow-ups too."""
    discord = Discord(failure, failure, ok())
    assert discord.post() == {"id": "7"}
    discord = Discord(then=failure)
    with pytest.raises(DiscordError) as caught:
        discord.post()
    assert not isinstance(caught.value, OutcomeUnknown)
    assert (caught.value.status, len(discord.requests)) == (0, MAX_TRIES)


def test_nothing_is_sent_after_the_deadline() -> None:
    """With no time left no request goes out."""
    discord = Discord()
    with pytest.raises(DiscordError, match="no time left"):
        discord.edit(within=0)


def test_an_answer_that_trickles_past_the_deadline() -> None:
    """An answer that comes in drops is given up at the deadline."""
    discord = Discord()

    def trickle() -> Iterable[bytes]:
        for _ in range(100):
            discord.time.passed += 5
            yield b" "

    discord = Discord(lambda _: httpx.Response(200, content=trickle()))
    with pytest.raises(OutcomeUnknown, match="ReadTimeout"):
        discord.post(within=20)
    assert discord.time.passed == 20


def test_an_upload_that_trickles_past_the_deadline() -> None:
    """A large file on a slow network is given up at the deadline."""

    def slow(request: httpx.Request) -> httpx.Response:
        raise AssertionError("reads the body itself")

    time = Time()

    class Slow(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            assert isinstance(request.stream, httpx.SyncByteStream)
            for _ in request.stream:
                time.passed += 5
            return slow(request)

    api = DiscordApi(
        "https://discord.com/api/v10",
        client=httpx.Client(transport=Slow()),
        clock=time.clock(),
        user_agent=user_agent("1"),
    )
    (message,) = render(
        Reply(files=(File("a", b"x" * 2**20),)), attachment_limit_bytes=2**20, max_messages=1
    )
    with pytest.raises(OutcomeUnknown, match="WriteTimeout"):
        api.follow_up(
            APP, TOKEN, message, private=False, received_at=RECEIVED_AT, deadline=500 + 20
        )


# 404, 401 and other refusals


@pytest.mark.parametrize(
    "answer", [UNKNOWN_WEBHOOK, error(404, 0, "404: Not Found"), httpx.Response(404)]
)
def test_the_race_after_a_deferral(answer: httpx.Response) -> None:
    """A 404 within 10 s of receipt is repeated, soon at first."""
    discord = Discord(answer, answer, answer, ok())
    assert discord.edit() == {"id": "7"}
    assert discord.time.waits == [0.25, 0.5, 1.0]


def test_the_race_is_over_after_ten_seconds() -> None:
    """The last try is 10 s after receipt; then the token is dead."""
    discord = Discord(then=UNKNOWN_WEBHOOK)
    with pytest.raises(TokenExpired) as caught:
        discord.edit()
    assert discord.time.passed == pytest.approx(10)
    assert (caught.value.status, caught.value.code) == (404, 10015)
    assert len(discord.requests) < 12


def test_a_404_later_is_final() -> None:
    """Later than 10 s after receipt a 404 is not repeated."""
    discord = Discord(UNKNOWN_WEBHOOK)
    discord.time.passed = 10.5
    with pytest.raises(TokenExpired):
        discord.edit()
    assert len(discord.requests) == 1


def test_the_race_and_the_deadline() -> None:
    """If the deadline comes first, the token is not called dead: a redelivery may still succeed."""
    discord = Discord(then=UNKNOWN_WEBHOOK)
    with pytest.raises(DiscordError) as caught:
        discord.edit(within=1)
    assert not isinstance(caught.value, TokenExpired)
    assert caught.value.status == 404


@pytest.mark.parametrize(
    "answer",
    [error(404, 10008, "Unknown Message"), error(401, 50027, "Invalid Webhook Token"), error(401)],
)
def test_nobody_is_there_to_answer(answer: httpx.Response) -> None:
    """A deleted message and a dead token end it at once, even within the 10 s."""
    discord = Discord(answer)
    with pytest.raises(TokenExpired):
        discord.edit()
    assert (len(discord.requests), discord.time.waits) == (1, [])


def test_a_refusal_names_places_and_codes_only() -> None:
    """A 400 carries status, code, message and the places; texts that may quote us are left out."""
    errors = {
        "embeds": {
            "0": {"title": {"_errors": [{"code": "BASE_TYPE_MAX_LENGTH", "message": "my secret"}]}}
        },
        "flags": {"_errors": [{"code": "NUMBER_TYPE_COERCE", "message": 'Value "x" is not int'}]},
    }
    discord = Discord(error(400, 50035, "Invalid Form Body", errors=errors))
    with pytest.raises(DiscordError) as caught:
        discord.edit()
    assert str(caught.value) == (
        "PATCH webhook @original: 400, code 50035: Invalid Form Body"
        " (embeds.0.title: BASE_TYPE_MAX_LENGTH; flags: NUMBER_TYPE_COERCE)"
    )
    assert (caught.value.status, caught.value.code) == (400, 50035)


@pytest.mark.parametrize("content", [b"", b"<html>", b"[]", b"null", b'{"errors": [1]}', b"\xff"])
def test_refusals_of_any_form(content: bytes) -> None:
    """A refusal that is not Discord's JSON is an error all the same."""
    discord = Discord(httpx.Response(403, content=content))
    with pytest.raises(DiscordError, match="403, no explanation"):
        discord.edit()


# What is never shown


@pytest.mark.parametrize(
    "step",
    [
        httpx.ReadTimeout("t"),
        httpx.ConnectError(f"cannot reach {TOKEN}"),
        error(404, 10008, f"no such message of {TOKEN}"),
        error(400, 1, "x"),
        httpx.Response(502),
        limited(100),
    ],
)
def test_the_token_is_nowhere(step: Step, caplog: pytest.LogCaptureFixture) -> None:
    """Neither an error, its context and repr, nor a log at DEBUG shows the token."""
    caplog.set_level(logging.DEBUG)
    discord = Discord(then=step)
    with pytest.raises(DiscordError) as caught:
        discord.post()
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + caplog.text
    assert TOKEN not in shown
    assert caught.value.__context__ is None
    assert TOKEN not in repr(discord.api)


@pytest.mark.parametrize(
    ("step", "error"),
    [
        (httpx.ReadTimeout("late"), OutcomeUnknown),
        (httpx.Response(504), OutcomeUnknown),
        (httpx.ConnectError("down"), DiscordError),
        (httpx.Response(503), DiscordError),
        (httpx.Response(429, json={"retry_after": 0.3, "global": False}), RateLimited),
        (httpx.Response(404, json={"code": 10015, "message": "Unknown Webhook"}), DiscordError),
    ],
)
def test_an_edit_on_the_way_is_sent_once(step: Step, error: type[DiscordError]) -> None:
    """Nothing is repeated or waited for; whether Discord may still carry it out is told apart."""
    discord = Discord(step)

    with pytest.raises(DiscordError) as raised:
        discord.edit(once=True)

    assert type(raised.value) is error
    assert (len(discord.requests), discord.time.waits) == (1, [])


def test_an_edit_on_the_way_waits_for_no_bucket() -> None:
    """It is left out; what must be said waits."""
    emptied = {"x-ratelimit-remaining": "0", "x-ratelimit-reset-after": "0.5"}
    discord = Discord(httpx.Response(200, headers=emptied, json={}), httpx.Response(200, json={}))
    discord.edit()

    with pytest.raises(RateLimited):
        discord.edit(once=True)
    discord.edit()

    assert discord.time.waits == [0.5]


def test_how_long_discord_wants_nothing_is_known() -> None:
    """Of one interaction after its own 429, of all after a global one."""
    discord = Discord(
        httpx.Response(429, json={"retry_after": 100}, headers={"x-ratelimit-scope": "shared"}),
        httpx.Response(429, json={"retry_after": 200, "global": True}),
    )
    assert discord.api.silence_s(APP, TOKEN) == 0
    with pytest.raises(RateLimited):
        discord.edit()
    assert (discord.api.silence_s(APP, TOKEN), discord.api.silence_s(APP, "other")) == (100, 0)
    with pytest.raises(RateLimited):
        discord.edit(token="other")

    assert discord.api.silence_s(APP, "third") == 200
