"""What users are told when there is no answer: one clear text for each way to fail.

docs/ai.md quotes them; tests/functions/ai/test_ai_failures.py provokes each against the stand-in
and compares the docs.
"""

from functions.ai.model import Failure, ModelFailed
from utilsbot.errors import ServiceError, UserError
from utilsbot.i18n import N_, _, number

_TEXTS: dict[Failure, tuple[str, str]] = {
    Failure.UNKNOWN_MODEL: (
        N_("AI model not found"),
        N_(
            "Google no longer has the AI model that this bot is set to use. Whoever runs the bot "
            "has to choose another one; trying again will not help until then."
        ),
    ),
    Failure.QUOTA: (
        N_("AI quota used up"),
        N_(
            "Google does not take more questions from this bot for the moment. Your own allowance "
            "was not charged for this one."
        ),
    ),
    Failure.OVERLOADED: (
        N_("AI is overloaded"),
        N_(
            "Google's AI is overloaded or out of order at the moment. Please try again in a "
            "minute; your allowance was not charged."
        ),
    ),
    Failure.BLOCKED: (
        N_("Blocked by the safety filter"),
        N_(
            "Google's safety filter stopped this question or its answer. Put it in other words, or "
            "leave out the part that may be taken as harmful."
        ),
    ),
    Failure.EMPTY: (
        N_("No answer"),
        N_(
            "The AI answered with nothing at all, which happens with very short or unclear "
            "questions. Ask it in other words."
        ),
    ),
    Failure.TIMEOUT: (
        N_("The AI took too long"),
        N_(
            "No answer came in time. A shorter or simpler question is answered faster; or try "
            "again in a moment."
        ),
    ),
    Failure.TOO_LONG: (
        N_("Too much text"),
        N_(
            "The question with everything that belongs to it is longer than the AI model takes. "
            "Shorten it, attach a smaller file, or begin a new topic."
        ),
    ),
    Failure.BAD_KEY: (
        N_("AI access refused"),
        N_(
            "Google refuses the key that this bot uses for its AI. Whoever runs the bot has to "
            "renew it; trying again will not help until then."
        ),
    ),
    Failure.REFUSED: (
        N_("The AI did not take the question"),
        N_(
            "Google's AI cannot work with this question or file. Try it without the file, or save "
            "the picture in another format."
        ),
    ),
    Failure.UNREACHABLE: (
        N_("AI not reachable"),
        N_(
            "The connection to Google's AI failed. Please try again in a moment; your allowance "
            "was not charged."
        ),
    ),
}

_QUOTA_UNTIL = N_(
    "Google does not take more questions from this bot before {moment}. Your own allowance was not "
    "charged for this one."
)
"""Where Google says when to ask again."""

_ALLOWANCES = {
    "user": N_(
        "Your AI allowance for today ({requests} questions, {tokens} tokens) does not cover this "
        "question."
    ),
    "guild": N_(
        "This server's AI allowance for today ({requests} questions, {tokens} tokens) does not "
        "cover this question."
    ),
    "everybody": N_(
        "The whole bot's AI allowance for today ({requests} questions, {tokens} tokens) does not "
        "cover this question."
    ),
}

_USERS_PART = {Failure.BLOCKED, Failure.TOO_LONG, Failure.EMPTY, Failure.REFUSED}


class NoAnswer(UserError):
    """The question is what there is no answer to."""


class AiUnavailable(UserError, ServiceError):
    """The service is why there is no answer; counts as a failure of ours."""


class AllowanceSpent(UserError):
    """A daily allowance does not cover the question; nothing was sent."""


def no_answer(failed: ModelFailed, now: float) -> UserError:
    """The error for the user.

    Args:
        failed: how it failed.
        now: epoch seconds, for when to try again.
    """
    title, text = _TEXTS[failed.failure]
    if failed.failure is Failure.QUOTA and failed.retry_after_s:
        moment = f"<t:{-int(-(now + failed.retry_after_s) // 1)}:t>"
        told = _(_QUOTA_UNTIL).format(moment=moment)
    else:
        told = _(text)
    kind = NoAnswer if failed.failure in _USERS_PART else AiUnavailable
    return kind(told, title=_(title))


def too_long(tokens: int, most: int) -> UserError:
    """The refusal of a question that is too long, before anything is sent."""
    return NoAnswer(
        _(
            "The question with everything that belongs to it is about {tokens} tokens (a token is "
            "about four letters); this bot takes {most}. Shorten it or attach a smaller file."
        ).format(tokens=number(tokens), most=number(most)),
        title=_(_TEXTS[Failure.TOO_LONG][0]),
    )


def allowance_spent(whose: str, requests: int, tokens: int, again_at: int) -> UserError:
    """The refusal when an allowance is used up.

    Args:
        whose: `user`, `guild` or `everybody`.
        requests: the allowance a day.
        tokens: the allowance a day.
        again_at: epoch seconds when the next day begins.
    """
    told = _(_ALLOWANCES[whose]).format(requests=number(requests), tokens=number(tokens))
    again = _("It starts again {moment}; `/usage` shows what you have used.").format(
        moment=f"<t:{again_at}:R>"
    )
    return AllowanceSpent(f"{told} {again}", title=_("AI allowance used up"))
