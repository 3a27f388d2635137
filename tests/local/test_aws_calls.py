"""What requests to AWS count as, in the words of a policy."""

import io
import json
from typing import Any

import pytest

from local.aws_calls import AwsCall, CallRecorder, calls_of
from utilsbot.aws import AwsCredentials, signed_headers


def _headers(target: str) -> dict[str, str]:
    signed = signed_headers(
        service="dynamodb",
        region="us-east-1",
        host="127.0.0.1",
        path="/",
        headers={"x-amz-target": target},
        body=b"",
        credentials=AwsCredentials("ToolsFunction", "secret"),
        at=0,
    )
    return {**signed, "x-amz-target": target}


@pytest.mark.parametrize(
    ("target", "body", "expected"),
    [
        ("DynamoDB_20120810.GetItem", {"TableName": "t"}, {("dynamodb:GetItem", "t")}),
        (
            "DynamoDB_20120810.Query",
            {"TableName": "t", "IndexName": "i"},
            {("dynamodb:Query", "t/index/i")},
        ),
        (
            "DynamoDB_20120810.BatchGetItem",
            {"RequestItems": {"t": {}, "u": {}}},
            {("dynamodb:BatchGetItem", "t"), ("dynamodb:BatchGetItem", "u")},
        ),
        (
            "DynamoDB_20120810.TransactWriteItems",
            {
                "TransactItems": [
                    {"Put": {"TableName": "t"}},
                    {"Update": {"TableName": "t"}},
                    {"Delete": {"TableName": "u"}},
                    {"ConditionCheck": {"TableName": "u"}},
                ]
            },
            {
                ("dynamodb:PutItem", "t"),
                ("dynamodb:UpdateItem", "t"),
                ("dynamodb:DeleteItem", "u"),
                ("dynamodb:ConditionCheckItem", "u"),
            },
        ),
        (
            "AmazonSQS.SendMessage",
            {"QueueUrl": "http://127.0.0.1:1/123456789012/q"},
            {("sqs:SendMessage", "q")},
        ),
        ("AmazonSSM.GetParameter", {"Name": "/a/b"}, {("ssm:GetParameter", "/a/b")}),
        ("AmazonKinesis.PutRecord", {}, {("AmazonKinesis:PutRecord", "/")}),
    ],
)
def test_a_request_is_the_actions_that_it_needs(
    target: str, body: Any, expected: set[tuple[str, str]]
) -> None:
    """A transaction needs its parts' rights, an index is a resource; the key says who."""
    found = set(calls_of(_headers(target), "/", json.dumps(body).encode()))
    assert found == {AwsCall("ToolsFunction", action, resource) for action, resource in expected}


def test_an_invocation_names_its_function() -> None:
    """Lambda's API has the function in the path."""
    (call,) = calls_of(_headers(""), "/2015-03-31/functions/Sandbox/invocations", b"{}")
    assert call == AwsCall("ToolsFunction", "lambda:InvokeFunction", "Sandbox")


def test_the_recorder_passes_requests_on_as_they_are() -> None:
    """The AWS behind it reads the same body."""
    seen: list[bytes] = []

    def aws(environ: Any, _: Any) -> list[bytes]:
        seen.append(environ["wsgi.input"].read())
        return [b"answer"]

    body = b'{"TableName": "t"}'
    headers = _headers("DynamoDB_20120810.PutItem")
    environ: dict[str, Any] = {
        f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()
    }
    environ |= {"CONTENT_LENGTH": str(len(body)), "PATH_INFO": "/", "wsgi.input": io.BytesIO(body)}
    recorder = CallRecorder(aws)

    assert list(recorder(environ, None)) == [b"answer"]
    assert seen == [body]
    assert recorder.calls == {AwsCall("ToolsFunction", "dynamodb:PutItem", "t")}
