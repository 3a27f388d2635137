"""A command that fails three times, from its user's and from its operator's side."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import httpx
import pytest
from click.testing import CliRunner, Result

from cli.main import main
from local.aws import LocalAws
from local.discord.inbound import Inbound
from local.discord.signing import Signer, encode
from local.discord.state import State
from local.discord.world import PLACES, USERS, World
from tests.stack.conftest import RunningStack, running
from utilsbot.discord.snowflake import reference_id
from utilsbot.store import keys

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("failed")]

SIGNER = Signer(b"r" * 32)
_PATIENCE_S = 120.0
_INBOUND = Inbound(State(World(), time.time), "http://127.0.0.1:1")
"""One, so that no two commands have the same id."""


class Bot(NamedTuple):
    """A stack whose interactions we sign, so that we know an id before the bot does."""

    stack: RunningStack
    aws: LocalAws
    table: str

    def command(self, name: str, option: str, value: str) -> dict[str, Any]:
        """A slash command as Discord would send it."""
        data = {"id": "1", "name": name, "type": 1}
        options = [{"type": 3, "name": option, "value": value}]
        return _INBOUND.command(USERS[1], PLACES[0], data, options, {})

    def post(self, body: Any) -> None:
        """Sends it; the bot acknowledges."""
        content = encode(body)
        headers = SIGNER.headers(content, time.time())
        answer = httpx.post(
            f"{self.stack.url}/interactions", content=content, headers=headers, trust_env=False
        )
        assert answer.json()["type"] == 5, answer.text

    def lease(self, body: Any, until_s: float) -> None:
        """Writes the claim of a worker that has the command and never comes back."""
        user_id = body["member"]["user"]["id"]
        key = keys.command_log(user_id, body["id"])
        item = {
            "pk": {"S": key.pk},
            "sk": {"S": key.sk},
            "status": {"S": "working"},
            "lease_until": {"N": str(int(until_s * 1000))},
        }
        self.aws.dynamodb.put_item(TableName=self.table, Item=item)

    def operator(self, *arguments: str) -> Result:
        """`utilsbot failed ARGUMENTS`."""
        return CliRunner().invoke(main, ["failed", *arguments, "--url", self.stack.url])

    def listed(self, wanted: str) -> dict[str, Any]:
        """What `failed list` shows of a reference or a message, as soon as it does."""

        def look() -> dict[str, Any] | None:
            result = self.operator("list", "--json")
            assert result.exit_code == 0, result.output
            found = json.loads(result.stdout)
            return next((f for f in found if wanted in {f["reference"], f["message_id"]}), None)

        shown: dict[str, Any] = _until(look)
        return shown

    def message(self, interaction_id: str) -> dict[str, Any]:
        """The final message of an interaction."""

        def final() -> Any:
            now = self.stack.get(f"/play/interactions/{interaction_id}")
            return now["message"] if "pending" in now and not now["pending"] else None

        shown: dict[str, Any] = _until(final)
        return shown

    def queue(self, name: str) -> str:
        """A queue's address, by the template's name for it."""
        (url,) = [url for url in self.aws.sqs.list_queues()["QueueUrls"] if name in url]
        return url

    def dead_letters(self, queue: str) -> int:
        """How many messages are in a dead-letter queue, hidden ones too."""
        names: Any = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        counts = self.aws.sqs.get_queue_attributes(
            QueueUrl=self.queue(queue), AttributeNames=names
        )["Attributes"]
        return sum(int(count) for count in counts.values())


def _until(look: Callable[[], Any]) -> Any:
    """What `look` finds as soon as it finds something."""
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not happen")


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    """A stack that trusts our key."""
    for stack in running(
        tmp_path_factory.mktemp("failed"), "--public-key", SIGNER.public_key, "--visibility", "10"
    ):
        aws = LocalAws(stack.get("/health")["aws"])
        yield Bot(stack, aws, aws.dynamodb.list_tables()["TableNames"][0])


class Lost(NamedTuple):
    """Two commands whose worker died with the claim; three receives later the rescue has them."""

    unshorten: dict[str, Any]
    hash: dict[str, Any]


@pytest.fixture(scope="module")
def lost(bot: Bot) -> Lost:
    """Both at once, because each waits for its receives."""
    commands = Lost(
        bot.command("unshorten", "url", f"{bot.stack.url}/standins/site/plain"),
        bot.command("hash", "text", "hunter2hunter2"),
    )
    for body in commands:
        bot.lease(body, time.time() + 3600)
        bot.post(body)
    _until(lambda: bot.dead_letters("NetworkDeadLetterQueue"))
    _until(lambda: bot.dead_letters("ToolsDeadLetterQueue"))
    for body in commands:
        bot.lease(body, 0)
    return commands


def test_the_user_hears_of_it_and_the_operator_replays_it(bot: Bot, lost: Lost) -> None:
    """The reference id finds it, a replay answers in its place, and then it is over."""
    interaction_id = lost.unshorten["id"]
    reference = reference_id(interaction_id)

    message = bot.message(interaction_id)

    assert message["embeds"][0]["title"] == "This could not be finished"
    assert message["embeds"][0]["footer"]["text"] == f"Reference {reference}"
    kept = bot.listed(reference)
    assert (kept["command"], kept["told"]) == ("unshorten", True)
    assert reference in bot.operator("list").stdout
    shown = bot.operator("show", reference).stdout
    assert "yes, until" in shown
    assert "standins/site" not in shown
    _until(lambda: not bot.dead_letters("NetworkDeadLetterQueue"))

    replayed = bot.operator("replay", reference)

    assert (replayed.exit_code, "answered." in replayed.stdout) == (0, True), replayed.output
    answer = bot.message(interaction_id)
    assert answer["embeds"][0]["title"] != "This could not be finished"
    again = bot.operator("replay", reference)
    assert (again.exit_code, "answered since" in again.stdout) == (1, True)
    assert bot.operator("drop", reference).exit_code == 0
    assert reference not in bot.operator("list").stdout
    assert bot.operator("show", reference).exit_code == 1


def test_what_users_type_into_tools_cannot_be_replayed(bot: Bot, lost: Lost) -> None:
    """The user is told all the same, and nothing that was typed is anywhere in the table."""
    reference = reference_id(lost.hash["id"])

    message = bot.message(lost.hash["id"])

    assert message["embeds"][0]["footer"]["text"] == f"Reference {reference}"
    bot.listed(reference)
    replayed = bot.operator("replay", reference)
    assert (replayed.exit_code, "not kept" in replayed.stdout) == (1, True)
    rows = repr(bot.aws.dynamodb.scan(TableName=bot.table)["Items"])
    assert "hunter2" not in rows
    assert lost.hash["token"] not in rows


def test_garbage_in_a_queue_ends_in_the_list(bot: Bot) -> None:
    """What no front door of ours wrote is worked off, and what is known of it is kept."""
    url = bot.queue("ToolsDeadLetterQueue")

    sent = bot.aws.sqs.send_message(QueueUrl=url, MessageBody="garbage")

    kept = bot.listed(sent["MessageId"])
    assert (kept["group"], kept["user_id"], kept["command"]) == ("tools", None, "")
    replayed = bot.operator("replay", kept["reference"])
    assert (replayed.exit_code, "no command" in replayed.stdout) == (1, True)
