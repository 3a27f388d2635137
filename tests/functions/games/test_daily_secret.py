"""Where the daily words' secret is read."""

import boto3
import pytest
from botocore.stub import Stubber

from functions.games.daily_secret import LIFE_S, daily_secret
from tests.fakes import FakeClock
from utilsbot.errors import ServiceError

NAME = "/utilsbot/daily-word-secret"


def test_none_is_configured(fake_clock: FakeClock) -> None:
    """Without either variable there is no secret, and nothing is asked for."""
    assert daily_secret({}, fake_clock.clock)() is None


def test_a_laptops_environment(fake_clock: FakeClock) -> None:
    """The value itself, which goes before a parameter."""
    environment = {"DAILY_WORD_SECRET": "local", "DAILY_WORD_PARAMETER": NAME}
    assert daily_secret(environment, fake_clock.clock)() == b"local"


def test_a_parameter_is_read_and_trusted_a_while(
    aws: dict[str, str], fake_clock: FakeClock
) -> None:
    """A change is seen when the time is over; a parameter that is missing is no secret yet."""
    secret = daily_secret({"DAILY_WORD_PARAMETER": NAME}, fake_clock.clock)
    assert secret() is None
    ssm = boto3.client("ssm")
    ssm.put_parameter(Name=NAME, Value="one", Type="SecureString")
    assert secret() == b"one"
    ssm.put_parameter(Name=NAME, Value="two", Type="SecureString", Overwrite=True)
    assert secret() == b"one"
    fake_clock.advance(LIFE_S)
    assert secret() == b"two"


def test_a_refusal_is_a_failed_service(
    fake_clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No day is played with another word because SSM did not answer."""
    client = boto3.client("ssm")
    monkeypatch.setattr(boto3, "client", lambda _: client)
    with Stubber(client) as stub:
        stub.add_client_error("get_parameter", "AccessDeniedException")
        with pytest.raises(ServiceError, match="SSM"):
            daily_secret({"DAILY_WORD_PARAMETER": NAME}, fake_clock.clock)()
