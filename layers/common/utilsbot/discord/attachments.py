"""Fetches the files that users attach to a command. Their URLs are signed: they stay secret too.

The URL comes from Discord, but a forged or mistaken one must never make us fetch anything else:
only Discord's own hosts, no redirects, no more bytes than asked for.
"""

from math import inf

import httpx

from utilsbot.clock import Clock
from utilsbot.discord.http_client import keep_addresses_out_of_logs, new_client, timeout_within
from utilsbot.discord.interaction import Attachment
from utilsbot.discord.messages import size
from utilsbot.errors import DownloadError, UserError
from utilsbot.i18n import _

HOSTS = frozenset({"cdn.discordapp.com", "media.discordapp.net"})
TOTAL_S = 15.0
"""Seconds that one file may take."""


class AttachmentDownloader:
    """Fetches attachments from Discord's hosts and, if given, from a stand-in."""

    def __init__(
        self,
        client: httpx.Client | None = None,
        *,
        allowed_origin: str | None = None,
        clock: Clock | None = None,
        total_s: float = TOTAL_S,
    ) -> None:
        """Makes no connection yet.

        Args:
            client: by default one with explicit time limits.
            allowed_origin: a local stand-in's, as `http://127.0.0.1:8080`; never set on AWS.
            clock: measures the time that a file takes.
            total_s: seconds that one file may take.
        """
        keep_addresses_out_of_logs()
        self._client = client or new_client()
        self._origin = _origin(httpx.URL(allowed_origin)) if allowed_origin else None
        self._clock = clock or Clock()
        self._total_s = total_s

    def fetch(self, attachment: Attachment, max_bytes: int, within_s: float = inf) -> bytes:
        """The file's content.

        Args:
            attachment: of an interaction.
            max_bytes: more is refused, whatever size was declared.
            within_s: seconds that the caller has for it, where they are fewer than one may take.

        Raises:
            UserError: it is larger than max_bytes; the text gives both sizes.
            DownloadError: its address is not Discord's, or it did not arrive in time.
        """
        if attachment.size > max_bytes:
            raise _too_large(attachment, max_bytes)
        url = self._checked(attachment.url)
        total_s = min(self._total_s, within_s)
        if total_s <= 0:
            raise DownloadError("attachment: no time left")
        failure = ""
        try:
            content = self._read(url, max_bytes, total_s)
        except (httpx.HTTPError, httpx.StreamError) as error:
            failure = type(error).__name__
        if failure:  # raised out here, because httpx's exceptions hold the URL
            raise DownloadError(f"attachment: {failure}")
        if content is None:
            raise _too_large(attachment, max_bytes)
        return content

    def _checked(self, text: str) -> httpx.URL:
        try:
            url = httpx.URL(text)
            origin = _origin(url)
        except (httpx.InvalidURL, ValueError):
            raise DownloadError("attachment: no valid address") from None
        scheme, host, port = origin
        discord = scheme == "https" and host in HOSTS and port == 443
        if url.userinfo or not (discord or origin == self._origin):
            raise DownloadError("attachment: the address is not Discord's")
        return url

    def _read(self, url: httpx.URL, max_bytes: int, total_s: float) -> bytes | None:
        """The content, or None if it is larger than allowed."""
        deadline = self._clock.monotonic() + total_s
        request = self._client.build_request(
            "GET",
            url,
            headers={"Accept-Encoding": "identity"},  # nothing to unpack, so nothing to blow up
            timeout=timeout_within(total_s),
        )
        response = self._client.send(request, stream=True, auth=None, follow_redirects=False)
        try:
            if response.status_code != 200:
                raise DownloadError(f"attachment: status {response.status_code}")
            if response.headers.get("content-encoding", "identity") != "identity":
                raise DownloadError("attachment: sent packed although that was not asked for")
            received = bytearray()
            for chunk in response.iter_bytes():
                received += chunk
                if len(received) > max_bytes:
                    return None
                if self._clock.monotonic() > deadline:
                    raise DownloadError("attachment: took too long")
            return bytes(received)
        finally:
            response.close()


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port or {"https": 443, "http": 80}.get(url.scheme)


def _too_large(attachment: Attachment, max_bytes: int) -> UserError:
    name = attachment.filename.replace("`", "'")
    if attachment.size > max_bytes:
        text = _("`{name}` is {size}; this command takes files up to {most}.")
    else:
        text = _(
            "`{name}` is larger than the {size} that it was announced with; this command takes "
            "files up to {most}."
        )
    return UserError(
        text.format(name=name, size=size(attachment.size), most=size(max_bytes)),
        title=_("File too large"),
    )
