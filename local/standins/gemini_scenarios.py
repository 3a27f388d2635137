"""What the stand-in for Gemini answers: scenarios, chosen by words in the last message.

`standin:429` in a question makes every model answer 429; `standin:429@gemini-flash-latest` only
that one, so that the fallback can be seen. Error bodies follow google.rpc.Status as the Gemini API
sends it (ai.google.dev/gemini-api/docs/troubleshooting).
"""

import base64
import re
from collections.abc import Iterator
from enum import Enum
from typing import Any, NamedTuple

KNOWN_MODELS = (
    "gemini-flash-latest",
    "gemini-3.8-flash",
    "gemini-3.7-flash",
    "gemini-3.6-flash",
    "gemini-3.5-flash-lite",
)
MARK = "-# From the local stand-in for Gemini (`{model}`): no AI has read this."
_WORD = re.compile(r"standin:([a-z0-9-]+)(?:@([a-z0-9.-]+))?")
_QUOTED = re.compile(r"<(data-\w+)[^>]*>.*</\1>", re.DOTALL)
_PIECE = 60
_MOST_PIECES = 120
"""Of longer answers the pieces are larger, so that `huge` ends before AI_TOTAL_S."""
_THOUGHTS = 12
_TOKENS_PER_IMAGE = 258

_ERRORS: dict[str, tuple[int, str, str]] = {
    "400": (400, "INVALID_ARGUMENT", "Request contains an invalid argument."),
    "long": (
        400,
        "INVALID_ARGUMENT",
        "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
    ),
    "key": (400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key."),
    "403": (403, "PERMISSION_DENIED", "Method doesn't allow unregistered callers."),
    "404": (
        404,
        "NOT_FOUND",
        "models/{model} is not found for API version v1, or is not supported for "
        "generateContent. Call ListModels to see the list of available models.",
    ),
    "429": (
        429,
        "RESOURCE_EXHAUSTED",
        "You exceeded your current quota, please check your plan and billing details.",
    ),
    "500": (500, "INTERNAL", "An internal error has occurred."),
    "503": (503, "UNAVAILABLE", "The model is overloaded. Please try again later."),
    "504": (504, "DEADLINE_EXCEEDED", "Deadline expired before operation could complete."),
}
_DETAILS: dict[str, list[dict[str, Any]]] = {
    "key": [
        {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "API_KEY_INVALID",
            "domain": "googleapis.com",
            "metadata": {"service": "generativelanguage.googleapis.com"},
        }
    ],
    "429": [
        {
            "@type": "type.googleapis.com/google.rpc.QuotaFailure",
            "violations": [{"quotaId": "GenerateRequestsPerMinutePerProjectPerModel"}],
        },
        {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "30s"},
    ],
}


class Refusal(NamedTuple):
    """An HTTP error."""

    code: int
    status: str
    message: str
    details: list[dict[str, Any]]

    def body(self) -> dict[str, Any]:
        """Google's JSON."""
        error: dict[str, Any] = {
            "code": self.code,
            "message": self.message,
            "status": self.status,
        }
        return {"error": error | ({"details": self.details} if self.details else {})}


class Step(Enum):
    """What is no chunk."""

    STALL = "stall"
    """From here on silence."""


class Script(NamedTuple):
    """An answer: chunks to stream, in Google's JSON."""

    steps: list[Any]
    slow: bool = False

    def whole(self) -> dict[str, Any]:
        """The same as one body, for generateContent."""
        chunks = [step for step in self.steps if isinstance(step, dict)]
        body: dict[str, Any] = dict(chunks[-1]) if chunks else {}
        if "candidates" in body:
            text = "".join(_chunk_text(chunk) for chunk in chunks)
            candidate = dict(body["candidates"][0])
            candidate["content"] = {"role": "model", "parts": [{"text": text}]}
            body["candidates"] = [candidate]
        return body


def camel_case(value: Any) -> Any:
    """JSON with its keys in camel case: protocol buffers take both, and the SDK mixes them."""
    if isinstance(value, dict):
        return {
            re.sub(r"_([a-z])", lambda found: found[1].upper(), key): camel_case(inner)
            for key, inner in value.items()
        }
    return [camel_case(inner) for inner in value] if isinstance(value, list) else value


def refusal(word: str, model: str) -> Refusal:
    """The error of a scenario's word."""
    code, status, message = _ERRORS[word]
    return Refusal(code, status, message.replace("{model}", model), _DETAILS.get(word, []))


def script_for(model: str, body: dict[str, Any]) -> Script | Refusal:
    """What a request is answered with."""
    word = _scenario(model, last_text(body))
    if word in _ERRORS:
        return refusal(word, model)
    mark = MARK.format(model=model)
    usage = _Usage(model, prompt_tokens(body))
    match word:
        case "blocked":
            feedback = {"blockReason": "SAFETY", "safetyRatings": _RATINGS}
            return Script([{"promptFeedback": feedback} | usage.of("")])
        case "nothing":
            return Script([usage.of("")])
        case "empty":
            return Script([_chunk("", "STOP") | usage.of("")])
        case "stall":
            return Script([Step.STALL])
        case "middle-stall":
            return Script([*_chunks(mark, usage, None), Step.STALL])
        case "middle-503":
            return Script([*_chunks(mark, usage, None), refusal("503", model).body()])
        case "safety":
            return Script(list(_chunks(mark, usage, "SAFETY")))
        case "cut":
            return Script(list(_chunks(f"{mark}\n\n```python\nprint('cut", usage, "MAX_TOKENS")))
    text = f"{mark}\n\n{_answer(word, body)}"
    return Script(list(_chunks(text, usage, "STOP")), slow=word == "slow")


def prompt_tokens(body: dict[str, Any]) -> int:
    """Google's rule of thumb: four characters a token, 258 a picture."""
    parts = [part for content in body.get("contents", []) for part in content.get("parts", [])]
    parts += (body.get("systemInstruction") or {}).get("parts", [])
    text = sum(len(part.get("text", "")) for part in parts)
    return text // 4 + 1 + _TOKENS_PER_IMAGE * sum("inlineData" in part for part in parts)


def last_text(body: dict[str, Any]) -> str:
    """The text of the last message, data that it quotes left out."""
    contents = body.get("contents") or [{}]
    texts = [part.get("text", "") for part in contents[-1].get("parts", [])]
    return "\n".join(text for text in texts if not _QUOTED.fullmatch(text)).strip()


def _scenario(model: str, text: str) -> str:
    for found in _WORD.finditer(text):
        if found[2] in {None, model}:
            return found[1]
    return ""


def _answer(word: str, body: dict[str, Any]) -> str:
    if word == "ping":
        return "Hello @everyone, @here, <@300000000000000001> and <@&1>!"
    if word == "verbose":
        return "\n\n".join([_SEEN.format(**_seen(body)), *(_paragraph(n) for n in range(12))])
    if word == "huge":
        return "\n\n".join(_paragraph(number) for number in range(60))
    return _SEEN.format(**_seen(body))


_SEEN = (
    "You asked: “{asked}”\n\n"
    "- Messages in this conversation: **{messages}**; the first question was “{first}”.\n"
    "- Pictures that I got: **{pictures}**.\n"
    "- Texts marked as data: **{quoted}**.\n"
    "- Tokens of the prompt, roughly: {tokens}."
)


def _seen(body: dict[str, Any]) -> dict[str, Any]:
    contents = body.get("contents") or []
    parts = [part for content in contents for part in content.get("parts", [])]
    pictures = [part["inlineData"] for part in parts if "inlineData" in part]
    names = [f"{p['mimeType']}, {len(_decoded(p['data']))} bytes" for p in pictures]
    first = last_text({"contents": contents[:1]}) if contents else ""
    return {
        "asked": last_text(body)[:200],
        "messages": len(contents),
        "first": first[:60],
        "pictures": f"{len(pictures)} ({'; '.join(names)})" if names else "0",
        "quoted": sum(bool(_QUOTED.fullmatch(part.get("text", ""))) for part in parts),
        "tokens": prompt_tokens(body),
    }


def _decoded(data: str) -> bytes:
    """Base64 in either alphabet: the SDK sends the one for URLs."""
    return base64.urlsafe_b64decode(data.replace("+", "-").replace("/", "_"))


def _paragraph(number: int) -> str:
    if number % 4 == 3:
        lines = "\n".join(f"    total += {number} * {n}  # line {n}" for n in range(1, 13))
        return (
            f"```python\ndef part_{number}() -> int:\n    total = 0\n{lines}\n    return total\n```"
        )
    words = "this is a paragraph that the stand-in writes so that long answers can be tried"
    return f"**Part {number + 1}.** " + ". ".join([words.capitalize()] * 6) + "."


class _Usage(NamedTuple):
    """Counts as Google sends them with every chunk."""

    model: str
    prompt: int

    def of(self, text: str) -> dict[str, Any]:
        """The fields for an answer so far."""
        answer = -(-len(text) // 4)
        return {
            "usageMetadata": {
                "promptTokenCount": self.prompt,
                "candidatesTokenCount": answer,
                "thoughtsTokenCount": _THOUGHTS,
                "totalTokenCount": self.prompt + answer + _THOUGHTS,
                "promptTokensDetails": [{"modality": "TEXT", "tokenCount": self.prompt}],
            },
            "modelVersion": f"{self.model}-standin",
            "responseId": "stand-in",
        }


_RATINGS = [{"category": "HARM_CATEGORY_DANGEROUS_CONTENT", "probability": "HIGH", "blocked": True}]


def _chunks(text: str, usage: _Usage, finish: str | None) -> Iterator[dict[str, Any]]:
    thought = {"text": "**Considering** nothing.", "thought": True}
    yield {"candidates": [_candidate([thought])]} | usage.of("")
    size = max(_PIECE, -(-len(text) // _MOST_PIECES))
    last = max(0, len(text) - 1) // size * size
    for start in range(0, len(text), size):
        reason = finish if start == last else None
        piece = text[start : start + size]
        yield _chunk(piece, reason) | usage.of(text[: start + size])


def _chunk(text: str, finish: str | None) -> dict[str, Any]:
    candidate = _candidate([{"text": text}] if text else [])
    return {"candidates": [candidate | ({"finishReason": finish} if finish else {})]}


def _candidate(parts: list[dict[str, Any]]) -> dict[str, Any]:
    return {"content": {"role": "model", "parts": parts} if parts else {}, "index": 0}


def _chunk_text(chunk: dict[str, Any]) -> str:
    parts = chunk["candidates"][0]["content"].get("parts", [])
    return "".join(part["text"] for part in parts if not part.get("thought"))
