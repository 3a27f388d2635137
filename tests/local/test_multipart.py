"""local.multipart: forms as httpx and browsers write them."""

from contextlib import suppress

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.multipart import BadMultipart, Part, parse_multipart


def _encoded(files: list[tuple[str, tuple[str | None, bytes, str]]]) -> tuple[bytes, str]:
    request = httpx.Request("POST", "http://x/", files=files)
    return request.read(), request.headers["content-type"]


@given(
    st.lists(
        st.tuples(st.text("abc[]0123", min_size=1), st.binary(max_size=200)), min_size=1, max_size=5
    )
)
def test_every_byte_of_every_part_arrives(parts: list[tuple[str, bytes]]) -> None:
    """Content is binary: line ends and dashes in it mean nothing."""
    body, content_type = _encoded([(n, ("f.bin", c, "image/png")) for n, c in parts])

    expected = [Part(name, content, "f.bin", "image/png") for name, content in parts]
    assert expected == parse_multipart(body, content_type)


def test_names_keep_their_quotes() -> None:
    """Httpx and browsers escape a quote in a file's name as %22."""
    body, content_type = _encoded([("file", ('a"b.txt', b"x", "text/plain"))])

    assert parse_multipart(body, content_type)[0].filename == 'a"b.txt'


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "multipart/form-data; boundary=x"),
        (b"--x\r\n\r\n", "multipart/form-data; boundary=x"),
        (b"--x\r\nno headers\r\n--x--", "multipart/form-data; boundary=x"),
        (b"--x\r\nA: b\r\n\r\nno name\r\n--x--", "multipart/form-data; boundary=x"),
        (b"--x--", "multipart/form-data"),
        (b"--x--", "application/json"),
    ],
)
def test_a_broken_form_is_refused(body: bytes, content_type: str) -> None:
    """Never half of a form."""
    with pytest.raises(BadMultipart):
        parse_multipart(body, content_type)


@given(st.binary(max_size=300))
def test_no_body_crashes_the_parser(body: bytes) -> None:
    """Anything is either parts or a BadMultipart."""
    with suppress(BadMultipart):
        parse_multipart(b"--x" + body, "multipart/form-data; boundary=x")
