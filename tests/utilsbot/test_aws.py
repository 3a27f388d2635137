"""The front door's own AWS client: signed as botocore signs, patient with dead connections."""

import http.server
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from unittest.mock import patch

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from utilsbot.aws import AwsClient, AwsCredentials, AwsError, signed_headers

_NAMES = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/+=", min_size=1)


@given(
    service=st.sampled_from(["dynamodb", "sqs"]),
    region=st.sampled_from(["us-east-1", "eu-central-1"]),
    access=_NAMES,
    secret=_NAMES,
    token=st.one_of(st.just(""), _NAMES),
    body=st.binary(max_size=300),
    at=st.integers(1_000_000_000, 4_000_000_000),
)
def test_signature_is_botocores(
    service: str, region: str, access: str, secret: str, token: str, body: bytes, at: int
) -> None:
    """For any credentials, body and moment we sign exactly as botocore does."""
    headers = {"content-type": "application/x-amz-json-1.0", "x-amz-target": "A.B"}
    host = f"{service}.{region}.amazonaws.com"
    request = AWSRequest("POST", f"https://{host}/", headers=dict(headers), data=body)
    with patch("botocore.auth.get_current_datetime") as now:
        now.return_value = datetime.fromtimestamp(at, UTC)
        SigV4Auth(Credentials(access, secret, token or None), service, region).add_auth(request)

    ours = signed_headers(
        service=service,
        region=region,
        host=host,
        path="/",
        headers=headers,
        body=body,
        credentials=AwsCredentials(access, secret, token),
        at=at,
    )

    assert request.headers["Authorization"] == ours["authorization"]


def test_a_real_queue_takes_our_message(aws: dict[str, str], queue_url: str) -> None:
    """SendMessage arrives, non-ASCII included."""
    client = AwsClient("sqs", aws)

    client.call("AmazonSQS.SendMessage", {"QueueUrl": queue_url, "MessageBody": "grüße 🎲"})
    client.close()

    (message,) = boto3.client("sqs").receive_message(QueueUrl=queue_url)["Messages"]
    assert message["Body"] == "grüße 🎲"


def test_a_refusal_carries_awss_code(aws: dict[str, str]) -> None:
    """The error's code is the last part of __type."""
    with pytest.raises(AwsError) as caught:
        AwsClient("dynamodb", aws).call(
            "DynamoDB_20120810.UpdateItem",
            {"TableName": "missing", "Key": {"pk": {"S": "a"}, "sk": {"S": "b"}}},
        )

    assert caught.value.code == "ResourceNotFoundException"


class _Fickle(http.server.BaseHTTPRequestHandler):
    """Answers, keeps the connection alive, then drops it without a word."""

    protocol_version = "HTTP/1.1"
    seen = 0

    def do_POST(self) -> None:
        type(self).seen += 1
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}")
        self.close_connection = True  # without a Connection: close header

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Quiet."""


@pytest.fixture
def fickle_url() -> Iterator[str]:
    """A server that closes kept-alive connections behind the client's back."""
    _Fickle.seen = 0
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Fickle)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_dead_kept_alive_connection_is_replaced(fickle_url: str) -> None:
    """A connection that died between two calls costs one reconnect and no error."""
    client = AwsClient("sqs", {"AWS_ENDPOINT_URL": fickle_url})

    answers = [client.call("A.B", {}) for _ in range(3)]
    client.close()

    assert answers == [{}, {}, {}]
    assert _Fickle.seen == 3


def test_nobody_there_is_an_error_at_once() -> None:
    """A refused connection is reported and not retried for ever."""
    with pytest.raises(AwsError, match="Connection"):
        AwsClient("sqs", {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}).call("A.B", {})
