"""A stand-in for the Gemini API: its wire format, its errors and its moods, and no intelligence.

It speaks generateContent, streamGenerateContent (alt=sse), countTokens and the models' list as
ai.google.dev/api describes them, so that Google's SDK talks to it by base URL. What it does is
chosen by words in the last message (see `gemini_scenarios`); every answer says where it is from.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from local.standins.gemini_scenarios import (
    KNOWN_MODELS,
    Refusal,
    Script,
    Step,
    camel_case,
    prompt_tokens,
    refusal,
    script_for,
)

API_KEY = "stand-in"
CHAT_KEY = "bG9jYWwgc3RhbmQtaW4ga2V5LCBub3QgYSBzZWNyZXQ="
"""Seals the conversations of local runs: 32 bytes that everybody can read here."""
PACE_S = 0.08
"""Between two pieces, so that streaming can be seen."""
SLOW = 8
"""How many times slower `standin:slow` is."""


def settings(base_url: str) -> dict[str, str]:
    """The variables of the AI function that make it use the stand-in.

    Args:
        base_url: where the routes are mounted, without a slash at the end.
    """
    return {"GEMINI_URL": base_url, "GEMINI_KEY": API_KEY, "CHAT_KEY": CHAT_KEY}


class GeminiStandIn:
    """The service; keeps the requests that it got, for tests and the page's inspector."""

    def __init__(self, pace_s: float = PACE_S, keep: int = 100) -> None:
        """Args: pace_s: seconds between two pieces. keep: how many requests are kept."""
        self.requests: list[dict[str, Any]] = []
        self.closing = asyncio.Event()
        """Set it to end streams that stall."""
        self._pace_s = pace_s
        self._keep = keep
        self.routes = [
            Route("/{version}/models", self._list, methods=["GET"]),
            Route("/{version}/models/{call}", self._get, methods=["GET"]),
            Route("/{version}/models/{call}", self._post, methods=["POST"]),
        ]

    async def _list(self, request: Request) -> Response:
        if refused := _unauthorised(request):
            return _error(refused)
        return JSONResponse({"models": [_model(name) for name in KNOWN_MODELS]})

    async def _get(self, request: Request) -> Response:
        name = request.path_params["call"]
        if refused := _unauthorised(request):
            return _error(refused)
        if name not in KNOWN_MODELS:
            return _error(refusal("404", name))
        return JSONResponse(_model(name))

    async def _post(self, request: Request) -> Response:
        model, _, method = request.path_params["call"].partition(":")
        if refused := _unauthorised(request):
            return _error(refused)
        try:
            body = camel_case(json.loads(await request.body()))
        except ValueError:
            return _error(refusal("400", model))
        self.requests.append({"model": model, "method": method, "body": body})
        del self.requests[: -self._keep]
        if model not in KNOWN_MODELS:
            return _error(refusal("404", model))
        if method == "countTokens":
            return JSONResponse({"totalTokens": prompt_tokens(body)})
        script = script_for(model, body)
        if isinstance(script, Refusal):
            return _error(script)
        if method == "streamGenerateContent":
            return StreamingResponse(self._stream(request, script), media_type="text/event-stream")
        if method == "generateContent":
            return JSONResponse(script.whole())
        return _error(refusal("404", model))

    async def _stream(self, request: Request, script: Script) -> AsyncIterator[str]:
        for step in script.steps:
            if step is Step.STALL:
                await self._stall(request)
                return
            if self._pace_s:
                await asyncio.sleep(self._pace_s * (SLOW if script.slow else 1))
            yield f"data: {json.dumps(step)}\r\n\r\n"

    async def _stall(self, request: Request) -> None:
        """Says nothing until the client hangs up or the server closes."""
        gone = asyncio.create_task(_gone(request))
        closing = asyncio.create_task(self.closing.wait())
        try:
            await asyncio.wait({gone, closing}, return_when=asyncio.FIRST_COMPLETED)
        finally:  # whoever hangs up cancels us, and would leave these two behind
            for task in (gone, closing):
                task.cancel()


async def _gone(request: Request) -> None:
    while not await request.is_disconnected():
        await asyncio.sleep(0.05)


def _unauthorised(request: Request) -> Refusal | None:
    key = request.headers.get("x-goog-api-key") or request.query_params.get("key")
    if not key:
        return refusal("403", "")
    return refusal("key", "") if key == "invalid" else None


def _error(refused: Refusal) -> Response:
    return JSONResponse(refused.body(), status_code=refused.code)


def _model(name: str) -> dict[str, Any]:
    return {
        "name": f"models/{name}",
        "version": "stand-in",
        "displayName": f"{name} (stand-in)",
        "description": "The local stand-in for Gemini.",
        "inputTokenLimit": 1048576,
        "outputTokenLimit": 65536,
        "supportedGenerationMethods": ["generateContent", "countTokens"],
    }


standin = GeminiStandIn()
routes = standin.routes
"""For the local runner to mount, as at `/standins/gemini`."""
