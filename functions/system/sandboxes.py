"""The ways to the sandbox: its Lambda function, or on a laptop the same code in a process."""

import json
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from functions.system.sandbox_calls import MAX_TIMEOUT_S, SandboxResult
from utilsbot.errors import ServiceError

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

_MODULE = "functions.sandbox.handler"
_ROOT = Path(__file__).parents[2]
_STARTING_S = 10
"""What a cold start and the way there and back may take beyond the program's time."""


class LambdaSandbox:
    """Invokes the sandbox function; the client must not repeat (a program may run once only)."""

    def __init__(self, client: "LambdaClient", function: str) -> None:
        """Args: function: its name or ARN."""
        self._client = client
        self._function = function

    def run(
        self, code: str, *, stdin: str, files: Mapping[str, bytes], timeout_s: int
    ) -> SandboxResult:
        """As functions.system.sandbox_calls.Sandbox."""
        payload = json.dumps(_event(code, stdin, files, timeout_s)).encode()
        try:
            answer = self._client.invoke(FunctionName=self._function, Payload=payload)
            body = json.loads(answer["Payload"].read())
        except ClientError as error:
            raise ServiceError(f"sandbox: {error.response['Error']['Code']}") from None
        except (BotoCoreError, ValueError) as error:
            raise ServiceError(f"sandbox: {type(error).__name__}") from None
        if answer.get("FunctionError"):  # its process died: out of memory or time
            return _died(str(body.get("errorType", "")), timeout_s)
        return _result(body)


class LocalSandbox:
    """Runs the same handler in a process of its own, with an empty environment."""

    def run(
        self, code: str, *, stdin: str, files: Mapping[str, bytes], timeout_s: int
    ) -> SandboxResult:
        """As functions.system.sandbox_calls.Sandbox."""
        event = json.dumps(_event(code, stdin, files, timeout_s))
        try:
            done = subprocess.run(  # noqa: S603
                [sys.executable, "-m", _MODULE],
                input=event,
                capture_output=True,
                text=True,
                cwd=_ROOT,
                env={"PATH": "/usr/bin:/bin"},
                timeout=timeout_s + _STARTING_S,
                check=True,
            )
            return _result(json.loads(done.stdout))
        except (OSError, subprocess.SubprocessError, ValueError) as error:
            raise ServiceError(f"sandbox: {type(error).__name__}") from None


def invoke_config() -> dict[str, Any]:
    """How the Lambda client is made: it waits for a program's whole time, and asks once."""
    return {
        "connect_timeout": 2,
        "read_timeout": MAX_TIMEOUT_S + _STARTING_S,
        "retries": {"mode": "standard", "total_max_attempts": 1},
    }


def _event(code: str, stdin: str, files: Mapping[str, bytes], timeout_s: int) -> dict[str, object]:
    encoded = {name: b64encode(content).decode() for name, content in files.items()}
    return {"code": code, "stdin": stdin, "files": encoded, "timeout_s": timeout_s}


def _result(body: Mapping[str, Any]) -> SandboxResult:
    if "error" in body:
        raise ServiceError(f"sandbox: {body['error']}")
    try:
        files = {str(name): b64decode(content) for name, content in body["files"].items()}
        known = {name: body[name] for name in SandboxResult._fields}
    except (KeyError, ValueError, AttributeError):
        raise ServiceError("sandbox: an answer of another version") from None
    return SandboxResult(**known | {"files": files, "protections": tuple(body["protections"])})


def _died(kind: str, timeout_s: int) -> SandboxResult:
    ended = "timeout" if "Timed" in kind else "signal"
    return SandboxResult(
        ended, None, "", "", None, {}, 0, timeout_s * 1000, 0, 0, ("limits", "syscalls")
    )
