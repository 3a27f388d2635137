"""Each group's worker with its real ports, on a table of moto's; what is outside talks nonsense."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import httpx

from functions.ai.ports import build_ports as ai_ports
from functions.games.ports import build_ports as games_ports
from functions.network.ports import build_ports as network_ports
from functions.system.ports import build_ports as system_ports
from functions.system.sandbox_calls import SandboxResult
from functions.tools.ports import build_ports as tools_ports
from fuzz.front_door import DEVELOPER
from tests.contract.discord_schema import assert_message_create, assert_message_edit
from tests.fakes import FakeClock
from utilsbot.catalog import Catalog
from utilsbot.discord.attachments import AttachmentDownloader
from utilsbot.discord.interaction import Interaction
from utilsbot.discord.messages import message_limit, render
from utilsbot.reply import Reply
from utilsbot.runtime import Parts
from utilsbot.settings import Secret
from utilsbot.store import table as store_table
from utilsbot.store.command_log import CommandLog
from utilsbot.worker import Worker

Json = dict[str, Any]


class Outbox:
    """Turns replies into what Discord gets, and checks that Discord would take it."""

    def __init__(self) -> None:
        """Nothing sent."""
        self.sent: list[Mapping[str, Any]] = []

    def silence_s(self, interaction: Interaction) -> float:
        """Discord takes everything."""
        return 0.0

    def deliver(self, interaction: Interaction, reply: Reply, **_: Any) -> None:
        """The answer."""
        first, *more = render(
            reply,
            attachment_limit_bytes=interaction.attachment_size_limit,
            max_messages=message_limit(interaction.user_install_only),
        )
        assert_message_edit(first.edit_payload, [(f.name, len(f.content)) for f in first.files])
        for message in more:
            files = [(file.name, len(file.content)) for file in message.files]
            assert_message_create(message.create_payload, files)
        for message in (first, *more):
            json.dumps(message.payload, ensure_ascii=False).encode()
            assert message.payload["allowed_mentions"] == {"parse": []}
            self.sent.append(message.payload)

    preview = tell = deliver


class Echo:
    """A sandbox that runs nothing, in the place of the one that has tests of its own."""

    def run(
        self, code: str, *, stdin: str, files: Mapping[str, bytes], timeout_s: int
    ) -> SandboxResult:
        """The program itself, as if it had printed itself."""
        return SandboxResult("exit", 0, code, stdin, code[:50], files, 0, 1, 1, 1, ("syscalls",))


class _Secrets:
    def read(self, name: str) -> Secret:
        return Secret("QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY=")


class _Queue:
    def delay(self, receipt_handle: str, delay_s: int) -> None:
        """Nothing."""


class _Lambda:
    aws_request_id = "r"

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 45_000


def _nonsense(request: httpx.Request) -> httpx.Response:
    """What a service answers that is not what it was: JSON of the wrong form."""
    return httpx.Response(200, json={"status": [], "query": {"a": None}, "lat": "x", "ip": 5})


def _nowhere(host: str, port: int) -> list[Any]:
    raise OSError("no such host")


def _pictures(request: httpx.Request) -> httpx.Response:
    """Discord's file server: some kind of file, by what the address ends in."""
    contents = (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, b"text", b"\xff\xfe\0", b"")
    return httpx.Response(200, content=contents[len(str(request.url)) % len(contents)])


class WorkerHouse:
    """One group's worker."""

    def __init__(
        self, group: str, table: str, clock: FakeClock, environment: Mapping[str, str]
    ) -> None:
        """Args: environment: the settings of the function."""
        self.outbox = Outbox()
        self.lines: list[Json] = []
        self.reports: list[BaseException] = []
        parts = Parts(
            environment={"DEVELOPER_IDS": DEVELOPER, **environment},
            clock=clock.clock,
            dynamodb=store_table.connect(),
            table=table,
            downloader=AttachmentDownloader(
                httpx.Client(transport=httpx.MockTransport(_pictures)), clock=clock.clock
            ),
        )
        self.worker = Worker(
            catalog=Catalog(f"functions.{group}"),
            ports=_PORTS[group](parts),
            command_log=CommandLog(parts.dynamodb, table),
            outbox=self.outbox,
            queue=_Queue(),
            clock=clock.clock,
            log=lambda event, *, level="INFO", **fields: self.lines.append(fields),
            report=lambda error, tags: self.reports.append(error),
            max_receives=3,
        )

    def take(self, message: str) -> Json:
        """The canonical log line of one message."""
        self.lines.clear()
        record = {
            "messageId": "m",
            "receiptHandle": "h",
            "body": message,
            "attributes": {"ApproximateReceiveCount": "3", "SentTimestamp": "0"},
            "messageAttributes": {},
            "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:eu-central-1:1:q",
            "awsRegion": "eu-central-1",
        }
        self.worker.handle({"Records": [record]}, _Lambda())  # type: ignore[arg-type]
        line = self.lines[-1]
        json.dumps(line).encode()
        return line


def check_worked(line: Json) -> None:
    """What passed the front door is answered: no bug of ours, and never poison."""
    assert line["outcome"] not in {"error", "poison", "retry"}, line


def _system(parts: Parts) -> Mapping[str, Any]:
    return system_ports(parts, _Secrets()) | {"sandbox": Echo()}


def _network(parts: Parts) -> Mapping[str, Any]:
    client = httpx.Client(transport=httpx.MockTransport(_nonsense))
    return network_ports(parts, secrets=_Secrets(), http_client=client, lookup=_nowhere)


_PORTS: Mapping[str, Callable[[Parts], Mapping[str, Any]]] = {
    "ai": ai_ports,
    "games": lambda parts: games_ports(parts, _Secrets()),
    "network": _network,
    "system": _system,
    "tools": lambda parts: tools_ports(parts.downloader),
}
GROUPS = tuple(_PORTS)
