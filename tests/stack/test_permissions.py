"""The roles in infra/template.yaml against the AWS calls that the functions really make.

Both ways: what is called is allowed, and what is allowed is called. `make rehearse` tries the same
roles against another implementation of IAM.
"""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import boto3
import pytest

from cli.playground import walk
from functions.catalog import CATALOG
from local.aws import STACK_NAME
from local.aws_calls import CallRecorder
from local.moto_server import moto_server
from local.services import services
from local.serving import free_port
from local.standins.chromium import is_available
from tests.infra.rights import Right, differences, rights
from tests.infra.template import FUNCTIONS
from tests.stack.ai_stacks import serving
from tests.stack.conftest import RunningStack
from tests.stack.test_commands import SWITCHES, on_this_machine
from utilsbot.envelope import Envelope
from utilsbot.spec import CommandType
from utilsbot.store.command_log import CommandLog, Entry

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("permissions")]

WAIT_S = 30
BY_LAMBDA = {
    "logs:CreateLogStream": "Lambda writes the log with the function's role",
    "logs:PutLogEvents": "the same",
    "sqs:DeleteMessage": "Lambda's event source mapping deletes with the function's role",
    "sqs:GetQueueAttributes": "it looks at the queue with it",
    "sqs:ReceiveMessage": "and receives with it",
    "xray:PutTelemetryRecords": "Lambda's X-Ray daemon, where tracing is on",
    "xray:PutTraceSegments": "the same",
    "ec2:CreateNetworkInterface": "Lambda attaches the sandbox to its empty network",
    "ec2:DeleteNetworkInterface": "the same",
    "ec2:DescribeNetworkInterfaces": "the same",
    "ec2:DescribeSubnets": "the same",
}
"""Actions that AWS itself takes with a function's role, and no code of ours."""
LOCAL = {
    ("lambda:InvokeFunction", "SandboxFunction"): "locally the sandbox is a process, no function",
}
"""Rights that a local run cannot show; `make rehearse` uses them."""


class Noted(NamedTuple):
    """A stack whose AWS notes every call."""

    stack: RunningStack
    recorder: CallRecorder
    aws_url: str

    def client(self, service: str) -> Any:
        """boto3's, as nobody's function."""
        return boto3.client(service, endpoint_url=self.aws_url)  # type: ignore[call-overload]

    def physical(self) -> dict[str, str]:
        """Logical id → physical id."""
        listed = self.client("cloudformation").describe_stack_resources(StackName=STACK_NAME)
        return {r["LogicalResourceId"]: r["PhysicalResourceId"] for r in listed["StackResources"]}

    def called(self) -> dict[str, set[Right]]:
        """What was called so far, by function, in the words of the template."""
        names = {name.rpartition("/")[2]: logical for logical, name in self.physical().items()}
        given = services("http://127.0.0.1:1", {}).parameters
        names |= {v: f"ssm:{k}" for k, v in given.items() if k.endswith("Parameter")}
        found: dict[str, set[Right]] = {}
        for function, action, resource in list(self.recorder.calls):
            if function in FUNCTIONS:
                base, index, rest = resource.partition("/index/")
                name = names.get(base, base) + index + rest
                found.setdefault(function, set()).add((action, name))
        return found

    def wait_for(self, function: str, wanted: set[Right]) -> None:
        """Waits until a function has made these calls."""
        deadline = time.monotonic() + WAIT_S
        while missing := wanted - self.called().get(function, set()):
            assert time.monotonic() < deadline, f"{function} does not call {missing}"
            time.sleep(0.2)


@pytest.fixture(scope="module")
def noted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Noted]:
    """A stack of its own; one screenshot service is down, so that the other is asked as well."""
    server = moto_server()
    server.app = recorder = CallRecorder(server.app)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    down = {"SCREENSHOT_ONE_URL": f"http://127.0.0.1:{free_port()}"}
    with serving(tmp_path_factory.mktemp("permissions"), down, url) as stack:
        yield Noted(stack, recorder, url)
    server.shutdown()
    server.server_close()


def _lines() -> list[str]:
    """Every example of every command; what changes the bot for everybody comes last."""
    typed = [m.spec for m in CATALOG if m.spec.type is CommandType.CHAT_INPUT]
    typed.sort(key=lambda spec: spec.slug in SWITCHES)
    return [line for spec in typed for line in spec.examples]


def _use_everything(stack: RunningStack, line: str) -> None:
    """Types a line and presses every button of the answer; what is answered is others' concern."""
    message = json.loads(stack.send(line, "--json").stdout or "{}").get("message")
    for part in walk((message or {}).get("components") or []):
        if part.get("type") == 2 and "custom_id" in part and not part.get("disabled"):
            stack.send("--click", part["custom_id"], "--json")


def _refuse_and_rescue(noted: Noted) -> None:
    """Messages that another worker has, and one that failed three times, for every queue."""
    physical = noted.physical()
    table, sqs = physical["Table"], noted.client("sqs")
    sent = [line for line in noted.stack.exchanges() if "callback" in line]
    latest = {_name(line): line["interaction"] for line in sent}
    for queue in sorted(q for q in physical if q.endswith("Queue")):
        group = queue.removesuffix("Queue").removesuffix("DeadLetter").lower()
        command = next(m for m in CATALOG if m.group == group and m.spec.name in latest)
        body = _again(latest[command.spec.name])
        log = CommandLog(noted.client("dynamodb"), table)
        log.claim(_entry(body, command.spec.name, group), now=time.time(), lease_s=600)
        _send(sqs, physical[queue], body)
    # Its answer grows, so a text that is there is no proof of an answer; and it may be kept.
    _send(sqs, physical["AiDeadLetterQueue"], _again(latest["chat"]))


def _name(line: dict[str, Any]) -> str:
    return str(line["interaction"].get("data", {}).get("name"))


_fresh = iter(range(1, 1 << 20))


def _again(interaction: dict[str, Any]) -> dict[str, Any]:
    """The same under another id; its token is one that Discord knows."""
    return interaction | {"id": str(int(interaction["id"]) + next(_fresh))}


def _entry(interaction: dict[str, Any], command: str, group: str) -> Entry:
    user = (interaction.get("member") or interaction)["user"]
    return Entry(user["id"], interaction["id"], command, group, None, "reference", time.time())


def _send(sqs: Any, url: str, interaction: dict[str, Any]) -> None:
    sqs.send_message(QueueUrl=url, MessageBody=Envelope(interaction, time.time()).encode())


def test_every_call_is_allowed_and_every_right_is_used(noted: Noted, tmp_path: Path) -> None:
    """No role lacks what its function does, and none has more."""
    files = {name: tmp_path / name for name in ("code.png", "trace.txt")}
    drawn = Path(noted.stack.answer("/qr create text:hello")["files"][0])
    files["code.png"].write_bytes(drawn.read_bytes())
    files["trace.txt"].write_text("ValueError: on purpose")
    for line in _lines():
        for name, path in files.items():
            line = line.replace(name, str(path))
        _use_everything(noted.stack, on_this_machine(noted.stack, line))
    noted.stack.send("/load name:all")
    noted.stack.send("/chat message:Remember this")
    noted.stack.send("/privacy export")  # opens the conversation
    _refuse_and_rescue(noted)

    excused = set(LOCAL)
    if not is_available():  # no Chromium, so no screenshots
        excused |= {
            ("ssm:GetParameter", "ssm:ScreenshotOneKeyParameter"),
            ("ssm:GetParameter", "ssm:ApiflashKeyParameter"),
        }
    for function in FUNCTIONS:
        expected = {r for r in rights(function) if r[0] not in BY_LAMBDA} - excused
        with suppress(AssertionError):  # said below, all at once
            noted.wait_for(function, expected)
    assert not list(differences(noted.called(), set(BY_LAMBDA), excused))
