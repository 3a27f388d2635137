"""Requests that Discord did not make, and bodies that no client would: 401 or 400, at no cost."""

import base64
import contextlib
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.catalog import CATALOG
from functions.interactions.api_gateway import response_of
from functions.interactions.pipeline import Answer
from functions.interactions.verify import MAX_AGE_S, MAX_AHEAD_S
from fuzz.front_door import KEY, FrontDoor, check_signed, check_unsigned
from fuzz.interactions import json_values, texts
from tests.interactions import (
    OTHER_USER_ID,
    command_interaction,
    component_interaction,
    modal_interaction,
)
from utilsbot.discord.wire import MAX_DEPTH
from utilsbot.envelope import Envelope
from utilsbot.log import light_logger
from utilsbot.spec import Ack

_DOOR = FrontDoor()
_BODY = json.dumps(command_interaction("hash", options={"text": "x"})).encode()
_FORM_OPENERS = [
    f"{module.spec.slug}/{action.name}"
    for module in CATALOG
    for action in module.spec.actions
    if action.ack is Ack.MODAL
]
_HEADERS = ("x-signature-ed25519", "x-signature-timestamp")
Json = dict[str, Any]


@given(
    headers=st.dictionaries(st.one_of(st.sampled_from(_HEADERS), st.text(max_size=8)), json_values),
    body=st.one_of(
        st.none(), st.text(), st.binary().map(lambda raw: base64.b64encode(raw).decode())
    ),
    encoded=st.sampled_from([True, False, None]),
)
def test_no_unsigned_event_costs_anything(headers: Json, body: str | None, encoded: Any) -> None:
    """401 whatever it is, and neither the store nor a queue has heard of it."""
    check_unsigned(_DOOR, {"headers": headers, "body": body, "isBase64Encoded": encoded})


@given(at=st.integers(0, 127), bit=st.integers(0, 7), where=st.sampled_from(["body", "signature"]))
def test_one_changed_bit_is_401(at: int, bit: int, where: str) -> None:
    """In the body or in the signature, anywhere."""
    event = _DOOR.event(_BODY)
    if where == "body":
        changed = bytearray(_BODY)
        changed[at % len(changed)] ^= 1 << bit
        event["body"] = base64.b64encode(changed).decode()
    else:
        signature = bytearray.fromhex(event["headers"]["x-signature-ed25519"])
        signature[at % 64] ^= 1 << bit
        event["headers"]["x-signature-ed25519"] = signature.hex()
    check_unsigned(_DOOR, event)


@pytest.mark.parametrize("kind", [1, 2, 3, 4, 5])
def test_a_forged_request_runs_nothing(kind: int) -> None:
    """Peers' mistake 1: each type with somebody else's signature."""
    event = _DOOR.event(_BODY)
    forged = json.dumps(command_interaction("hash", options={"text": "y"}) | {"type": kind})
    check_unsigned(_DOOR, event | {"body": forged, "isBase64Encoded": False})


@pytest.mark.parametrize("age_s", [MAX_AGE_S + 1, -MAX_AHEAD_S - 1, 10**9])
def test_a_replay_of_an_old_request_is_401(age_s: int) -> None:
    """A right signature over a timestamp outside the window."""
    timestamp = str(int(_DOOR.clock.seconds) - age_s)
    signature = KEY.sign(timestamp.encode() + _BODY).signature.hex()
    event = _DOOR.event(_BODY, x_signature_timestamp=timestamp, x_signature_ed25519=signature)
    check_unsigned(_DOOR, event)


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "text/plain", ""])
def test_the_content_type_decides_nothing(content_type: str) -> None:
    """Peers' mistake 6: what is signed is read as JSON, whatever the header calls it."""
    passed = _DOOR.post(_DOOR.event(_BODY, content_type=content_type))

    assert (passed.status, passed.body["type"]) == (200, 5)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "latin-1"])
def test_only_utf_8_is_json(encoding: str) -> None:
    """RFC 8259 §8.1: other encodings are malformed, and no error of ours."""
    body = json.dumps(command_interaction("hash", options={"text": "é"}), ensure_ascii=False)

    assert check_signed(_DOOR, body.encode(encoding)).status == 400


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"type":2,"data":' + b'{"a":' * 500 + b"1" + b"}" * 501,
        b'{"type":2,"version":NaN}',
        b'{"type":2,"version":-Infinity}',
        b'{"type":2,"version":1e999}',
        b'{"type":2,"version":' + b"9" * 5000 + b"}",
        b'{"type":"2"}',
        b'{"type":[1]}',
        b'{"type":{}}',
        b"\x00",
        b"\xed\xa0\x80",
        b'"' + b"a" * 1_000_000 + b'"',
    ],
    ids=lambda body: f"{body[:24]!r} {len(body)}",
)
def test_json_that_python_reads_and_discord_never_writes(body: bytes) -> None:
    """Depth, size, numbers that are none, half characters: 400."""
    passed = check_signed(_DOOR, body)

    assert passed.status == 400
    assert not passed.aws.calls


@pytest.mark.parametrize("value", ["\ud800", "a\udfffb", "\0", "\ufffe\uffff", "\u202e\u200b"])
def test_any_text_reaches_the_queue_whole(value: str) -> None:
    """SQS takes the message (it refuses some characters), and half characters become U+FFFD."""
    body = command_interaction("hash", options={"text": value})
    passed = check_signed(_DOOR, json.dumps(body).encode())

    (message,) = passed.aws.sent
    (option,) = Envelope.decode(message).interaction["data"]["options"]
    assert option["value"] == value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def test_the_deepest_interaction_is_not_too_deep_for_the_worker() -> None:
    """What the front door lets through opens again on the other side of the queue."""
    body = json.dumps(command_interaction("hash", options={"text": "x"}))
    deep = "[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1)
    passed = check_signed(_DOOR, f'{body[:-1]},"entitlements":{deep}}}'.encode())

    (message,) = passed.aws.sent
    assert Envelope.decode(message).interaction["data"]["name"] == "hash"


@pytest.mark.parametrize("value", [10**400, 2**53 + 1, -(2**63), 1e308, True, "8", None, [8]])
def test_numbers_beyond_discords_are_refused(value: Any) -> None:
    """By the option's own text, before anything is queued."""
    body = command_interaction("password", options={"length": 16})
    body["data"]["options"][0]["value"] = value
    passed = check_signed(_DOOR, json.dumps(body).encode())

    assert passed.line["outcome"] == "user_error"
    assert not passed.aws.sent


@given(json_values)
def test_somebody_elses_button_with_any_message_is_no_way_in(metadata: object) -> None:
    """However the message's metadata is damaged, nothing but an answer comes of it."""
    body = component_interaction("password/again/16/1", owner_id=OTHER_USER_ID)
    assert not check_signed(_DOOR, json.dumps(body).encode()).aws.sent
    body["message"]["interaction_metadata"] = metadata
    check_signed(_DOOR, json.dumps(body).encode())


def test_a_pong_is_json() -> None:
    """Peers' mistake 7: Discord wants the Content-Type even there; check_signed reads the body."""
    answer = response_of(Answer(200, {"type": 1}))
    assert answer["headers"]["content-type"] == "application/json"
    assert check_signed(_DOOR, b'{"type":1}').body == {"type": 1}


def test_ping_asks_nobody() -> None:
    """Peers' mistake 8: neither lists nor switches stand before it, or no address could be set."""
    assert not check_signed(_DOOR, b'{"type":1}').aws.calls


@pytest.mark.parametrize("timestamp", ["", "zz", "0", "1790000000"])
def test_a_refusal_prints_nothing(timestamp: str, capfd: pytest.CaptureFixture[str]) -> None:
    """Peers' mistake 12: what was sent goes nowhere, and the sender learns no reason."""
    event = _DOOR.event(_BODY, x_signature_timestamp=timestamp, x_signature_ed25519="0f" * 64)
    passed = check_unsigned(_DOOR, event)

    assert passed.body == {"error": "invalid request signature"}
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("custom_id", _FORM_OPENERS)
def test_a_form_sent_to_what_opens_forms_is_refused(custom_id: str) -> None:
    """Discord takes no form as the answer to a form; only a forged custom id asks for it."""
    body = modal_interaction(custom_id, {"word": "crane"})
    passed = check_signed(_DOOR, json.dumps(body).encode())

    assert passed.body["type"] == 4


@given(json_values)
def test_nobody_becomes_a_developer_by_saying_so(claim: object) -> None:
    """Only the caller's id counts; what else a body claims does not reach the envelope."""
    body = command_interaction("eval", options={"code": "1"})
    body |= {"developer": claim, "access": claim}
    body["member"] |= {"developer": True, "permissions": str(2**63)}
    passed = check_signed(_DOOR, json.dumps(body).encode())

    assert passed.line["outcome"] in {"refused", "malformed"}
    assert not passed.aws.sent


@given(texts)
def test_input_cannot_add_a_log_line(text: str) -> None:
    """One line each, and none of what was typed is in it."""
    written = io.StringIO()
    with contextlib.redirect_stdout(written):
        light_logger("f")("interaction", command=text, guild_id=text)

    assert written.getvalue().count("\n") == 1
    assert json.loads(written.getvalue())["event"] == "interaction"
