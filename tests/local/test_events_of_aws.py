"""local.poller and local.apigateway: events and answers as AWS makes them."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.apigateway import HttpAnswer, http_answer, http_event
from local.function import lambda_environment
from local.poller import delivered_again, sqs_event, succeeded
from local.runtime_api import Result
from local.template import Function

MESSAGE: dict[str, Any] = {
    "MessageId": "m1",
    "ReceiptHandle": "r1",
    "Body": "{}",
    "MD5OfBody": "99914b932bd37a50b983c5e7c90ae93b",
    "Attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1790000000000"},
    "MessageAttributes": {"kind": {"StringValue": "x", "DataType": "String"}},
}


def _http(body: bytes, content_type: str = "application/json") -> dict[str, Any]:
    headers = [("Content-Type", content_type), ("X-A", "1"), ("x-a", "2"), ("Host", "h")]
    return http_event(
        method="POST",
        path="/interactions",
        query="a=1",
        headers=headers,
        body=body,
        source_ip="::1",
    )


def test_an_sqs_event_has_lambdas_field_names() -> None:
    """Powertools and handlers read these."""
    record = sqs_event([MESSAGE], "arn:aws:sqs:us-east-1:1:q")["Records"][0]

    assert (record["messageId"], record["receiptHandle"], record["body"]) == ("m1", "r1", "{}")
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert record["messageAttributes"]["kind"]["stringValue"] == "x"
    assert (record["eventSource"], record["awsRegion"]) == ("aws:sqs", "us-east-1")


def test_a_second_delivery_counts_up() -> None:
    """The same message, received once more; the first one is not changed."""
    again = delivered_again(MESSAGE)

    assert again["Attributes"]["ApproximateReceiveCount"] == "2"
    assert MESSAGE["Attributes"]["ApproximateReceiveCount"] == "1"
    assert MESSAGE["MessageId"] == again["MessageId"]


@pytest.mark.parametrize(
    ("answer", "deleted"),
    [
        (None, ["r1", "r2"]),
        ({}, ["r1", "r2"]),
        ({"batchItemFailures": []}, ["r1", "r2"]),
        ({"batchItemFailures": None}, ["r1", "r2"]),
        ({"batchItemFailures": [{"itemIdentifier": "m1"}]}, ["r2"]),
        ({"batchItemFailures": [{"itemIdentifier": "unknown"}]}, []),
        ({"batchItemFailures": [{"itemIdentifier": ""}]}, []),
        ({"batchItemFailures": [{}]}, []),
        ({"batchItemFailures": "m1"}, []),
        ("text", []),
    ],
)
def test_only_what_succeeded_is_deleted(answer: Any, deleted: list[str]) -> None:
    """An answer that Lambda does not understand fails the whole batch."""
    messages = [MESSAGE, MESSAGE | {"MessageId": "m2", "ReceiptHandle": "r2"}]
    result = Result(json.dumps(answer).encode())

    assert deleted == succeeded(result, messages, partial_failures=True)


def test_an_error_deletes_nothing() -> None:
    """Every message comes again after its visibility timeout."""
    assert succeeded(Result.failed("X", "x"), [MESSAGE], partial_failures=True) == []
    assert succeeded(Result(b'"any"'), [MESSAGE], partial_failures=False) == ["r1"]


def test_an_http_event_is_payload_format_2() -> None:
    """Header names in lower case, repeated ones joined, the raw query and path."""
    event = _http(b'{"type":1}')

    assert (
        event["version"],
        event["rawPath"],
        event["rawQueryString"],
    ) == ("2.0", "/interactions", "a=1")
    assert event["headers"]["x-a"] == "1,2"
    assert (event["body"], event["isBase64Encoded"]) == ('{"type":1}', False)
    assert event["requestContext"]["http"]["method"] == "POST"


@given(st.binary(min_size=1), st.sampled_from(["application/json", "text/plain", "image/png", ""]))
def test_no_byte_of_a_body_is_lost(body: bytes, content_type: str) -> None:
    """Text travels as text if it is UTF-8, everything else in base64."""
    event = _http(body, content_type)

    sent = event["body"]
    assert body == (base64.b64decode(sent) if event["isBase64Encoded"] else sent.encode())


@pytest.mark.parametrize(
    ("returned", "expected"),
    [
        (
            {"statusCode": 401, "headers": {"Content-Type": "text/plain"}, "body": "no"},
            HttpAnswer(401, {"content-type": "text/plain"}, b"no"),
        ),
        (
            {"statusCode": 200, "body": "AAE=", "isBase64Encoded": True},
            HttpAnswer(200, {}, b"\x00\x01"),
        ),
        ({"type": 1}, HttpAnswer(200, {"content-type": "application/json"}, b'{"type":1}')),
    ],
)
def test_an_answer_is_passed_on_unchanged(returned: Any, expected: HttpAnswer) -> None:
    """Status, headers and body as the function gave them."""
    assert expected == http_answer(Result(json.dumps(returned).encode()))


@pytest.mark.parametrize(
    "result",
    [
        Result.failed("Sandbox.Timedout", "late"),
        Result(b'{"statusCode":"x"}'),
        Result(b'{"statusCode":200,"body":{"a":1}}'),
    ],
)
def test_a_broken_answer_is_a_500(result: Result) -> None:
    """API Gateway tells nothing of a function's errors."""
    answer = http_answer(result)

    assert (answer.status, answer.body) == (500, b'{"message": "Internal Server Error"}')


def test_a_function_sees_nothing_of_the_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the template's environment and what Lambda sets."""
    monkeypatch.setenv("MY_SECRET", "x")
    function = Function("Tools", "a.b", 3.0, 256, {"TABLE_NAME": "t"})

    environment = lambda_environment(function, "127.0.0.1:1", "http://127.0.0.1:2")

    assert "MY_SECRET" not in environment
    assert (
        environment["TABLE_NAME"],
        environment["AWS_LAMBDA_FUNCTION_NAME"],
        environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"],
    ) == ("t", "Tools", "256")
