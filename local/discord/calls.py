"""One call of Discord's API: what is read of a request, and what is answered.

Source: discord-api-docs, reference.mdx, Uploading Files and Error Messages.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from local.discord.form import Refusal
from local.discord.messages import MAX_REQUEST_BYTES
from local.multipart import BadMultipart, Part, parse_multipart


@dataclass
class Call:
    """One call of the API."""

    method: str
    path: str
    """Below /api/v10."""
    body: Any = None
    files: Sequence[Part] = ()
    multipart: bool = False
    authorization: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)
    """What the path's placeholders stand for."""
    carried_out: int | None = None
    """The status that its caller never heard of, for a fault came in between."""

    @property
    def changes(self) -> bool:
        """Whether it writes something."""
        return self.method != "GET"


@dataclass(frozen=True)
class Answer:
    """What the API says."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        """As HTTP."""
        if self.body is None:
            return Response(status_code=self.status, headers=dict(self.headers))
        return JSONResponse(self.body, self.status, dict(self.headers))


async def read_body(request: Request, call: Call) -> None:
    """Reads JSON or a form with files into the call.

    Raises:
        Refusal: too large, broken, or of a type that Discord does not take.
    """
    content = await request.body()
    if len(content) > MAX_REQUEST_BYTES:
        raise Refusal(413, 40005, "Request entity too large")
    if not content:
        return
    content_type = request.headers.get("content-type", "")
    if content_type.lower().startswith("multipart/form-data"):
        call.multipart = True
        _read_form(content, content_type, call)
    elif content_type.lower().startswith("application/json"):
        call.body = _json(content)
    else:
        expected = "'application/json', 'multipart/form-data'"
        message = f'Expected "Content-Type" header to be one of {{{expected}}}.'
        errors = {"_errors": [{"code": "CONTENT_TYPE_INVALID", "message": message}]}
        raise Refusal(400, 50035, "Invalid Form Body", errors)


def _read_form(content: bytes, content_type: str, call: Call) -> None:
    try:
        parts = parse_multipart(content, content_type)
    except BadMultipart as error:
        raise Refusal(400, 50035, f"Invalid Form Body: {error}") from None
    call.files = [part for part in parts if part.filename is not None]
    payload = next((part for part in parts if part.name == "payload_json"), None)
    call.body = _json(payload.content) if payload else {}


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        raise Refusal(400, 50109, "The request body contains invalid JSON.") from None
