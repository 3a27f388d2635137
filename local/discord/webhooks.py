"""The webhook of an interaction: @original and follow-ups. Source: receiving-and-responding.mdx."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from local.discord.editing import write_message
from local.discord.form import Refusal
from local.discord.messages import EPHEMERAL, SUPPRESS_EMBEDS, SUPPRESS_NOTIFICATIONS, V2
from local.discord.state import TOKEN_LIFE_S, Message, Session, State
from local.multipart import Part

EDIT_FLAGS = SUPPRESS_EMBEDS | V2 | EPHEMERAL  # EPHEMERAL is taken and has no effect
FOLLOWUP_FLAGS = SUPPRESS_EMBEDS | EPHEMERAL | SUPPRESS_NOTIFICATIONS | V2
MAX_USER_INSTALL_FOLLOWUPS = 5


class Change(NamedTuple):
    """What a call did to a message."""

    message: Message
    deleted: bool = False
    changed: bool = True


class Webhooks:
    """Calls by interaction token."""

    def __init__(self, state: State) -> None:
        """Args: state: whose sessions the tokens belong to."""
        self._state = state

    def session(self, application_id: str, token: str) -> Session:
        """The interaction of a token.

        Raises:
            Refusal: unknown, not yet known (the 404 race), or over.
        """
        session = self._state.session_of_token(token)
        now = self._state.now()
        if session is None or str(session.body["application_id"]) != application_id:
            raise Refusal(404, 10015, "Unknown Webhook")
        if now < session.known_from:
            raise Refusal(404, 10015, "Unknown Webhook")
        if now - session.created_at > TOKEN_LIFE_S:
            raise Refusal(401, 50027, "Invalid Webhook Token")
        return session

    def get(self, session: Session, name: str) -> Change:
        """Reads a message. Raises: Refusal: there is none."""
        return Change(self._message(session, name), changed=False)

    def edit(self, session: Session, name: str, body: Any, files: Sequence[Part]) -> Change:
        """Edits a message; the first edit of a deferred one is its answer.

        Raises:
            Refusal: there is no such message, or the body breaks a limit.
        """
        message = self._message(session, name)
        write_message(self._state, session, message, body, files, allowed_flags=EDIT_FLAGS)
        self._settle(session, message)
        return Change(message)

    def delete(self, session: Session, name: str) -> Change:
        """Deletes a message. Raises: Refusal: there is none."""
        message = self._message(session, name)
        del self._state.messages[message.id]
        session.pending = False
        return Change(message, deleted=True)

    def create(self, session: Session, body: Any, files: Sequence[Part]) -> Change:
        """A follow-up; right after a deferral it acts as the edit of @original.

        Raises:
            Refusal: too many for a user-installed app, or the body breaks a limit.
        """
        original = self._state.messages.get(session.original_id or "")
        if original and original.deferred:
            write_message(self._state, session, original, body, files, allowed_flags=FOLLOWUP_FLAGS)
            self._settle(session, original)
            return Change(original)
        owners = session.body.get("authorizing_integration_owners") or {}
        if set(owners) == {"1"} and session.followups >= MAX_USER_INSTALL_FOLLOWUPS:
            raise Refusal(
                400, 40094, "This interaction has reached the maximum number of follow-ups"
            )
        flags = body.get("flags") if isinstance(body, Mapping) else 0
        private = isinstance(flags, int) and bool(flags & EPHEMERAL)
        message = self._state.add_message(session, private=private)
        message.is_followup = True
        try:
            write_message(self._state, session, message, body, files, allowed_flags=FOLLOWUP_FLAGS)
        except Refusal:
            del self._state.messages[message.id]
            raise
        session.followups += 1
        return Change(message)

    def _message(self, session: Session, name: str) -> Message:
        message_id = session.original_id if name == "@original" else name
        message = self._state.messages.get(message_id or "")
        if message is None:
            raise Refusal(404, 10008, "Unknown Message")
        mine = message.interaction_id == session.id or message.id == session.original_id
        if not mine:
            raise Refusal(404, 10008, "Unknown Message")
        return message

    def _settle(self, session: Session, message: Message) -> None:
        """Notes that an edit came; until the worker is done, a later one is the answer."""
        now = self._state.now()
        elapsed_ms = round((now - session.created_at) * 1000, 1)
        if session.pending or session.in_hand:
            session.pending, session.final_ms = False, elapsed_ms
            message.take_times(session)
        if not message.deferred:
            message.edited_at = now
        message.deferred = False
