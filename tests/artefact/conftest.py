"""Starts built functions under the real runtime."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.artefact.builds import OWN, Build, find_build
from tests.artefact.emulator import Emulator, emulator_path, function_environment, link_client
from tests.artefact.events import PUBLIC_KEY
from tests.infra.template import FUNCTIONS, RESOURCES, environment_of

Start = Callable[..., Emulator]


def values_of(queue_url: str, table: str) -> dict[str, str]:
    """What the template's Refs give here: one queue for all, one table, names for the rest."""
    queues = [name for name, item in RESOURCES.items() if item["Type"] == "AWS::SQS::Queue"]
    known = {name: name for name in RESOURCES} | dict.fromkeys(queues, queue_url)
    known["AWS::StackName"] = "bot"
    return known | {"DiscordPublicKey": PUBLIC_KEY, "Table": table}


@pytest.fixture
def build() -> Build:
    """The build that this machine can run."""
    return find_build(OWN)


@pytest.fixture
def start(
    build: Build, tmp_path: Path, aws: dict[str, str], table: str, queue_url: str
) -> Iterator[Start]:
    """Starts a function of the template by its logical id; values for Refs as keywords.

    `variables` are further ones, which no template gives.
    """
    running: list[Emulator] = []
    client = tmp_path / "client"
    client.mkdir()
    link_client(client)

    def start_function(
        function: str, variables: Mapping[str, str] | None = None, **values: str
    ) -> Emulator:
        named = environment_of(function, values_of(queue_url, table) | values)
        if "SANDBOX_ROOT" in named:  # it is emptied before every run, and /tmp here is everybody's
            (tmp_path / "sandbox").mkdir(exist_ok=True)
            named["SANDBOX_ROOT"] = str(tmp_path / "sandbox")
        environment = function_environment(
            [*build.everything(function), client],
            named | dict(variables or {}),
            aws_url=aws["AWS_ENDPOINT_URL"],
        )
        handler = FUNCTIONS[function]["Handler"]
        log = tmp_path / f"{function}.log"
        running.append(Emulator(emulator_path(), handler, environment, log))
        return running[-1]

    yield start_function
    for emulator in running:
        emulator.stop()
