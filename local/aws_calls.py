"""Which AWS calls the functions make: who, which IAM action, on what.

Every local function signs with its own name as access key (`local.function`), so a request says
whose it is. The actions are those that a role's policy names: a transaction needs the rights of
its parts, and an index is a resource of its own.

Sources: Service Authorization Reference, Amazon DynamoDB and Amazon SQS; DynamoDB Developer Guide,
"IAM and transactions".
"""

import io
import json
import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

_KEY = re.compile(r"Credential=([^/,\s]+)/")
_PARTS = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}
_INVOKE = re.compile(r"/2015-03-31/functions/([^/]+)/invocations")


class AwsCall(NamedTuple):
    """One action on one resource."""

    function: str
    """The logical id of who called."""
    action: str
    """As in a policy: `dynamodb:PutItem`."""
    resource: str
    """The name of the table, `TABLE/index/INDEX`, the queue, the parameter or the function."""


def calls_of(headers: Mapping[str, str], path: str, body: bytes) -> Iterator[AwsCall]:
    """The calls that one request makes.

    Args:
        headers: of the request, names in lower case.
        path: of the request.
        body: its bytes.
    """
    key = _KEY.search(headers.get("authorization", ""))
    function = key[1] if key else ""
    service, _, operation = headers.get("x-amz-target", "").rpartition(".")
    if invoked := _INVOKE.fullmatch(path):
        yield AwsCall(function, "lambda:InvokeFunction", invoked[1])
        return
    asked: dict[str, Any] = json.loads(body or b"{}") if operation else {}
    if service.startswith("DynamoDB"):
        for action, resource in _dynamodb(operation, asked):
            yield AwsCall(function, f"dynamodb:{action}", resource)
    elif service == "AmazonSQS":
        queue = str(asked.get("QueueUrl", "")).rpartition("/")[2]
        yield AwsCall(function, f"sqs:{operation}", queue)
    elif service == "AmazonSSM":
        for name in asked.get("Names") or [asked.get("Name", "")]:
            yield AwsCall(function, f"ssm:{operation}", str(name))
    else:
        yield AwsCall(function, f"{service or 'unknown'}:{operation}", path)


def _dynamodb(operation: str, asked: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if operation in {"TransactWriteItems", "TransactGetItems"}:
        for item in asked["TransactItems"]:
            for part, detail in item.items():
                yield _PARTS.get(part, "GetItem"), str(detail["TableName"])
    elif operation in {"BatchGetItem", "BatchWriteItem"}:
        for table in asked["RequestItems"]:
            yield operation, str(table)
    else:
        index = f"/index/{asked['IndexName']}" if "IndexName" in asked else ""
        yield operation, f"{asked.get('TableName', '')}{index}"


class CallRecorder:
    """A WSGI application around the local AWS that notes every call."""

    def __init__(self, aws: Any) -> None:
        """Args: aws: the application that answers."""
        self._aws = aws
        self._lock = threading.Lock()
        self.calls: set[AwsCall] = set()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """One request; its body is read here and handed on."""
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length)
        environ["wsgi.input"] = io.BytesIO(body)
        headers = {
            name.removeprefix("HTTP_").replace("_", "-").lower(): str(value)
            for name, value in environ.items()
            if name.startswith("HTTP_")
        }
        found = set(calls_of(headers, environ.get("PATH_INFO", ""), body))
        with self._lock:
            self.calls |= found
        answer: Iterable[bytes] = self._aws(environ, start_response)
        return answer
