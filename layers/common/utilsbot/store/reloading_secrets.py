"""Secrets that a /reload makes fresh within 30 s instead of when their time is over."""

from typing import TYPE_CHECKING

from utilsbot.clock import Clock
from utilsbot.secrets import ParameterStore, SecretReader
from utilsbot.settings import Secret
from utilsbot.store.flags import Flags
from utilsbot.store.reload_watch import ReloadWatch

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class ReloadingSecrets:
    """Looks for a /reload before it reads."""

    def __init__(self, secrets: SecretReader, watch: ReloadWatch) -> None:
        """Args: watch: drops the cache that `secrets` reads from."""
        self._secrets = secrets
        self._watch = watch

    def read(self, name: str) -> Secret:
        """As SecretReader."""
        self._watch.look()
        return self._secrets.read(name)


def reloading_secrets(client: "DynamoDBClient", table: str, clock: Clock) -> ReloadingSecrets:
    """Parameter Store, cached, and dropped from the cache by a /reload.

    Args:
        client: for the Flags row.
        table: its name.
        clock: the process's.
    """
    watch = ReloadWatch(Flags(client, table), clock, [_clear])
    return ReloadingSecrets(ParameterStore(), watch)


def _clear() -> None:
    # Only a function that has read a secret has this imported, or anything to clear.
    from aws_lambda_powertools.utilities.parameters import clear_caches

    clear_caches()  # type: ignore[no-untyped-call]
