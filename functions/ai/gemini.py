"""Gemini through Google's SDK: streams answers, and turns every way to fail into one of ours.

The only module that imports google-genai, whose import is most of this function's cold start
(docs/ai.md has the figures), so it is imported while Lambda initialises and not while a user waits.
"""

import logging
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import httpx
from google import genai
from google.genai import errors, types
from pydantic import ValidationError

from functions.ai.gemini_errors import failed_call, interrupted
from functions.ai.model import Blob, Ending, Failure, Message, ModelFailed, Piece, Prompt
from functions.ai.settings import SAFETY_THRESHOLDS
from utilsbot.discord.http_client import keep_addresses_out_of_logs
from utilsbot.settings import Secret

_CONNECT_S = 5.0
_CATEGORIES = (
    types.HarmCategory.HARM_CATEGORY_HARASSMENT,
    types.HarmCategory.HARM_CATEGORY_HATE_SPEECH,
    types.HarmCategory.HARM_CATEGORY_SEXUALLY_EXPLICIT,
    types.HarmCategory.HARM_CATEGORY_DANGEROUS_CONTENT,
)
_CUT = {types.FinishReason.MAX_TOKENS, types.FinishReason.CONTINUATION}
_BLOCKED = {
    types.FinishReason.SAFETY,
    types.FinishReason.RECITATION,
    types.FinishReason.BLOCKLIST,
    types.FinishReason.PROHIBITED_CONTENT,
    types.FinishReason.SPII,
    types.FinishReason.IMAGE_SAFETY,
    types.FinishReason.IMAGE_PROHIBITED_CONTENT,
    types.FinishReason.ESCALATION,
}
_NETWORK = (httpx.HTTPError, httpx.StreamError)


class Tuning(NamedTuple):
    """How models are called."""

    temperature: float = 1.0
    max_output_tokens: int = 4096
    thinking: str = "low"
    """minimal, low, medium or high; empty leaves it to the model."""
    safety: str = "medium"
    """A key of SAFETY_THRESHOLDS."""
    stall_s: float = 15.0
    """Seconds until the first piece, and between two."""


class GeminiModels:
    """The models behind one key; safe to keep for the life of an execution environment."""

    def __init__(
        self,
        read_key: Callable[[], Secret],
        *,
        base_url: str,
        tuning: Tuning,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Makes no connection and reads no key yet.

        Args:
            read_key: called before each request, so that a renewed key is used; should be cached.
            base_url: Google's, or a stand-in's.
            tuning: how models are called.
            monotonic: seconds.
        """
        keep_addresses_out_of_logs()
        logging.getLogger("google_genai").setLevel(logging.ERROR)
        self._read_key = read_key
        self._base_url = base_url
        self._tuning = tuning
        self._monotonic = monotonic
        self._client: genai.Client | None = None
        self._key: Secret | None = None
        self._http: httpx.Client | None = None
        self._response: httpx.Response | None = None
        self._context = httpx.create_ssl_context()
        _ready_types()

    def stream(self, model: str, prompt: Prompt, *, total_s: float) -> Iterator[Piece]:
        """As functions.ai.model.Models."""
        deadline = self._monotonic() + total_s
        reading = _Reading()
        try:
            chunks = self._connected().models.generate_content_stream(
                model=model,
                contents=[_content(message) for message in prompt.messages],
                config=self._config(prompt.system, total_s),
            )
            for chunk in chunks:
                piece = reading.take(chunk)
                if piece.text or piece.tokens:
                    yield piece
                if self._monotonic() > deadline and not reading.finished:
                    yield reading.broken_off(Failure.TIMEOUT)
                    return
        except (errors.APIError, *_NETWORK) as error:
            failed = failed_call(error, reading.tokens)
            if not (reading.text and interrupted(failed)):
                raise failed from None
            yield reading.broken_off(failed.failure)
            return
        except (errors.UnknownApiResponseError, ValidationError):
            yield reading.broken_off(Failure.OVERLOADED)
            return
        finally:
            self._let_go()
        yield reading.end()

    def problem_with(self, model: str) -> str:
        """What is wrong with a model's name or the key, for `utilsbot doctor`; empty if nothing."""
        try:
            found = self._connected().models.get(model=model)
        except (errors.APIError, *_NETWORK) as error:
            return failed_call(error, 0).failure.value
        actions = found.supported_actions or []
        return "" if "generateContent" in actions else "cannot generate text"

    def names(self) -> list[str]:
        """The models that can generate text, for `utilsbot doctor`.

        Raises:
            ModelFailed: Google does not say.
        """
        try:
            models = list(self._connected().models.list())
        except (errors.APIError, *_NETWORK) as error:
            raise failed_call(error, 0) from None
        return [
            (model.name or "").removeprefix("models/")
            for model in models
            if "generateContent" in (model.supported_actions or [])
        ]

    def close(self) -> None:
        """Closes the connections; the next call makes new ones."""
        if self._http is not None:
            self._http.close()
        self._client = self._http = None

    def _connected(self) -> genai.Client:
        key = self._read_key()
        if self._client is None or key != self._key:
            self.close()
            self._client, self._key = self._new_client(key), key
        return self._client

    def _new_client(self, key: Secret) -> genai.Client:
        timeout = httpx.Timeout(self._tuning.stall_s, connect=_CONNECT_S)
        self._http = httpx.Client(
            timeout=timeout, verify=self._context, event_hooks={"response": [self._remember]}
        )
        options = types.HttpOptions(
            base_url=self._base_url,
            timeout=int(self._tuning.stall_s * 1000),
            httpx_client=self._http,
            # Never used, but unless given, the SDK makes them with a certificate store each.
            httpx_async_client=httpx.AsyncClient(verify=self._context),
            async_client_args={"ssl": self._context},
        )
        return genai.Client(vertexai=False, api_key=key.reveal(), http_options=options)

    def _remember(self, response: httpx.Response) -> None:
        self._response = response

    def _let_go(self) -> None:
        """Closes the stream, which the SDK leaves open when it is not read to its end."""
        if self._response is not None:
            self._response.close()
            self._response = None

    def _config(self, system: str, total_s: float) -> types.GenerateContentConfig:
        tuning = self._tuning
        thinking = None
        if tuning.thinking:
            level = types.ThinkingLevel(tuning.thinking.upper())
            thinking = types.ThinkingConfig(thinking_level=level)
        stall_s = min(tuning.stall_s, total_s)
        return types.GenerateContentConfig(
            system_instruction=system,
            temperature=tuning.temperature,
            max_output_tokens=tuning.max_output_tokens,
            thinking_config=thinking,
            safety_settings=[
                types.SafetySetting(
                    category=category,
                    threshold=types.HarmBlockThreshold(SAFETY_THRESHOLDS[tuning.safety]),
                )
                for category in _CATEGORIES
            ],
            # One call is one request: what the SDK would send on its own is in no budget.
            automatic_continuation=False,
            automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
            http_options=types.HttpOptions(
                timeout=max(1, int(stall_s * 1000)),
                headers={"X-Server-Timeout": str(int(total_s) + 1)},
            ),
        )


class _Reading:
    """An answer as far as it has arrived."""

    def __init__(self) -> None:
        self.text = False
        self.tokens = 0
        self._answer_tokens = 0
        self._finish: types.FinishReason | None = None
        self._blocked = False

    @property
    def finished(self) -> bool:
        """Whether the model has said why it stopped."""
        return self._finish is not None or self._blocked

    def take(self, chunk: types.GenerateContentResponse) -> Piece:
        """One chunk; thoughts are left out."""
        usage = chunk.usage_metadata
        if usage is not None:
            self.tokens = max(self.tokens, usage.total_token_count or 0)
            self._answer_tokens = usage.candidates_token_count or self._answer_tokens
        if chunk.prompt_feedback is not None and chunk.prompt_feedback.block_reason is not None:
            self._blocked = True
        candidate = chunk.candidates[0] if chunk.candidates else None
        if candidate is None:
            return Piece(tokens=self.tokens)
        self._finish = candidate.finish_reason or self._finish
        parts = (candidate.content.parts if candidate.content else None) or []
        text = "".join(part.text for part in parts if part.text and not part.thought)
        self.text = self.text or bool(text.strip())
        return Piece(text, self.tokens, self._answer_tokens)

    def end(self) -> Piece:
        """The last piece of a stream that ended by itself.

        Raises:
            ModelFailed: blocked or empty. What was shown of a blocked answer has to go.
        """
        if self._blocked or self._finish in _BLOCKED:
            raise ModelFailed(Failure.BLOCKED, tokens=self.tokens)
        if not self.text:
            detail = self._finish.value.lower() if self._finish else "no_candidate"
            raise ModelFailed(Failure.EMPTY, detail=detail, tokens=self.tokens)
        if self._finish is None:
            return self._last(Ending.INTERRUPTED)
        return self._last(Ending.CUT if self._finish in _CUT else Ending.COMPLETE)

    def broken_off(self, failure: Failure) -> Piece:
        """The last piece of a stream that did not end by itself.

        Raises:
            ModelFailed: there is no text to keep.
        """
        if not self.text:
            raise ModelFailed(failure, tokens=self.tokens)
        return self._last(Ending.INTERRUPTED)

    def _last(self, ending: Ending) -> Piece:
        return Piece("", self.tokens, self._answer_tokens, ending)


def _content(message: Message) -> types.Content:
    parts = [
        types.Part.from_bytes(data=part.content, mime_type=part.mime_type)
        if isinstance(part, Blob)
        else types.Part.from_text(text=part)
        for part in message.parts
    ]
    return types.Content(role="model" if message.from_model else "user", parts=parts)


def _ready_types() -> None:
    """Builds the SDK's models, which it puts off until first use, while Lambda initialises."""
    for model in (types.GenerateContentConfig, types.GenerateContentResponse, types.Content):
        model.model_rebuild()
