"""What a model is asked and what it answers, without a word of any vendor's."""

from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple, Protocol

API = "gemini"
"""The model's service, as ApiUsage and the allowances' keys name it."""


class Blob(NamedTuple):
    """A picture."""

    mime_type: str
    content: bytes


class Message(NamedTuple):
    """One side's turn."""

    from_model: bool
    parts: tuple[str | Blob, ...]


class Prompt(NamedTuple):
    """Everything that a model is told."""

    system: str
    messages: tuple[Message, ...]
    """From the oldest; the last one is the user's."""


class Ending(Enum):
    """Why an answer ended."""

    COMPLETE = "complete"
    CUT = "cut"
    """At the limit of output tokens."""
    INTERRUPTED = "interrupted"
    """The stream stopped, or our time was up, in the middle."""


class Piece(NamedTuple):
    """One piece of an answer as it arrives."""

    text: str = ""
    tokens: int = 0
    """What the call has cost so far, prompt, thoughts and answer together; 0: not told yet."""
    answer_tokens: int = 0
    """Of these the answer's own."""
    ending: Ending | None = None
    """Set on the last piece."""


class Failure(Enum):
    """Why there is no answer; the value is the short word of logs and metrics."""

    UNKNOWN_MODEL = "unknown_model"
    QUOTA = "quota"
    OVERLOADED = "overloaded"
    BLOCKED = "blocked"
    EMPTY = "empty"
    TIMEOUT = "timeout"
    TOO_LONG = "too_long"
    BAD_KEY = "bad_key"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"

    @property
    def another_model_may_help(self) -> bool:
        """Whether the next model of the list is worth a try."""
        return self in {
            Failure.UNKNOWN_MODEL,
            Failure.QUOTA,
            Failure.OVERLOADED,
            Failure.EMPTY,
            Failure.TIMEOUT,
            Failure.UNREACHABLE,
        }


class ModelFailed(Exception):
    """A model gave no answer; carries no word of the prompt."""

    def __init__(
        self, failure: Failure, *, retry_after_s: float = 0, detail: str = "", tokens: int = 0
    ) -> None:
        """Args: retry_after_s: as the service says it, 0 for unsaid. detail: a fixed word.

        tokens: what the call has cost all the same.
        """
        super().__init__(failure.value)
        self.failure = failure
        self.retry_after_s = retry_after_s
        self.detail = detail
        self.tokens = tokens


class Models(Protocol):
    """The models behind one key."""

    def stream(self, model: str, prompt: Prompt, *, total_s: float) -> Iterator[Piece]:
        """The answer in pieces, the last of which has an ending.

        Args:
            model: its name, as `gemini-flash-latest`.
            prompt: what is asked.
            total_s: seconds from now that the whole may take.

        Raises:
            ModelFailed: no answer, or none that may be shown.
        """

    def close(self) -> None:
        """Closes what is open."""
