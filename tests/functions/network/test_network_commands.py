"""The network group's commands as they run: through the worker, from queue to Discord's payload."""

import json
import socket
from collections.abc import Iterator, Mapping
from typing import Any

import boto3
import pytest
from aws_lambda_powertools.utilities import parameters
from starlette.applications import Starlette
from starlette.routing import Mount

from functions.network.ports import build_ports
from local.standins import ACCESS_KEY, ip_services, screenshot_services, site
from local.standins.chromium import Wish
from tests.contract.discord_schema import assert_message_edit
from tests.fakes import FakeClock
from tests.functions.network.loopback import serving_app
from tests.functions.network.test_images import picture
from tests.interactions import USER_ID, Json, base, command_interaction
from utilsbot.catalog import Catalog
from utilsbot.clock import Clock
from utilsbot.discord.attachments import AttachmentDownloader
from utilsbot.discord.http_client import new_client
from utilsbot.discord.interaction import Interaction
from utilsbot.discord.messages import render
from utilsbot.envelope import Envelope
from utilsbot.reply import Reply
from utilsbot.runtime import Parts
from utilsbot.store import table as store_table
from utilsbot.store.command_log import CommandLog
from utilsbot.store.usage import UsageReader
from utilsbot.worker import Worker

_LIMIT = 300_000
_CALLER = USER_ID


def _dns(host: str, port: int) -> list[Any]:
    """No test asks a real resolver."""
    raise socket.gaierror("no such host")


class Outbox:
    """Turns replies into what Discord gets, and checks that it would take it."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.files: list[tuple[str, int]] = []

    def silence_s(self, interaction: Interaction) -> float:
        """Discord takes everything."""
        return 0.0

    def deliver(self, interaction: Interaction, reply: Reply, **_: Any) -> None:
        """As the worker asks."""
        (message,) = render(
            reply, attachment_limit_bytes=interaction.attachment_size_limit, max_messages=1
        )
        self.files = [(file.name, len(file.content)) for file in message.files]
        assert_message_edit(message.edit_payload, self.files)
        self.sent.append(message.payload)

    def tell(self, interaction: Interaction, reply: Reply, **_: Any) -> None:
        raise AssertionError("nothing fails here")

    def preview(self, interaction: Interaction, reply: Reply, **_: Any) -> None:
        """No command of this group shows what is not whole."""
        raise AssertionError

    @property
    def embed(self) -> dict[str, Any]:
        """The last answer's."""
        (embed,) = self.sent[-1]["embeds"]
        found: dict[str, Any] = embed
        return found

    @property
    def fields(self) -> dict[str, str]:
        """The last answer's."""
        return {field["name"]: field["value"] for field in self.embed.get("fields", [])}


class _Queue:
    def delay(self, receipt_handle: str, delay_s: int) -> None:
        """Nothing."""


class _Lambda:
    aws_request_id = "r"

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 45_000


class House:
    """The network worker with the stand-ins around it."""

    def __init__(self, table: str, environment: Mapping[str, str], clock: Clock) -> None:
        self.table = table
        self.outbox = Outbox()
        self.lines: list[dict[str, Any]] = []
        self.http = new_client()
        parts = Parts(
            environment=environment,
            clock=clock,
            dynamodb=store_table.connect(),
            table=table,
            downloader=AttachmentDownloader(self.http),
        )
        self.worker = Worker(
            catalog=Catalog("functions.network"),
            ports=build_ports(parts, http_client=self.http, lookup=_dns),
            command_log=CommandLog(parts.dynamodb, table),
            outbox=self.outbox,
            queue=_Queue(),
            clock=clock,
            log=lambda event, *, level="INFO", **fields: self.lines.append(fields),
            report=lambda error, tags: None,
            max_receives=3,
        )

    def send(self, interaction: Json, attempt: int = 1) -> dict[str, Any]:
        """One command; what the canonical log line says of it."""
        record = {
            "messageId": "m1",
            "receiptHandle": "h",
            "body": Envelope(interaction, 1_790_000_000).encode(),
            "attributes": {"ApproximateReceiveCount": str(attempt)},
            "messageAttributes": {},
            "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:us-east-1:1:q",
            "awsRegion": "us-east-1",
        }
        answer = self.worker.handle({"Records": [record]}, _Lambda())  # type: ignore[arg-type]
        assert answer["batchItemFailures"] == []
        return self.lines[-1]

    def command(self, name: str, **options: Any) -> dict[str, Any]:
        """One slash command."""
        return self.send(command_interaction(name, options=options, attachment_size_limit=_LIMIT))


class Camera:
    """A browser window without a browser."""

    def __call__(self, wish: Wish) -> bytes:
        return picture(wish.width, wish.height, noisy=wish.full_page)


@pytest.fixture(scope="module")
def stand_ins() -> Iterator[str]:
    """Every stand-in on one server."""
    camera = Camera()
    application = Starlette(
        routes=[
            Mount("/ip-api", routes=ip_services.ip_api_routes()),
            Mount("/ipwhois", routes=ip_services.ipwhois_routes()),
            Mount("/one", routes=screenshot_services.screenshotone_routes(ACCESS_KEY, camera)),
            Mount("/site", routes=site.site_routes()),
        ]
    )
    with serving_app(application) as url:
        yield url


@pytest.fixture
def house(table: str, fake_clock: FakeClock, stand_ins: str) -> Iterator[House]:
    """The worker, wired to the stand-ins by its environment as on a laptop."""
    parameters.clear_caches()  # type: ignore[no-untyped-call]
    name = "/utilsbot/test/screenshotone-key"
    boto3.client("ssm").put_parameter(
        Name=name, Value=ACCESS_KEY, Type="SecureString", Overwrite=True
    )
    environment = {
        "IP_API_URL": f"{stand_ins}/ip-api",
        "IPWHOIS_URL": f"{stand_ins}/ipwhois",
        "SCREENSHOTONE_URL": f"{stand_ins}/one",
        "SCREENSHOTONE_KEY_PARAMETER": name,
        "GUARD_ALLOW": stand_ins.rpartition("/")[2],
    }
    house = House(table, environment, fake_clock.clock)
    yield house
    house.http.close()


def _message_command(*contents: str) -> Json:
    """Expand links, used on a message."""
    message = {"id": "800000000000000001", "content": " and ".join(contents), "embeds": []}
    data = {
        "id": "700000000000000001",
        "name": "Expand links",
        "type": 3,
        "target_id": message["id"],
        "resolved": {"messages": {message["id"]: message}},
    }
    return base(2, data)


def test_ip_answers_with_what_is_known(house: House) -> None:
    """Place, network, kind, map; the calls are in the log line and counted for the user."""
    line = house.command("ip", ip="1.1.1.1")

    assert house.outbox.embed["title"] == "1.1.1.1"
    assert {"Country", "City", "Network", "Owner", "Time zone", "Map"} <= house.outbox.fields.keys()
    assert "openstreetmap.org" in house.outbox.fields["Map"]
    assert house.outbox.embed["footer"]["text"] == "Places are estimates · source: ip-api.com"
    assert line["outcome"] == "ok"
    (call,) = line["calls"]
    assert (call["api"], call["outcome"]) == ("ip-api", "ok")
    usage = UsageReader(store_table.connect(), house.table)
    assert usage.of(_CALLER, "ip-api").calls == 1


def test_ip_names_a_special_range_without_asking_anybody(house: House) -> None:
    """Private, loopback, documentation and so on."""
    line = house.command("ip", ip="192.168.1.1")

    assert "**Private\\-Use** (RFC1918)" in house.outbox.embed["description"]
    assert house.outbox.fields["Range"] == "`192.168.0.0/16`"
    assert "calls" not in line


def test_unshorten_tells_the_whole_chain(house: House, stand_ins: str) -> None:
    """Each address with its status, the title and what is remarkable."""
    line = house.command("unshorten", url=f"{stand_ins}/site/go/five")

    assert house.outbox.embed["title"] == "Where the link leads"
    assert house.outbox.fields["Final address"] == f"`{stand_ins}/site/page`"
    assert house.outbox.fields["Page title"] == "A page of the stand\\-in site"
    hops = house.outbox.fields["All 6 addresses"].splitlines()
    assert [hop.split("`")[1] for hop in hops] == ["302"] * 5 + ["200"]
    assert "The chain is long: 5 redirects." in house.outbox.fields["Take note"]
    assert [call["outcome"] for call in line["calls"]] == ["302"] * 5 + ["200", "200"]
    assert stand_ins not in json.dumps(line)


@pytest.mark.parametrize(
    ("link", "title", "says"),
    [
        ("one", "Where the link leads", "One redirect leads to a page on `127.0.0.1`."),
        ("get-only", "Where the link leads", "One redirect leads to a page"),
        ("loop", "The link goes round in a circle", "back to an address where it has been"),
        ("endless", "The link has no end", "After 10 redirects it still goes on"),
        ("gone", "The link is dead", "there is no such page (status 410)"),
        ("metadata", "The link was not followed to its end", "Cloud metadata"),
        ("runtime", "The link was not followed to its end", "only 80 and 443 are web ports"),
        ("file", "The link was not followed to its end", "Only `http` and `https`"),
    ],
)
def test_unshorten_tells_each_end(
    house: House, stand_ins: str, link: str, title: str, says: str
) -> None:
    """Every link of the stand-in site ends as it is labelled."""
    house.command("unshorten", url=f"{stand_ins}/site/go/{link}")

    assert house.outbox.embed["title"] == title
    assert says in house.outbox.embed["description"]


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://169.254.169.254/", "Cloud metadata"),
        ("http://nowhere.example/", "there is no such host"),
    ],
)
def test_unshorten_tells_what_it_does_not_open(house: House, url: str, says: str) -> None:
    """Although nothing was sent, the answer is a whole one."""
    house.command("unshorten", url=url)

    assert says in house.outbox.embed["description"]


def test_expand_links_does_every_link_of_a_message(house: House, stand_ins: str) -> None:
    """Each in short, what cannot be opened among them."""
    links = [f"{stand_ins}/site/go/{name}" for name in ("one", "loop", "metadata")]
    house.send(_message_command(*links, "https://a:b@example.com/"))

    assert house.outbox.embed["title"] == "4 links"
    one, loop, metadata, credentials = house.outbox.fields.values()
    assert one.startswith(f"→ `{stand_ins}/site/page`\nOne redirect leads to a page")
    assert "It comes back to an address" in loop
    assert "Cloud metadata" in metadata
    assert "real host is `example.com`" in credentials


def test_expand_links_of_one_link_is_unshorten(house: House, stand_ins: str) -> None:
    """With all that it says."""
    house.send(_message_command(f"look: {stand_ins}/site/go/one."))

    assert house.outbox.fields["Final address"] == f"`{stand_ins}/site/page`"


def test_expand_links_says_when_there_is_none_and_when_there_are_many(
    house: House, stand_ins: str
) -> None:
    """Nothing is left out in silence."""
    line = house.send(_message_command("no link here"))
    assert (line["reason"], line["outcome"]) == ("BadInput", "user_error")
    assert house.outbox.embed["description"] == "There is no link in this message."


def test_expand_links_does_the_first_eight(house: House, stand_ins: str) -> None:
    """And counts the others."""
    house.send(_message_command(*(f"{stand_ins}/site/page?{n}" for n in range(11))))

    assert house.outbox.embed["title"] == "11 links"
    assert len(house.outbox.fields) == 8
    assert house.outbox.embed["footer"]["text"].startswith("3 more links")


def test_the_longest_answers_still_fit(house: House, stand_ins: str) -> None:
    """Long addresses, eight of them, with warnings: within an embed's limits, nothing lost."""
    long = "x" * 1500
    house.send(_message_command(*(f"{stand_ins}/site/go/five?{n}{long}" for n in range(8))))
    assert house.outbox.files == []

    house.command("unshorten", url=f"{stand_ins}/site/go/five?{long}")
    assert house.outbox.sent


def test_screenshot_sends_the_picture(house: House) -> None:
    """As the embed's image, in the size that was asked for."""
    line = house.command("screenshot", url="http://8.8.8.8/", size="phone", delay=1)

    assert house.outbox.embed["image"]["url"] == "attachment://screenshot.png"
    assert house.outbox.embed["footer"]["text"] == "390 x 844 pixels · ScreenshotOne"
    assert [name for name, _ in house.outbox.files] == ["screenshot.png"]
    assert [call["api"] for call in line["calls"]] == ["screenshotone"]
    assert ACCESS_KEY not in json.dumps(house.lines)


def test_screenshot_makes_the_picture_fit_into_the_channel(house: House) -> None:
    """The interaction's own limit counts, and the answer says what was done."""
    house.command("screenshot", url="http://8.8.8.8/", size="tablet", full_page=True)

    ((name, size_bytes),) = house.outbox.files
    assert (name, size_bytes <= _LIMIT) == ("screenshot.jpg", True)
    assert "Scaled down to" in house.outbox.embed["description"]


def test_screenshot_without_a_service_says_so(
    table: str, fake_clock: FakeClock, stand_ins: str
) -> None:
    """Plainly, and with nothing that looks like a picture."""
    house = House(table, {}, fake_clock.clock)
    line = house.command("screenshot", url="http://8.8.8.8/")
    house.http.close()

    assert house.outbox.embed["title"] == "Not configured"
    assert house.outbox.files == []
    assert (line["outcome"], line["reason"]) == ("user_error", "NotConfigured")


def test_services_that_all_fail_count_as_our_failure(table: str, fake_clock: FakeClock) -> None:
    """The user reads which and why; the log line and the counters have every try."""
    nobody = {"IP_API_URL": "http://127.0.0.1:1", "IPWHOIS_URL": "http://127.0.0.1:1"}
    house = House(table, nobody, fake_clock.clock)
    line = house.command("ip", ip="1.1.1.1")
    house.http.close()

    assert house.outbox.embed["title"] == "No service answered"
    assert "- **ip-api.com** could not be reached" in house.outbox.embed["description"]
    assert (line["outcome"], line["reason"]) == ("service_error", "ServicesFailed")
    assert [call["outcome"] for call in line["calls"]] == ["unreachable"] * 4
    usage = UsageReader(store_table.connect(), table)
    assert usage.of(_CALLER, "ip-api").failures == 2


def test_a_redelivery_calls_nobody_and_counts_nothing(house: House) -> None:
    """The same message again is swallowed before the command runs."""
    interaction = command_interaction("ip", options={"ip": "1.1.1.1"})
    lines = [house.send(interaction, attempt=n) for n in (1, 2)]

    assert lines[1]["outcome"] == "duplicate"
    usage = UsageReader(store_table.connect(), house.table)
    assert usage.of(_CALLER, "ip-api").calls == 1
