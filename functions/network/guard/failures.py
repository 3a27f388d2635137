"""Why the guarded client did not fetch something, in clauses for the user."""

from functions.network.guard.addresses import Range
from utilsbot.i18n import _


class GuardError(Exception):
    """Nothing was fetched; `why` is for the user, in their language, `word` goes to the log."""

    word = "failed"

    def __init__(self, why: str) -> None:
        """Args: why: a clause without a full stop; names the host, never the whole address."""
        super().__init__(why)
        self.why = why


class Refusal(GuardError):
    """The host is not on the public internet, or the port is not a web port; nothing was sent."""

    word = "refused"

    def __init__(self, host: str, address: str, found: Range | None, why: str = "") -> None:
        """Args: address: of the host, empty if none was looked up. found: its range."""
        if found:
            why = _("`{host}` is not on the public internet: {network} is {name}").format(
                host=host, network=found.network, name=_(found.name)
            )
        super().__init__(why or _("`{host}` is no name of the public internet").format(host=host))
        self.host = host
        self.address = address
        self.found = found


class Unresolved(GuardError):
    """The name has no address."""

    word = "unresolved"

    def __init__(self, host: str, why: str) -> None:
        """Args: why: a clause without a full stop."""
        super().__init__(f"`{host}`: {why}")
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
