"""cli.target: every command that asks AWS is told of stack and region in the same way."""

import os
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from cli.main import main
from cli.target import Target, Where


def _commands(command: click.Command, path: str = "") -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from _commands(inner, f"{path} {name}".strip())
    else:
        yield path, command


def test_whoever_asks_aws_takes_the_same_options() -> None:
    """One set, with one variable; what asks nobody, or the local stack alone, has neither."""
    taken = {
        path: {o.name: o.to_info_dict() for o in command.params if o.name in {"stack", "region"}}
        for path, command in _commands(main)
    }
    asking = {path: options for path, options in taken.items() if options}

    failed = {f"failed {name}" for name in ("list", "show", "replay", "drop")}
    assert asking.keys() == failed | {"logs", "metrics", "doctor", "sync"}
    first = asking["logs"]
    assert first["stack"]["envvar"] == "UTILSBOT_STACK"
    assert first.keys() == {"stack", "region"}
    assert all(options == first for options in asking.values())


@pytest.mark.parametrize(
    "arguments",
    [
        ["logs", "--stack", "bot"],
        ["metrics", "--stack", "bot"],
        ["failed", "list", "--stack", "bot"],
        ["doctor", "--fix"],
        ["sync", "--token", "t", "--table", "t", "--api", "http://127.0.0.1:9"],
    ],
)
def test_no_region_says_how_to_give_one(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    """Before anything is done."""
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.delenv("AWS_REGION")
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)

    result = CliRunner().invoke(main, arguments)

    assert result.exit_code == 1
    assert "You must specify a region: give --region or set AWS_DEFAULT_REGION" in result.output


def test_what_is_named_explicitly_goes_before_the_variable() -> None:
    """A table and a URL are those, whatever UTILSBOT_STACK says."""
    assert Target(Where(stack="bot", table="mine")).table == "mine"
    assert Where(url="http://127.0.0.1:1/", stack="bot").local_url == "http://127.0.0.1:1"
    assert Where(url="http://127.0.0.1:1/", stack="bot").deployed is None
    assert Where(stack="bot").deployed == "bot"


def test_the_region_is_where_clients_ask(aws: dict[str, str]) -> None:
    """Of every service."""
    target = Target(Where(table="t", region="eu-central-1"))

    assert target.dynamodb.meta.region_name == target.sqs.meta.region_name == "eu-central-1"
