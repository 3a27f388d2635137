"""Stand-ins for ScreenshotOne and ApiFlash, which really take pictures with a local Chromium.

Sources: https://screenshotone.com/docs/options/ and /docs/errors/, https://apiflash.com/documentation.
"""

from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from local.standins.chromium import PageError, Wish, is_available, photograph
from local.standins.ip_services import HEADERS

__all__ = ["apiflash_routes", "is_available", "screenshotone_routes"]

Camera = Callable[[Wish], bytes]
_ERRORS = {
    "NAME_NOT_RESOLVED": "name_not_resolved",
    "TIMED_OUT": "timeout_error",
}


def screenshotone_routes(access_key: str, camera: Camera = photograph) -> list[BaseRoute]:
    """screenshotone.com below this path: GET /take."""

    async def take(request: Request) -> Response:
        asked = request.query_params
        key = request.headers.get("x-access-key") or asked.get("access_key")
        if not key:
            return _refuse(400, "access_key_required")
        if key != access_key:
            return _refuse(400, "access_key_invalid")
        try:
            dark = _flag(asked, "dark_mode")
            wish = _wish(asked, "viewport_width", "viewport_height", dark=dark)
        except ValueError:
            return _refuse(400, "request_not_valid")
        try:
            picture = await run_in_threadpool(camera, wish)
        except PageError as error:
            return _refuse(400, _ERRORS.get(str(error), "network_error"))
        return Response(picture, media_type="image/png", headers=HEADERS)

    return [Route("/take", take)]


def apiflash_routes(access_key: str, camera: Camera = photograph) -> list[BaseRoute]:
    """apiflash.com below this path: POST /v1/urltoimage, with a form."""

    async def take(request: Request) -> Response:
        body = (await request.body()).decode()
        asked = _form(body)
        if asked.get("access_key") != access_key:
            return PlainTextResponse("invalid access key", 401, headers=HEADERS)
        try:
            wish = _wish(asked, "width", "height", dark=False)
            picture = await run_in_threadpool(camera, wish)
        except (ValueError, PageError) as error:
            return PlainTextResponse(f"cannot capture: {error}", 400, headers=HEADERS)
        return Response(picture, media_type="image/png", headers=HEADERS)

    return [Route("/v1/urltoimage", take, methods=["POST"])]


def _wish(asked: Mapping[str, str], width: str, height: str, *, dark: bool) -> Wish:
    """What was asked for.

    Raises:
        ValueError: an option is missing or out of range.
    """
    if not asked.get("url", "").startswith(("http://", "https://")):
        raise ValueError("url")
    if asked.get("format", "png") != "png":
        raise ValueError("format: this stand-in makes png only")
    wish = Wish(
        url=asked["url"],
        width=int(asked.get(width, 1280)),
        height=int(asked.get(height, 1024)),
        full_page=_flag(asked, "full_page"),
        delay_s=int(asked.get("delay", 0)),
        dark=dark,
    )
    if not (0 < wish.width <= 8000 and 0 < wish.height <= 8000 and 0 <= wish.delay_s <= 30):
        raise ValueError("out of range")
    return wish


def _flag(asked: Mapping[str, str], name: str) -> bool:
    """A boolean, which must be one of the words that the services document.

    Raises:
        ValueError: it is another word, as Python's `True`.
    """
    word = asked.get(name, "false")
    if word not in {"true", "false", "1", "0"}:
        raise ValueError(name)
    return word in {"true", "1"}


def _form(body: str) -> dict[str, str]:
    return dict(parse_qsl(body, keep_blank_values=True))


def _refuse(status: int, code: str) -> Response:
    body = {
        "is_successful": False,
        "error_code": code,
        "error_message": f"The stand-in refuses: {code}.",
    }
    return JSONResponse(body, status, headers=HEADERS)
