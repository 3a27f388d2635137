"""Which bot a command works on: the local one, or a deployed stack.

Names of tables and queues come from CloudFormation by the template's logical ids, for the local
stack as well, whose AWS is made from the same template.
"""

from collections.abc import Callable, Mapping
from functools import cached_property, wraps
from typing import TYPE_CHECKING, Any, NamedTuple

import click

if TYPE_CHECKING:
    import boto3
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_sqs import SQSClient

    from utilsbot.settings import Secret

LOCAL_URL = "http://127.0.0.1:8080"
_TIMEOUT_S = 10


class Where(NamedTuple):
    """What the options say."""

    url: str | None = None
    stack: str | None = None
    region: str | None = None
    table: str | None = None

    @property
    def local_url(self) -> str | None:
        """Where the local bot is, if it is that: when --url is given, or nothing at all."""
        if self.url or not (self.stack or self.table):
            return (self.url or LOCAL_URL).rstrip("/")
        return None

    @property
    def deployed(self) -> str | None:
        """The deployed stack, if it is one: a --url that is given goes before UTILSBOT_STACK."""
        return None if self.url else self.stack


def where_options(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Gives a command `where`, a Where, in place of the options of these of its names.

    Every command that asks AWS has `stack` and `region` in this way, and no way of its own.
    """

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def run(**given: Any) -> None:
            command(where=Where(**{name: given.pop(name) for name in names}), **given)

        for name in reversed(names):
            run = _OPTIONS[name](run)
        return run

    return decorate


_OPTIONS = {
    "url": click.option(
        "--url",
        metavar="URL",
        help=f"A running `utilsbot local`; {LOCAL_URL} if nothing else is named.",
    ),
    "stack": click.option(
        "--stack",
        envvar="UTILSBOT_STACK",
        metavar="NAME",
        help="A deployed stack, with your AWS credentials (or UTILSBOT_STACK).",
    ),
    "region": click.option(
        "--region", metavar="REGION", help="The AWS region, if not your default."
    ),
    "table": click.option(
        "--table",
        metavar="TABLE",
        help="A DynamoDB table alone: enough to read and to drop.",
    ),
}


def aws_says(error: Exception) -> str:
    """What boto3 says, and what to do where it does not say that itself."""
    from botocore.exceptions import NoRegionError

    hint = ": give --region or set AWS_DEFAULT_REGION" if isinstance(error, NoRegionError) else ""
    return f"AWS: {str(error).removesuffix('.')}{hint}"


class Target:
    """A bot's table, queues and secrets."""

    def __init__(self, where: Where) -> None:
        """Asks nobody yet."""
        self._where = where

    @property
    def name(self) -> str:
        """What messages call it."""
        where = self._where
        return where.local_url or where.stack or where.table or ""

    @cached_property
    def table(self) -> str:
        """The table's name. Raises: click.ClickException: it cannot be found."""
        if self._where.table and not self._where.local_url:
            return self._where.table
        return self._physical("Table")

    @cached_property
    def dynamodb(self) -> "DynamoDBClient":
        """A client. Raises: click.ClickException: the local stack does not answer."""
        return self._client("dynamodb")  # type: ignore[no-any-return]

    @cached_property
    def sqs(self) -> "SQSClient":
        """A client. Raises: click.ClickException: as for `dynamodb`."""
        return self._client("sqs")  # type: ignore[no-any-return]

    def queue_url(self, group: str) -> str:
        """A group's queue. Raises: click.ClickException: there is none."""
        return self._physical(f"{group.title()}Queue")

    def parameter(self, name: str) -> str:
        """A parameter of the stack. Raises: click.ClickException: the stack has no such."""
        if name not in self.parameters:
            raise click.ClickException(f"{self.name} has no parameter {name}: deploy it again")
        return self.parameters[name]

    @property
    def parameters(self) -> Mapping[str, str]:
        """The stack's. Raises: click.ClickException: there is no such stack."""
        listed = self._described.get("Parameters", [])
        return {p["ParameterKey"]: p["ParameterValue"] for p in listed}

    @property
    def outputs(self) -> Mapping[str, str]:
        """The stack's. Raises: click.ClickException: there is no such stack."""
        listed = self._described.get("Outputs", [])
        return {output["OutputKey"]: output["OutputValue"] for output in listed}

    @cached_property
    def _described(self) -> dict[str, Any]:
        answer = self._ask("cloudformation", "describe_stacks", StackName=self._stack)
        return dict(answer["Stacks"][0])

    def secret(self, parameter: str) -> "Secret":
        """A SecureString. Raises: click.ClickException: you may not read it, or it is gone."""
        from utilsbot.settings import Secret

        answer = self._ask("ssm", "get_parameter", Name=parameter, WithDecryption=True)
        return Secret(answer["Parameter"]["Value"])

    @property
    def _stack(self) -> str:
        if self._where.local_url:
            from local.aws import STACK_NAME

            return STACK_NAME
        if not self._where.stack:
            raise click.UsageError("this needs the whole stack: give --stack in place of --table")
        return self._where.stack

    @cached_property
    def _session(self) -> "tuple[boto3.session.Session, str | None]":
        """Who asks, and where: None for AWS itself."""
        import boto3

        url = self._where.local_url
        if url is None:
            return boto3.session.Session(region_name=self._where.region), None
        from local.template import REGION

        return boto3.session.Session("local", "local", region_name=REGION), self._local_aws(url)

    def _local_aws(self, url: str) -> str:
        import httpx

        try:
            answer = httpx.get(f"{url}/health", timeout=_TIMEOUT_S, trust_env=False)
            return str(answer.json()["aws"])
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError):
            raise click.ClickException(
                f"no `utilsbot local` answers at {url}; start it with `make run`, or "
                "name a deployed stack with --stack"
            ) from None

    def _client(self, service: Any) -> Any:
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError

        session, endpoint = self._session
        config = Config(connect_timeout=5, read_timeout=_TIMEOUT_S)
        try:
            return session.client(service, endpoint_url=endpoint, config=config)
        except (BotoCoreError, ValueError) as error:  # as no region
            raise click.ClickException(aws_says(error)) from None

    def _physical(self, logical_id: str) -> str:
        """What CloudFormation made of a resource of the template."""
        answer = self._ask(
            "cloudformation",
            "describe_stack_resource",
            StackName=self._stack,
            LogicalResourceId=logical_id,
        )
        return str(answer["StackResourceDetail"]["PhysicalResourceId"])

    def _ask(self, service: str, call: str, **request: Any) -> dict[str, Any]:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return dict(getattr(self._client(service), call)(**request))
        except (BotoCoreError, ClientError) as error:
            raise click.ClickException(f"{self.name}: {error}") from None
