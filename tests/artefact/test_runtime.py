"""The built artefacts under the real Lambda runtime, with the events that AWS sends them."""

import json
import subprocess
import time

import boto3
import pytest
from nacl.signing import SigningKey

from tests.artefact.builds import WORKERS, Build
from tests.artefact.conftest import Start, values_of
from tests.artefact.emulator import BARE_PYTHON, function_environment
from tests.artefact.events import PUBLIC_KEY, http_event, sqs_event
from tests.artefact.webhooks import webhooks
from tests.infra.template import FUNCTIONS, environment_of
from tests.interactions import APPLICATION_ID, command_interaction

pytestmark = [pytest.mark.artefact, pytest.mark.xdist_group("artefact-runtime")]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_handler_can_be_imported_from_its_artefact_alone(build: Build, function: str) -> None:
    """With nothing on the path but its code and its layers."""
    module = FUNCTIONS[function]["Handler"].rpartition(".")[0]
    environment = function_environment(
        build.everything(function),
        environment_of(function, values_of("http://127.0.0.1/q", "t")),
        aws_url="http://127.0.0.1:9",
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
    stranger = http_event(b'{"type":1}', key=SigningKey(bytes([1] * 32)))
    assert front_door.invoke(stranger)["statusCode"] == 401
    assert front_door.invoke({"version": "2.0", "body": '{"type":1}'})["statusCode"] == 401


def test_the_front_door_answers_discords_ping(start: Start) -> None:
    """PONG, also when the portal holds the second of two keys."""
    front_door = start("InteractionsFunction", DiscordPublicKey=f"{'ab' * 32},{PUBLIC_KEY}")
    answer = front_door.invoke(http_event(b'{"type":1}'))
    assert answer["statusCode"] == 200
    assert json.loads(answer["body"]) == {"type": 1}


def test_a_command_goes_the_whole_way_through_the_artefacts(start: Start, queue_url: str) -> None:
    """Signed request, deferral, queue, worker, PATCH of the answer; the message is done with."""
    interaction = command_interaction("hash", options={"text": "hello"}, at=time.time())
    with webhooks() as (api_url, received):
        answer = start("InteractionsFunction").invoke(http_event(json.dumps(interaction).encode()))
        assert json.loads(answer["body"])["type"] == 5
        (message,) = boto3.client("sqs").receive_message(
            QueueUrl=queue_url, AttributeNames=["All"], MaxNumberOfMessages=10
        )["Messages"]
        worker = start("ToolsFunction", DiscordApiUrl=api_url)
        assert worker.invoke(sqs_event(message)) == {"batchItemFailures": []}
        request = received.get(timeout=5)
    hook = f"/api/v10/webhooks/{APPLICATION_ID}/{interaction['token']}/messages/@original"
    assert (request.method, request.path.partition("?")[0]) == ("PATCH", hook)
    sha256_of_hello = b"2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
    assert sha256_of_hello in request.body
    assert received.empty()
    assert "hello" not in worker.log.read_text()
    assert interaction["token"] not in worker.log.read_text()


@pytest.mark.parametrize("function", WORKERS)
def test_a_message_that_is_none_of_ours_does_not_crash_the_worker(
    start: Start, function: str
) -> None:
    """The batch's answer comes back in the form that the event source mapping reads."""
    message = {
        "MessageId": "m1",
        "ReceiptHandle": "r1",
        "Body": "not ours",
        "MD5OfBody": "",
        "Attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "0"},
    }
    answer = start(function).invoke(sqs_event(message))
    assert set(answer) == {"batchItemFailures"}
