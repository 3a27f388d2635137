"""Reads the beginning of an HTML page: its title, and where it says that it goes on to."""

import re
from contextlib import suppress
from html.parser import HTMLParser
from typing import NamedTuple

MAX_TITLE = 200
MAX_REFRESH = 2100
"""Characters of a refresh that are read: an address of the length that is ever opened fits in."""
_CHARSET = re.compile(rb"""charset\s*=\s*["']?([A-Za-z0-9._:-]{2,40})""", re.IGNORECASE)
_REFRESH = re.compile(r"""\s*\d*(?:\.\d*)?\s*[;,]\s*(?:url\s*=)?\s*["']?([^"']+)""", re.IGNORECASE)


class Page(NamedTuple):
    """What a page says of itself."""

    title: str = ""
    """One line, at most MAX_TITLE characters."""
    forwards_to: str = ""
    """The address of a `<meta http-equiv="refresh">`, as it stands there."""


def read_page(content_type: str, body: bytes) -> Page:
    """What the beginning of a page says of itself; a page that is none says nothing.

    Args:
        content_type: the header, whose charset counts before the page's own.
        body: the beginning of the page.
    """
    parser = _Parser()
    # Pythons before 3.13.4 stop at some broken declarations; what stands before them still counts.
    with suppress(AssertionError):
        parser.feed(_decoded(content_type, body))
    title = " ".join("".join(parser.title).split())
    if len(title) > MAX_TITLE:
        title = f"{title[: MAX_TITLE - 1].rstrip()}…"
    return Page(title, parser.forwards_to)


def _decoded(content_type: str, body: bytes) -> str:
    found = _CHARSET.search(content_type.encode("latin-1", "replace")) or _CHARSET.search(
        body[:2048]
    )
    charset = found[1].decode("ascii") if found else "utf-8"
    try:
        return body.decode(charset, "replace")
    except (LookupError, ValueError):  # unknown, or no character set (as "rot13")
        return body.decode("utf-8", "replace")


class _Parser(HTMLParser):
    """Collects the first title outside of drawings, and the refresh."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title: list[str] = []
        self.forwards_to = ""
        self._in_title = False
        self._done = False
        self._drawings = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "svg":
            self._drawings += 1
        elif tag == "title" and not self._drawings:
            self._in_title = not self._done
        elif tag == "meta" and not self.forwards_to:
            values = {name: value or "" for name, value in attrs}
            if values.get("http-equiv", "").strip().lower() == "refresh":
                # Cut, because the pattern takes quadratic time where there are only spaces.
                found = _REFRESH.match(values.get("content", "").strip()[:MAX_REFRESH])
                self.forwards_to = found[1].strip() if found else ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "svg":
            self._drawings = max(0, self._drawings - 1)
        elif tag == "title" and self._in_title:
            self._in_title, self._done = False, True

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title.append(data)
