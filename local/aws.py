"""The local AWS: moto in server mode (or any other endpoint), filled from the template."""

import asyncio
import json
import os
import time
from collections import deque
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from local.process import MINIMAL_PATH, ChildProcess
from local.template import REGION, Function, QueueSource, Stack

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_ssm import SSMClient

STACK_NAME = "utilsbot-local"
_MOTO = "local.moto_server"
_START_TIMEOUT_S = 60.0
_NO_KEY = "local"
"""boto3 signs everything, with whatever it is given; nobody looks at it."""
_CREATED = ("CREATE_COMPLETE", "UPDATE_COMPLETE")


class AwsFailed(Exception):
    """The local AWS did not start, or did not make what the template asks for."""


class Made(NamedTuple):
    """What the template became."""

    functions: tuple[Function, ...]
    sources: tuple[QueueSource, ...]
    tables: tuple[str, ...]
    queues: tuple[str, ...]
    """Addresses."""


class MotoServer:
    """moto as a process of its own."""

    def __init__(self, process: ChildProcess, url: str) -> None:
        """Use `start`."""
        self._process = process
        self.url = url

    @classmethod
    async def start(cls) -> "MotoServer":
        """Answers requests when it returns.

        Raises:
            AwsFailed: it did not come up; with its last lines.
        """
        address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        lines: deque[str] = deque(maxlen=20)

        def heard(line: str) -> None:
            lines.append(line)
            if line.startswith("http://") and not address.done():
                address.set_result(line)

        environment = {
            "PATH": MINIMAL_PATH,
            "PYTHONWARNINGS": "ignore",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "HOME": os.environ.get("HOME", "/"),
        }
        process = await ChildProcess.start(_MOTO, environment=environment, on_line=heard)
        ended = asyncio.create_task(process.wait())
        either: set[asyncio.Future[Any]] = {address, ended}
        await asyncio.wait(either, timeout=_START_TIMEOUT_S, return_when=asyncio.FIRST_COMPLETED)
        if not address.done():
            await process.kill()
            raise AwsFailed("moto did not start:\n" + "\n".join(lines))
        ended.cancel()
        return cls(process, address.result())

    async def stop(self) -> None:
        """Ends it; everything in it is gone."""
        await self._process.kill()


class LocalAws:
    """An AWS endpoint that needs no account."""

    def __init__(self, url: str, stack_name: str = STACK_NAME) -> None:
        """Args: url: of moto, ministack or the like. stack_name: of the stack to make there."""
        self.url = url
        self.stack_name = stack_name
        session = boto3.session.Session(_NO_KEY, _NO_KEY, region_name=REGION)
        config = Config(
            connect_timeout=2, read_timeout=30, retries={"total_max_attempts": 1}, proxies={}
        )
        self.sqs: SQSClient = session.client("sqs", endpoint_url=url, config=config)
        self.dynamodb: DynamoDBClient = session.client("dynamodb", endpoint_url=url, config=config)
        self._ssm: SSMClient = session.client("ssm", endpoint_url=url, config=config)
        self._cloudformation: CloudFormationClient = session.client(
            "cloudformation", endpoint_url=url, config=config
        )

    def create(self, stack: Stack, parameters: Mapping[str, str]) -> Made:
        """Makes the template's resources and resolves what the functions need to know.

        Parameters that the template does not have are ignored.

        Raises:
            AwsFailed: the endpoint refuses, or made something else than the template says.
        """
        try:
            self._create(stack, parameters)
            outputs = self._outputs()
            made = _resolve(stack, outputs)
            tables, queues = self._check(stack)
        except (BotoCoreError, ClientError) as error:
            raise AwsFailed(f"{self.url}: {error}") from error
        return made._replace(tables=tables, queues=queues)

    def keep(self, secrets: Mapping[str, str]) -> None:
        """Puts secrets into Parameter Store, by name.

        Raises:
            AwsFailed: the endpoint refuses.
        """
        try:
            for name, value in secrets.items():
                self._ssm.put_parameter(Name=name, Value=value, Type="SecureString", Overwrite=True)
        except (BotoCoreError, ClientError) as error:
            raise AwsFailed(f"{self.url}: {type(error).__name__}") from None

    def _create(self, stack: Stack, parameters: Mapping[str, str]) -> None:
        known = {name: value for name, value in parameters.items() if name in stack.parameters}
        asked: Any = {
            "StackName": self.stack_name,
            "TemplateBody": json.dumps(stack.body),
            "Parameters": [{"ParameterKey": n, "ParameterValue": v} for n, v in known.items()],
            "Capabilities": ["CAPABILITY_IAM"],
        }
        try:
            self._cloudformation.create_stack(**asked)
        except (
            self._cloudformation.exceptions.AlreadyExistsException
        ):  # an endpoint that outlived us
            self._update(asked)

    def _update(self, asked: Any) -> None:
        try:
            self._cloudformation.update_stack(**asked)
        except ClientError as error:
            if "No updates" not in error.response["Error"].get("Message", ""):
                raise

    def _outputs(self) -> dict[str, str]:
        deadline = time.monotonic() + _START_TIMEOUT_S
        while True:
            described = self._cloudformation.describe_stacks(StackName=self.stack_name)["Stacks"][0]
            if described["StackStatus"] in _CREATED:
                return {o["OutputKey"]: o["OutputValue"] for o in described.get("Outputs", [])}
            if not described["StackStatus"].endswith("IN_PROGRESS") or time.monotonic() > deadline:
                reason = described.get("StackStatusReason", "")
                raise AwsFailed(f"the stack is {described['StackStatus']} {reason}")
            time.sleep(0.1)

    def _check(self, stack: Stack) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The endpoint may skip silently what it cannot make: look, and add what it forgot."""
        listed = self._cloudformation.describe_stack_resources(StackName=self.stack_name)
        ids = {
            r["LogicalResourceId"]: r.get("PhysicalResourceId") for r in listed["StackResources"]
        }
        tables, queues = [], []
        for name, resource in stack.body["Resources"].items():
            physical = ids.get(name)
            if not physical:
                raise AwsFailed(f"{name} ({resource['Type']}) was not made")
            if resource["Type"] == "AWS::DynamoDB::Table":
                self._check_table(physical, resource["Properties"])
                tables.append(physical)
            elif resource["Type"] == "AWS::SQS::Queue":
                self._check_queue(physical, resource.get("Properties", {}))
                queues.append(physical)
        return tuple(tables), tuple(queues)

    def _check_table(self, table: str, properties: Mapping[str, Any]) -> None:
        described = self.dynamodb.describe_table(TableName=table)["Table"]
        if sorted(_pairs(described["KeySchema"])) != sorted(_pairs(properties["KeySchema"])):
            raise AwsFailed(f"{table} has other keys than the template says")
        life = properties.get("TimeToLiveSpecification")
        if life and life.get("Enabled"):  # moto's CloudFormation ignores it
            state = self.dynamodb.describe_time_to_live(TableName=table)
            if state["TimeToLiveDescription"].get("TimeToLiveStatus") != "ENABLED":
                name = life["AttributeName"]
                self.dynamodb.update_time_to_live(
                    TableName=table,
                    TimeToLiveSpecification={"Enabled": True, "AttributeName": name},
                )

    def _check_queue(self, url: str, properties: Mapping[str, Any]) -> None:
        answer = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
        attributes = {str(name): value for name, value in answer["Attributes"].items()}
        redrive = properties.get("RedrivePolicy")
        made = json.loads(attributes.get("RedrivePolicy", "{}"))
        if redrive and int(made.get("maxReceiveCount", 0)) != int(redrive["maxReceiveCount"]):
            raise AwsFailed(f"{url} has no redrive to a dead-letter queue")
        timeout = properties.get("VisibilityTimeout")
        if isinstance(timeout, int) and int(attributes["VisibilityTimeout"]) != timeout:
            raise AwsFailed(f"{url} has another visibility timeout than the template says")


def _pairs(schema: Any) -> list[tuple[str, str]]:
    return [(part["AttributeName"], part["KeyType"]) for part in schema]


def _resolve(stack: Stack, outputs: Mapping[str, str]) -> Made:
    def value(item: Any) -> Any:
        return outputs[item["output"]] if isinstance(item, Mapping) else item

    functions = [
        Function(
            name=name,
            handler=str(value(spec["handler"])),
            timeout_s=float(value(spec["timeout_s"])),
            memory_mb=int(value(spec["memory_mb"])),
            environment={
                key: str(resolved)
                for key, item in spec["environment"].items()
                if (resolved := value(item)) is not None
            },
        )
        for name, spec in stack.values["functions"].items()
    ]
    sources = [
        QueueSource(
            function=str(value(spec["function"])),
            queue_arn=str(value(spec["queue_arn"])),
            batch_size=int(value(spec["batch_size"])),
            partial_failures=bool(spec["partial_failures"]),
        )
        for spec in stack.values["sources"]
        if value(spec["queue_arn"]) is not None
    ]
    return Made(tuple(functions), tuple(sources), (), ())
