"""Answers as messages: the question above, the answer, a small line below; previews on the way."""

from collections.abc import Callable
from typing import Protocol

from functions.ai.model import Ending, Prompt
from utilsbot.context import Context
from utilsbot.discord.components import Row
from utilsbot.i18n import N_, _, ngettext, number
from utilsbot.markdown import escape
from utilsbot.meter import Meter
from utilsbot.reply import Reply

_MAX_QUESTION = 300
_PREVIEW = 1800
_CURSOR = " ▌"
_FENCE = "```"
_ENDINGS = {
    Ending.COMPLETE: "",
    Ending.CUT: N_(
        "The answer is longer than this bot lets it be and ends here; ask for the rest."
    ),
    Ending.INTERRUPTED: N_("The AI stopped in the middle. Ask again for the rest."),
}


class Answer(Protocol):
    """What a model said."""

    @property
    def text(self) -> str:
        """The whole text."""

    @property
    def model(self) -> str:
        """Which model."""

    @property
    def tokens(self) -> int:
        """What it cost."""

    @property
    def answer_tokens(self) -> int:
        """Of these the answer's own; 0 if unknown."""

    @property
    def ending(self) -> Ending:
        """Why it ended."""


class Ai(Protocol):
    """Answers prompts within the allowances."""

    instruction: str
    """What the operator adds to the system instruction."""

    def answer(
        self, ctx: Context, prompt: Prompt, meter: Meter, show: Callable[[str], None]
    ) -> Answer:
        """The answer; `show` gets the text as it grows.

        Raises:
            UserError: too long, an allowance is spent, or no model answers.
            StoreError: the allowances could not be checked.
        """


Progress = Callable[[Reply], None]
"""Shows a reply on the way; see utilsbot.progress."""


def question_line(question: str) -> str:
    """The question as a quote of one line, formatting and mentions taken apart."""
    flat = " ".join(question.split())
    if not flat:
        return ""
    short = flat if len(flat) <= _MAX_QUESTION else flat[: _MAX_QUESTION - 1].rstrip() + "…"
    return f"> {escape(short)}\n"


def answer_reply(
    question: str, text: str, details: str, ending: Ending, rows: tuple[Row, ...] = ()
) -> Reply:
    """The final reply.

    Args:
        question: what was asked; empty for nothing above the answer.
        text: the answer's Markdown.
        details: a small line, as the model's name.
        ending: why the answer ended.
        rows: buttons.
    """
    notes = [note for note in (_(_ENDINGS[ending]), details) if note]
    below = "\n".join(f"-# {note}" for note in notes)
    return Reply(f"{question_line(question)}{closed(text)}\n{below}", rows=rows)


def details_of(answer: Answer) -> str:
    """The model and the price."""
    return ngettext("{model} · {count} token", "{model} · {count} tokens", answer.tokens).format(
        model=answer.model, count=number(answer.tokens)
    )


def shower(question: str, progress: Progress) -> Callable[[str], None]:
    """Shows an answer as it grows: its end, with a cursor, in one message."""

    def show(text: str) -> None:
        progress(preview(question, text))

    return show


def preview(question: str, text: str) -> Reply:
    """An answer on the way; of a long one the part that is being written."""
    head = question_line(question)
    if len(head) + len(text) <= _PREVIEW:
        return Reply(f"{head}{closed(text + _CURSOR)}")
    from utilsbot.discord.split import split  # compiled patterns: not for every cold start

    *earlier, last = split(text, _PREVIEW - 200)
    note = _("Part {number}; the whole answer follows when it is written.")
    above = f"-# {note.format(number=len(earlier) + 1)}\n"
    return Reply(above + closed(last.removesuffix(_FENCE) + _CURSOR))


def closed(text: str) -> str:
    """The text with its last code block closed, if an early end left it open."""
    return f"{text}\n{_FENCE}" if text.count(_FENCE) % 2 else text
