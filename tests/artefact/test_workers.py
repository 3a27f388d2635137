"""Every group's worker, as it is built, runs commands of its own under the real Lambda runtime.

A group that is not named here answers its first command all the same, be it with a user's error.
"""

import io
import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

import boto3
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.routing import Mount

from functions.catalog import CATALOG
from local.standins.chromium import Wish
from local.standins.ip_services import ip_api_routes
from local.standins.screenshot_services import screenshotone_routes
from local.standins.site import site_routes
from tests.artefact.builds import WORKERS, group_of
from tests.artefact.conftest import Start
from tests.artefact.events import sqs_event
from tests.artefact.webhooks import webhooks
from tests.functions.network.loopback import serving_app
from tests.interactions import command_interaction
from utilsbot.envelope import Envelope
from utilsbot.spec import Option, OptionType

pytestmark = [pytest.mark.artefact, pytest.mark.xdist_group("artefact-runtime")]

PNG = b"\x89PNG\r\n\x1a\n"
Json = dict[str, Any]
Run = Callable[[Json], bytes]


class Extras(NamedTuple):
    """What a worker is started with beyond the template's defaults."""

    values: Mapping[str, str]
    variables: Mapping[str, str]


@contextmanager
def _running(start: Start, queue_url: str, function: str, extras: Extras) -> Iterator[Run]:
    """A function that runs: takes an interaction from its queue; gives the body of its answer."""
    sqs = boto3.client("sqs")
    with webhooks() as (api_url, received):
        values = {"DiscordApiUrl": api_url, **extras.values}
        worker = start(function, extras.variables, **values)

        def run(interaction: Json) -> bytes:
            body = Envelope(interaction, time.time()).encode()
            sqs.send_message(QueueUrl=queue_url, MessageBody=body)
            (message,) = sqs.receive_message(QueueUrl=queue_url, AttributeNames=["All"])["Messages"]
            assert worker.invoke(sqs_event(message)) == {"batchItemFailures": []}
            return received.get(timeout=5).body

        yield run
        assert received.empty()


def _now(name: str, subcommand: str | None = None, **options: Any) -> Json:
    return command_interaction(name, subcommand, options=options, at=time.time())


def _secret(name: str, value: str) -> str:
    boto3.client("ssm").put_parameter(Name=name, Value=value, Type="SecureString", Overwrite=True)
    return name


def _value(option: Option) -> Any:
    """Something that an option takes."""
    if option.choices:
        return option.choices[0].value
    if option.type in {OptionType.INTEGER, OptionType.NUMBER}:
        return int(option.min_value or 1)
    return "1" * max(1, option.min_length or 1)


@pytest.mark.parametrize("function", WORKERS)
def test_every_worker_answers_its_first_command(
    start: Start, queue_url: str, function: str
) -> None:
    """Whatever the group is: with an answer, or with what is missing or not set up."""
    spec = next(module.spec for module in CATALOG if module.group == group_of(function))
    subcommand = spec.subcommands[0] if spec.subcommands else None
    needed = {o.name: _value(o) for o in (subcommand or spec).options if o.required}
    interaction = _now(spec.name, subcommand.name if subcommand else None, **needed)
    interaction["data"]["type"] = int(spec.type)

    with _running(start, queue_url, function, Extras({}, {})) as run:
        answer = run(interaction)

    assert b'"content"' in answer
    assert b"Something went wrong" not in answer


def test_the_daily_game_is_played_from_the_artefact(start: Start, queue_url: str) -> None:
    """With the secret of the Parameter Store, the word lists and Pillow of the artefact."""
    values = {"DailyWordParameter": _secret("/test/daily-word", "a secret")}

    with _running(start, queue_url, "GamesFunction", Extras(values, {})) as run:
        board = run(_now("wordle", "play", mode="daily"))
        guessed = run(_now("wordle", "guess", word="crane"))

    assert PNG in board
    assert b"Wordle board, 0 of 6 guesses." in board
    assert b"Wordle board, 1 of 6 guesses. Guess 1, CRANE: " in guessed


def test_the_network_group_works_from_the_artefact(start: Start, queue_url: str) -> None:
    """A link, an address and a screenshot, asked of stand-ins on loopback."""
    key = _secret("/test/screenshotone", "a key")
    routes = [
        Mount("/ip-api", routes=ip_api_routes()),
        Mount("/shots", routes=screenshotone_routes("a key", _grey)),
        Mount("/site", routes=site_routes()),
    ]
    with serving_app(Starlette(routes=routes)) as url:
        values = {
            "IpApiUrl": f"{url}/ip-api",
            "ScreenshotOneUrl": f"{url}/shots",
            "ScreenshotOneKeyParameter": key,
        }
        extras = Extras(values, {"GUARD_ALLOW": url.removeprefix("http://")})
        with _running(start, queue_url, "NetworkFunction", extras) as run:
            link = json.loads(run(_now("unshorten", url=f"{url}/site/go/one")))
            address = json.loads(run(_now("ip", ip="1.1.1.1")))
            shot = run(_now("screenshot", url=f"{url}/site/page", size="phone"))

    assert link["embeds"][0]["title"] == "Where the link leads"
    assert "Country" in {field["name"] for field in address["embeds"][0]["fields"]}
    assert PNG in shot
    assert re.search(rb"390 x 844 pixels \W+ ScreenshotOne", shot.replace(b"\\u00b7", b"."))


def _grey(wish: Wish) -> bytes:
    """A picture of the size that was wished for."""
    file = io.BytesIO()
    Image.new("RGB", (wish.width, wish.height), "grey").save(file, "PNG")
    return file.getvalue()
