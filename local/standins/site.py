"""A small web site on loopback with links of every kind, for trying /unshorten and /screenshot."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from local.standins.ip_services import HEADERS

LINKS = {
    "one": "one redirect to a page",
    "five": "five redirects, which is a long chain",
    "loop": "a circle",
    "endless": "redirects without an end",
    "gone": "a redirect to a page that is gone (410)",
    "get-only": "a server that refuses HEAD (405)",
    "metadata": "a redirect to the metadata address of a cloud, which must not be followed",
    "runtime": "a redirect to Lambda's own runtime address, which must not be followed",
    "file": "a redirect to a file: address, which must not be followed",
}


def site_routes() -> list[BaseRoute]:
    """The site below this path."""
    methods = ["GET", "HEAD"]
    return [
        Route("/", _index, methods=methods),
        Route("/page", _page, methods=methods),
        Route("/page-gone", _gone, methods=methods),
        Route("/go/get-only", _get_only, methods=methods),
        Route("/go/{name}", _go, methods=methods),
        Route("/step/{left:int}", _step, methods=methods),
        Route("/endless/{number:int}", _endless, methods=methods),
    ]


def _index(_: Request) -> Response:
    items = "".join(f'<li><a href="go/{name}">{text}</a></li>' for name, text in LINKS.items())
    return _html("Links to try", f"<ul>{items}</ul>")


def _page(_: Request) -> Response:
    return _html("A page of the stand-in site", "<p>This page is served by the local stack.</p>")


def _gone(_: Request) -> Response:
    return _html("Gone", "<p>Nothing here any more.</p>", 410)


def _get_only(request: Request) -> Response:
    if request.method == "HEAD":
        return Response(status_code=405, headers=HEADERS)
    return _redirect("../page")


def _go(request: Request) -> Response:
    targets = {
        "one": "../page",
        "five": "../step/4",
        "loop": "loop",
        "endless": "../endless/1",
        "gone": "../page-gone",
        "metadata": "http://169.254.169.254/latest/meta-data/iam/security-credentials/",
        "runtime": "http://127.0.0.1:9001/2018-06-01/runtime/invocation/next",
        "file": "file:///etc/passwd",
    }
    target = targets.get(request.path_params["name"])
    return _redirect(target) if target else _html("No such link", "", 404)


def _step(request: Request) -> Response:
    left = request.path_params["left"]
    return _redirect(f"{left - 1}" if left > 1 else "../page")


def _endless(request: Request) -> Response:
    return _redirect(str(request.path_params["number"] + 1))


def _redirect(target: str) -> Response:
    return RedirectResponse(target, 302, headers=HEADERS)


def _html(title: str, body: str, status: int = 200) -> Response:
    page = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{title}</title><style>:root{{color-scheme:light dark}}</style></head>"
        f"<body><h1>{title}</h1>{body}<p>utilsbot local: not a real site.</p></body></html>"
    )
    return HTMLResponse(page, status, headers=HEADERS)
