"""The built artefacts under the real Lambda runtime, with the events that AWS sends them."""

import json
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import boto3
import pytest
from nacl.signing import SigningKey

from tests.artefact.builds import OWN, Build, find_build
from tests.artefact.emulator import (
    BARE_PYTHON,
    Emulator,
    emulator_path,
    function_environment,
    link_client,
)
from tests.artefact.webhooks import webhooks
from tests.infra.template import FUNCTIONS, environment_of
from tests.interactions import APPLICATION_ID, command_interaction

pytestmark = [pytest.mark.artefact, pytest.mark.xdist_group("artefact-runtime")]

Start = Callable[..., Emulator]
KEY = SigningKey(bytes(32))
PUBLIC_KEY = KEY.verify_key.encode().hex()


@pytest.fixture
def build() -> Build:
    """The build that this machine can run."""
    return find_build(OWN)


@pytest.fixture
def start(
    build: Build, tmp_path: Path, aws: dict[str, str], table: str, queue_url: str
) -> Iterator[Start]:
    """Starts a function of the template by its logical id; values for Refs as keywords."""
    running: list[Emulator] = []
    client = tmp_path / "client"
    client.mkdir()
    link_client(client)

    def start_function(function: str, **values: str) -> Emulator:
        known = {"DiscordPublicKey": PUBLIC_KEY, "Table": table, "ToolsQueue": queue_url} | values
        environment = function_environment(
            [*build.everything(function), client],
            environment_of(function, known),
            aws_url=aws["AWS_ENDPOINT_URL"],
        )
        handler = FUNCTIONS[function]["Handler"]
        log = tmp_path / f"{function}.log"
        running.append(Emulator(emulator_path(), handler, environment, log))
        return running[-1]

    yield start_function
    for emulator in running:
        emulator.stop()


def _http_event(body: bytes, *, key: SigningKey = KEY) -> dict[str, Any]:
    """What the HTTP API makes of Discord's request (payload format 2.0)."""
    timestamp = str(int(time.time()))
    signature = key.sign(timestamp.encode() + body).signature.hex()
    return {
        "version": "2.0",
        "routeKey": "POST /interactions",
        "rawPath": "/interactions",
        "rawQueryString": "",
        "headers": {
            "content-type": "application/json",
            "x-signature-ed25519": signature,
            "x-signature-timestamp": timestamp,
        },
        "requestContext": {"http": {"method": "POST", "path": "/interactions"}},
        "body": body.decode(),
        "isBase64Encoded": False,
    }


def _sqs_event(*messages: Mapping[str, Any]) -> dict[str, Any]:
    """What the event source mapping makes of received messages."""
    return {
        "Records": [
            {
                "messageId": message["MessageId"],
                "receiptHandle": message["ReceiptHandle"],
                "body": message["Body"],
                "attributes": message["Attributes"],
                "messageAttributes": {},
                "md5OfBody": message["MD5OfBody"],
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:tools",
                "awsRegion": "us-east-1",
            }
            for message in messages
        ]
    }


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_handler_can_be_imported_from_its_artefact_alone(build: Build, function: str) -> None:
    """With nothing on the path but its code and its layers."""
    module = FUNCTIONS[function]["Handler"].rpartition(".")[0]
    known = {"DiscordPublicKey": PUBLIC_KEY, "Table": "t", "ToolsQueue": "http://127.0.0.1/q"}
    environment = function_environment(
        build.everything(function), environment_of(function, known), aws_url="http://127.0.0.1:9"
    )
    source = f"import {module} as m, sys; print(callable(m.handle), m.__file__)"
    done = subprocess.run(
        [*BARE_PYTHON, "-W", "error", "-c", source],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith(f"True {build.code(function)}"), done.stderr


def test_the_front_door_can_import_every_command(build: Build) -> None:
    """The registrations, the help and the gate read all specs, without any group's libraries."""
    source = "from functions.catalog import CATALOG; print(len([c.spec.name for c in CATALOG]))"
    path = build.everything("InteractionsFunction")
    done = subprocess.run(
        [*BARE_PYTHON, "-c", source],
        env=function_environment(path, {}, aws_url="http://127.0.0.1:9"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert int(done.stdout or 0) >= 10, done.stderr


def test_the_front_door_refuses_what_discord_did_not_sign(start: Start) -> None:
    """401 for another key's signature, and for an event without any header."""
    front_door = start("InteractionsFunction")
    stranger = _http_event(b'{"type":1}', key=SigningKey(bytes([1] * 32)))
    assert front_door.invoke(stranger)["statusCode"] == 401
    assert front_door.invoke({"version": "2.0", "body": '{"type":1}'})["statusCode"] == 401


def test_the_front_door_answers_discords_ping(start: Start) -> None:
    """PONG, also when the portal holds the second of two keys."""
    front_door = start("InteractionsFunction", DiscordPublicKey=f"{'ab' * 32},{PUBLIC_KEY}")
    answer = front_door.invoke(_http_event(b'{"type":1}'))
    assert answer["statusCode"] == 200
    assert json.loads(answer["body"]) == {"type": 1}


def test_a_command_goes_the_whole_way_through_the_artefacts(start: Start, queue_url: str) -> None:
    """Signed request, deferral, queue, worker, PATCH of the answer; the message is done with."""
    interaction = command_interaction("hash", options={"text": "hello"}, at=time.time())
    with webhooks() as (api_url, received):
        answer = start("InteractionsFunction").invoke(_http_event(json.dumps(interaction).encode()))
        assert json.loads(answer["body"])["type"] == 5
        (message,) = boto3.client("sqs").receive_message(
            QueueUrl=queue_url, AttributeNames=["All"], MaxNumberOfMessages=10
        )["Messages"]
        worker = start("ToolsFunction", DiscordApiUrl=api_url)
        assert worker.invoke(_sqs_event(message)) == {"batchItemFailures": []}
        request = received.get(timeout=5)
    hook = f"/api/v10/webhooks/{APPLICATION_ID}/{interaction['token']}/messages/@original"
    assert (request.method, request.path.partition("?")[0]) == ("PATCH", hook)
    sha256_of_hello = b"2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
    assert sha256_of_hello in request.body
    assert received.empty()
    assert "hello" not in worker.log.read_text()
    assert interaction["token"] not in worker.log.read_text()


def test_a_message_that_is_none_of_ours_does_not_crash_the_worker(start: Start) -> None:
    """The batch's answer comes back in the form that the event source mapping reads."""
    message = {
        "MessageId": "m1",
        "ReceiptHandle": "r1",
        "Body": "not ours",
        "MD5OfBody": "",
        "Attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "0"},
    }
    answer = start("ToolsFunction").invoke(_sqs_event(message))
    assert set(answer) == {"batchItemFailures"}
