"""The group put together: settings, ports, the light imports, and a run through the real worker."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import boto3
import pytest

from functions.system.ports import LazyDiscord, build_ports
from functions.system.sandboxes import LambdaSandbox, LocalSandbox
from functions.system.settings import Settings
from tests.fakes import FakeClock
from tests.functions.system.system_house import CATALOG, House
from tests.interactions import NOW, USER_ID, Json, component_interaction
from utilsbot.discord.attachments import AttachmentDownloader
from utilsbot.discord.interaction import Interaction
from utilsbot.envelope import Envelope
from utilsbot.errors import NotConfigured
from utilsbot.reply import Reply
from utilsbot.runtime import Parts
from utilsbot.settings import BadSettings, Secret
from utilsbot.store import table as store_table
from utilsbot.store.command_log import CommandLog
from utilsbot.worker import Worker

_ROOT = Path(__file__).parents[3]
_TOKEN = "DISCORD_BOT_TOKEN_PARAMETER"


class Outbox:
    """Notes what is sent."""

    def __init__(self) -> None:
        self.sent: list[Reply] = []

    def silence_s(self, interaction: Interaction) -> float:
        """Discord takes everything."""
        return 0.0

    def deliver(self, interaction: Interaction, reply: Reply, **how: Any) -> None:
        self.sent.append(reply)

    def preview(self, interaction: Interaction, reply: Reply, **how: Any) -> None:
        raise AssertionError("nothing of this group is slow enough for a preview")

    def tell(self, interaction: Interaction, reply: Reply, **how: Any) -> None:
        self.sent.append(reply)


class Queue:
    """A queue that nothing goes back to."""

    def delay(self, receipt_handle: str, delay_s: int) -> None:
        raise AssertionError("a command was put back")


class LambdaContext:
    """The context that a function gets."""

    aws_request_id = "r"

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 30_000


class Secrets:
    """Parameter Store with one token, which may change."""

    def __init__(self, token: str) -> None:
        self.token = token

    def read(self, name: str) -> Secret:
        return Secret(self.token)


def _parts(table: str, **environment: str) -> Parts:
    clock = FakeClock(NOW).clock
    downloader = AttachmentDownloader(allowed_origin=None, clock=clock)
    return Parts(environment, clock, store_table.connect(), table, downloader)


def test_every_port_that_a_command_asks_for_is_there(table: str) -> None:
    """By its parameter's name."""
    ports = build_ports(_parts(table))
    for module in CATALOG:
        spec = module.spec
        names = [f"run_{sub.name}" for sub in spec.subcommands] or ["run"]
        names += [f"on_{action.name}" for action in spec.actions]
        declared = {option.name for option in spec.options}
        declared |= {option.name for sub in spec.subcommands for option in sub.options}
        for name in names:
            code = module.function(name).__code__
            keywords = code.co_varnames[
                code.co_argcount : code.co_argcount + code.co_kwonlyargcount
            ]
            assert set(keywords) <= ports.keys() | declared, (spec.name, name)
            assert not declared & ports.keys(), "an option would hide a port"


def test_without_a_token_discord_is_not_configured(table: str) -> None:
    """Told to who calls, when they call."""
    ports: dict[str, Any] = build_ports(_parts(table))
    with pytest.raises(NotConfigured):
        ports["directory"].guilds()
    with pytest.raises(NotConfigured):
        ports["registry"].plan(None)


def test_a_changed_token_is_used(table: str) -> None:
    """After a /reload the next call has the new one; the same one keeps its client."""
    secrets = Secrets("one")
    parts = _parts(table, **{_TOKEN: "/bot/token"})
    discord = LazyDiscord(Settings.from_env(parts.environment), secrets, parts)

    first = discord.api
    assert discord.api is first
    secrets.token = "two"
    assert discord.api is not first


def test_the_sandbox_is_off_local_or_a_function(table: str) -> None:
    """As the operator says."""
    assert build_ports(_parts(table))["sandbox"] is None
    local = build_ports(_parts(table, SANDBOX_FUNCTION="local"))["sandbox"]
    assert isinstance(local, LocalSandbox)
    remote = build_ports(_parts(table, SANDBOX_FUNCTION="arn:aws:lambda:x"))["sandbox"]
    assert isinstance(remote, LambdaSandbox)


def test_bad_settings_are_all_told() -> None:
    """At once."""
    with pytest.raises(BadSettings) as caught:
        Settings.from_env({"DEVELOPER_IDS": "me", "DEVELOPER_GUILD_ID": "here"})
    assert len(caught.value.problems) == 2


def test_the_front_door_can_import_every_spec_cheaply() -> None:
    """No third-party library, and nothing slow of the standard one, behind any of them."""
    script = (
        "import json, sys\n"
        "from utilsbot.catalog import Catalog\n"
        "list(Catalog('functions.system'))\n"
        "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={"PYTHONPATH": f"{_ROOT}:{_ROOT / 'layers/common'}"},
        capture_output=True,
        text=True,
        check=True,
    )
    slow = {"asyncio", "boto3", "botocore", "dataclasses", "httpx", "inspect", "logging", "PIL"}
    slow |= {"subprocess", "urllib3", "uuid", "structlog", "email", "ssl"}
    assert not slow & set(json.loads(done.stdout))


def _deliver(house: House, body: Json) -> list[Reply]:
    """Hands an interaction to the real worker, twice, as SQS may; what it sent."""
    clock, outbox = FakeClock(NOW), Outbox()
    worker = Worker(
        catalog=CATALOG,
        ports=house.ports,
        command_log=CommandLog(store_table.connect(), house.table),
        outbox=outbox,
        queue=Queue(),
        clock=clock.clock,
        log=lambda *args, **fields: None,
        report=lambda error, tags: None,
        max_receives=3,
    )
    record = {
        "messageId": "m1",
        "receiptHandle": "h",
        "body": Envelope(body, NOW).encode(),
        "attributes": {"ApproximateReceiveCount": "1"},
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:1:q",
        "awsRegion": "us-east-1",
    }
    for _ in range(2):
        answer = worker.handle({"Records": [record]}, LambdaContext())  # type: ignore[arg-type]
        assert answer["batchItemFailures"] == []
    return outbox.sent


def test_the_erasing_command_leaves_no_row_of_itself(house: House) -> None:
    """Neither its claim nor its log line comes back, delivered once or twice."""
    house.put(f"USER#{USER_ID}", name="Ada")

    sent = _deliver(house, component_interaction("privacy/erase"))

    assert "A second look found nothing" in sent[0].embeds[0].description
    rows = boto3.resource("dynamodb").Table(house.table).scan()["Items"]
    assert rows == []
