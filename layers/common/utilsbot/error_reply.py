"""The one place where an error becomes what the user sees."""

from utilsbot.errors import (
    DiscordError,
    DownloadError,
    RateLimited,
    Refused,
    ServiceError,
    UserError,
)
from utilsbot.i18n import _
from utilsbot.reply import Colour, Embed, Reply

AUTOMOD_BLOCKED = 200000
"""Discord's error code for a message that the server's AutoMod stopped."""


def error_reply(error: BaseException, reference: str) -> Reply:
    """The reply that tells a user what went wrong and what to do next.

    Args:
        error: a UserError speaks for itself; of anything else no detail reaches the user.
        reference: the reference id, which finds the log line.
    """
    if isinstance(error, UserError):
        title, text = error.title, error.text
        colour = Colour.WARNING if isinstance(error, Refused) else Colour.ERROR
    elif isinstance(error, DownloadError):
        title, colour = _("File not readable"), Colour.ERROR
        text = _("Discord did not hand over the attached file. Please attach it again.")
    elif isinstance(error, DiscordError) and error.code == AUTOMOD_BLOCKED:
        title, colour = _("Blocked by this server"), Colour.WARNING
        text = _(
            "This server's AutoMod does not let the answer through. Try it in a direct message."
        )
    elif isinstance(error, RateLimited):
        title, colour = _("Discord is busy"), Colour.WARNING
        text = _("Discord asks us to slow down. Please try again in a minute.")
    elif isinstance(error, ServiceError) and not _is_our_mistake(error):
        title, colour = _("Something we need is not answering"), Colour.WARNING
        text = _("A part of the bot did not answer in time. Please try again in a moment.")
    else:
        title, colour = _("Something went wrong on our side"), Colour.ERROR
        text = _(
            "Nothing you did is wrong. Please try again; if it stays, give the reference below to "
            "whoever runs this bot."
        )
    footer = _("Reference {reference}").format(reference=reference)
    return Reply(embeds=(Embed(title, text, colour=colour, footer=footer),))


def _is_our_mistake(error: ServiceError) -> bool:
    """Whether Discord answered that we sent something wrong."""
    return isinstance(error, DiscordError) and 400 <= error.status < 500
