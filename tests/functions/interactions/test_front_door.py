"""The front door as Discord sees it: signed bytes in, a callback out, moto behind it."""

import base64
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from functions.catalog import CATALOG
from functions.interactions.api_gateway import request_of, response_of
from functions.interactions.commands.help import CATEGORIES
from functions.interactions.pipeline import Pipeline
from functions.interactions.wiring import build
from tests.contract.discord_schema import assert_callback
from tests.fakes import FakeClock
from tests.interactions import (
    NOW,
    OTHER_USER_ID,
    USER_ID,
    command_interaction,
    component_interaction,
    modal_interaction,
)
from utilsbot.reply import Colour

_KEY = SigningKey(b"k" * 32)
Json = dict[str, Any]


class Door:
    """A front door on moto, and Discord in front of it."""

    def __init__(self, environment: dict[str, str], queue_url: str, **settings: str) -> None:
        self.clock = FakeClock(NOW)
        self.queue_url = queue_url
        self.table = environment["TABLE_NAME"]
        self.pipeline: Pipeline = build(
            {
                **environment,
                "DISCORD_PUBLIC_KEY": bytes(_KEY.verify_key).hex(),
                "QUEUE_URL_TOOLS": queue_url,
                **settings,
            },
            self.clock.clock,
        )

    def event(self, body: bytes, *, version: str = "2.0", encoded: bool = False) -> Json:
        """A signed API Gateway event."""
        timestamp = str(int(self.clock.seconds))
        signature = _KEY.sign(timestamp.encode() + body).signature.hex()
        names = {"X-Signature-Ed25519": signature, "X-Signature-Timestamp": timestamp}
        if version == "2.0":
            names = {name.lower(): value for name, value in names.items()}
        text = base64.b64encode(body).decode() if encoded else body.decode()
        return {"version": version, "headers": names, "body": text, "isBase64Encoded": encoded}

    def post(self, event: Json) -> tuple[int, Json]:
        """Status and body of the answer."""
        answer = response_of(self.pipeline.answer(*request_of(event)))
        assert answer["headers"]["content-type"] == "application/json"
        return answer["statusCode"], json.loads(answer["body"])

    def send(self, interaction: Json) -> Json:
        """The callback to an interaction, which must be one that Discord takes."""
        body = json.dumps(interaction, ensure_ascii=False).encode()
        status, callback = self.post(self.event(body))
        assert status == 200
        assert_callback(callback, interaction["type"])
        return callback

    def queued(self) -> list[Json]:
        """What is in the queue, taken out."""
        client = boto3.client("sqs")
        messages = client.receive_message(QueueUrl=self.queue_url, MaxNumberOfMessages=10)
        return [json.loads(message["Body"]) for message in messages.get("Messages", [])]

    def put(self, pk: str, sk: str = "PROFILE", **values: Any) -> None:
        """A row in the store."""
        boto3.resource("dynamodb").Table(self.table).put_item(Item={"pk": pk, "sk": sk, **values})


@pytest.fixture
def make_door(aws: dict[str, str], table: str, queue_url: str) -> Callable[..., Door]:
    """Front doors with settings of one's own."""
    return lambda **settings: Door({**aws, "TABLE_NAME": table}, queue_url, **settings)


@pytest.fixture
def door(make_door: Callable[..., Door]) -> Door:
    """A front door with the defaults."""
    return make_door()


def _title(callback: Json) -> str:
    return str(callback["data"]["embeds"][0]["title"])


def _text(callback: Json) -> str:
    return str(callback["data"]["embeds"][0]["description"])


@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize("encoded", [False, True])
def test_ping_is_answered_in_every_form(door: Door, version: str, encoded: bool) -> None:
    """HTTP and REST API events, plain and base64, headers in any case."""
    event = door.event(b'{"type":1}', version=version, encoded=encoded)

    assert door.post(event) == (200, {"type": 1})


@pytest.mark.parametrize("kind", [1, 2, 3, 4, 5])
def test_a_forged_request_is_401_and_does_nothing(door: Door, kind: int) -> None:
    """Whatever it says it is: no answer but 401, nothing in the queue."""
    body = json.dumps(command_interaction("hash", options={"text": "x"}) | {"type": kind})
    event = door.event(b"something else") | {"body": body}

    assert door.post(event)[0] == 401
    assert door.queued() == []


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"headers": None, "body": None},
        {"headers": {}, "body": "{", "isBase64Encoded": True},
        {"headers": {"X-Signature-Ed25519": "zz"}, "body": "\ud800"},
    ],
)
def test_junk_is_401(door: Door, event: Json) -> None:
    """Unsigned junk of any form is unauthorized, and never an error of ours."""
    assert door.post(event)[0] == 401


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'{"type":99}', b'{"type":"2"}', b"[" * 100_000, b"\xff\xfe"],
)
def test_signed_junk_is_400(door: Door, body: bytes) -> None:
    """A body that is signed and no interaction gets a clear answer."""
    status, answer = door.post(door.event(body, encoded=True))

    assert status == 400
    assert "not an interaction" in answer["error"]


_KEYS = st.sampled_from(["type", "id", "data", "token", "member", "user", "options", "name"])
_LEAVES = st.none() | st.booleans() | st.integers() | st.text()


@given(st.recursive(_LEAVES, lambda s: st.lists(s) | st.dictionaries(_KEYS, s)))
def test_any_signed_json_gets_an_answer(value: object) -> None:
    """Nothing that is signed makes the front door fall over."""
    door = Door(
        {"TABLE_NAME": "none", "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, "http://127.0.0.1:9"
    )
    body = json.dumps(value).encode()

    assert door.post(door.event(body))[0] in {200, 400}


def test_a_command_is_queued_and_deferred(door: Door) -> None:
    """The queue has the whole interaction before Discord hears that we work on it."""
    interaction = command_interaction("hash", options={"text": "hello 🎲"})

    assert door.send(interaction) == {"type": 5, "data": {"flags": 64}}
    (envelope,) = door.queued()
    assert envelope["interaction"] == interaction
    assert envelope["received_at"] == NOW


def test_the_private_option_decides_before_the_deferral(door: Door) -> None:
    """private:false defers publicly, because Discord never changes it later."""
    interaction = command_interaction("hash", options={"text": "x", "private": False})

    assert door.send(interaction) == {"type": 5}


def test_a_full_or_dead_queue_is_said_at_once(make_door: Callable[..., Door]) -> None:
    """Never a "thinking…" for a command that nobody has."""
    door = make_door(AWS_ENDPOINT_URL_SQS="http://127.0.0.1:9")
    callback = door.send(command_interaction("hash", options={"text": "x"}))

    assert callback["type"] == 4
    assert callback["data"]["flags"] == 64
    assert "try again" in _text(callback)


def test_a_dead_store_refuses_politely(make_door: Callable[..., Door]) -> None:
    """Without the store nobody can be admitted; the user hears so and nothing is queued."""
    door = make_door(AWS_ENDPOINT_URL_DYNAMODB="http://127.0.0.1:9")
    callback = door.send(command_interaction("hash", options={"text": "x"}))

    assert "did not answer" in _text(callback)
    assert door.queued() == []


class SlowAws:
    """AWS that takes its time, and refuses the first try of every operation."""

    def __init__(self) -> None:
        self.heard: Counter[str] = Counter()
        self.clock = FakeClock()
        self.takes_s = 0.6
        aws = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["content-length"]))
                operation = self.headers["x-amz-target"].rpartition(".")[2]
                aws.heard[operation] += 1
                aws.clock.advance(aws.takes_s)
                again = aws.heard[operation] > 1
                body = b'{"Responses": {}}' if again else b'{"__type": "x#ThrottlingException"}'
                self.send_response(200 if again else 400)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def slow_aws() -> Iterator[SlowAws]:
    """One that is running."""
    aws = SlowAws()
    threading.Thread(target=aws.server.serve_forever, daemon=True).start()
    yield aws
    aws.server.shutdown()
    aws.server.server_close()


@pytest.fixture
def slow_door(slow_aws: SlowAws) -> Door:
    """A front door before it."""
    door = Door({"TABLE_NAME": "t", "AWS_ENDPOINT_URL": slow_aws.url}, "http://queue")
    slow_aws.clock = door.clock
    return door


@pytest.mark.parametrize("age_s", [-3600, 0, 0.5, 1.2, 1.8])
def test_a_command_is_given_up_before_discord_gives_it_up(
    slow_door: Door, slow_aws: SlowAws, age_s: float
) -> None:
    """Nothing is queued whose acknowledgement would come after the 3 s; the next has its own."""
    callback = slow_door.send(command_interaction("hash", options={"text": "x"}, at=NOW - age_s))

    assert (callback["type"], callback["data"]["flags"]) == (4, 64)
    assert "did not answer in time" in _text(callback)
    assert slow_aws.heard["SendMessage"] == 0
    assert max(0, age_s) + slow_door.clock.seconds - NOW <= 3

    slow_aws.takes_s = 0.02
    at = slow_door.clock.seconds
    callback = slow_door.send(command_interaction("hash", options={"text": "x"}, at=at))
    assert callback["type"] == 5
    assert slow_aws.heard["SendMessage"] == 2


def test_a_clock_that_is_ahead_of_discords_leaves_time_for_a_command(
    slow_door: Door, slow_aws: SlowAws
) -> None:
    """A command that only seems to be old is not refused for that."""
    slow_aws.takes_s = 0.1
    interaction = command_interaction("hash", options={"text": "x"}, at=NOW - 3600)

    assert slow_door.send(interaction)["type"] == 5


def test_a_cooldown_is_refused_with_its_moment(door: Door) -> None:
    """The sixth /hash in a minute is refused privately, with Discord's relative time."""
    interactions = [
        command_interaction("hash", options={"text": "x"}, at=NOW + n / 1000) for n in range(6)
    ]
    callbacks = [door.send(interaction) for interaction in interactions]

    assert [callback["type"] for callback in callbacks] == [5] * 5 + [4]
    assert f"<t:{int(NOW) + 12}:R>" in _text(callbacks[-1])
    assert len(door.queued()) == 5


def test_developers_have_no_cooldown(make_door: Callable[..., Door]) -> None:
    """Ids in DEVELOPER_IDS pass every rate."""
    door = make_door(DEVELOPER_IDS=USER_ID)
    types = [
        door.send(command_interaction("hash", options={"text": "x"}, at=NOW + n / 1000))["type"]
        for n in range(7)
    ]

    assert types == [5] * 7


def test_switches_and_lists_refuse_with_their_reason(door: Door) -> None:
    """A group that is off, a blacklisted user and a maintenance each say so."""
    door.put("FLAGS", "FLAGS", off={"tools": "Back at noon."})
    assert _text(door.send(command_interaction("hash", options={"text": "x"}))) == "Back at noon."

    door.clock.advance(30)
    door.put("FLAGS", "FLAGS", maintenance="We are moving house.")
    callback = door.send(command_interaction("help"))
    assert _text(callback) == "We are moving house."

    door.clock.advance(30)
    door.put("FLAGS", "FLAGS")
    door.put(f"USER#{USER_ID}", blacklisted=True)
    assert "not allowed" in _text(door.send(command_interaction("ping")))


def test_a_closed_beta_keeps_strangers_out_of_user_commands(
    make_door: Callable[..., Door],
) -> None:
    """Info commands stay open; the others need the whitelist, of the user or of the guild."""
    door = make_door(CLOSED_BETA="true")

    assert "closed beta" in _text(door.send(command_interaction("hash", options={"text": "x"})))
    assert _title(door.send(command_interaction("info", at=NOW + 1))) == "UtilsBot+"
    door.put(f"USER#{USER_ID}", whitelisted=True)
    assert door.send(command_interaction("hash", options={"text": "x"}, at=NOW + 2))["type"] == 5


def test_an_unknown_command_gets_a_clear_answer(door: Door) -> None:
    """Commands, buttons and forms of another version are explained."""
    for interaction in (
        command_interaction("cogs"),
        component_interaction("nothing/here"),
        component_interaction("\x00"),
        modal_interaction("hash/nothing", {"a": "b"}),
    ):
        assert _title(door.send(interaction)) == "Out of date"


def test_options_are_checked_again(door: Door) -> None:
    """What Discord's client would never send is refused with the option's name."""
    callback = door.send(command_interaction("hash", options={"text": "x", "algorithm": "crc32"}))

    assert "`algorithm`" in _text(callback)
    assert door.queued() == []


def test_every_failure_carries_the_reference(door: Door) -> None:
    """The footer names what an operator can look up."""
    callback = door.send(command_interaction("cogs"))

    assert callback["data"]["embeds"][0]["footer"]["text"].startswith("Reference ")


def test_somebody_elses_button_is_refused(door: Door) -> None:
    """A component answers to the user whose command made its message."""
    click = component_interaction(
        "help/category", values=["tools"], user_id=OTHER_USER_ID, owner_id=USER_ID
    )
    callback = door.send(click)

    assert _title(callback) == "Not yours"
    assert f"<@{USER_ID}>" in _text(callback)


def test_help_lists_and_filters(door: Door) -> None:
    """Everything, one category by name, by menu, and one command in full."""
    everything = door.send(command_interaction("help"))
    tools = door.send(command_interaction("help", options={"category": "tools"}, at=NOW + 1))
    chosen = door.send(component_interaction("help/category", values=["tools"], at=NOW + 2))
    one = door.send(command_interaction("help", options={"command": "/hash"}, at=NOW + 3))

    names = [f["name"] for f in everything["data"]["embeds"][0]["fields"]]
    assert names == ["Information", "Games", "Network", "Tools", "System"]
    assert _title(tools) == "Tools commands"
    assert "`/hash`" in _text(tools)
    assert "`/ping`" not in _text(tools)
    assert chosen["type"] == 7
    assert chosen["data"]["embeds"] == tools["data"]["embeds"]
    assert _title(one) == "/hash"


def test_help_lists_only_what_the_caller_may_use(make_door: Callable[..., Door]) -> None:
    """In a closed beta strangers see what is open, and the whitelisted everything."""
    door = make_door(CLOSED_BETA="true")

    def categories(second: int) -> list[str]:
        callback = door.send(command_interaction("help", at=NOW + second))
        return [field["name"] for field in callback["data"]["embeds"][0]["fields"]]

    assert categories(1) == ["Information", "System"]  # whose data is theirs to see
    door.put(f"USER#{USER_ID}", whitelisted=True)
    assert categories(2) == ["Information", "Games", "Network", "Tools", "System"]


def test_help_has_room_for_everything_a_developer_may_use(
    make_door: Callable[..., Door],
) -> None:
    """However many commands, known ids and all: one message within Discord's limits."""
    door = make_door(DEVELOPER_IDS=USER_ID, FEATURES="ai,sandbox")
    ids = {command.spec.name: "1234567890123456789" for command in CATALOG}
    door.put("FLAGS", "FLAGS", command_ids=ids)
    names = [""] + [name for name, _ in CATEGORIES.values()]

    for second, name in enumerate(names):
        options = {"category": name} if name else None
        callback = door.send(command_interaction("help", options=options, at=NOW + second))
        assert callback["data"]["embeds"][0]["color"] == Colour.PLAIN, name


def test_help_links_commands_whose_ids_are_known(door: Door) -> None:
    """After a sync, /help mentions commands so that a click fills them in."""
    door.put("FLAGS", "FLAGS", command_ids={"hash": "123"})
    fields = door.send(command_interaction("help"))["data"]["embeds"][0]["fields"]

    (tools,) = [field["value"] for field in fields if field["name"] == "Tools"]
    assert "</hash:123>" in tools
    assert "`/totp`" in tools


def test_autocomplete_suggests_categories(door: Door) -> None:
    """Answered by the front door, without the store."""
    callback = door.send(
        command_interaction("help", options={"category": "TOO"}, focused="category")
    )

    assert callback == {"type": 8, "data": {"choices": [{"name": "Tools", "value": "Tools"}]}}


def test_autocomplete_never_fails(door: Door) -> None:
    """What cannot be completed gets no choices, since no error text is possible there."""
    for interaction in (
        command_interaction("hash", options={"text": "x"}, focused="text"),
        command_interaction("nothing", options={"text": "x"}, focused="text"),
    ):
        assert door.send(interaction) == {"type": 8, "data": {"choices": []}}


def test_ping_measures_store_and_queues(door: Door) -> None:
    """Real figures: the age of the interaction, this call's write, and the queues."""
    fields = door.send(command_interaction("ping", at=NOW - 0.25))["data"]["embeds"][0]["fields"]

    assert fields[0]["value"] == "250 ms"
    assert [field["name"] for field in fields][1:] == ["Database write", "Queues"]
    assert "nothing waiting" in fields[2]["value"]


def test_ping_says_when_the_queues_do_not_answer(make_door: Callable[..., Door]) -> None:
    """Never a made-up figure."""
    door = make_door(AWS_ENDPOINT_URL_SQS="http://127.0.0.1:9")
    fields = door.send(command_interaction("ping"))["data"]["embeds"][0]["fields"]

    assert "not answering" in fields[2]["value"]


def test_invite_asks_for_nothing(door: Door) -> None:
    """Two links, both with applications.commands only and without permissions."""
    (row,) = door.send(command_interaction("invite"))["data"]["components"]
    urls = [button["url"] for button in row["components"]]

    assert all("scope=applications.commands&" in url for url in urls)
    assert not any("permissions" in url for url in urls)


def test_a_modal_is_the_first_answer(door: Door) -> None:
    """/totp without a secret asks for it; with one it is deferred like any other."""
    assert door.send(command_interaction("totp"))["type"] == 9
    assert door.queued() == []
    with_secret = command_interaction("totp", options={"secret": "JBSWY3DPEHPK3PXP"}, at=NOW + 1)
    assert door.send(with_secret) == {"type": 5, "data": {"flags": 64}}


def test_a_button_defers_an_update(door: Door) -> None:
    """Another password is made in place by the worker."""
    spec_door = door.send(component_interaction("password/again/characters/16/1/1/6"))

    assert spec_door["type"] in {4, 6}


@pytest.mark.parametrize("guild_id", [None, "400000000000000001"])
@pytest.mark.parametrize("user_install", [False, True])
def test_it_works_everywhere(door: Door, guild_id: str | None, user_install: bool) -> None:
    """Servers and direct messages, installed to the server or to the user."""
    interaction = command_interaction(
        "hash", options={"text": "x"}, guild_id=guild_id, user_install=user_install
    )

    assert door.send(interaction)["type"] == 5


def test_a_flat_call_means_the_first_subcommand(door: Door) -> None:
    """Clients that still know /qr without subcommands are served."""
    assert door.send(command_interaction("qr", options={"text": "x"}))["type"] == 5


def test_the_log_line_says_much_and_gives_nothing_away(
    door: Door, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line, with the reference and the durations, without input or token."""
    interaction = command_interaction("hash", options={"text": "hunter2"})
    door.send(interaction)

    (line,) = capsys.readouterr().out.splitlines()
    told = json.loads(line)
    assert (told["command"], told["outcome"], told["status"]) == ("hash", "deferred", 200)
    assert {"reference", "interaction_id", "gate_ms", "queue_ms", "duration_ms", "age_ms"} <= set(
        told
    )
    assert "hunter2" not in line
    assert interaction["token"] not in line


def _flags(callback: Json) -> int:
    return int(callback.get("data", {}).get("flags", 0))


def test_a_user_who_wants_private_answers_gets_them(door: Door) -> None:
    """Where a caller can choose and did not, their preference decides; what they say wins."""
    door.put(f"USER#{USER_ID}", prefers_private="yes")

    said_nothing = door.send(command_interaction("ping", at=NOW))
    shared = door.send(command_interaction("ping", options={"private": False}, at=NOW + 1))

    assert _flags(said_nothing) == 64
    assert _flags(shared) == 0


def test_a_server_can_insist_on_private_answers(door: Door) -> None:
    """Even against `private:false`; the worker is told, and so is nobody else."""
    door.put("GUILD#400000000000000001", private_only=True)

    callback = door.send(command_interaction("hash", options={"text": "x", "private": False}))

    assert _flags(callback) == 64
    assert door.queued()[0]["private"] is True


def test_a_server_can_switch_commands_off(door: Door) -> None:
    """By name or by group, in this server only; developers' reasons are not its administrators'."""
    door.put("GUILD#400000000000000001", commands_off={"hash"})

    here = door.send(command_interaction("hash", options={"text": "x"}))
    elsewhere = door.send(command_interaction("hash", options={"text": "x"}, guild_id=None))

    assert "administrators switched it off" in _text(here)
    assert elsewhere == {"type": 5, "data": {"flags": 64}}


def test_the_worker_is_told_the_language_and_the_servers_limits(door: Door) -> None:
    """A preference before Discord's locale; for public answers the server's choice before both."""
    door.put(f"USER#{USER_ID}", prefers_language="fr")
    door.put("GUILD#400000000000000001", language="ja", ai_requests=7)

    door.send(command_interaction("hash", options={"text": "x"}))
    door.send(command_interaction("hash", options={"text": "x", "private": False}, at=NOW + 1))

    private, public = door.queued()
    assert (private["language"], public["language"]) == ("fr", "ja")
    assert (private["ai_requests"], public["ai_requests"]) == (7, 7)


def test_a_users_first_command_of_the_day_is_marked(door: Door) -> None:
    """Once a UTC day, and not by what the front door answers itself, which no worker counts."""
    door.send(command_interaction("ping"))
    for later_s in (1, 2, 24 * 3600):
        door.clock.seconds = NOW + later_s
        door.send(command_interaction("hash", options={"text": "x"}, at=NOW + later_s))

    assert [message["first_today"] for message in door.queued()] == [True, False, True]


def test_refusals_speak_the_callers_language(door: Door) -> None:
    """As their Discord does, and English where there is no such language."""
    interaction = command_interaction("no-such-command")

    german = door.send({**interaction, "locale": "de"})
    polish = door.send({**interaction, "locale": "pl"})

    assert _title(german) == "Veraltet"
    assert _title(polish) == "Out of date"
