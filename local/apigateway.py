"""What API Gateway's HTTP API does between Discord and the front door, payload format 2.0.

Source: API Gateway Developer Guide, "Create AWS Lambda proxy integrations for HTTP APIs".
"""

import base64
import json
import time
import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from local.runtime_api import THROTTLED, Result
from local.template import ACCOUNT_ID

_TEXT_TYPES = ("text/", "application/json", "application/javascript", "application/xml")


class HttpAnswer(NamedTuple):
    """What the client gets."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def http_event(
    *,
    method: str,
    path: str,
    query: str,
    headers: Iterable[tuple[str, str]],
    body: bytes,
    source_ip: str,
) -> dict[str, Any]:
    """The event for a request.

    The query is the raw string, headers and body are as received; headers that are repeated are
    joined by commas, as API Gateway does it.
    """
    joined: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        joined[key] = f"{joined[key]},{value}" if key in joined else value
    now = time.time()
    text = _as_text(body, joined.get("content-type", ""))
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": f"{method} {path}",
        "rawPath": path,
        "rawQueryString": query,
        "headers": joined,
        "requestContext": {
            "accountId": ACCOUNT_ID,
            "apiId": "local",
            "domainName": joined.get("host", "localhost"),
            "domainPrefix": "local",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": source_ip,
                "userAgent": joined.get("user-agent", ""),
            },
            "requestId": uuid.uuid4().hex[:16],
            "routeKey": f"{method} {path}",
            "stage": "$default",
            "time": datetime.fromtimestamp(now, UTC).strftime("%d/%b/%Y:%H:%M:%S +0000"),
            "timeEpoch": int(now * 1000),
        },
        "isBase64Encoded": text is None,
    }
    if body:
        event["body"] = base64.b64encode(body).decode() if text is None else text
    return event


def _as_text(body: bytes, content_type: str) -> str | None:
    """The body if API Gateway passes it as text; None if it encodes it in base64."""
    if not content_type.lower().startswith(_TEXT_TYPES):
        return None if body else ""
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None


def http_answer(result: Result) -> HttpAnswer:
    """The answer that API Gateway makes of what the function returned."""
    if result.error and (result.json or {}).get("errorType") == THROTTLED:
        return _message(503, "Service Unavailable")
    if result.error:
        return _message(500, "Internal Server Error")
    value = result.json
    if not isinstance(value, dict) or "statusCode" not in value:
        content = json.dumps(value, separators=(",", ":")).encode()
        return HttpAnswer(200, {"content-type": "application/json"}, content)
    headers = {str(k).lower(): str(v) for k, v in (value.get("headers") or {}).items()}
    body = value.get("body") or ""
    try:
        content = base64.b64decode(body) if value.get("isBase64Encoded") else body.encode()
        return HttpAnswer(int(value["statusCode"]), headers, content)
    except (AttributeError, TypeError, ValueError):
        return _message(500, "Internal Server Error")


def not_found() -> HttpAnswer:
    """What API Gateway answers where there is no route."""
    return _message(404, "Not Found")


def _message(status: int, text: str) -> HttpAnswer:
    body = json.dumps({"message": text}).encode()
    return HttpAnswer(status, {"content-type": "application/json"}, body)
