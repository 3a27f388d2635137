"""The services that take screenshots, behind one protocol. Keys travel in a header or in a body.

ScreenshotOne: https://screenshotone.com/docs/options/ and /docs/errors/. ApiFlash:
https://apiflash.com/documentation (the key as form data of a POST; it has no dark mode).
"""

import json
from collections.abc import Callable
from typing import Protocol

from functions.network.failures import ProviderFailed
from functions.network.provider_http import Answer, ProviderHttp, check_status
from functions.network.shots import Picture, ShotOptions
from utilsbot.errors import ServiceError
from utilsbot.i18n import N_, _
from utilsbot.settings import Secret

MAX_BYTES = 40 * 1024 * 1024
_PAGE_CODES = frozenset(
    {
        "host_returned_error",
        "invalid_url",
        "name_not_resolved",
        "network_error",
        "resulting_content_type_not_supported",
        "timeout_error",
    }
)
_BUSY_CODES = frozenset({"concurrency_limit_reached", "temporary_unavailable"})


class PageFailed(Exception):
    """The page itself could not be photographed, which no other service will change.

    The text is a clause for the user, without a full stop.
    """


class ShotProvider(Protocol):
    """Takes screenshots."""

    api: str
    """Its name in the log and in ApiUsage."""
    name: str
    """Its name for users."""

    def take(self, address: str, options: ShotOptions, timeout_s: float) -> Picture:
        """One picture.

        Raises:
            PageFailed: the page is at fault.
            ProviderFailed: the service is.
        """


class ScreenshotOne:
    """screenshotone.com."""

    api = "screenshotone"
    name = "ScreenshotOne"

    def __init__(self, http: ProviderHttp, base_url: str, key: Callable[[], Secret]) -> None:
        """Args: base_url: without a slash at the end. key: reads it when it is first needed."""
        self._http = http
        self._base_url = base_url
        self._key = key

    def take(self, address: str, options: ShotOptions, timeout_s: float) -> Picture:
        """As ShotProvider."""
        params = {
            "url": address,
            "format": "png",
            "viewport_width": str(options.size.width),
            "viewport_height": str(options.size.height),
            "full_page": _word(options.full_page),
            "delay": str(options.delay_s),
            "dark_mode": _word(options.dark),
            "block_ads": "true",
            "block_cookie_banners": "true",
            "timeout": str(max(5, int(timeout_s) - 1)),
        }
        answer = self._http.send(
            "GET",
            f"{self._base_url}/take",
            headers={"X-Access-Key": _reveal(self._key)},
            params=params,
            timeout_s=timeout_s,
            max_bytes=MAX_BYTES,
        )
        if answer.status != 200:
            raise _screenshotone_failure(answer)
        return Picture(self.name, _image(answer), options.dark)


class ApiFlash:
    """apiflash.com."""

    api = "apiflash"
    name = "ApiFlash"

    def __init__(self, http: ProviderHttp, base_url: str, key: Callable[[], Secret]) -> None:
        """Args: base_url: without a slash at the end. key: reads it when it is first needed."""
        self._http = http
        self._base_url = base_url
        self._key = key

    def take(self, address: str, options: ShotOptions, timeout_s: float) -> Picture:
        """As ShotProvider."""
        form = {
            "access_key": _reveal(self._key),
            "url": address,
            "format": "png",
            "width": str(options.size.width),
            "height": str(options.size.height),
            "full_page": _word(options.full_page),
            "delay": str(options.delay_s),
            "no_ads": "true",
            "no_cookie_banners": "true",
        }
        answer = self._http.send(
            "POST",
            f"{self._base_url}/v1/urltoimage",
            form=form,
            timeout_s=timeout_s,
            max_bytes=MAX_BYTES,
        )
        if answer.status == 400:
            raise PageFailed(_(_NOT_OPENED))
        if answer.status in {401, 402, 403}:
            raise _operators_matter(str(answer.status), quota=answer.status == 402)
        check_status(answer)
        return Picture(self.name, _image(answer))


def _reveal(key: Callable[[], Secret]) -> str:
    try:
        return key().reveal()
    except ServiceError:
        why = N_("{service} could not be asked, because its key could not be read")
        raise ProviderFailed(why, word="no_key", blames_it=False) from None


def _word(flag: bool) -> str:
    """Booleans as both services want them; product.md tells what a Python one does."""
    return "true" if flag else "false"


def _image(answer: Answer) -> bytes:
    if answer.status != 200 or not answer.headers.get("content-type", "").startswith("image/"):
        why = N_("{service} answered something that is no image")
        raise ProviderFailed(why, word="no_image", again=True)
    return answer.body


def _screenshotone_failure(answer: Answer) -> Exception:
    """What a status other than 200 means; its body is `{"error_code": …, "error_message": …}`."""
    code = _error_code(answer)
    if code in _PAGE_CODES:
        return PageFailed(_(_PAGE_WORDS.get(code, _NOT_OPENED)))
    if code in _BUSY_CODES:
        return ProviderFailed(N_("{service} is busy"), word=code, again=True, blames_it=False)
    if code == "screenshots_limit_reached":
        return _operators_matter(code, quota=True)
    if code.startswith(("access_key", "signature")) or answer.status in {401, 403}:
        return _operators_matter(code or str(answer.status), quota=False)
    try:
        check_status(answer)
    except ProviderFailed as error:
        return error
    why = N_("{service} refused (status {status})")
    return ProviderFailed(why, word=code or str(answer.status), status=answer.status)


_NOT_OPENED = N_("the page could not be opened")
_PAGE_WORDS = {
    "host_returned_error": N_("the page answered with an error"),
    "name_not_resolved": N_("there is no such host"),
    "resulting_content_type_not_supported": N_("it is a file and no page"),
    "timeout_error": N_("the page took too long to load"),
}


def _error_code(answer: Answer) -> str:
    """The service's word, if it looks like one: it goes to the log."""
    try:
        body = json.loads(answer.body)
    except ValueError:
        return ""
    code = body.get("error_code") if isinstance(body, dict) else None
    usable = isinstance(code, str) and code.isascii() and code.replace("_", "").isalnum()
    return code[:60] if isinstance(code, str) and usable else ""


def _operators_matter(word: str, *, quota: bool) -> ProviderFailed:
    why = (
        N_("{service} has no screenshots left in the plan of whoever runs this bot")
        if quota
        else N_("{service} does not accept the key of whoever runs this bot")
    )
    return ProviderFailed(why, word=word)
