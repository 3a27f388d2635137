"""Puts a worker together from its environment: what every group's handler.py shares."""

from collections.abc import Callable, Mapping
from math import inf
from typing import TYPE_CHECKING, Any, NamedTuple

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from utilsbot import __version__
from utilsbot import settings as s
from utilsbot.canonical import canonical_logger
from utilsbot.catalog import Catalog
from utilsbot.clock import Clock
from utilsbot.discord.attachments import AttachmentDownloader
from utilsbot.discord.interaction import Attachment
from utilsbot.discord.rest import DiscordApi, user_agent
from utilsbot.log_structured import structured_logger
from utilsbot.metrics import Metrics, read_metrics
from utilsbot.outbox import DiscordOutbox
from utilsbot.reports import reporter
from utilsbot.store import table
from utilsbot.store.command_log import CommandLog
from utilsbot.worker import Worker

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_sqs import SQSClient

QUEUE_URL = s.Setting("QUEUE_URL", s.text, "the group's own queue", required=True)
SENTRY_DSN = s.Setting("SENTRY_DSN", s.address, "where unexpected errors are reported", "")
MAX_RECEIVES = s.Setting("MAX_RECEIVES", s.whole_number, "the queue's maxReceiveCount", 3)


class WorkerSettings(NamedTuple):
    """What every worker is told by its environment."""

    table: str
    queue_url: str
    max_receives: int
    discord_api: str
    sentry_dsn: str
    log_level: str
    metrics: Metrics
    """Of no group yet."""

    @classmethod
    def from_env(cls, environment: Mapping[str, str]) -> "WorkerSettings":
        """The settings.

        Raises:
            BadSettings: naming every variable that is missing or wrong.
        """
        reader = s.Reader(environment)
        settings = cls(
            table=reader.read(s.TABLE),
            queue_url=reader.read(QUEUE_URL),
            max_receives=reader.read(MAX_RECEIVES),
            discord_api=reader.read(s.DISCORD_API),
            sentry_dsn=reader.read(SENTRY_DSN),
            log_level=reader.read(s.LOG_LEVEL),
            metrics=read_metrics(reader, group=""),
        )
        reader.finish()
        return settings


class SqsQueue:
    """The group's queue, seen from its worker."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        """Args: url: the queue's."""
        self._client = client
        self._url = url

    def delay(self, receipt_handle: str, delay_s: int) -> None:
        """Makes a message visible again after so many seconds (at most 12 h); best effort."""
        try:
            self._client.change_message_visibility(
                QueueUrl=self._url,
                ReceiptHandle=receipt_handle,
                VisibilityTimeout=min(delay_s, 12 * 3600),
            )
        except (ClientError, BotoCoreError):
            return  # the visibility timeout brings it back, only later


class Parts(NamedTuple):
    """What a group's adapters are made of."""

    environment: Mapping[str, str]
    clock: Clock
    dynamodb: "DynamoDBClient"
    table: str
    """The table's name."""
    downloader: AttachmentDownloader

    def fetch(self, attachment: Attachment, max_bytes: int, within_s: float = inf) -> bytes:
        """The downloader's, for groups that need nothing else."""
        return self.downloader.fetch(attachment, max_bytes, within_s)


def build_worker(
    package: str,
    environment: Mapping[str, str],
    build_ports: Callable[[Parts], Mapping[str, Any]],
    clock: Clock | None = None,
) -> Worker:
    """The worker of a group.

    Args:
        package: the group's import name, as `functions.tools`.
        environment: usually os.environ.
        build_ports: makes the group's adapters.
        clock: the system's by default.

    Raises:
        BadSettings: a variable is missing or wrong.
    """
    clock = clock or Clock()
    settings = WorkerSettings.from_env(environment)
    log = structured_logger(
        environment.get("AWS_LAMBDA_FUNCTION_NAME", package), settings.log_level
    )
    metrics = settings.metrics._replace(group=package.rpartition(".")[2])
    parts = Parts(
        environment=environment,
        clock=clock,
        dynamodb=table.connect(),
        table=settings.table,
        downloader=_downloader(settings.discord_api, clock),
    )
    return Worker(
        catalog=Catalog(package),
        ports=build_ports(parts),
        command_log=CommandLog(parts.dynamodb, settings.table, table.connect_once()),
        outbox=DiscordOutbox(
            DiscordApi(settings.discord_api, clock=clock, user_agent=user_agent(__version__)),
            clock,
        ),
        queue=SqsQueue(boto3.client("sqs"), settings.queue_url),
        clock=clock,
        log=canonical_logger(log, metrics, environment, clock.now),
        report=reporter(settings.sentry_dsn),
        max_receives=settings.max_receives,
    )


def _downloader(discord_api: str, clock: Clock) -> AttachmentDownloader:
    """Discord's own hosts only, unless the API is a stand-in, which then serves files too."""
    stand_in = discord_api != s.DISCORD_API.default
    origin = "/".join(discord_api.split("/")[:3]) if stand_in else None
    return AttachmentDownloader(allowed_origin=origin, clock=clock)
