"""local.discord: callbacks, webhooks, visibility and rate limits, in process."""

from typing import Any

import pytest

from local.discord.callbacks import NO_RESPONSE, apply_callback
from local.discord.form import Refusal
from local.discord.inbound import BadInput, Inbound
from local.discord.messages import EPHEMERAL
from local.discord.rate_limits import WEBHOOK, RateLimits
from local.discord.render import page_message
from local.discord.state import Message, Session, State
from local.discord.webhooks import Webhooks
from local.discord.world import APPLICATION_ID, PLACES, USERS, World, dm_channel_id
from local.multipart import Part

URL = "http://127.0.0.1:1"
ADA, BEN = USERS[:2]
GUILD, DM, GROUP = PLACES[0], PLACES[2], PLACES[3]


class Time:
    """A clock that tests set."""

    def __init__(self) -> None:
        """Starts at some time."""
        self.now = 1_790_000_000.0

    def __call__(self) -> float:
        """Epoch seconds."""
        return self.now


@pytest.fixture
def time() -> Time:
    """Time that stands still."""
    return Time()


@pytest.fixture
def state(time: Time) -> State:
    """An empty Discord."""
    return State(World(), time)


def _session(state: State, *, place: Any = GUILD, **body: Any) -> Session:
    command = {"id": "1", "name": "hash", "type": 1}
    interaction = Inbound(state, URL).command(ADA, place, command, [], {}) | body
    now = state.now()
    return Session(interaction, ADA, place, now, now, 0, ack_ms=5.0)


def _deferred(state: State, flags: int = 0, **more: Any) -> Session:
    session = _session(state, **more)
    outcome = apply_callback(state, session, {"type": 5, "data": {"flags": flags}})
    assert outcome.error is None
    return session


def test_a_deferral_is_finished_by_an_edit(state: State, time: Time) -> None:
    """Thinking until the PATCH; the time that it took is kept."""
    session = _deferred(state)
    message = state.messages[session.original_id or ""]
    assert page_message(message, URL)["deferred"]
    time.now += 0.25

    Webhooks(state).edit(session, "@original", {"content": "done"}, [])

    assert not page_message(message, URL)["deferred"]
    assert (message.content, message.final_ms, session.pending) == ("done", 250.0, False)


def test_privacy_is_decided_by_the_first_answer(state: State) -> None:
    """An edit's EPHEMERAL flag changes nothing."""
    public, private = _deferred(state), _deferred(state, EPHEMERAL)
    webhooks = Webhooks(state)

    shown = webhooks.edit(public, "@original", {"content": "a", "flags": EPHEMERAL}, []).message
    hidden = webhooks.edit(private, "@original", {"content": "a"}, []).message

    assert (shown.visible_to(ADA.id), shown.visible_to(BEN.id)) == (True, True)
    assert (hidden.visible_to(ADA.id), hidden.visible_to(BEN.id)) == (True, False)


def test_nothing_may_end_empty(state: State) -> None:
    """Error 50006, and the message still waits."""
    session = _deferred(state)

    with pytest.raises(Refusal, match="50006"):
        Webhooks(state).edit(session, "@original", {"content": " "}, [])

    assert session.pending


def test_an_attachments_list_names_what_stays(state: State) -> None:
    """Files that it leaves out vanish; attachment:// becomes an address that is served."""
    session, webhooks = _deferred(state), Webhooks(state)
    files = [
        Part("files[0]", b"a", "a.png", "image/png"),
        Part("files[1]", b"b", "b.png", "image/png"),
    ]
    both = [{"id": 0, "description": "first"}, {"id": 1}]
    embed = {"image": {"url": "attachment://b.png"}}
    message = webhooks.edit(
        session, "@original", {"attachments": both, "embeds": [embed]}, files
    ).message
    kept = message.files[1]
    assert message.files[0].description == "first"

    webhooks.edit(session, "@original", {"attachments": [{"id": kept.id}]}, [])

    assert [kept] == message.files
    shown = page_message(message, URL)
    assert URL + kept.path == shown["embeds"][0]["image"]["url"] == shown["attachments"][0]["url"]


def test_a_token_is_unknown_early_and_dead_late(state: State, time: Time) -> None:
    """10015 before Discord has processed the deferral, 50027 after 15 minutes."""
    session, webhooks = _deferred(state), Webhooks(state)
    session.known_from = time.now + 1
    with pytest.raises(Refusal, match="404 10015"):
        webhooks.session(APPLICATION_ID, session.token)
    time.now += 1
    assert session is webhooks.session(APPLICATION_ID, session.token)
    time.now += 15 * 60
    with pytest.raises(Refusal, match="401 50027"):
        webhooks.session(APPLICATION_ID, session.token)
    with pytest.raises(Refusal, match="404 10015"):
        webhooks.session(APPLICATION_ID, "another")


def test_a_follow_up_after_a_deferral_is_its_edit(state: State) -> None:
    """Deprecated, and so it works; the next one is a message of its own."""
    session, webhooks = _deferred(state), Webhooks(state)

    first = webhooks.create(session, {"content": "a", "flags": EPHEMERAL}, []).message
    second = webhooks.create(session, {"content": "b", "flags": EPHEMERAL}, []).message

    assert (session.original_id, False) == (first.id, first.private)
    assert (second.is_followup, second.private) == (True, True)


def test_user_installed_apps_have_five_follow_ups(state: State) -> None:
    """Error 40094 for the sixth."""
    session, webhooks = _session(state, place=GROUP), Webhooks(state)
    apply_callback(state, session, {"type": 4, "data": {"content": "a"}})
    for _ in range(5):
        webhooks.create(session, {"content": "b"}, [])

    with pytest.raises(Refusal, match="40094"):
        webhooks.create(session, {"content": "b"}, [])


@pytest.mark.parametrize(
    "callback",
    [
        {"type": 1},
        {"type": 6},
        {"type": 8, "data": {"choices": []}},
        {"type": 4, "data": {"content": "x" * 2001}},
        {"type": 4, "data": {}},
        {"type": 5, "data": {"flags": 4}},
        {"type": 9, "data": {}},
        {"type": "4"},
        {},
        None,
    ],
)
def test_a_wrong_callback_is_no_response(state: State, callback: Any) -> None:
    """The user sees that the application did not respond, and nothing is left behind."""
    outcome = apply_callback(state, _session(state), callback)

    assert outcome.error is not None
    assert outcome.error.startswith(NO_RESPONSE)
    assert state.messages == {}


def test_a_component_updates_its_message(state: State) -> None:
    """Type 7 edits at once; the interaction carries the message that it is on."""
    session = _session(state)
    row = {"type": 1, "components": [{"type": 2, "style": 1, "label": "Go", "custom_id": "go"}]}
    data = {"content": "a", "components": [row]}
    message = apply_callback(state, session, {"type": 4, "data": data}).message
    assert message
    inbound = Inbound(state, URL)

    body = inbound.component(ADA, message, "go", [])
    click = Session(body, ADA, GUILD, state.now(), state.now(), 0)
    apply_callback(state, click, {"type": 7, "data": {"content": "b", "components": []}})

    assert ADA.id == body["message"]["interaction_metadata"]["user"]["id"]
    assert (message.content, message.components, message.edited_at is not None) == ("b", [], True)
    with pytest.raises(BadInput):
        inbound.component(ADA, message, "go", [])


def _pressed(state: State, time: Time, callback: dict[str, Any]) -> tuple[Session, Message]:
    """A message that took 250 ms, and then a press on it."""
    first = _deferred(state)
    time.now += 0.25
    row = {"type": 1, "components": [{"type": 2, "style": 1, "label": "Go", "custom_id": "go"}]}
    sent = {"content": "a", "components": [row]}
    message = Webhooks(state).edit(first, "@original", sent, []).message
    body = Inbound(state, URL).component(ADA, message, "go", [])
    now = state.now()
    press = Session(body, ADA, GUILD, now, now, 0, ack_ms=7.0, came_from=state.origin(body, ADA))
    apply_callback(state, press, callback)
    return press, message


def _times(message: Message) -> tuple[str, float, float | None]:
    times = page_message(message, URL)["timings"]
    return times["interaction_id"], times["ack_ms"], times["final_ms"]


def test_the_times_of_a_press_come_together(state: State, time: Time) -> None:
    """A message shows both times of one interaction: the press's once it is answered."""
    press, message = _pressed(state, time, {"type": 6})
    assert _times(message) == (message.interaction_id, 5.0, 250.0)
    time.now += 0.1

    Webhooks(state).edit(press, "@original", {"content": "b"}, [])

    assert _times(message) == (press.id, 7.0, 100.0)


def test_an_update_at_once_brings_both_times(state: State, time: Time) -> None:
    """Acknowledged and answered in one."""
    press, message = _pressed(state, time, {"type": 7, "data": {"content": "b"}})

    assert _times(message) == (press.id, 7.0, 7.0)


def test_a_form_and_a_press_are_named_after_their_command(state: State, time: Time) -> None:
    """By the session that opened the form, by the message that was pressed, or by neither."""
    press, _ = _pressed(state, time, {"type": 6})
    assert press.name == "/hash"
    opening = _session(state)
    field = {"type": 4, "custom_id": "a", "style": 1}
    part = {"type": 18, "label": "A", "component": field}
    modal = {"custom_id": "form", "title": "Form", "components": [part]}
    apply_callback(state, opening, {"type": 9, "data": modal})
    submitted = Inbound(state, URL).modal(ADA, opening, {"a": "x"})
    message = {"id": "1", "interaction_metadata": {"name": "qr read"}}

    assert state.origin(submitted, ADA) == "/hash"
    assert state.origin(submitted, BEN) == ""
    assert state.origin({"type": 3, "message": message, "data": {}}, BEN) == "/qr read"
    assert Session({"type": 3, "data": {"custom_id": "a"}}, ADA, GUILD, 0, 0, 0).name == ""


def test_commands_are_used_where_they_may_be(state: State) -> None:
    """Contexts, and fields that differ between a guild and a DM."""
    command = {"id": "1", "name": "x", "type": 1, "contexts": [1]}
    inbound = Inbound(state, URL)

    direct = inbound.command(ADA, DM, command, [], {})

    assert "member" not in direct
    assert (1, dm_channel_id(ADA.id)) == (direct["context"], direct["channel_id"])
    with pytest.raises(BadInput, match="cannot be used"):
        inbound.command(ADA, GUILD, command, [], {})


def test_uploads_are_resolved(state: State) -> None:
    """The option holds the attachment's id, and its address is served."""
    option = {"name": "file", "type": 11, "value": "file0"}
    part = Part("file0", b"hi", "a b.txt", "text/plain")
    command = {"id": "1", "name": "x", "type": 1}

    body = Inbound(state, URL).command(ADA, GUILD, command, [option], {"file0": part})

    attachment_id = body["data"]["options"][0]["value"]
    attachment = body["data"]["resolved"]["attachments"][attachment_id]
    assert (
        attachment["filename"],
        attachment["size"],
        attachment["ephemeral"],
    ) == ("a_b.txt", 2, True)
    assert attachment["url"] == URL + state.files[attachment_id].path


def test_a_bucket_refills(time: Time) -> None:
    """Five calls in two seconds; the sixth learns how long to wait."""
    limits = RateLimits(time)
    remaining = [limits.take("a", WEBHOOK).headers["X-RateLimit-Remaining"] for _ in range(5)]

    verdict = limits.take("a", WEBHOOK)

    assert remaining == ["4", "3", "2", "1", "0"]
    assert (
        verdict.retry_after_s,
        verdict.headers["Retry-After"],
        verdict.headers["X-RateLimit-Scope"],
    ) == (2.0, "2", "user")
    assert limits.take("b", WEBHOOK).retry_after_s is None
    time.now += 2
    assert limits.take("a", WEBHOOK).retry_after_s is None


def test_every_interaction_says_what_the_users_discord_speaks(state: State) -> None:
    """Of any type; the guild's own language is another thing."""
    inbound = Inbound(state, URL)
    command = {"id": "1", "name": "hash", "type": 1}
    row = {"type": 1, "components": [{"type": 2, "style": 1, "label": "Go", "custom_id": "go"}]}
    session = _session(state, place=GUILD)
    data = {"content": "a", "components": [row]}
    message = apply_callback(state, session, {"type": 4, "data": data}).message
    assert message
    session.modal = {"custom_id": "m", "title": "M", "components": []}

    bodies = [
        inbound.command(ADA, GUILD, command, [], {}, locale="de"),
        inbound.command(ADA, GUILD, command, [], {}, autocomplete=True, locale="de"),
        inbound.component(ADA, message, "go", [], locale="de"),
        inbound.modal(ADA, session, {}, locale="de"),
    ]

    assert [body["type"] for body in bodies] == [2, 4, 3, 5]
    assert {(body["locale"], body["guild_locale"]) for body in bodies} == {("de", "en-US")}


@pytest.mark.parametrize("number", range(1, 60))
def test_a_direct_message_is_in_no_other_place(number: int) -> None:
    """Whoever it is with: an interaction there comes back to it."""
    world = World()
    channel_id = dm_channel_id(str(310_000_000_000_000_000 + number))

    assert world.place_of({"channel_id": channel_id, "context": 1}).id == "dm"
