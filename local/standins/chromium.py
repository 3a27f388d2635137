"""Screenshots with the Chromium of this machine, if it has one. For local runs only.

The page is marked before the picture is taken, so that nobody takes it for the real service's.
"""

import shutil
import threading
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, Literal, NamedTuple

_FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-sandbox",
)
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_MARK = """() => {
  const mark = document.createElement("div");
  mark.textContent = "stand-in: local Chromium";
  mark.style.cssText = "position:absolute;top:0;right:0;z-index:2147483647;padding:2px 8px;"
    + "font:12px sans-serif;color:#fff;background:#b00020";
  document.documentElement.append(mark);
}"""
_LONGEST_S = 20
_one_at_a_time = threading.Lock()


class Wish(NamedTuple):
    """What to photograph, and how."""

    url: str
    width: int = 1920
    height: int = 1080
    full_page: bool = False
    delay_s: int = 0
    dark: bool = False
    kind: Literal["png", "jpeg"] = "png"


class PageError(Exception):
    """The page could not be opened; the text is Chromium's word for it, as NAME_NOT_RESOLVED."""


def executable() -> str | None:
    """The path of Chromium, or None."""
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


def is_available() -> bool:
    """Whether both Chromium and what drives it are here."""
    return executable() is not None and find_spec("playwright") is not None


def photograph(wish: Wish) -> bytes:
    """The picture.

    Raises:
        PageError: the page could not be opened.
    """
    from playwright.sync_api import sync_playwright  # not part of what `utilsbot local` needs

    with _one_at_a_time, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=list(_FLAGS))
        try:
            page = browser.new_page(
                viewport={"width": wish.width, "height": wish.height},
                color_scheme="dark" if wish.dark else "light",
            )
            _open(page.goto, wish.url)
            page.wait_for_timeout(wish.delay_s * 1000)
            page.evaluate(_MARK)
            return page.screenshot(full_page=wish.full_page, type=wish.kind)
        finally:
            browser.close()


def _open(goto: Callable[..., Any], url: str) -> None:
    from playwright.sync_api import Error

    try:
        goto(url, wait_until="load", timeout=_LONGEST_S * 1000)
    except Error as error:
        _, _, word = error.message.partition("net::ERR_")
        raise PageError(word.partition(" ")[0] or "TIMED_OUT") from None
