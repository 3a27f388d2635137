"""Web pages that are made to hold a worker up: a quarter of a megabyte each, read in a moment."""

from time import process_time

import pytest

from functions.network.guard.client import MAX_BODY_BYTES
from functions.network.page import read_page

_UNITS = (
    *(b"<", b"<!", b"<!--", b"<![", b"<?", b"</", b"<a ", b"<x/", b"<a b='", b"<svg>", b"<title>"),
    *(b"&", b"&#", b"<!DOCTYPE ", b"<![CDATA[", b"<script>", b"</script ", b"<a\n=", b"--!>"),
)
_SPACES = b"<meta http-equiv=refresh content='" + b" " * (MAX_BODY_BYTES - 60) + b"x'>"
_DIGITS = b"<meta http-equiv=refresh content='" + b"1" * (MAX_BODY_BYTES - 60) + b"x'>"


@pytest.mark.parametrize("unit", [*_UNITS, _SPACES, _DIGITS], ids=lambda unit: repr(unit[:12]))
def test_no_page_takes_long(unit: bytes) -> None:
    """A refresh of spaces once took minutes: the limit is far from both."""
    body = (unit * (MAX_BODY_BYTES // len(unit) + 1))[:MAX_BODY_BYTES]
    began = process_time()

    read_page("text/html", body)

    assert process_time() - began < 5
