"""Every handler of the artefacts starts under the real Lambda runtime; how long that takes.

`make artefacts-report` prints the table. No time is a promise here: bench/ has ratios for that.
"""

import json
import re
import sys
from typing import Any

import pytest

from tests.artefact.builds import OWN, ROOT, WORKERS
from tests.artefact.conftest import Start
from tests.artefact.events import http_event, sqs_event
from tests.infra.template import FUNCTIONS

pytestmark = [pytest.mark.artefact, pytest.mark.xdist_group("artefact-runtime")]

LAMBDA_INIT_LIMIT_MS = 10_000
"""Lambda Developer Guide, "Understanding the Lambda execution environment lifecycle"."""
_INIT = re.compile(r"INIT REPORT\(durationMs: ([\d.]+)")
_GARBAGE = {
    "MessageId": "m1",
    "ReceiptHandle": "r1",
    "Body": "not ours",
    "MD5OfBody": "",
    "Attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "0"},
}


def _first_event(function: str) -> dict[str, Any]:
    """Something that each takes without doing much."""
    if function == "InteractionsFunction":
        return http_event(b'{"type":1}')
    return {} if function == "SandboxFunction" else sqs_event(_GARBAGE)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_handler_starts_within_lambdas_limit(start: Start, function: str) -> None:
    """And says nothing of an error on the way."""
    emulator = start(function)
    answer = emulator.invoke(_first_event(function))
    assert "errorType" not in answer, answer
    took = _INIT.search(emulator.log.read_text())
    assert took, emulator.log.read_text()
    sys.stdout.write(f"\n{OWN}  {function:<22} init {float(took[1]):7.0f} ms  ")
    assert float(took[1]) < LAMBDA_INIT_LIMIT_MS


def test_the_sandbox_runs_a_program(start: Start) -> None:
    """events/sandbox-print.json, in a folder of its own."""
    event = json.loads((ROOT / "events" / "sandbox-print.json").read_text(encoding="utf-8"))
    answer = start("SandboxFunction").invoke(event)
    assert (answer["ended"], answer["stdout"]) == ("exit", "42\n"), answer


def test_the_report_covers_every_function() -> None:
    """The front door, the sandbox and whatever takes messages from queues."""
    queues = {
        name
        for name, function in FUNCTIONS.items()
        if any(event["Type"] == "SQS" for event in function.get("Events", {}).values())
    }
    assert FUNCTIONS.keys() == {"InteractionsFunction", "SandboxFunction"} | queues
    assert queues >= set(WORKERS)
