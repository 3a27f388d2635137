"""What the front door costs, as ratios to its floor in one run.

Warm: CPU of one signed PING, one refused and one deferred command, over a bare PyNaCl verify of the
same bytes (the store's and the queue's calls answered at once, in process). Cold: CPU of a fresh
process that imports the handler, and of the heavy way (boto3 clients), over a bare interpreter.
Runs are interleaved; the figures are medians.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from unittest.mock import patch

from nacl.signing import SigningKey
from rich.console import Console
from rich.table import Table

from functions.interactions.pipeline import Pipeline
from functions.interactions.wiring import build
from utilsbot.aws import AwsClient
from utilsbot.clock import Clock

_ROOT = Path(__file__).parents[1]
_KEY = SigningKey(b"k" * 32)
_ROUNDS, _CALLS, _PROCESSES = 15, 200, 9
_ENVIRONMENT = {
    "DISCORD_PUBLIC_KEY": bytes(_KEY.verify_key).hex(),
    "TABLE_NAME": "table",
    "QUEUE_URL_TOOLS": "https://sqs.eu-central-1.amazonaws.com/1/tools",
    "AWS_REGION": "eu-central-1",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "a",
    "AWS_SECRET_ACCESS_KEY": "b",
    "LOG_LEVEL": "ERROR",
}
_COLD = {
    "bare Python": "pass",
    "handler of the front door": "import functions.interactions.handler",
    "boto3 clients instead": "import nacl.signing, json, boto3\n"
    "boto3.client('sqs'); boto3.client('dynamodb')",
}


def _command(name: str) -> bytes:
    return json.dumps(
        {
            "id": "1300000000000000001",
            "application_id": "1200000000000000001",
            "type": 2,
            "token": "t" * 200,
            "member": {"user": {"id": "42", "username": "ada"}, "permissions": "2147483647"},
            "guild_id": "400000000000000001",
            "locale": "en-GB",
            "data": {
                "id": "1",
                "name": name,
                "type": 1,
                "options": [{"name": "text", "type": 3, "value": "hello " * 20}],
            },
        }
    ).encode()


def _signed(body: bytes) -> tuple[dict[str, str], bytes]:
    timestamp = str(int(time.time()))
    signature = _KEY.sign(timestamp.encode() + body).signature.hex()
    return {"x-signature-ed25519": signature, "x-signature-timestamp": timestamp}, body


def _instant(_client: AwsClient, target: str, _body: Mapping[str, Any]) -> dict[str, Any]:
    return {"Responses": {}} if target.endswith("BatchGetItem") else {}


def warm() -> dict[str, float]:
    """CPU of one call over a bare verify, by kind of call."""
    pipeline: Pipeline = build(_ENVIRONMENT, Clock())
    headers, body = _signed(_command("hash"))
    message = headers["x-signature-timestamp"].encode() + body
    signature = bytes.fromhex(headers["x-signature-ed25519"])
    requests = {
        "PING": _signed(b'{"type":1}'),
        "unsigned request": ({}, body),
        "unknown command": _signed(_command("nothing")),
        "/hash, deferred": (headers, body),
    }
    kinds: dict[str, Callable[[], object]] = {
        "bare verify": lambda: _KEY.verify_key.verify(message, signature)
    }
    for name, request in requests.items():
        kinds[name] = lambda request=request: pipeline.answer(*request)  # type: ignore[misc]
    figures: dict[str, list[float]] = {name: [] for name in kinds}
    with patch.object(AwsClient, "call", _instant):
        for _ in range(_ROUNDS):
            for name, call in kinds.items():
                began = time.process_time()
                for _ in range(_CALLS):
                    call()
                figures[name].append(time.process_time() - began)
    floor = statistics.median(figures["bare verify"])
    return {name: statistics.median(times) / floor for name, times in figures.items()}


def cold() -> dict[str, float]:
    """CPU of a fresh process over a bare interpreter's, by what it imports."""
    environment = _ENVIRONMENT | {"PYTHONPATH": f"{_ROOT}:{_ROOT / 'layers/common'}"}
    figures: dict[str, list[float]] = {name: [] for name in _COLD}
    for _ in range(_PROCESSES):
        for name, code in _COLD.items():
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([sys.executable, "-c", code], env=environment, check=True)  # noqa: S603
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            figures[name].append(
                after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            )
    floor = statistics.median(figures["bare Python"])
    return {name: statistics.median(times) / floor for name, times in figures.items()}


def main() -> None:
    """Prints both tables."""
    console = Console(width=int(os.environ.get("COLUMNS", "90")))
    for title, figures in (
        ("Warm, CPU over a bare PyNaCl verify", warm()),
        ("Cold, CPU over a bare interpreter", cold()),
    ):
        table = Table("", "ratio", title=title)
        for name, ratio in figures.items():
            table.add_row(name, f"{ratio:.2f}")
        console.print(table)


if __name__ == "__main__":
    main()
