"""What every test shares: a clean environment, a clock that stands still, and moto over HTTP."""

import itertools
import os
import subprocess
import sys
from collections.abc import Iterator

import boto3
import pytest
from hypothesis import settings

from local import ROOT
from local.process import MINIMAL_PATH
from tests.fakes import FakeClock
from utilsbot.aws import AwsClient
from utilsbot.clock import Clock
from utilsbot.i18n import speak

settings.register_profile("house", deadline=None, max_examples=100)
settings.load_profile("house")

_ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_SESSION_TOKEN": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_REGION": "us-east-1",
}
_tables = itertools.count()


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the developer's AWS account, keys or settings."""
    for name in list(os.environ):
        if name.startswith(("AWS_", "DISCORD_", "QUEUE_URL")) or name in {
            "TABLE_NAME",
            "UTILSBOT_STACK",
        }:
            monkeypatch.delenv(name)
    for name, value in _ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """A test begins in English, whatever the one before it spoke; no test leaves its language."""
    speak(None)
    yield
    speak(None)


@pytest.fixture
def fake_clock() -> FakeClock:
    """Time that moves only when a test or a sleep moves it."""
    return FakeClock()


@pytest.fixture
def clock(fake_clock: FakeClock) -> Clock:
    """The same, as the code takes it."""
    return fake_clock.clock


@pytest.fixture(scope="session")
def moto_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """AWS over HTTP: a moto of these tests alone, because all that one process starts are one."""
    log = tmp_path_factory.mktemp("moto") / "log"
    environment = {"PATH": MINIMAL_PATH, "PYTHONWARNINGS": "ignore", **_ENVIRONMENT}
    with (
        log.open("wb") as errors,
        subprocess.Popen(
            [sys.executable, "-m", "local.child", "local.moto_server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            cwd=ROOT,
            env=environment,
        ) as process,
    ):
        assert process.stdout
        url = process.stdout.readline().strip()
        assert url, f"moto did not start:\n{log.read_text()}"
        yield url
        process.kill()


@pytest.fixture
def aws(moto_url: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The environment that makes boto3 and our own client talk to moto, and wait for it.

    It shares two cores with whatever else is tested at the same time.
    """
    monkeypatch.setenv("AWS_ENDPOINT_URL", moto_url)
    monkeypatch.setitem(AwsClient.__init__.__kwdefaults__ or {}, "timeout_s", 10.0)
    return {**_ENVIRONMENT, "AWS_ENDPOINT_URL": moto_url}


@pytest.fixture
def table(aws: dict[str, str]) -> str:
    """The name of a new, empty table."""
    name = f"table-{os.getpid()}-{next(_tables)}"
    boto3.client("dynamodb").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": "pk", "AttributeType": "S"},
            {"AttributeName": "sk", "AttributeType": "S"},
        ],
        KeySchema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
    )
    return name


@pytest.fixture
def queue_url(aws: dict[str, str]) -> str:
    """The address of a new, empty queue."""
    name = f"queue-{os.getpid()}-{next(_tables)}"
    return boto3.client("sqs").create_queue(QueueName=name)["QueueUrl"]


@pytest.fixture
def fresh_powertools(aws: dict[str, str]) -> Iterator[None]:
    """Powertools keeps its client and its values for the process: the test begins without."""
    from aws_lambda_powertools.utilities.parameters import base

    def forget() -> None:
        base.DEFAULT_PROVIDERS.clear()  # type: ignore[attr-defined]
        base.clear_caches()  # type: ignore[no-untyped-call]

    forget()
    yield
    forget()
