"""Puts the rescue together from its environment."""

from collections.abc import Mapping

import boto3

from functions.catalog import CATALOG
from functions.rescue.rescue import Close, Parts, Rescue
from functions.rescue.settings import RescueSettings
from utilsbot import __version__
from utilsbot.canonical import canonical_logger
from utilsbot.clock import Clock
from utilsbot.discord.rest import DiscordApi, user_agent
from utilsbot.log_structured import structured_logger
from utilsbot.outbox import DiscordOutbox
from utilsbot.runtime import SqsQueue
from utilsbot.secrets import ParameterStore, SecretReader
from utilsbot.store import table
from utilsbot.store.command_log import CommandLog
from utilsbot.store.failed import Failures


def build_rescue(
    environment: Mapping[str, str],
    clock: Clock | None = None,
    secrets: SecretReader | None = None,
) -> Rescue:
    """The rescue.

    Args:
        environment: usually os.environ.
        clock: the system's by default.
        secrets: Parameter Store by default.

    Raises:
        BadSettings: a variable is missing or wrong.
    """
    clock = clock or Clock()
    settings = RescueSettings.from_env(environment)
    dynamodb, last, sqs = table.connect(), table.connect_once(), boto3.client("sqs")
    api = DiscordApi(settings.discord_api, clock=clock, user_agent=user_agent(__version__))
    function = environment.get("AWS_LAMBDA_FUNCTION_NAME", "functions.rescue")
    log = structured_logger(function, settings.log_level)
    parts = Parts(
        catalog=CATALOG,
        command_log=CommandLog(dynamodb, settings.table, last),
        failures=Failures(dynamodb, settings.table, last),
        window=DiscordOutbox(api),
        queues={
            url.rpartition("/")[2]: (group, SqsQueue(sqs, url))
            for group, url in settings.dead_letters.items()
        },
        close=_close(settings.key_parameter, secrets or ParameterStore()),
        clock=clock,
        log=canonical_logger(log, settings.metrics, environment, clock.now),
        max_receives=settings.max_receives,
    )
    return Rescue(parts)


def _close(parameter: str, secrets: SecretReader) -> Close | None:
    if not parameter:
        return None
    from utilsbot.sealing import XChaChaSeal

    return XChaChaSeal(lambda: secrets.read(parameter)).close
