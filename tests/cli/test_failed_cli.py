"""`utilsbot failed` against a stack that is made from the template, on moto."""

import base64
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner, Result
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from cli.main import main
from local.aws import STACK_NAME, LocalAws
from local.stack import TEMPLATE
from local.template import read_template
from tests.functions.network.loopback import serving_app
from utilsbot.discord.snowflake import EPOCH_MS
from utilsbot.envelope import Envelope
from utilsbot.sealing import XChaChaSeal
from utilsbot.settings import Secret
from utilsbot.store.command_log import CommandLog, Ending, Entry
from utilsbot.store.failed import Failed, Failures, bound_to

_KEY = base64.b64encode(b"k" * 32).decode()
_PARAMETER = "/utilsbot/test/failed-key"


@pytest.fixture(scope="module")
def deployed(moto_url: str) -> LocalAws:
    """A stack of the real template."""
    aws = LocalAws(moto_url)
    aws.keep({_PARAMETER: _KEY})
    parameters = {"DiscordPublicKey": "ab" * 32, "FailedKeyParameter": _PARAMETER}
    aws.create(read_template(TEMPLATE), parameters)
    return aws


class House:
    """What is kept there, and the operator's commands."""

    def __init__(self, aws: LocalAws) -> None:
        self.aws = aws
        self.table = self._physical("Table")
        self.queue = self._physical("NetworkQueue")
        self.failures = Failures(aws.dynamodb, self.table)
        self.log = CommandLog(aws.dynamodb, self.table)
        self._made = 0

    def _physical(self, logical_id: str) -> str:
        listed = self.aws._cloudformation.describe_stack_resource(
            StackName=STACK_NAME, LogicalResourceId=logical_id
        )
        return str(listed["StackResourceDetail"]["PhysicalResourceId"])

    def fail(self, *, age_s: float = 5, key: str | None = _KEY) -> Failed:
        """A command that failed for good, so long ago; `key` seals it, None: it was not kept."""
        self._made += 1
        now = time.time()
        made = str((int((now - age_s) * 1000 - EPOCH_MS) << 22) + self._made)
        entry = Entry("42", made, "ip", "network", None, "REF", now - age_s)
        until = now - age_s + 900 if key else None
        failed = Failed(
            id=made,
            at=now,
            group="network",
            message_id="m",
            command="ip",
            user_id="42",
            received_at=now - age_s,
            told=True,
            replay_until=until,
        )
        sealed = None
        if key:
            seal = XChaChaSeal(lambda: Secret(key))
            sealed = seal.close(Envelope({"id": made}, now).encode().encode(), bound_to(made))
        self.log.claim(entry, now=now, lease_s=0)
        assert self.failures.keep(failed, entry, 1, sealed)
        return failed

    def operator(self, *arguments: str, table: bool = False) -> Result:
        """`utilsbot failed ARGUMENTS`, on the stack or on its table alone."""
        target = ("--table", self.table) if table else ("--stack", STACK_NAME)
        return CliRunner().invoke(main, ["failed", *arguments, *target])

    def listed(self, *arguments: str) -> list[dict[str, Any]]:
        """What `failed list` shows."""
        result = self.operator("list", "--json", *arguments)
        assert result.exit_code == 0, result.output
        found: list[dict[str, Any]] = json.loads(result.stdout)
        return found

    def queued(self) -> list[str]:
        """The ids of the commands in the network's queue, which are taken out."""
        messages = self.aws.sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10)
        for message in messages.get("Messages", []):
            self.aws.sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=message["ReceiptHandle"])
        bodies = [message["Body"] for message in messages.get("Messages", [])]
        return [str(Envelope.decode(body).interaction["id"]) for body in bodies]


@pytest.fixture
def house(aws: dict[str, str], deployed: LocalAws) -> Iterator[House]:
    """Nothing failed yet."""
    made = House(deployed)
    yield made
    for failed in made.failures.newest(time.time()):
        made.failures.drop(failed)
    made.queued()


def test_nothing_failed(house: House) -> None:
    """A plain sentence, an empty JSON list, and nothing to replay."""
    assert house.operator("list").stdout == "Nothing failed.\n"
    assert house.listed() == []
    replayed = house.operator("replay", "--all")
    assert (replayed.exit_code, "Nothing can be replayed" in replayed.stdout) == (0, True)


def test_the_list_is_limited_and_says_so(house: House) -> None:
    """Newest first; what lies beyond the limit or before --since is left out."""
    kept = [house.fail(age_s=age) for age in (5, 100, 90_000)]

    assert [item["reference"] for item in house.listed()] == [f.reference for f in kept]
    assert len(house.listed("--since", "1h")) == 2
    limited = house.operator("list", "--limit", "1")
    assert kept[0].reference in limited.stdout
    assert kept[1].reference not in limited.stdout
    assert "raise --limit" in limited.stderr


@pytest.mark.parametrize("since", ["soon", "5", "2026-13-01"])
def test_a_time_that_is_none_is_a_usage_error(house: House, since: str) -> None:
    """With what is taken instead."""
    result = house.operator("list", "--since", since)

    assert (result.exit_code, "30m, 6h, 2d" in result.stderr) == (2, True)


@pytest.mark.parametrize("since", ["2026-11-01", "2026-11-01T10:00", "2026-11-01T10:00+02:00"])
def test_dates_are_taken(house: House, since: str) -> None:
    """As ISO 8601 has them."""
    assert house.operator("list", "--since", since).exit_code == 0


def test_show_says_all_that_is_known(house: House) -> None:
    """Of a command that can be replayed, and as JSON."""
    failed = house.fail()

    shown = house.operator("show", failed.reference.lower().replace("-", ""))

    assert shown.exit_code == 0
    for fact in (failed.reference, failed.id, "ip", "network", "42", "rescued", "yes, until"):
        assert fact in shown.stdout
    as_json = json.loads(house.operator("show", failed.reference, "--json").stdout)
    assert (as_json["outcome"], as_json["replayable"]) == ("rescued", True)


@pytest.mark.parametrize("command", ["show", "replay", "drop"])
def test_unknown_references(house: House, command: str) -> None:
    """One that nothing is kept under is 1, one that is none is 2."""
    unknown = house.operator(command, "142M-73K0-04001")
    assert (unknown.exit_code, "keeps nothing under" in unknown.stderr) == (1, True)
    wrong = house.operator(command, "?!")
    assert (wrong.exit_code, "no reference id" in wrong.stderr) == (2, True)


def test_a_replay_puts_the_command_back_into_its_queue(house: House) -> None:
    """As it was, once, with its count taken back; the list says when."""
    failed = house.fail()

    result = house.operator("replay", failed.reference, "--wait", "0")

    assert (result.exit_code, "sent." in result.stdout) == (0, True), result.output
    assert house.queued() == [failed.id]
    assert house.listed()[0]["replayed_at"]
    assert "replayed at" in house.operator("list").stdout


def test_a_replay_that_was_cut_off_is_sent_again(house: House) -> None:
    """Reopened and never sent: the second try sends, and the claim lets one worker in."""
    failed = house.fail()
    house.failures.reopen(failed, time.time())

    assert house.operator("replay", failed.reference, "--wait", "0").exit_code == 0
    assert house.queued() == [failed.id]


def test_what_was_answered_since_is_not_replayed(house: House) -> None:
    """Nothing is sent."""
    failed = house.fail()
    house.failures.reopen(failed, time.time())
    entry = Entry("42", failed.id, "ip", "network", None, "REF", failed.received_at)
    house.log.finish(entry, Ending("ok", False, 1, 1), now=time.time())

    result = house.operator("replay", failed.reference)

    assert (result.exit_code, "answered since" in result.stdout) == (1, True)
    assert house.queued() == []


def test_a_replay_that_does_not_end_says_so(house: House) -> None:
    """Nobody works on the queue here."""
    result = house.operator("replay", house.fail().reference, "--wait", "0.01")

    assert (result.exit_code, "not ended within" in result.stdout) == (1, True)


def test_all_replays_what_can_be_answered(house: House) -> None:
    """Not what is too old, was not kept, or was replayed before."""
    wanted = [house.fail(), house.fail()]
    house.fail(age_s=850)
    house.fail(key=None)
    house.operator("replay", wanted[0].reference, "--wait", "0")
    assert house.queued() == [wanted[0].id]

    result = house.operator("replay", "--all", "--wait", "0")

    assert (result.exit_code, "1 of 1" in result.stdout) == (0, True)
    assert house.queued() == [wanted[1].id]


def test_what_cannot_be_replayed_says_why(house: House) -> None:
    """Too old, not kept, or sealed with a key that was thrown away; nothing is sent."""
    other = base64.b64encode(b"o" * 32).decode()
    reasons = {
        house.fail(age_s=850).reference: "15 minutes only",
        house.fail(key=None).reference: "its input was not kept",
        house.fail(key=other).reference: "not there any more",
    }

    for reference, reason in reasons.items():
        result = house.operator("replay", reference)
        assert (result.exit_code, reason in result.stdout) == (1, True), result.output
    assert house.queued() == []


def test_replay_wants_one_thing(house: House) -> None:
    """A reference or --all, and the whole stack."""
    assert house.operator("replay").exit_code == 2
    failed = house.fail()
    assert house.operator("replay", failed.reference, "--all").exit_code == 2
    by_table = house.operator("replay", failed.reference, table=True)
    assert (by_table.exit_code, "give --stack" in by_table.stderr) == (2, True)


def test_the_table_alone_is_enough_to_read_and_drop(house: House) -> None:
    """For who may see nothing else of the account."""
    failed = house.fail()

    assert failed.reference in house.operator("list", table=True).stdout
    assert house.operator("show", failed.reference, table=True).exit_code == 0
    assert house.operator("drop", failed.reference, table=True).exit_code == 0
    assert house.listed() == []


def test_a_stack_that_is_not_there_is_one_sentence(house: House) -> None:
    """And no traceback."""
    result = CliRunner().invoke(main, ["failed", "list", "--stack", "nobodys"])

    assert (result.exit_code, result.stderr.startswith("Error: nobodys: ")) == (1, True)
    by_table = CliRunner().invoke(main, ["failed", "list", "--table", "nobodys"])
    assert (by_table.exit_code, "ResourceNotFound" in by_table.stderr) == (1, True)


def test_the_local_stack_is_found_by_its_address(house: House, moto_url: str) -> None:
    """Its health says where its AWS is; where nobody answers, the error says what to do."""
    failed = house.fail()

    async def health(_: Request) -> Response:
        return JSONResponse({"aws": moto_url})

    with serving_app(Starlette(routes=[Route("/health", health)])) as url:
        found = CliRunner().invoke(main, ["failed", "list", "--url", url])
    assert failed.reference in found.stdout

    nobody = CliRunner().invoke(main, ["failed", "list", "--url", "http://127.0.0.1:9"])
    assert (nobody.exit_code, "make run" in nobody.stderr) == (1, True)
