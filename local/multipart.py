"""multipart/form-data, read strictly: what Discord takes and the page sends. Source: RFC 7578."""

import re
from dataclasses import dataclass

_PARAMETER = re.compile(r';\s*([A-Za-z*]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))')


class BadMultipart(ValueError):
    """The body is not the form that its Content-Type announces."""


@dataclass(frozen=True)
class Part:
    """One part of a form."""

    name: str
    content: bytes
    filename: str | None = None
    content_type: str = "text/plain"


def boundary_of(content_type: str) -> bytes:
    """The boundary that a Content-Type names.

    Raises:
        BadMultipart: it is no multipart/form-data, or names none.
    """
    parameters = _parameters(content_type)
    if not content_type.lower().startswith("multipart/form-data") or not parameters.get("boundary"):
        raise BadMultipart("no multipart/form-data with a boundary")
    return parameters["boundary"].encode("latin-1", "replace")


def parse_multipart(body: bytes, content_type: str) -> list[Part]:
    """The parts of a form, in their order.

    Raises:
        BadMultipart: the delimiters, the headers or a name is missing.
    """
    delimiter = b"--" + boundary_of(content_type)
    if not body.startswith(delimiter):
        raise BadMultipart("the body does not start with the boundary")
    chunks = body[len(delimiter) :].split(b"\r\n" + delimiter)
    if len(chunks) < 1 or not chunks[-1].startswith(b"--"):
        raise BadMultipart("the last boundary is missing")
    return [_part(chunk) for chunk in chunks[:-1]]


def _part(chunk: bytes) -> Part:
    head, separator, content = chunk.partition(b"\r\n\r\n")
    if not separator or not head.startswith(b"\r\n"):
        raise BadMultipart("a part has no headers")
    headers: dict[str, str] = {}
    for line in head[2:].decode("utf-8", "replace").split("\r\n"):
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    parameters = _parameters(headers.get("content-disposition", ""))
    if "name" not in parameters:
        raise BadMultipart("a part has no name")
    content_type = headers.get("content-type", "text/plain")
    return Part(parameters["name"], content, parameters.get("filename"), content_type)


def _parameters(header: str) -> dict[str, str]:
    """A header's parameters: browsers escape quotes as %22, older clients by backslash."""
    found: dict[str, str] = {}
    for name, quoted, plain in _PARAMETER.findall(header):
        value = re.sub(r"\\(.)", r"\1", quoted) if quoted else plain
        found[name.lower()] = value.replace("%22", '"').replace("%0D", "\r").replace("%0A", "\n")
    return found
