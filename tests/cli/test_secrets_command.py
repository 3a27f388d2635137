"""`utilsbot doctor --fix` and `--rotate`: secrets are made and replaced, and never shown."""

import base64
import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from aws_lambda_powertools.utilities import parameters
from click.testing import CliRunner, Result

from cli.main import main
from cli.secrets import SECRETS
from tests.infra.template import PARAMETERS
from utilsbot.sealing import XChaChaSeal
from utilsbot.secrets import ParameterStore
from utilsbot.settings import Secret

Run = Callable[..., Result]


@pytest.fixture
def prefix(aws: dict[str, str], request: pytest.FixtureRequest) -> str:
    """Parameters of this test alone."""
    parameters.clear_caches()  # type: ignore[no-untyped-call]
    return f"/{request.node.name.replace('[', '-').replace(']', '')}"


@pytest.fixture
def run(prefix: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command, with nothing on standard input and no secret in the environment."""
    for kept in SECRETS.values():
        if kept.variable:
            monkeypatch.delenv(kept.variable, raising=False)

    def run(*arguments: str, typed: str = "", **environment: str) -> Result:
        arguments = ("doctor", "--prefix", prefix, *arguments)
        return CliRunner().invoke(main, arguments, input=typed, env=environment)

    return run


def _read(name: str) -> dict[str, Any]:
    answer = boto3.client("ssm").get_parameter(Name=name, WithDecryption=True)
    return dict(answer["Parameter"])


def test_what_is_missing_is_made_as_secure_strings(run: Run, prefix: str) -> None:
    """Random keys at once, the others from the environment; what nobody gave is left out."""
    result = run("--fix", SCREENSHOTONE_KEY="given")

    assert result.exit_code == 0, result.output
    for name in ("screenshotone-key", "chat-key", "failed-key", "daily-word"):
        assert _read(f"{prefix}/{name}")["Type"] == "SecureString"
        assert f"{SECRETS[name].parameter}={prefix}/{name}" in result.output
    assert _read(f"{prefix}/screenshotone-key")["Value"] == "given"
    assert len(base64.b64decode(_read(f"{prefix}/chat-key")["Value"])) == 32
    assert f"skipped  {prefix}/apiflash-key" in result.output


def test_nothing_secret_is_printed(run: Run, prefix: str) -> None:
    """Neither what was given nor what was made."""
    output = run("--fix", SCREENSHOTONE_KEY="given-by-them").output
    output += run("--rotate", "chat-key").output
    output += run("--rotate", "apiflash-key", typed="typed-in\n").output

    made = [_read(f"{prefix}/{name}")["Value"] for name in ("chat-key", "daily-word")]
    for secret in ("given-by-them", "typed-in", *made[0].split(","), made[1]):
        assert secret not in output


def test_what_is_there_is_left_alone(run: Run, prefix: str) -> None:
    """--fix may run every day."""
    run("--fix")
    before = _read(f"{prefix}/daily-word")
    assert "is there" in run("--fix").output
    assert _read(f"{prefix}/daily-word")["Version"] == before["Version"]


def test_a_secret_in_plain_text_is_found(run: Run, prefix: str) -> None:
    """A String parameter can be read by everybody who may list."""
    boto3.client("ssm").put_parameter(Name=f"{prefix}/bot-token", Value="x", Type="String")
    result = run("--fix")
    assert result.exit_code == 1
    assert "no SecureString" in result.output


def test_a_rotated_key_arrives_without_a_deployment(run: Run, prefix: str) -> None:
    """Functions read by name; when their cache is over, or by /reload, they have the new one."""
    run("--rotate", "gemini-key", typed="old\n")
    store = ParameterStore()
    assert store.read(f"{prefix}/gemini-key").reveal() == "old"

    assert run("--rotate", "gemini-key", typed="new\n").exit_code == 0

    assert store.read(f"{prefix}/gemini-key").reveal() == "old"
    parameters.clear_caches()  # type: ignore[no-untyped-call]
    assert store.read(f"{prefix}/gemini-key").reveal() == "new"


def test_what_an_old_key_sealed_opens_after_its_rotation(run: Run, prefix: str) -> None:
    """The old one stays behind the new one until the next rotation."""
    run("--rotate", "chat-key")
    first = Secret(_read(f"{prefix}/chat-key")["Value"])
    sealed = XChaChaSeal(lambda: first).close(b"turns", "row")

    run("--rotate", "chat-key")
    second = Secret(_read(f"{prefix}/chat-key")["Value"])

    assert XChaChaSeal(lambda: second).open(sealed, "row") == b"turns"
    run("--rotate", "chat-key")
    assert _read(f"{prefix}/chat-key")["Value"].count(",") == 1


@pytest.mark.parametrize("typed", ["", "two words\n"])
def test_no_value_is_no_rotation(run: Run, prefix: str, typed: str) -> None:
    """Exit 1, and nothing is written."""
    result = run("--rotate", "bot-token", typed=typed)
    assert result.exit_code == 1
    assert "DISCORD_BOT_TOKEN" in result.output
    assert not boto3.client("ssm").get_parameters(Names=[f"{prefix}/bot-token"])["Parameters"]


@pytest.fixture
def stack(aws: dict[str, str], prefix: str) -> str:
    """A deployment that names one secret, in another region."""
    template = {
        "Parameters": {
            name: {"Type": "String", "Default": ""}
            for name in ("GeminiKeyParameter", "BotTokenParameter")
        },
        "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
    }
    name = prefix.strip("/").replace("_", "-")
    boto3.client("cloudformation", region_name="eu-west-1").create_stack(
        StackName=name,
        TemplateBody=json.dumps(template),
        Parameters=[
            {"ParameterKey": "GeminiKeyParameter", "ParameterValue": f"{prefix}/named/gemini"}
        ],
    )
    return name


def test_a_stacks_secrets_have_the_names_that_it_reads(run: Run, prefix: str, stack: str) -> None:
    """In its region, whatever the prefix is; what it does not read is not rotated in vain."""
    where = ("--stack", stack, "--region", "eu-west-1")
    result = run("--rotate", "gemini-key", *where, GEMINI_KEY="new")
    unused = run("--rotate", "bot-token", *where, DISCORD_BOT_TOKEN="new")
    made = run("--fix", *where)

    store = boto3.client("ssm", region_name="eu-west-1")
    assert result.exit_code == 0, result.output
    named = store.get_parameter(Name=f"{prefix}/named/gemini", WithDecryption=True)
    assert named["Parameter"]["Value"] == "new"
    assert unused.exit_code == 1
    assert "the stack has no BotTokenParameter" in unused.output
    assert f"{prefix}/named/gemini: is there" in made.output
    assert f"made; deploy with ChatKeyParameter={prefix}/chat-key" in made.output
    assert not boto3.client("ssm").get_parameters(Names=[f"{prefix}/chat-key"])["Parameters"]


def test_every_secret_of_the_template_is_known() -> None:
    """A new secret cannot be forgotten here."""
    named = {name for name in PARAMETERS if name.endswith("Parameter")}
    assert named == {kept.parameter for kept in SECRETS.values()}
