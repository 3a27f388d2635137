"""Our front door: the Lambda handler as it is built, an API Gateway event in and its response out.

BENCH_AWS=none answers the store's and the queue's calls in place (what is left is "outside the two
network calls"); =wire really makes them, to AWS_ENDPOINT_URL; =boto3 makes them with boto3's
default clients instead of our own.
"""

import os
import sys
from collections.abc import Callable, Mapping
from typing import Any

sys.path[:0] = os.environ["BENCH_PATH"].split(os.pathsep)


def _instant(_client: object, target: str, _body: Mapping[str, Any]) -> dict[str, Any]:
    return {"Responses": {}} if target.endswith("BatchGetItem") else {}


class Boto3Client:
    """Stands where AwsClient stands, with the same calls made by boto3 as it comes."""

    def __init__(self, service: str, _environment: Mapping[str, str], **_named: object) -> None:
        import boto3

        self._client: Any = boto3.client(service)  # type: ignore[call-overload]

    def call(self, target: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """One call."""
        method = {
            "UpdateItem": "update_item",
            "BatchGetItem": "batch_get_item",
            "SendMessage": "send_message",
        }[target.partition(".")[2]]
        answer: dict[str, Any] = getattr(self._client, method)(**body)
        return answer


if os.environ["BENCH_AWS"] == "boto3":
    import utilsbot.aws

    utilsbot.aws.AwsClient = Boto3Client  # type: ignore[assignment,misc]
elif os.environ["BENCH_AWS"] == "none":
    import utilsbot.aws

    utilsbot.aws.AwsClient.call = _instant  # type: ignore[assignment,method-assign]

from functions.interactions.handler import handle  # noqa: E402


def prepare(headers: dict[str, str], body: str) -> Callable[[], tuple[int, str]]:
    """A call of the handler."""
    event = {"version": "2.0", "headers": headers, "body": body, "isBase64Encoded": False}

    def call() -> tuple[int, str]:
        answer = handle(event, None)
        return answer["statusCode"], answer["body"]

    return call
