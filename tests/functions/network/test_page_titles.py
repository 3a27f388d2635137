"""Reading titles out of the beginnings of pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.network.page import MAX_TITLE, Page, read_page


@pytest.mark.parametrize(
    ("content_type", "body", "title"),
    [
        ("text/html", b"<title>Plain</title>", "Plain"),
        ("text/html", b"<TITLE lang=en>\n  Two\n  lines </TITLE>", "Two lines"),
        ("text/html", b"<title>Fish &amp; chips &#252;</title>", "Fish & chips ü"),
        ("text/html; charset=iso-8859-1", b"<title>Z\xfcrich</title>", "Zürich"),
        ("text/html", "<title>Zürich</title>".encode(), "Zürich"),
        ("text/html", b'<meta charset="windows-1252"><title>\x80</title>', "€"),
        ("text/html; charset=nonsense", "<title>ü</title>".encode(), "ü"),
        ("text/html; charset=rot13", b"<title>x</title>", "x"),
        ("text/html", b"<svg><title>icon</title></svg><title>Real</title>", "Real"),
        ("text/html", b"<title>First</title><title>Second</title>", "First"),
        ("text/html", b"<title>Cut off", "Cut off"),
        ("text/html", b"<title></title>", ""),
        ("text/html", b"no html at all", ""),
        ("text/html", b"\xff\xfe\x00<title>", ""),
    ],
)
def test_a_title_is_found(content_type: str, body: bytes, title: str) -> None:
    """Whatever the character set, the entities and the line breaks."""
    assert read_page(content_type, body).title == title


def test_a_long_title_is_cut_and_shows_it() -> None:
    """It goes into an embed's field."""
    title = read_page("text/html", b"<title>" + b"x" * 1000).title

    assert len(title) == MAX_TITLE
    assert title.endswith("…")


@pytest.mark.parametrize(
    ("content", "to"),
    [
        ("0; url=https://a.example/", "https://a.example/"),
        ("5;URL='/next'", "/next"),
        ("0, https://a.example/?a=1", "https://a.example/?a=1"),
        ("30", ""),
        ("", ""),
    ],
)
def test_a_refresh_is_found(content: str, to: str) -> None:
    """Where the page says that it goes on to."""
    page = f'<meta content="{content}" HTTP-EQUIV="refresh">'.encode()

    assert read_page("text/html", page) == Page("", to)


@given(st.text(max_size=50), st.binary(max_size=200))
def test_any_bytes_can_be_read(content_type: str, body: bytes) -> None:
    """A page is hostile input too."""
    for candidate in (body, b"<title>" + body, b"<meta http-equiv=refresh content=" + body):
        assert len(read_page(content_type, candidate).title) <= MAX_TITLE
