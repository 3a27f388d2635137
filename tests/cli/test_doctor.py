"""The doctor finds what is wrong, against the stand-ins over loopback HTTP."""

import json
from collections.abc import Iterator

import boto3
import pytest
from click.testing import CliRunner, Result
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from cli.main import main
from local.standins.gemini import API_KEY, GeminiStandIn
from tests.functions.network.loopback import serving_app


async def _me(request: object) -> Response:
    headers = getattr(request, "headers", {})
    known = headers.get("authorization") == "Bot right"
    return JSONResponse({"id": "42"} if known else {"code": 0}, 200 if known else 401)


async def _unsigned(_: object) -> Response:
    return Response(status_code=401)


async def _open(_: object) -> Response:
    return Response(status_code=200)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Gemini, Discord, and two endpoints: one that refuses, one that does not."""
    app = Starlette(
        routes=[
            Mount("/gemini", routes=GeminiStandIn().routes),
            Route("/api/applications/@me", _me),
            Route("/good", _unsigned, methods=["POST"]),
            Route("/bad", _open, methods=["POST"]),
        ]
    )
    with serving_app(app) as base:
        yield base


def _doctor(url: str, *arguments: str, **environment: str) -> Result:
    variables = {"GEMINI_URL": f"{url}/gemini", "DISCORD_API_URL": f"{url}/api", **environment}
    return CliRunner().invoke(main, ["doctor", *arguments], env=variables)


def test_a_healthy_deployment_passes(url: str) -> None:
    """Models, token and endpoint each get a line."""
    result = _doctor(
        url, "--endpoint", f"{url}/good", GEMINI_KEY=API_KEY, DISCORD_BOT_TOKEN="right"
    )

    assert result.exit_code == 0, result.output
    assert "ok       model gemini-flash-latest: exists and can write" in result.output
    assert "ok       bot token: of the application 42" in result.output
    assert "ok       endpoint: refuses unsigned requests" in result.output


def test_a_retired_model_is_found_and_others_are_named(url: str) -> None:
    """The original's fault: a model that Google has withdrawn."""
    result = _doctor(url, GEMINI_KEY=API_KEY, GEMINI_MODELS="gemini-1.5-flash")

    assert result.exit_code == 1
    assert "WRONG    model gemini-1.5-flash" in result.output
    assert "gemini-flash-latest" in result.output


def test_a_wrong_token_and_an_open_endpoint_are_found(url: str) -> None:
    """Each with what to do about it."""
    result = _doctor(url, "--endpoint", f"{url}/bad", DISCORD_BOT_TOKEN="wrong")

    assert result.exit_code == 1
    assert "WRONG    bot token: Discord answers 401" in result.output
    assert "WRONG    endpoint: answers 200 to an unsigned request" in result.output


def test_a_stack_is_asked_for_what_is_to_be_checked(url: str, aws: dict[str, str]) -> None:
    """Its endpoint and its models, where none are given."""
    template = {
        "Parameters": {"GeminiModels": {"Type": "String", "Default": "gemini-1.5-flash"}},
        "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
        "Outputs": {"InteractionsUrl": {"Value": f"{url}/bad"}},
    }
    client = boto3.client("cloudformation")
    client.create_stack(StackName="doctored", TemplateBody=json.dumps(template))

    output = _doctor(url, GEMINI_KEY=API_KEY, UTILSBOT_STACK="doctored").output
    assert "WRONG    model gemini-1.5-flash" in output
    assert "WRONG    endpoint: answers 200" in output
    given = _doctor(url, "--stack", "doctored", "--endpoint", f"{url}/good")
    assert "ok       endpoint" in given.output
    nowhere = _doctor(url, "--stack", "no-such-stack")
    assert (nowhere.exit_code, "no-such-stack" in nowhere.output) == (1, True)


def test_what_is_not_given_is_not_checked_and_said_so(url: str) -> None:
    """Nothing is claimed that was not looked at."""
    result = _doctor(url)

    assert result.exit_code == 0
    assert result.output.count("skipped") == 3
