"""What went wrong with an external service, for the log and for the user."""

from typing import NamedTuple

from utilsbot.errors import ServiceError, UserError
from utilsbot.i18n import _


class Fault(Exception):
    """What a service did wrong, put into words only where its name for users is known."""

    def __init__(self, why: str, **values: object) -> None:
        """What happened.

        Args:
            why: marked for translation, as N_("{service} did not answer in time").
            values: for the other braces in it.
        """
        super().__init__(why.format(service="The service", **values))
        self._why = why
        self._values = values

    def told(self, service: str) -> str:
        """The same for the user, in Markdown and without a full stop."""
        return _(self._why).format(service=f"**{service}**", **self._values)


class ProviderFailed(Fault):
    """A service did not do what it was asked."""

    def __init__(
        self, why: str, *, word: str, again: bool = False, blames_it: bool = True, **values: object
    ) -> None:
        """What happened.

        Args:
            why: as of Fault.
            word: for the log.
            again: whether another try soon may help.
            blames_it: whether it speaks against the service (and counts for its circuit breaker)
                and not against what was asked of it.
            values: for the other braces in `why`.
        """
        super().__init__(why, **values)
        self.word = word
        self.again = again
        self.blames_it = blames_it


class NoImage(Fault):
    """What a service delivered is no image that can be shown."""


class Attempt(NamedTuple):
    """A service that was tried, and why it gave nothing."""

    provider: str
    why: str
    """A clause in the reader's language that names it."""


def attempt_at(provider: str, fault: Fault) -> Attempt:
    """The try that ended so."""
    return Attempt(provider, fault.told(provider))


class ServicesFailed(UserError, ServiceError):
    """Every service failed; the user is told which and why, and it counts as a failure of ours."""

    def __init__(self, what: str, attempts: tuple[Attempt, ...], advice: str) -> None:
        """Args: what: whole sentence. advice: whole sentence, what to do next."""
        lines = "\n".join(f"- {attempt.why}" for attempt in attempts)
        super().__init__(f"{what}\n{lines}\n{advice}", title=_("No service answered"))
        self.attempts = attempts
