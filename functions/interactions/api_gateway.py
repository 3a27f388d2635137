"""API Gateway's events, HTTP API (payload 2.0) and REST API (1.0) alike, in and out."""

import json
from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from functions.interactions.pipeline import Answer

_WRITER = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)


def request_of(event: Mapping[str, Any]) -> tuple[dict[str, str], bytes]:
    """Headers (names in lower case) and raw body of an event.

    A header that was sent twice arrives joined by a comma, or as its last value; neither fits a
    signature. A body that claims to be base64 and is not becomes empty, which fits none either.
    """
    headers = {
        str(name).lower(): str(value) for name, value in (event.get("headers") or {}).items()
    }
    body = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return headers, body.encode("utf-8", "surrogatepass")
    try:
        return headers, b64decode(body, validate=True)
    except ValueError:
        return headers, b""


def response_of(answer: Answer) -> dict[str, Any]:
    """The answer in the form that both kinds of API take."""
    return {
        "statusCode": answer.status,
        "headers": {"content-type": "application/json"},
        "body": _WRITER.encode(answer.body),
        "isBase64Encoded": False,
    }
