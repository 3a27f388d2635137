"""Attachments are fetched from Discord's hosts only, and never more than asked for."""

import logging
import traceback
from collections.abc import Iterator

import httpx
import pytest

from utilsbot.clock import Clock
from utilsbot.discord.attachments import AttachmentDownloader
from utilsbot.discord.interaction import Attachment
from utilsbot.errors import DownloadError, UserError

URL = "https://cdn.discordapp.com/ephemeral-attachments/1/2/a.png?ex=1&hm=secretsignature"


def attachment(url: str = URL, size: int = 5) -> Attachment:
    """An attachment as an interaction has it."""
    return Attachment("1", "a`.png", size, url, "image/png")


def downloader(
    response: httpx.Response | Exception, requests: list[httpx.Request] | None = None
) -> AttachmentDownloader:
    """A downloader whose network gives this response."""

    def answer(request: httpx.Request) -> httpx.Response:
        if requests is not None:
            requests.append(request)
        if isinstance(response, Exception):
            raise response
        return response

    client = httpx.Client(transport=httpx.MockTransport(answer))
    return AttachmentDownloader(client, allowed_origin="http://127.0.0.1:8080")


@pytest.mark.parametrize(
    "url",
    [
        URL,
        "https://media.discordapp.net/a.png",
        "http://127.0.0.1:8080/a.png",
        "https://CDN.discordapp.com:443/a",
    ],
)
def test_allowed_addresses(url: str) -> None:
    """Discord's two hosts over https, and the stand-in's origin if one is given."""
    requests: list[httpx.Request] = []
    assert (
        downloader(httpx.Response(200, content=b"12345"), requests).fetch(attachment(url), 5)
        == b"12345"
    )
    assert requests[0].headers["accept-encoding"] == "identity"
    assert "authorization" not in requests[0].headers


@pytest.mark.parametrize(
    "url",
    [
        "http://cdn.discordapp.com/a",
        "https://cdn.discordapp.com:8443/a",
        "https://cdn.discordapp.com.evil.example/a",
        "https://evil.example/cdn.discordapp.com",
        "https://cdn.discordapp.com@evil.example/a",
        "https://user:pass@cdn.discordapp.com/a",
        "https://evil.example\\@cdn.discordapp.com/a",
        "http://127.0.0.1:9000/a",
        "https://127.0.0.1:8080/a",
        "http://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "//cdn.discordapp.com/a",
        "https://cdn.discordapp.com:99999/a",
        "https://[::1/a",
        "",
    ],
)
def test_refused_addresses(url: str) -> None:
    """Nothing else is fetched, however it is dressed up."""
    requests: list[httpx.Request] = []
    with pytest.raises(DownloadError):
        downloader(httpx.Response(200), requests).fetch(attachment(url), 5)
    assert requests == []


def test_without_a_stand_in_nothing_local_is_fetched() -> None:
    """On AWS no other origin is allowed."""
    with pytest.raises(DownloadError):
        AttachmentDownloader().fetch(attachment("http://127.0.0.1:8080/a"), 5)


def test_a_declared_size_over_the_limit() -> None:
    """What says itself that it is too large is not fetched; both sizes are told."""
    requests: list[httpx.Request] = []
    with pytest.raises(UserError) as caught:
        downloader(httpx.Response(200), requests).fetch(attachment(size=3 * 1024**2), 1024**2)
    assert caught.value.text == "`a'.png` is 3 MiB; this command takes files up to 1 MiB."
    assert requests == []


def test_the_declared_size_is_not_trusted() -> None:
    """More bytes than allowed are not read, whatever was announced."""
    read: list[int] = []

    def endless() -> Iterator[bytes]:
        while True:
            read.append(1024)
            yield b"x" * 1024

    with pytest.raises(UserError, match="larger than the 5 bytes that it was announced"):
        downloader(httpx.Response(200, content=endless())).fetch(attachment(), 10_000)
    assert sum(read) < 20_000


def test_packed_content_is_refused() -> None:
    """Nothing is unpacked, so nothing can blow up."""
    packed = httpx.Response(
        200, headers={"Content-Encoding": "gzip"}, stream=httpx.ByteStream(b"x")
    )
    with pytest.raises(DownloadError, match="packed"):
        downloader(packed).fetch(attachment(), 5)


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(404),
        httpx.Response(302, headers={"Location": "http://169.254.169.254/"}),
        httpx.Response(206, content=b"x"),
        httpx.ReadTimeout("t"),
        httpx.ConnectError(URL),
    ],
)
def test_failures(response: httpx.Response | Exception, caplog: pytest.LogCaptureFixture) -> None:
    """Anything but the file itself is a DownloadError that shows no address, nor does a log."""
    caplog.set_level(logging.DEBUG)
    with pytest.raises(DownloadError) as caught:
        downloader(response).fetch(attachment(), 5)
    assert "secretsignature" not in "".join(traceback.format_exception(caught.value)) + caplog.text
    assert caught.value.__context__ is None


def test_a_file_that_takes_too_long() -> None:
    """A file that comes in drops is given up."""
    passed = [0.0]

    def drops() -> Iterator[bytes]:
        for _ in range(100):
            passed[0] += 4
            yield b"x"

    client = httpx.Client(
        transport=httpx.MockTransport(lambda _: httpx.Response(200, content=drops()))
    )
    slow = AttachmentDownloader(client, clock=Clock(monotonic=lambda: passed[0]))
    with pytest.raises(DownloadError, match="took too long"):
        slow.fetch(attachment(), 1000)
    assert passed[0] < 20


def test_a_caller_in_a_hurry_is_not_kept() -> None:
    """A file has the caller's time where that is less, and none has begun when there is none."""
    passed = [0.0]
    sent: list[httpx.Request] = []

    def drops() -> Iterator[bytes]:
        for _ in range(100):
            passed[0] += 1
            yield b"x"

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, content=drops())

    client = httpx.Client(transport=httpx.MockTransport(answer))
    hurried = AttachmentDownloader(client, clock=Clock(monotonic=lambda: passed[0]))

    with pytest.raises(DownloadError, match="took too long"):
        hurried.fetch(attachment(), 1000, within_s=3)
    assert passed[0] == 4
    assert sent[0].extensions["timeout"]["read"] == 1.5
    for nothing in (0, -7):
        with pytest.raises(DownloadError, match="no time left"):
            hurried.fetch(attachment(), 1000, within_s=nothing)
    assert len(sent) == 1
