"""What Gemini's errors mean. Source: ai.google.dev/gemini-api/docs/troubleshooting, API errors."""

import re
from collections.abc import Mapping
from typing import Any

import httpx
from google.genai import errors

from functions.ai.model import Failure, ModelFailed

_BY_STATUS = {
    401: Failure.BAD_KEY,
    403: Failure.BAD_KEY,
    404: Failure.UNKNOWN_MODEL,
    408: Failure.TIMEOUT,
    413: Failure.TOO_LONG,
    429: Failure.QUOTA,
    499: Failure.TIMEOUT,
    504: Failure.TIMEOUT,
}
_TOO_MANY_TOKENS = re.compile(r"token count.*exceeds|payload size exceeds", re.IGNORECASE)
"""All that tells an over-long input from any other INVALID_ARGUMENT is Google's sentence."""


def failed_call(error: Exception, tokens: int) -> ModelFailed:
    """Our failure for an error of the SDK or of the connection.

    Args:
        error: google.genai's APIError or one of httpx; its text, which may repeat the prompt, is
            not kept.
        tokens: what the call had cost before.
    """
    if isinstance(error, httpx.TimeoutException):
        return ModelFailed(Failure.TIMEOUT, detail=type(error).__name__, tokens=tokens)
    if not isinstance(error, errors.APIError):
        return ModelFailed(Failure.UNREACHABLE, detail=type(error).__name__, tokens=tokens)
    details = _details(error)
    return ModelFailed(
        _failure(error, details),
        retry_after_s=_retry_after_s(details),
        detail=str(error.code),
        tokens=tokens,
    )


def interrupted(failed: ModelFailed) -> bool:
    """Whether text that came before this failure may be kept."""
    return failed.failure in {
        Failure.TIMEOUT,
        Failure.UNREACHABLE,
        Failure.OVERLOADED,
        Failure.QUOTA,
    }


def _failure(error: errors.APIError, details: list[Mapping[str, Any]]) -> Failure:
    if error.code == 400:
        reasons = {entry.get("reason") for entry in details}
        if reasons & {"API_KEY_INVALID", "API_KEY_EXPIRED"}:
            return Failure.BAD_KEY
        if _TOO_MANY_TOKENS.search(str(error.message or "")):
            return Failure.TOO_LONG
        return Failure.REFUSED
    if error.code in _BY_STATUS:
        return _BY_STATUS[error.code]
    return Failure.OVERLOADED if (error.code or 500) >= 500 else Failure.REFUSED


def _details(error: errors.APIError) -> list[Mapping[str, Any]]:
    """The google.rpc details, of which ErrorInfo has a reason and RetryInfo a delay."""
    body = error.details
    inner = body.get("error", body) if isinstance(body, Mapping) else {}
    details = inner.get("details") if isinstance(inner, Mapping) else None
    if not isinstance(details, list):
        return []
    return [entry for entry in details if isinstance(entry, Mapping)]


def _retry_after_s(details: list[Mapping[str, Any]]) -> float:
    for entry in details:
        found = re.fullmatch(r"(\d+(?:\.\d+)?)s", str(entry.get("retryDelay", "")))
        if found:
            return float(found[1])
    return 0.0
