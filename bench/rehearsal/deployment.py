"""What stands in ministack after a deployment, asked of its own APIs as the account's owner."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import ClientError

from bench.rehearsal.sam import STACK
from bench.rehearsal.template import BUCKET

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_ssm import SSMClient


class NotAsAsked(Exception):
    """What stands is not what the template asks for; the message says what."""


class Deployment:
    """The stack's resources."""

    def __init__(self, url: str, access_key: str, secret_key: str, region: str) -> None:
        """Args: url: of the AWS endpoint."""
        session = boto3.session.Session(access_key, secret_key, region_name=region)
        self._cloudformation: CloudFormationClient = session.client(
            "cloudformation", endpoint_url=url
        )
        self._lambda: LambdaClient = session.client("lambda", endpoint_url=url)
        self._logs: Any = session.client("logs", endpoint_url=url)
        self.dynamodb: DynamoDBClient = session.client("dynamodb", endpoint_url=url)
        self.sqs: SQSClient = session.client("sqs", endpoint_url=url)
        self._s3: Any = session.client("s3", endpoint_url=url)
        self.ssm: SSMClient = session.client("ssm", endpoint_url=url)

    def keep(self, secrets: Mapping[str, str]) -> None:
        """Makes the SecureString parameters, as docs/deploy.md tells an operator to."""
        for name, value in secrets.items():
            self.ssm.put_parameter(Name=name, Value=value, Type="SecureString")

    def upload(self, files: Iterable[Path]) -> None:
        """Puts nested templates where the copy of the template expects them."""
        self._s3.create_bucket(Bucket=BUCKET)
        for file in files:
            self._s3.put_object(Bucket=BUCKET, Key=file.name, Body=file.read_bytes())

    def resources(self) -> dict[str, tuple[str, str]]:
        """Logical id → (type, physical id)."""
        listed = self._cloudformation.describe_stack_resources(StackName=STACK)
        return {
            r["LogicalResourceId"]: (r["ResourceType"], r.get("PhysicalResourceId", ""))
            for r in listed["StackResources"]
        }

    def physical(self, name: str) -> str:
        """The physical id of a resource."""
        return self.resources()[name][1]

    def check_made(self, template: Mapping[str, Any]) -> str:
        """Every resource of the template exists; says how many.

        Raises:
            NotAsAsked: one is missing.
        """
        made = self.resources()
        # All conditions are true here, since every part is switched on.
        wanted = {n for n, r in template["Resources"].items() if not _is_renamed(r)}
        if missing := sorted(wanted - made.keys()):
            raise NotAsAsked(f"not made: {', '.join(missing)}")
        kinds = Counter(kind.rpartition("::")[2] for kind, _ in made.values())
        return f"{len(made)} resources: " + ", ".join(f"{n} {k}" for k, n in kinds.most_common(5))

    def waiting(self, queue: str) -> int:
        """Messages in a queue, those in hand too."""
        names = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
        answer = self.sqs.get_queue_attributes(
            QueueUrl=self.physical(queue), AttributeNames=["All"]
        )
        attributes: Mapping[Any, str] = answer["Attributes"]
        return sum(int(attributes[name]) for name in names)

    def log_lines(self, needle: str) -> list[dict[str, Any]]:
        """The functions' JSON log lines that hold a text."""
        found = []
        for kind, group in self.resources().values():
            if kind == "AWS::Logs::LogGroup":
                for event in self._logs.filter_log_events(logGroupName=group)["events"]:
                    line = event["message"].strip()
                    if needle in line and line.startswith("{"):
                        found.append(json.loads(line))
        return found

    def left(self) -> dict[str, list[str]]:
        """What is still there of the stack after its removal, by kind."""
        functions = self._lambda.list_functions()["Functions"]
        groups = self._logs.describe_log_groups()["logGroups"]
        left = {
            "functions": [f["FunctionName"] for f in functions],
            "queues": self.sqs.list_queues().get("QueueUrls", []),
            "log groups": [g["logGroupName"] for g in groups],
            "tables": self.dynamodb.list_tables()["TableNames"],
        }
        return {kind: [n for n in names if STACK in n] for kind, names in left.items()}

    def gone(self) -> bool:
        """Whether there is no such stack."""
        try:
            stacks = self._cloudformation.describe_stacks(StackName=STACK)["Stacks"]
        except ClientError:
            return True
        return all(stack["StackStatus"] == "DELETE_COMPLETE" for stack in stacks)


def _is_renamed(resource: Mapping[str, Any]) -> bool:
    """Layer versions get a hash behind their name when SAM translates them."""
    return bool(resource["Type"] == "AWS::Serverless::LayerVersion")
