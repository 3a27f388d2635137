"""What went wrong with an external service, for the log and for the user."""

from typing import NamedTuple

from utilsbot.errors import ServiceError, UserError


class ProviderFailed(Exception):
    """A service did not do what it was asked."""

    def __init__(self, why: str, *, word: str, again: bool = False, blames_it: bool = True) -> None:
        """What happened.

        Args:
            why: the end of a sentence for the user, as "did not answer in time".
            word: for the log.
            again: whether another try soon may help.
            blames_it: whether it speaks against the service (and counts for its circuit breaker)
                and not against what was asked of it.
        """
        super().__init__(why)
        self.why = why
        self.word = word
        self.again = again
        self.blames_it = blames_it


class NoImage(Exception):
    """What a service delivered is no image that can be shown; the text ends a sentence."""


class Attempt(NamedTuple):
    """A service that was tried, and why it gave nothing."""

    provider: str
    why: str


class ServicesFailed(UserError, ServiceError):
    """Every service failed; the user is told which and why, and it counts as a failure of ours."""

    def __init__(self, what: str, attempts: tuple[Attempt, ...], advice: str) -> None:
        """Args: what: whole sentence. advice: whole sentence, what to do next."""
        lines = "\n".join(f"- **{attempt.provider}** {attempt.why}" for attempt in attempts)
        super().__init__(f"{what}\n{lines}\n{advice}", title="No service answered")
        self.attempts = attempts
