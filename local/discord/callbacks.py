"""What Discord does with the endpoint's answer to an interaction.

Source: interactions/receiving-and-responding.mdx, Interaction Callback Type.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NamedTuple

from pydantic import Field

from local.discord.components import Strict, between
from local.discord.editing import write_message
from local.discord.form import Problems, Refusal
from local.discord.messages import (
    EPHEMERAL,
    SUPPRESS_EMBEDS,
    SUPPRESS_NOTIFICATIONS,
    V2,
    VOICE,
)
from local.discord.modals import check_modal
from local.discord.state import Message, Session, State
from local.multipart import Part

TIME_LIMIT_S = 3.0
NO_RESPONSE = "The application did not respond"

PONG, MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 1, 4, 5, 6, 7, 8, 9
_ALLOWED: Mapping[int, frozenset[int]] = {
    1: frozenset({PONG}),
    2: frozenset({MESSAGE, DEFERRED, MODAL}),
    3: frozenset({MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, MODAL}),
    4: frozenset({CHOICES}),
    5: frozenset({MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE}),
}
RESPONSE_FLAGS = SUPPRESS_EMBEDS | EPHEMERAL | SUPPRESS_NOTIFICATIONS | VOICE | V2


class Outcome(NamedTuple):
    """What the user sees of an answer."""

    session: Session | None = None
    message: Message | None = None
    choices: Sequence[Mapping[str, Any]] = ()
    error: str | None = None
    """Why there is nothing to see: a sentence of the client, then what was wrong."""


class _Choice(Strict):
    name: Annotated[str, between(1, 100)]
    value: Annotated[str, Field(max_length=100)] | int | float


class _Choices(Strict):
    choices: Annotated[list[_Choice], Field(max_length=25)]


def apply_callback(
    state: State, session: Session, callback: Any, files: Sequence[Part] = ()
) -> Outcome:
    """Carries out a callback that came in time.

    The session is not yet remembered; it is, if Discord accepts the callback (decoded JSON).
    """
    kind = callback.get("type") if isinstance(callback, Mapping) else None
    interaction_type = int(session.body["type"])
    if not isinstance(kind, int) or kind not in _ALLOWED.get(interaction_type, frozenset()):
        return _failed(
            f"a callback of type {kind} cannot answer an interaction of type {interaction_type}"
        )
    if kind in {DEFERRED_UPDATE, UPDATE} and session.body.get("message") is None:
        return _failed("no component opened this modal, so there is no message to update")
    data = callback.get("data")
    session.callback_type = kind
    try:
        return _apply(state, session, data if isinstance(data, Mapping) else {}, files)
    except Refusal as refusal:
        return _failed(f"{refusal.message} {refusal.errors or ''}".strip())


def _failed(why: str) -> Outcome:
    return Outcome(error=f"{NO_RESPONSE} ({why})")


def late(elapsed_s: float) -> Outcome:
    """The outcome of an answer after Discord's 3 s: the token is dead."""
    return _failed(f"the answer took {elapsed_s:.1f} s, Discord waits {TIME_LIMIT_S:.0f} s")


def _apply(
    state: State, session: Session, data: Mapping[str, Any], files: Sequence[Part]
) -> Outcome:
    kind = session.callback_type
    if kind == PONG:
        return Outcome()
    if kind == CHOICES:
        return Outcome(choices=_choices(data))
    if kind == MODAL:
        problems = Problems()
        check_modal(data, problems)
        problems.finish()
        session.modal = data
        state.add_session(session)
        return Outcome(session)
    message = _new(state, session, data, files) if kind in {MESSAGE, DEFERRED} else None
    message = message or _updated(state, session, data, files)
    session.original_id = message.id
    state.add_session(session)
    return Outcome(session, message)


def _choices(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    problems = Problems()
    checked = problems.read(_Choices, data, ("data",))
    problems.finish()
    return [choice.model_dump() for choice in checked.choices] if checked else []


def _new(state: State, session: Session, data: Mapping[str, Any], files: Sequence[Part]) -> Message:
    flags = data.get("flags") or 0
    session.private = bool(isinstance(flags, int) and flags & EPHEMERAL)
    if session.callback_type == DEFERRED and flags not in {0, EPHEMERAL}:
        raise Refusal(400, 50035, "a deferral takes no flag but EPHEMERAL")
    message = state.add_message(session, private=session.private)
    if session.callback_type == DEFERRED:
        message.deferred = True
        state.defer(session)
        return message
    try:
        write_message(state, session, message, data, files, allowed_flags=RESPONSE_FLAGS)
    except Refusal:
        del state.messages[message.id]
        raise
    session.final_ms = session.ack_ms
    message.take_times(session)
    return message


def _updated(
    state: State, session: Session, data: Mapping[str, Any], files: Sequence[Part]
) -> Message:
    message = state.messages.get(str((session.body.get("message") or {}).get("id")))
    if message is None:
        raise Refusal(404, 10008, "Unknown Message")
    session.private = message.private
    if session.callback_type == DEFERRED_UPDATE:
        state.defer(session)
        return message
    write_message(state, session, message, data, files, allowed_flags=RESPONSE_FLAGS)
    message.edited_at = state.now()
    session.final_ms = session.ack_ms
    message.take_times(session)
    return message
