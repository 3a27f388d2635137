"""Every error that we raise on purpose.

    UtilsBotError
    ├── UserError                 the text is for the user: what is wrong and what to do next
    │   ├── BadInput              an option or a field is not acceptable
    │   ├── NotConfigured         the operator has not set up what this needs
    │   ├── UnknownCommand        Discord knows a command or a component that we do not
    │   └── Refused               the gate said no
    │       └── CoolingDown       … until retry_at
    └── ServiceError              something outside failed
        ├── StoreError            DynamoDB did not answer, or refused
        ├── QueueError            SQS did not take the command
        ├── DownloadError         an attachment could not be fetched
        └── DiscordError          Discord's API refused or did not answer
            ├── RateLimited       … and wants us to wait retry_after_s
            ├── TokenExpired      … because the interaction's 15 minutes are over, or it is gone
            └── OutcomeUnknown    … or it did, but a POST must not be repeated

utilsbot.error_reply turns any of them into what the user sees, in one place.
"""

from utilsbot.i18n import _


class UtilsBotError(Exception):
    """The root."""


class UserError(UtilsBotError):
    """Something the user can mend; `text` is shown as it is."""

    def __init__(self, text: str, *, title: str | None = None) -> None:
        """Args: text: Markdown, whole sentences. title: the embed's title. Both translated."""
        super().__init__(text)
        self.text = text
        self.title = title or _("That did not work")


class BadInput(UserError):
    """An option or a modal's field is not acceptable."""

    def __init__(self, text: str, *, option: str | None = None) -> None:
        """Args: option: the name of the option or field, if it is one."""
        super().__init__(text, title=_("Please check your input"))
        self.option = option


class NotConfigured(UserError):
    """The operator has not set up what the command needs."""

    def __init__(self, what: str) -> None:
        """Args: what: the part's name, as in "AI chat"."""
        super().__init__(
            _("{what} is not set up on this bot. Whoever runs it can switch it on.").format(
                what=what
            ),
            title=_("Not configured"),
        )


class UnknownCommand(UserError):
    """Discord sent a command, button or form that this version does not know."""

    def __init__(self) -> None:
        """Always the same sentence: it is about the version and not about what was typed."""
        super().__init__(
            _(
                "This is from another version of the bot. Please type the command again; if "
                "Discord still offers the old one, restart Discord."
            ),
            title=_("Out of date"),
        )


class Overdue(UserError):
    """The command waited so long that the time for its answer is nearly over."""

    def __init__(self) -> None:
        """Always the same sentence."""
        super().__init__(
            _("Too many commands came at once, and this one waited too long. Please try it again."),
            title=_("The bot was too busy"),
        )


class Refused(UserError):
    """The gate said no; `reason` is the short word that logs and metrics carry."""

    def __init__(self, reason: str, text: str) -> None:
        """Args: reason: as `blacklisted`, `not_whitelisted`, `switched_off`, `maintenance`."""
        super().__init__(text, title=_("Not now") if reason == "cooldown" else _("Not available"))
        self.reason = reason


class CoolingDown(Refused):
    """The caller has used the command too often; the refusal itself costs nothing."""

    def __init__(self, retry_at: float) -> None:
        """Args: retry_at: epoch seconds from when the next use is accepted."""
        moment = f"<t:{-int(-retry_at // 1)}:R>"
        super().__init__("cooldown", _("You can use this again {moment}.").format(moment=moment))
        self.retry_at = retry_at


class ServiceError(UtilsBotError):
    """Something outside failed; trying again later may help."""


class StoreError(ServiceError):
    """DynamoDB did not answer in time, or refused."""


class QueueError(ServiceError):
    """SQS did not take the command."""


class DownloadError(ServiceError):
    """An attachment could not be fetched from Discord."""


class DiscordError(ServiceError):
    """Discord's API refused or did not answer."""

    def __init__(self, message: str, *, status: int = 0, code: int = 0) -> None:
        """Args: status: HTTP status, 0 for none. code: Discord's JSON error code, 0 for none."""
        super().__init__(message)
        self.status = status
        self.code = code

    @property
    def passing(self) -> bool:
        """Whether another try later may work."""
        return self.status in {0, 404, 429} or self.status >= 500


class RateLimited(DiscordError):
    """The wait that Discord asks for is longer than this invocation has left."""

    def __init__(self, retry_after_s: float, scope: str) -> None:
        """Args: retry_after_s: seconds. scope: user, shared or global."""
        super().__init__(f"429, {scope} scope, retry after {retry_after_s} s", status=429)
        self.retry_after_s = retry_after_s
        self.scope = scope


class TokenExpired(DiscordError):
    """The interaction's token is dead, or its message was deleted: nobody is there to answer."""

    @property
    def passing(self) -> bool:
        """Never."""
        return False


class OutcomeUnknown(DiscordError):
    """No answer came, so it may or may not have worked, and it is not repeated.

    So it is of a POST, which could post twice, and of an edit that is not worth a second try.
    """
