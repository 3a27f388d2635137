"""Why the guarded client did not fetch something, in clauses for the user."""

from functions.network.guard.addresses import Range
from functions.network.guard.links import shown
from utilsbot.i18n import _, number


class GuardError(Exception):
    """Nothing was fetched; `why` is for the user, in their language, `word` goes to the log."""

    word = "failed"

    def __init__(self, why: str, advice: str = "") -> None:
        """Says what the matter is.

        Args:
            why: a clause without a full stop; names the host, never the whole address.
            advice: what to do next, a whole sentence, where the reason does not say enough.
        """
        super().__init__(why)
        self.why = why
        self.advice = advice

    def told(self, text: str) -> str:
        """A translated sentence with the reason as its {problem}, and what to do next."""
        return f"{text.format(problem=self.why)} {self.advice}".rstrip()


class Refusal(GuardError):
    """The host is not on the public internet, or the port is not a web port; nothing was sent."""

    word = "refused"

    def __init__(self, host: str, address: str, found: Range | None, why: str = "") -> None:
        """Args: address: of the host, empty if none was looked up. found: its range."""
        if found:
            why = _("`{host}` is not on the public internet; {network} is for {purpose}").format(
                host=shown(host), network=found.network, purpose=_(found.purpose)
            )
        nameless = _("`{host}` is no name of the public internet")
        super().__init__(why or nameless.format(host=shown(host)))
        self.host = host
        self.address = address
        self.found = found


class Unresolved(GuardError):
    """The name has no address, or nobody could say in time whether it has one."""

    word = "unresolved"

    def __init__(self, host: str, waited_s: float | None = None) -> None:
        """Args: host: ASCII. waited_s: how long an answer was waited for, if none came."""
        if waited_s is None:
            why, advice = _("`{host}` cannot be found"), _("Check the spelling.")
        else:
            why = _("`{host}` could not be looked up within {seconds} s")
            advice = _("Please try again in a minute.")
        super().__init__(why.format(host=shown(host), seconds=number(waited_s or 0)), advice)
        self.host = host


class Unreachable(GuardError):
    """No connection, or it broke."""

    word = "unreachable"


class TookTooLong(GuardError):
    """The time limit."""

    word = "timeout"


class NotHttp(GuardError):
    """What answered does not speak HTTP as it should."""

    word = "not_http"
