"""A changed key counts within 30 s of a /reload, on moto's Parameter Store."""

import boto3
import pytest

from tests.fakes import FakeClock
from utilsbot.errors import ServiceError
from utilsbot.store import table as store_table
from utilsbot.store.flags import Flags
from utilsbot.store.operators import Change, Subject
from utilsbot.store.reload_watch import LOOK_EVERY_S
from utilsbot.store.reloading_secrets import reloading_secrets

_NAME = "/utilsbot/reloading-secrets-test"
pytestmark = pytest.mark.usefixtures("fresh_powertools")


def _store(value: str) -> None:
    boto3.client("ssm").put_parameter(Name=_NAME, Value=value, Type="SecureString", Overwrite=True)


def test_a_reload_makes_secrets_fresh(table: str, fake_clock: FakeClock) -> None:
    """Without one the old value stays as long as it is kept; with one the next look drops it."""
    client = store_table.connect()
    secrets = reloading_secrets(client, table, fake_clock.clock)
    _store("old")
    assert secrets.read(_NAME).reveal() == "old"

    _store("new")
    fake_clock.advance(LOOK_EVERY_S)
    assert secrets.read(_NAME).reveal() == "old"
    change = Change("100", fake_clock.seconds, "1", "reload", Subject("bot"))
    Flags(client, table).reload(change)
    fake_clock.advance(LOOK_EVERY_S)
    assert secrets.read(_NAME).reveal() == "new"


def test_a_secret_that_is_not_there_is_a_service_error(table: str, fake_clock: FakeClock) -> None:
    """Named, with nothing else."""
    secrets = reloading_secrets(store_table.connect(), table, fake_clock.clock)

    with pytest.raises(ServiceError, match="/nothing"):
        secrets.read("/nothing")
