"""local.template, local.aws and local.options: the template as the local AWS gets it."""

import asyncio
from pathlib import Path

import boto3
import pytest

from local import aws as local_aws
from local.aws import AwsFailed, LocalAws, MotoServer
from local.options import BadOptions, Options, read_dotenv, template_parameters, variable_name
from local.stack import TEMPLATE
from local.template import read_template

EXAMPLE = """
Transform: AWS::Serverless-2016-10-31
Parameters:
  DiscordPublicKey: {Type: String}
  ClosedBeta: {Type: String, Default: "false"}
Resources:
  Front:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: ../functions
      Handler: a.b.handle
      Runtime: python3.13
      Environment:
        Variables:
          KEY: !Ref DiscordPublicKey
          QUEUE: !Ref Work
          OTHER: !Ref Worker
          ALARM: !Ref Alarm
          TEXT: !Sub "${Work.QueueName}-${Worker}"
      Events:
        Post: {Type: HttpApi, Properties: {Method: post, Path: /interactions}}
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: ../functions
      Handler: c.d.handle
      Runtime: python3.13
      Timeout: 9
      Events:
        Queue:
          Type: SQS
          Properties:
            Queue: !GetAtt Work.Arn
            BatchSize: 2
            FunctionResponseTypes: [ReportBatchItemFailures]
  Alarm: {Type: AWS::CloudWatch::CompositeAlarm, Properties: {AlarmRule: "TRUE"}}
  Work:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: 54
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 3}
  Dead: {Type: AWS::SQS::Queue}
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: pk, AttributeType: S}]
      KeySchema: [{AttributeName: pk, KeyType: HASH}]
      TimeToLiveSpecification: {AttributeName: expires_at, Enabled: true}
"""


def test_a_template_becomes_resources_and_resolved_functions(tmp_path: Path, moto_url: str) -> None:
    """Environment, time-outs, routes, sources, redrive and TTL as the template says."""
    path = tmp_path / "template.yaml"
    path.write_text(EXAMPLE)
    stack = read_template(path)
    aws = LocalAws(moto_url, "utilsbot-example")

    made = aws.create(stack, {"DiscordPublicKey": "abc", "Unknown": "ignored"})

    front, worker = made.functions
    assert (
        front.name,
        front.handler,
        front.timeout_s,
        front.memory_mb,
    ) == ("Front", "a.b.handle", 3.0, 128)
    assert (front.environment["KEY"], front.environment["OTHER"]) == ("abc", "Worker")
    assert front.environment["QUEUE"] in made.queues
    assert front.environment["TEXT"].endswith("-Worker")
    assert "ALARM" not in front.environment
    assert worker.timeout_s == 9.0
    assert [
        (source.function, source.batch_size, source.partial_failures) for source in made.sources
    ] == [("Worker", 2, True)]
    assert [tuple(vars(r).values()) for r in stack.routes] == [("Front", "POST", "/interactions")]
    life = aws.dynamodb.describe_time_to_live(TableName=made.tables[0])
    assert life["TimeToLiveDescription"]["TimeToLiveStatus"] == "ENABLED"


def test_every_moto_that_is_started_is_empty() -> None:
    """Two at once know nothing of each other, and neither of what these tests made."""

    async def queues_of_two() -> list[list[str]]:
        both = await asyncio.gather(MotoServer.start(), MotoServer.start())
        first, second = (boto3.client("sqs", endpoint_url=moto.url) for moto in both)
        await asyncio.to_thread(first.create_queue, QueueName="first")
        listed = [await asyncio.to_thread(client.list_queues) for client in (first, second)]
        await asyncio.gather(*(moto.stop() for moto in both))
        return [answer.get("QueueUrls", []) for answer in listed]

    (made,), none = asyncio.run(queues_of_two())
    assert (made.rpartition("/")[2], none) == ("first", [])


def test_a_moto_that_does_not_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    """At once, with its last lines."""
    monkeypatch.setattr(local_aws, "_MOTO", "local.no_such_moto")

    with pytest.raises(AwsFailed, match=r"moto did not start:[\s\S]*no_such_moto"):
        asyncio.run(MotoServer.start())


def test_the_real_template_has_everything_that_a_local_run_needs() -> None:
    """A front door with a route, and a worker for each source."""
    stack = read_template(TEMPLATE)

    assert ("POST", "/interactions") in {(route.method, route.path) for route in stack.routes}
    assert {"DiscordPublicKey", "DiscordApiUrl", "DeveloperIds"} <= stack.parameters
    assert {source["function"] for source in stack.values["sources"]} <= set(
        stack.values["functions"]
    )


def test_dotenv_sets_parameters_by_their_names_in_capitals(tmp_path: Path) -> None:
    """Only parameters that the template has; keys and addresses are ours."""
    path = tmp_path / ".env"
    path.write_text("# a comment\nexport CLOSED_BETA='true'\nDISCORD_API_URL=https://x # no\nX=1\n")
    names = frozenset({"ClosedBeta", "DiscordApiUrl", "DiscordPublicKey"})
    options = Options(dotenv=read_dotenv(path))

    parameters = template_parameters(names, options, public_key="ab", api_url="http://here")

    assert parameters == {
        "ClosedBeta": "true",
        "DiscordApiUrl": "http://here",
        "DiscordPublicKey": "ab",
    }
    assert variable_name("SentryDsn") == "SENTRY_DSN"


def test_a_broken_dotenv_names_the_line(tmp_path: Path) -> None:
    """And a public key that is none is refused."""
    path = tmp_path / ".env"
    path.write_text("A=1\nnonsense\n")

    with pytest.raises(BadOptions, match="line 2"):
        read_dotenv(path)
    with pytest.raises(BadOptions, match="64 hex digits"):
        Options(public_key="xyz")
