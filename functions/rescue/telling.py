"""Tells a user that a command could not be finished, unless they have an answer already."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Protocol

from functions.rescue.letters import Letter
from utilsbot.clock import Clock
from utilsbot.discord.interaction import TOKEN_LIFE_S, TOKEN_MARGIN_S, Interaction
from utilsbot.discord.snowflake import created_at
from utilsbot.error_reply import error_reply
from utilsbot.errors import DiscordError, RateLimited, UserError
from utilsbot.i18n import _, speak
from utilsbot.outbox import Outbox
from utilsbot.reply import Reply
from utilsbot.store.command_log import CommandLog
from utilsbot.tell_once import tell_once
from utilsbot.worker import Retry

RETRY_S = 10
_LOADING = 1 << 7
"""The message flag of a deferred answer that nobody has edited (resources/message.mdx)."""


class Abandoned(UserError):
    """What the user is told in place of an answer."""

    def __init__(self) -> None:
        """In the language that is spoken."""
        text = _(
            "The bot tried several times and could not finish this. Nothing you did is wrong: "
            "please try again in a minute. If it stays, give the reference below to whoever runs "
            "this bot."
        )
        super().__init__(text, title=_("This could not be finished"))


class AlreadyAnswered(Exception):
    """A worker has sent the answer, and died before it wrote that down."""


class Window(Outbox, Protocol):
    """Sends replies to Discord, and sees what is there; utilsbot.outbox.DiscordOutbox."""

    def shown(
        self, interaction: Interaction, *, received_at: float, deadline: float
    ) -> Mapping[str, Any]:
        """The answer as Discord shows it now.

        Raises:
            DiscordError: refused, or not answered before the deadline.
        """


class Teller:
    """Tells."""

    def __init__(self, window: Window, log: CommandLog, clock: Clock) -> None:
        """Args: log: where it is noted that a button's user was told. clock: the process's."""
        self._window = window
        self._log = log
        self._clock = clock

    def tell(self, letter: Letter, deadline: float) -> str:
        """Says that it failed; why it could not be said, or "".

        Args:
            letter: the command.
            deadline: moment of `clock.monotonic` that no wait and no request of Discord passes.

        Raises:
            AlreadyAnswered: the user has what the command answers.
            Retry: it may work in a moment, and the token lives that long.
            StoreError: it could not be noted, and so was not told.
        """
        made_at, now = created_at(letter.interaction.id), self._clock.now()
        left_s = made_at + TOKEN_LIFE_S - TOKEN_MARGIN_S - now
        if left_s <= 0:
            return "too late: Discord takes answers for 15 minutes"
        speak(str(letter.envelope.language))
        try:
            self._say(letter, min(deadline, self._clock.monotonic() + left_s))
        except DiscordError as error:
            wait_s = int(error.retry_after_s) + 1 if isinstance(error, RateLimited) else RETRY_S
            if error.passing and wait_s < left_s:
                raise Retry(f"discord: {error}", wait_s) from None
            return f"Discord: {error.status or 'no answer'}"
        return ""

    def _say(self, letter: Letter, deadline: float) -> None:
        reply = error_reply(Abandoned(), letter.entry.reference)
        interaction, received_at = letter.interaction, letter.entry.received_at
        if not letter.edits:  # the message that the button is on stays as it is
            tell = partial(
                self._window.tell, interaction, reply, received_at=received_at, deadline=deadline
            )
            tell_once(self._log, letter.entry, tell, self._clock, deadline)
            return
        if letter.answers_at_once:
            shown = self._window.shown(interaction, received_at=received_at, deadline=deadline)
            if not int(shown.get("flags") or 0) & _LOADING:
                if _is_ours(shown, reply):
                    return  # said at an earlier try that was not recorded
                raise AlreadyAnswered
        self._window.deliver(
            interaction,
            reply,
            private=letter.private,
            received_at=received_at,
            deadline=deadline,
        )


def _is_ours(shown: Mapping[str, Any], reply: Reply) -> bool:
    titles = [embed.get("title") for embed in shown.get("embeds") or () if isinstance(embed, dict)]
    return titles == [reply.embeds[0].title]
