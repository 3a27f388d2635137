"""How a worker's replies reach Discord."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, Protocol

from utilsbot.clock import Clock
from utilsbot.discord.interaction import Interaction
from utilsbot.discord.messages import Message, message_limit, render
from utilsbot.discord.rest import DiscordApi
from utilsbot.errors import DiscordError, OutcomeUnknown
from utilsbot.reply import Reply

_LATE_S = 2.0
"""For so long an edit that Discord left unanswered may still be carried out."""


class Outbox(Protocol):
    """Sends replies to Discord."""

    def silence_s(self, interaction: Interaction) -> float:
        """For how long Discord wants nothing of us here, as far as it has said so; seconds."""

    def deliver(
        self,
        interaction: Interaction,
        reply: Reply,
        *,
        private: bool,
        received_at: float,
        deadline: float,
        again: bool = False,
        adrift: bool = False,
    ) -> None:
        """Edits the deferred answer and posts what does not fit into it.

        Args:
            interaction: whose answer it is.
            reply: the answer.
            private: only the caller sees what is posted.
            received_at: epoch seconds when the interaction arrived.
            deadline: moment of the monotonic clock at which it is over.
            again: an earlier try may have posted; then nothing is posted.
            adrift: an edit on the way may still be carried out; then the last word is repeated.

        Raises:
            DiscordError: refused or not answered.
            UserError: the reply cannot be sent as it is (a file is too large).
        """

    def preview(
        self, interaction: Interaction, reply: Reply, *, received_at: float, deadline: float
    ) -> None:
        """Edits the deferred answer on the way, with the reply's first message and no files.

        Raises:
            OutcomeUnknown: no answer came before the deadline.
            DiscordError: refused.
            UserError: the reply cannot be sent as it is.
        """

    def tell(
        self, interaction: Interaction, reply: Reply, *, received_at: float, deadline: float
    ) -> None:
        """Posts a private message beside the one that the component is on, which stays as it is.

        Raises:
            DiscordError: refused or not answered.
        """


class DiscordOutbox:
    """Sends replies through an interaction's webhook."""

    def __init__(self, api: DiscordApi, clock: Clock | None = None) -> None:
        """Args: api: Discord's REST API. clock: the api's."""
        self._api = api
        self._clock = clock or Clock()

    def silence_s(self, interaction: Interaction) -> float:
        """As a 429 or an emptied bucket said it; it is the same for every call of this process."""
        return self._api.silence_s(interaction.application_id, interaction.token)

    def deliver(
        self,
        interaction: Interaction,
        reply: Reply,
        *,
        private: bool,
        received_at: float,
        deadline: float,
        again: bool = False,
        adrift: bool = False,
    ) -> None:
        """Edits the deferred answer, then posts what does not fit into it.

        A follow-up that fails cannot be repeated with certainty; then the first message is edited
        once more and carries the whole text as a file, so that nothing is lost or posted twice. So
        it is at once where an earlier try may have posted.
        """
        most = 1 if again else message_limit(interaction.user_install_only)
        limit = interaction.attachment_size_limit
        last, *more = render(reply, attachment_limit_bytes=limit, max_messages=most)
        where = (interaction.application_id, interaction.token)
        bounds: Any = {"received_at": received_at, "deadline": deadline}
        edit: Callable[[Message], object] = partial(self._api.edit_original, *where, **bounds)
        edit(last)
        try:
            for message in more:
                self._api.follow_up(*where, message, private=private, **bounds)
        except DiscordError:
            (last,) = render(reply, attachment_limit_bytes=limit, max_messages=1)
            edit(last)
        if adrift and self._clock.monotonic() + _LATE_S < deadline:
            self._clock.sleep(_LATE_S)
            with suppress(DiscordError):
                edit(last)

    def preview(
        self, interaction: Interaction, reply: Reply, *, received_at: float, deadline: float
    ) -> None:
        """Edits the deferred answer on the way, once, with the first message and no files."""
        first, *_ = render(
            reply._replace(files=()),
            attachment_limit_bytes=interaction.attachment_size_limit,
            max_messages=message_limit(interaction.user_install_only),
        )
        self._api.edit_original(
            interaction.application_id,
            interaction.token,
            first._replace(files=()),
            received_at=received_at,
            deadline=deadline,
            once=True,
        )

    def shown(
        self, interaction: Interaction, *, received_at: float, deadline: float
    ) -> dict[str, Any]:
        """The answer as Discord shows it now: a message object.

        Raises:
            DiscordError: refused, or not answered before the deadline.
        """
        where = (interaction.application_id, interaction.token)
        return self._api.get_original(*where, received_at=received_at, deadline=deadline)

    def tell(
        self, interaction: Interaction, reply: Reply, *, received_at: float, deadline: float
    ) -> None:
        """Posts a private message; one that may or may not be there is not posted again."""
        (message,) = render(
            reply, attachment_limit_bytes=interaction.attachment_size_limit, max_messages=1
        )
        with suppress(OutcomeUnknown):
            self._api.follow_up(
                interaction.application_id,
                interaction.token,
                message,
                private=True,
                received_at=received_at,
                deadline=deadline,
            )
