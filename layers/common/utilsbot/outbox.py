"""How a worker's replies reach Discord."""

from contextlib import suppress
from typing import Any, Protocol

from utilsbot.discord.interaction import Interaction
from utilsbot.discord.messages import message_limit, render
from utilsbot.discord.rest import DiscordApi
from utilsbot.errors import DiscordError, OutcomeUnknown
from utilsbot.reply import Reply


class Outbox(Protocol):
    """Sends replies to Discord."""

    def deliver(
        self,
        interaction: Interaction,
        reply: Reply,
        *,
        private: bool,
        received_at: float,
        deadline: float,
    ) -> None:
        """Edits the deferred answer and posts what does not fit into it.

        Raises:
            DiscordError: refused or not answered.
            UserError: the reply cannot be sent as it is (a file is too large).
        """

    def preview(
        self, interaction: Interaction, reply: Reply, *, received_at: float, deadline: float
    ) -> None:
        """Edits the deferred answer on the way, with the reply's first message and no files.

        Raises:
            DiscordError: refused, or not answered before the deadline.
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

    def __init__(self, api: DiscordApi) -> None:
        """Args: api: Discord's REST API."""
        self._api = api

    def deliver(
        self,
        interaction: Interaction,
        reply: Reply,
        *,
        private: bool,
        received_at: float,
        deadline: float,
    ) -> None:
        """Edits the deferred answer, then posts what does not fit into it.

        A follow-up that fails cannot be repeated with certainty; then the first message is edited
        once more and carries the whole text as a file, so that nothing is lost or posted twice.
        """
        most = message_limit(interaction.user_install_only)
        limit = interaction.attachment_size_limit
        first, *more = render(reply, attachment_limit_bytes=limit, max_messages=most)
        where = (interaction.application_id, interaction.token)
        self._api.edit_original(*where, first, received_at=received_at, deadline=deadline)
        try:
            for message in more:
                self._api.follow_up(
                    *where, message, private=private, received_at=received_at, deadline=deadline
                )
        except DiscordError:
            (whole,) = render(reply, attachment_limit_bytes=limit, max_messages=1)
            self._api.edit_original(*where, whole, received_at=received_at, deadline=deadline)

    def preview(
        self, interaction: Interaction, reply: Reply, *, received_at: float, deadline: float
    ) -> None:
        """Edits the deferred answer on the way, with the reply's first message and no files."""
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
