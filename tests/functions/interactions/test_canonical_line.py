"""One command's lines correlate: front door, worker and rescue tell of the same person and id."""

import json
from typing import Any

import boto3
import pytest
from nacl.signing import SigningKey

from functions.interactions.api_gateway import request_of
from functions.interactions.wiring import build
from functions.rescue.ports import build_rescue
from functions.tools.ports import build_ports
from tests.emf_schema import assert_emf
from tests.fakes import FakeClock
from tests.interactions import NOW, command_interaction
from utilsbot.runtime import build_worker

_KEY = SigningKey(b"k" * 32)
_TRACE = "Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled="


class _Context:
    """What Lambda gives a handler."""

    aws_request_id = "request"

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 20_000


@pytest.fixture
def environment(aws: dict[str, str], table: str, queue_url: str) -> dict[str, str]:
    """Of every function; Discord is a closed port."""
    return {
        **aws,
        "TABLE_NAME": table,
        "DISCORD_PUBLIC_KEY": bytes(_KEY.verify_key).hex(),
        "QUEUE_URL_TOOLS": queue_url,
        "QUEUE_URL": queue_url,
        "DEAD_LETTERS_TOOLS": queue_url,
        "DISCORD_API_URL": "http://127.0.0.1:9",
        "METRICS_NAMESPACE": "bot",
        "_X_AMZN_TRACE_ID": f"{_TRACE}0",
    }


def _sent(environment: dict[str, str], clock: FakeClock) -> None:
    body = json.dumps(command_interaction("hash", options={"text": "hunter2"})).encode()
    timestamp = str(int(clock.seconds))
    headers = {
        "x-signature-ed25519": _KEY.sign(timestamp.encode() + body).signature.hex(),
        "x-signature-timestamp": timestamp,
    }
    request = request_of({"headers": headers, "body": body.decode()})
    answer = build(environment, clock.clock).answer(*request, request_id="request", cold=True)
    assert answer.body["type"] == 5


def _received(queue_url: str) -> dict[str, Any]:
    """The queue's message as Lambda's poller hands it over."""
    (message,) = boto3.client("sqs").receive_message(
        QueueUrl=queue_url, MessageSystemAttributeNames=["All"]
    )["Messages"]
    record = {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "0"}
        | message["Attributes"],
        "eventSourceARN": f"arn:aws:sqs:us-east-1:1:{queue_url.rpartition('/')[2]}",
    }
    return {"Records": [record]}


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_the_lines_of_one_command_belong_together(
    environment: dict[str, str],
    queue_url: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """By interaction id, reference and hashed user; each with request, trace and metrics."""
    clock = FakeClock(NOW)
    _sent(environment, clock)
    event = _received(queue_url)
    worker = build_worker(
        "functions.tools", environment, lambda parts: build_ports(parts), clock.clock
    )
    worker.handle(event, _Context())  # type: ignore[arg-type]
    build_rescue(environment, clock.clock).handle(event, _Context())  # type: ignore[arg-type]

    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    front, work, rescue = (line for line in told if line["event"] in _EVENTS)
    for line in (front, work, rescue):
        assert_emf(line)
        assert line["request_id"] == "request"
        assert line["trace_id"] == "1-67891233-abcdef012345678912345678"
        assert isinstance(line["duration_ms"], float)
        assert line["cold"] is True
        assert line["outcome"]
        assert "hunter2" not in json.dumps(line)
    for same in ("interaction_id", "reference", "user", "command", "group", "guild_id"):
        assert front[same] == work[same] == rescue[same], same
    assert len(front["user"]) == 12
    assert (work["attempt"], rescue["Group"], work["Group"]) == (1, "rescue", "tools")


_EVENTS = ("interaction", "command", "rescue")


@pytest.mark.parametrize("sampled", ["0", "1"])
def test_a_sampled_trace_goes_on_through_the_queue(
    environment: dict[str, str], queue_url: str, sampled: str
) -> None:
    """The worker's X-Ray segment then belongs to the front door's; otherwise nothing is sent."""
    environment["_X_AMZN_TRACE_ID"] = f"{_TRACE}{sampled}"
    _sent(environment, FakeClock(NOW))
    attributes = _received(queue_url)["Records"][0]["attributes"]
    expected = f"{_TRACE}1" if sampled == "1" else None
    assert attributes.get("AWSTraceHeader") == expected
