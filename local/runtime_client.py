"""A small Lambda runtime client, for systems that AWS's own (awslambdaric) has no wheel for.

`python -m local.runtime_client functions.tools.handler.handle`
"""

import json
import os
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from http.client import HTTPConnection, HTTPResponse
from importlib import import_module
from typing import Any

_PATH = "/2018-06-01/runtime"


class LambdaContext:
    """What AWS's runtime passes to a handler as its second argument."""

    def __init__(self, headers: Mapping[str, str], environment: Mapping[str, str]) -> None:
        """Args: headers: of the invocation, names in lower case."""
        self.aws_request_id = headers["lambda-runtime-aws-request-id"]
        self.invoked_function_arn = headers.get("lambda-runtime-invoked-function-arn", "")
        self.function_name = environment.get("AWS_LAMBDA_FUNCTION_NAME", "")
        self.function_version = environment.get("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
        self.memory_limit_in_mb = environment.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
        self.log_group_name = environment.get("AWS_LAMBDA_LOG_GROUP_NAME", "")
        self.log_stream_name = environment.get("AWS_LAMBDA_LOG_STREAM_NAME", "")
        self.identity = None
        self.client_context = None
        self._deadline_ms = int(headers.get("lambda-runtime-deadline-ms", "0"))

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until Lambda would end the function."""
        return max(0, self._deadline_ms - int(time.time() * 1000))


class RuntimeClient:
    """Speaks to the Runtime API over one connection."""

    def __init__(self, address: str) -> None:
        """Args: address: AWS_LAMBDA_RUNTIME_API, HOST:PORT."""
        self._connection = HTTPConnection(address)

    def next(self) -> tuple[bytes, Mapping[str, str]]:
        """Waits for the next event: its bytes, and its headers with names in lower case."""
        answer = self._call("GET", "invocation/next")
        return answer.read(), {name.lower(): value for name, value in answer.headers.items()}

    def respond(self, request_id: str, body: bytes) -> None:
        """The handler's return value."""
        self._call("POST", f"invocation/{request_id}/response", body).read()

    def fail(self, request_id: str, error: BaseException) -> None:
        """The handler raised."""
        self._call("POST", f"invocation/{request_id}/error", describe(error)).read()

    def fail_init(self, error: BaseException) -> None:
        """The handler's module could not be imported."""
        self._call("POST", "init/error", describe(error)).read()

    def _call(self, method: str, path: str, body: bytes | None = None) -> HTTPResponse:
        headers = {"Content-Type": "application/json"}
        self._connection.request(method, f"{_PATH}/{path}", body, headers)
        return self._connection.getresponse()


def tell(error: BaseException) -> None:
    """Writes an error as AWS's client does: one line, folded by carriage returns."""
    head = f"[ERROR] {type(error).__name__}: {error}"
    frames = "".join(traceback.format_tb(error.__traceback__))
    text = f"{head}\nTraceback (most recent call last):\n{frames}"
    sys.stdout.write("\r".join(text.splitlines()) + "\n")
    sys.stdout.flush()


def describe(error: BaseException) -> bytes:
    """An error in Lambda's form."""
    frames = traceback.format_tb(error.__traceback__)
    body = {"errorType": type(error).__name__, "errorMessage": str(error), "stackTrace": frames}
    return json.dumps(body).encode()


def serve(handler: Callable[[Any, Any], Any], client: RuntimeClient) -> None:
    """Answers events until the process is ended."""
    while True:
        body, headers = client.next()
        request_id = headers["lambda-runtime-aws-request-id"]
        os.environ["_X_AMZN_TRACE_ID"] = headers.get("lambda-runtime-trace-id", "")
        try:
            answer = handler(json.loads(body), LambdaContext(headers, os.environ))
            content = json.dumps(answer).encode()
        except Exception as error:  # whatever a handler raises is news for its caller
            tell(error)
            client.fail(request_id, error)
        else:
            client.respond(request_id, content)
        sys.stdout.flush()


def main() -> None:
    """Imports the handler named on the command line and serves it."""
    client = RuntimeClient(os.environ["AWS_LAMBDA_RUNTIME_API"])
    module, _, function = sys.argv[1].rpartition(".")
    try:
        handler = getattr(import_module(module), function)
    except Exception as error:
        tell(error)
        client.fail_init(error)
        raise SystemExit(1) from None
    serve(handler, client)


if __name__ == "__main__":
    main()
