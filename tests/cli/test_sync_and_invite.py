"""cli.sync and cli.invite: the plan of a registration, and the link."""

import json
from typing import Any

import pytest
from click.testing import CliRunner

from cli.invite import invite_link
from cli.main import main
from cli.sync import plan


def _command(name: str, **more: Any) -> dict[str, Any]:
    return {"type": 1, "name": name, "description": "What it does", **more}


def test_the_plan_tells_what_would_be_lost() -> None:
    """Deletions are named before they happen; unchanged commands are recognised."""
    registered = [
        _command("old", id="1", version="2"),
        _command("same", id="3", nsfw=False, default_member_permissions=None),
        _command("new-text", id="4"),
    ]
    wanted = [_command("same"), _command("new-text", nsfw=True), _command("fresh")]

    steps = plan(registered, wanted)

    assert steps.created == ("/fresh",)
    assert steps.changed == ("/new-text",)
    assert steps.deleted == ("/old",)
    assert steps.unchanged == ("/same",)


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
    answer = CliRunner().invoke(main, ["local", "--faults", "store_throttle=1"])

    assert answer.exit_code == 2
    assert "not available yet" in answer.output
