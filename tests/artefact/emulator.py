"""The real Lambda runtime without Docker: AWS's interface emulator and its Python runtime client.

The emulator ships in the aws-sam-cli package, the client is awslambdaric. The function's process
sees the artefact, its layers, the client and the standard library, and nothing of our venv.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from http.client import HTTPConnection
from importlib.metadata import files as files_of
from pathlib import Path
from typing import Any

import pytest

from tests.artefact.builds import OWN, ROOT

_START_TIMEOUT_S = 20
_INVOKE = "/2015-03-31/functions/function/invocations"
_CLIENT = ("awslambdaric", "simplejson", "snapshot-restore-py")
BARE_PYTHON = (getattr(sys, "_base_executable", sys.executable), "-S", "-s", "-P")
"""The interpreter without a venv, site-packages, the user's packages or the working folder."""


def emulator_path() -> Path:
    """AWS's emulator; where there is none, the test is skipped (in CI it fails)."""
    name = f"aws-lambda-rie-{OWN.partition('-')[0]}"
    found = list(ROOT.glob(f".tools/sam/lib/python*/site-packages/samcli/local/rapid/{name}"))
    if not found or sys.platform != "linux":
        missing = "AWS's runtime interface emulator is not here: run `make sam` on Linux"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return found[0]


def link_client(folder: Path) -> Path:
    """A folder with AWS's runtime client and what it needs, and nothing else."""
    for package in _CLIENT:
        for file in files_of(package) or ():
            link = folder / file.parts[0]
            if not link.exists() and ".." not in file.parts:
                link.symlink_to(Path(str(file.locate())).parents[len(file.parts) - 1] / link.name)
    return folder


def function_environment(
    path: Sequence[Path], variables: Mapping[str, str], *, aws_url: str
) -> dict[str, str]:
    """What Lambda sets, and the template's variables; nothing of this process's own environment.

    The import path is `path`; boto3 and our own client find AWS at `aws_url`.
    """
    return {
        "PATH": "/usr/bin:/bin",
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "PYTHONPATH": os.pathsep.join(map(str, path)),
        "PYTHONDONTWRITEBYTECODE": "1",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_SESSION_TOKEN": "testing",
        "AWS_ENDPOINT_URL": aws_url,
        **variables,
    }


class Emulator:
    """One function under the real runtime, one event at a time."""

    def __init__(
        self, binary: Path, handler: str, environment: Mapping[str, str], log: Path
    ) -> None:
        """Starts it.

        Args:
            binary: AWS's emulator.
            handler: as in the template.
            environment: all that the function sees.
            log: where its output goes.

        Raises:
            RuntimeError: the emulator did not come up.
        """
        self._port = _free_port()
        self.log = log
        command = (
            *(str(binary), "--log-level", "info"),
            *("--runtime-interface-emulator-address", f"127.0.0.1:{self._port}"),
            *("--runtime-api-address", f"127.0.0.1:{_free_port()}"),
            *(*BARE_PYTHON, "-m", "awslambdaric", handler),
        )
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                command,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait()

    def invoke(self, event: Mapping[str, Any]) -> Any:
        """What the function returns for an event, or Lambda's error JSON."""
        connection = HTTPConnection("127.0.0.1", self._port, timeout=60)
        try:
            connection.request("POST", _INVOKE, json.dumps(event))
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()

    def stop(self) -> None:
        """Ends the emulator and the function with it."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + _START_TIMEOUT_S
        while self._process.poll() is None and time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self._port), timeout=1).close()
            except OSError:
                time.sleep(0.02)
            else:
                return
        self.stop()
        raise RuntimeError(f"the emulator did not start:\n{self.log.read_text()}")


def _free_port() -> int:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return int(server.getsockname()[1])
