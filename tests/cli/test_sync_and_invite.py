"""cli.sync and cli.invite: the plan of a registration, and the link."""

import json
from collections.abc import Iterator

import boto3
import pytest
from click.testing import CliRunner, Result

from cli.invite import invite_link
from cli.main import main
from cli.sync import show
from tests.discord_api import serving
from utilsbot.discord.sync import make_plan
from utilsbot.store.flags import Flags


@pytest.fixture
def discord() -> Iterator[str]:
    """The address of an empty stand-in's API."""
    with serving() as url:
        yield url


def _sync(api: str, *more: str, say: str = "") -> Result:
    return CliRunner().invoke(main, ["sync", "--api", api, "--token", "t", *more], input=say)


def _registered(table: str) -> dict[str, str]:
    return dict(Flags(boto3.client("dynamodb"), table).state().command_ids)


def test_the_plan_is_shown_before_anything_is_done(discord: str) -> None:
    """No is no; and what is registered once is not registered again."""
    asked = _sync(discord, say="n\n")
    done = _sync(discord, "--yes")
    again = _sync(discord)

    assert asked.exit_code == 1
    assert "create: /" in asked.output
    assert "Registered" in done.output
    assert "create: /" in done.output
    assert (again.exit_code, "registered already" in again.output) == (0, True)
    assert "keep: /" in again.output


def test_the_ids_are_noted_where_the_bot_looks(discord: str, table: str) -> None:
    """Only with a table; a second sync notes them too, if the first had none."""
    without = _sync(discord, "--yes")
    assert ("Noted" in without.output, _registered(table)) == (False, {})

    answer = _sync(discord, "--table", table)

    assert f"in the table {table}" in answer.output
    ids = _registered(table)
    assert {"hash", "help"} <= ids.keys()
    assert all(text.isdecimal() for text in ids.values())


def test_the_ids_are_noted_in_the_stacks_table(discord: str, aws: dict[str, str]) -> None:
    """By --stack, or by UTILSBOT_STACK; a --table that is given is meant."""
    keys = [("pk", "HASH"), ("sk", "RANGE")]
    table = {
        "Type": "AWS::DynamoDB::Table",
        "Properties": {
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [
                {"AttributeName": name, "AttributeType": "S"} for name, _ in keys
            ],
            "KeySchema": [{"AttributeName": name, "KeyType": kind} for name, kind in keys],
        },
    }
    template = json.dumps({"Resources": {"Table": table}})
    cloudformation = boto3.client("cloudformation")
    cloudformation.create_stack(StackName="synced", TemplateBody=template)
    made = cloudformation.describe_stack_resource(StackName="synced", LogicalResourceId="Table")
    name = str(made["StackResourceDetail"].get("PhysicalResourceId"))

    answer = _sync(discord, "--yes", "--stack", "synced")

    assert f"in the table {name}" in answer.output
    assert {"hash", "help"} <= _registered(name).keys()
    missing = _sync(discord, "--yes", "--stack", "no-such-stack")
    assert missing.exit_code == 1
    assert "no-such-stack" in missing.output
    assert "Registered" not in missing.output
    printed = CliRunner().invoke(main, ["sync", "--print", "--stack", "no-such-stack"])
    assert printed.exit_code == 0


def test_a_guilds_ids_are_not_noted(discord: str, table: str) -> None:
    """Links would lead nowhere in other guilds."""
    answer = _sync(discord, "--yes", "--guild", "400000000000000001", "--table", table)

    assert (answer.exit_code, _registered(table)) == (0, {})


def test_developers_commands_are_registered_in_their_guild_only(discord: str, table: str) -> None:
    """With a developers' guild, by option or by the function's own variable; others lose theirs."""
    mine, other = "400000000000000001", "400000000000000002"
    environment = {"DEVELOPER_GUILD_ID": mine}

    def printed(*more: str) -> set[str]:
        answer = CliRunner().invoke(main, ["sync", "--print", *more], env=environment)
        return {command["name"] for command in json.loads(answer.output)}

    everywhere, theirs = printed(), printed("--guild", mine)
    assert {"eval", "sync"} <= theirs
    assert not theirs & everywhere
    assert {"hash", "settings", "privacy"} <= everywhere
    assert printed("--guild", other) == set()
    noted = _sync(discord, "--yes", "--developer-guild", mine, "--guild", mine, "--table", table)
    assert noted.exit_code == 0
    assert _registered(table).keys() == theirs


def test_without_a_developers_guild_they_are_hidden() -> None:
    """Registered everywhere, for administrators only; the server's check protects them."""
    answer = CliRunner().invoke(main, ["sync", "--print"], env={"DEVELOPER_GUILD_ID": ""})

    hidden = {c["name"]: c.get("default_member_permissions") for c in json.loads(answer.output)}
    assert (hidden["eval"], hidden["settings"], hidden["hash"]) == ("0", "32", None)


def test_a_table_that_is_not_there_is_explained(discord: str, aws: dict[str, str]) -> None:
    """The commands are registered all the same."""
    answer = _sync(discord, "--yes", "--table", "nowhere")

    assert answer.exit_code == 1
    assert "could not be noted in nowhere" in answer.output


def test_what_would_be_lost_is_named() -> None:
    """Deletions stand out, changes name their fields."""
    old = {"type": 1, "name": "old", "description": "x", "id": "1"}
    changed = {"type": 1, "name": "new", "description": "x", "id": "2"}

    lines = list(show(make_plan([old, changed], [{**changed, "description": "y"}])))

    assert lines == [" change: /new (description)", " DELETE: /old"]


def test_print_needs_no_token() -> None:
    """`sync --print` prints the whole registration as JSON."""
    answer = CliRunner().invoke(main, ["sync", "--print"])

    assert answer.exit_code == 0
    assert {"hash", "help"} <= {command["name"] for command in json.loads(answer.output)}


def test_registering_without_a_token_says_so() -> None:
    """A usage error, and no traceback."""
    answer = CliRunner().invoke(main, ["sync"])

    assert answer.exit_code == 2
    assert "DISCORD_BOT_TOKEN" in answer.output


@pytest.mark.parametrize(
    ("bot", "query"),
    [
        (False, "client_id=1&scope=applications.commands"),
        (True, "client_id=1&scope=bot+applications.commands&permissions=0"),
    ],
)
def test_the_link_asks_for_the_least(bot: bool, query: str) -> None:
    """No permission at all, and no bot user unless asked for."""
    assert f"https://discord.com/oauth2/authorize?{query}" == invite_link("1", bot=bot)


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["local", "--help"]])
def test_help_and_version_work(arguments: list[str]) -> None:
    """They start nothing."""
    assert CliRunner().invoke(main, arguments).exit_code == 0


def test_unknown_faults_are_a_usage_error() -> None:
    """Before anything is started."""
    answer = CliRunner().invoke(main, ["local", "--faults", "earthquake=1"])

    assert answer.exit_code == 2
    assert "there is no fault" in answer.output
