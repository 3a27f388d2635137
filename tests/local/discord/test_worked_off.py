"""An answer is final when its worker is done, not when something is to be seen."""

from local.discord.state import Session, State
from local.discord.world import PLACES, USERS, World
from local.poller import interaction_of
from tests.interactions import NOW, command_interaction
from utilsbot.envelope import Envelope


def _session(state: State) -> Session:
    body = command_interaction("ask", options={"question": "x"})
    session = Session(body, USERS[0], PLACES[0], NOW, NOW, 5)
    state.add_session(session)
    return session


def _state() -> State:
    return State(World(frozenset()), lambda: NOW)


def test_a_streamed_answer_is_open_until_its_worker_is_done() -> None:
    """The first edit ends the "thinking", and not the waiting of `utilsbot send`."""
    state = _state()
    session = _session(state)

    state.defer(session)
    assert (session.pending, session.in_hand) == (True, True)
    state.work_off(session.id)
    assert session.in_hand is False


def test_a_worker_that_is_quicker_than_the_acknowledgement_is_remembered() -> None:
    """The queue's worker may finish before Discord has seen the deferral."""
    state = _state()
    session = _session(state)

    state.work_off(session.id)
    state.defer(session)
    assert session.in_hand is False


def test_a_message_of_a_queue_names_its_interaction() -> None:
    """What is no envelope of ours names none."""
    body = command_interaction("ask")

    assert interaction_of({"Body": Envelope(body, NOW).encode()}) == body["id"]
    assert interaction_of({"Body": "{}"}) is None
