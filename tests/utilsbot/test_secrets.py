"""Secrets from Parameter Store, on moto over HTTP."""

import boto3
import pytest
from aws_lambda_powertools.utilities import parameters

from utilsbot.errors import ServiceError
from utilsbot.secrets import ParameterStore


@pytest.fixture(autouse=True)
def forgetful(aws: dict[str, str]) -> None:
    """Powertools keeps what it has read, and its client, for the whole process."""
    parameters.clear_caches()  # type: ignore[no-untyped-call]


def test_a_secure_string_is_read_and_decrypted() -> None:
    """And does not show in a repr."""
    name = "/utilsbot/test/key"
    boto3.client("ssm").put_parameter(Name=name, Value="hunter2", Type="SecureString")

    secret = ParameterStore().read(name)

    assert secret.reveal() == "hunter2"
    assert "hunter2" not in repr(secret)


def test_a_parameter_that_is_not_there_is_named() -> None:
    """The log says which one is missing, and nothing else."""
    with pytest.raises(ServiceError, match=r"^parameter /utilsbot/test/none: ParameterNotFound$"):
        ParameterStore().read("/utilsbot/test/none")
