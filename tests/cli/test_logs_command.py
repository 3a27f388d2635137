"""`utilsbot logs` and `utilsbot metrics`: of a local stack, and of a deployment on moto."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from click.testing import CliRunner, Result
from starlette.applications import Starlette
from starlette.routing import Route

from cli import log_sources, measures
from cli.log_sources import GROUPS, CloudWatchSource, Unreachable, row_of
from cli.logs import is_error, seconds, table
from cli.main import main
from cli.measures import Figure, Series
from cli.questions import QUESTIONS
from functions.interactions.settings import Settings
from local.events import Events
from local.insights import ask
from local.logs import Logs
from tests.functions.network.loopback import serving_app
from tests.infra.template import RESOURCES
from utilsbot.metrics import Metrics
from utilsbot.settings import BadSettings

_REFERENCE = "1BPD-3DGV-C0033"
Lines = list[tuple[str, Any]]


def _front(**more: Any) -> dict[str, Any]:
    line: dict[str, Any] = {
        "level": "INFO",
        "event": "interaction",
        "function": "f",
        "reference": _REFERENCE,
    }
    line |= {"command": "ask", "outcome": "deferred", "status": 200, "cold": True}
    return line | {"duration_ms": 12.5} | more


def _worker(**more: Any) -> dict[str, Any]:
    line: dict[str, Any] = {
        "level": "ERROR",
        "event": "command",
        "function": "g",
        "reference": _REFERENCE,
    }
    line |= {"command": "ask", "outcome": "error", "attempt": 1, "cold": False, "run_ms": 7.5}
    return line | {"error": "KeyError", "frames": ["ask.py:3 run"], "duration_ms": 9.0} | more


def _measured(line: dict[str, Any], group: str) -> dict[str, Any]:
    return line | Metrics("bot", group).of(line, time.time())


_LINES: Lines = [
    ("InteractionsFunction", _measured(_front(), "interactions")),
    ("AiFunction", _measured(_worker(), "ai")),
    ("ToolsFunction", "RequestId: 1 Error: Task timed out after 30.00 seconds"),
    ("ToolsFunction", "START RequestId: 2"),
    ("InteractionsFunction", _measured(_front(reference="1CCC-1CCC-1CCC"), "interactions")),
]


@pytest.fixture
def local() -> Iterator[str]:
    """The part of `utilsbot local` that keeps lines."""
    events = Events()
    logs = Logs(events)
    with serving_app(Starlette(routes=[Route("/play/logs", logs.show)])) as url:
        for function, line in _LINES:
            events.publish({"type": "log", "function": function, "line": line})
        yield url


@pytest.fixture
def run(local: str) -> Callable[..., Result]:
    """A command against it."""
    return lambda *words: CliRunner().invoke(main, [*words, "--url", local])


def test_a_reference_shows_its_whole_way(run: Callable[..., Result]) -> None:
    """Endpoint and worker, the outcome first, the frames below; nobody else's lines."""
    result = run("logs", _REFERENCE.lower())
    first, second, frame = result.output.splitlines()
    assert result.exit_code == 0
    assert "interaction: command=ask outcome=deferred" in first
    assert "command: command=ask outcome=error error=KeyError" in second
    assert frame == "    at ask.py:3 run"
    assert "_aws" not in result.output
    assert "Commands=" not in result.output


def test_errors_are_failures_and_crashes(run: Callable[..., Result]) -> None:
    """By outcome, or in Lambda's words."""
    output = run("logs", "--errors").output
    assert "KeyError" in output
    assert "Task timed out" in output
    assert "deferred" not in output


def test_what_aws_own_client_writes_is_an_error() -> None:
    """Code that does not start, as Lambda keeps it: one line, for --errors and for the question."""
    bootstrap = pytest.importorskip("awslambdaric.bootstrap")
    told: list[str] = []

    class Sink:
        def log_error(self, lines: list[str]) -> None:
            told.append("\n".join(lines))

    try:
        Settings.from_env({})
    except BadSettings:
        bootstrap.log_error(bootstrap.build_fault_result(sys.exc_info(), None), Sink())
    missing = "Unable to import module 'functions.ai.handler': No module named 'google'"
    fault = bootstrap.make_error(missing, "Runtime.ImportModuleError", None)
    bootstrap.log_error(fault, Sink())

    rows = [row_of(0.0, text) for text in told]
    assert [is_error(row) for row in rows] == [True, True]
    assert [row["outcome"] for row in ask(QUESTIONS["errors"].query, rows)] == told


def test_a_row_of_the_table_is_one_line() -> None:
    """Also of an error with its traceback."""
    (_, row) = table([{"function": "f", "outcome": "[ERROR] BadSettings: bad\n  A is not set\n"}])
    assert row == "f         [ERROR] BadSettings: bad   A is not set"


@pytest.mark.parametrize("line", ["START RequestId: 2", "INIT_START", "REPORT RequestId: 2", "hi"])
def test_what_is_no_error_is_none_anywhere(line: str) -> None:
    """Neither of --errors nor of the question."""
    row = row_of(0.0, line)
    assert (is_error(row), ask(QUESTIONS["errors"].query, [row])) == (False, [])


def test_one_group_and_json(run: Callable[..., Result]) -> None:
    """Each line as it was written; what Lambda says of every invocation is left out."""
    result = run("logs", "--group", "tools", "--json")
    (line,) = result.output.splitlines()
    assert "Task timed out" in json.loads(line)["message"]
    (line,) = run("logs", "--group", "ai", "--json").output.splitlines()
    assert json.loads(line)["reference"] == _REFERENCE


@pytest.mark.parametrize("name", [name for name in QUESTIONS if name not in {"refusals", "trace"}])
def test_every_question_is_answered(run: Callable[..., Result], name: str) -> None:
    """As a table, and as JSON with the same columns."""
    table, rows = run("logs", "--query", name), run("logs", "--query", name, "--json")
    assert table.exit_code == rows.exit_code == 0
    assert table.output.split("\n")[0].split() == [*json.loads(rows.output.splitlines()[0])]


def test_the_way_of_a_reference_as_a_table(run: Callable[..., Result]) -> None:
    """The question that needs an argument."""
    output = run("logs", "--query", "trace", _REFERENCE).output
    assert [line.split()[3] for line in output.splitlines()[1:]] == ["interaction", "command"]


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["1ZZZ-1ZZZ-1ZZZ"], 1),
        (["--query", "refusals"], 1),
        (["--query", "trace"], 2),
        (["--query", "errors", "--follow"], 2),
        (["--since", "yesterday"], 2),
        (['x" | fields @message'], 2),
    ],
)
def test_exit_statuses(run: Callable[..., Result], words: list[str], status: int) -> None:
    """1: nothing found. 2: wrong usage."""
    assert run("logs", *words).exit_code == status


def test_nobody_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to do about it."""
    result = CliRunner().invoke(main, ["logs", "--url", "http://127.0.0.1:9"])
    assert result.exit_code == 1
    assert "--stack" in result.output


def test_following_shows_each_line_once(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looks again and again, with an overlap for lines that come late; Ctrl-C ends it."""
    looks = iter([None, None])

    def sleep(_: float) -> None:
        if next(looks, "over") == "over":
            raise KeyboardInterrupt

    monkeypatch.setattr("cli.logs.time.sleep", sleep)
    result = run("logs", "--follow", "--errors")
    assert result.output.count("KeyError") == 1


@pytest.mark.parametrize(
    ("text", "value"), [("90s", 90), ("15m", 900), ("2h", 7200), ("1d", 86400)]
)
def test_spans(text: str, value: int) -> None:
    """Seconds, minutes, hours and days."""
    assert seconds(text) == value


def test_the_metrics_of_a_local_stack(run: Callable[..., Result]) -> None:
    """What CloudWatch would make of the same lines."""
    rows = [json.loads(line) for line in run("metrics", "--json").output.splitlines()]
    found = {(row["group"], row["metric"]): row for row in rows}
    assert found["interactions", "Commands"]["total"] == 2
    assert found["ai", "Errors"]["total"] == 1
    assert found["interactions", "AckMs"] == {
        "group": "interactions", "metric": "AckMs", "by": "", "total": None,
        "p50": 12.5, "p99": 12.5, "max": 12.5,
    }  # fmt: skip


@pytest.fixture
def stack(aws: dict[str, str], request: pytest.FixtureRequest) -> str:
    """A deployment's log groups on moto, with the same lines."""
    name = str(request.node.name).replace("[", "-").replace("]", "")
    _write(name, _LINES)
    return name


def _write(name: str, lines: Lines, region: str = "us-east-1") -> None:
    client = boto3.client("logs", region_name=region)
    for number, (function, line) in enumerate(lines):
        group = f"/aws/lambda/{name}-{function.removesuffix('Function').lower()}"
        if not client.describe_log_groups(logGroupNamePrefix=group)["logGroups"]:
            client.create_log_group(logGroupName=group)
            client.create_log_stream(logGroupName=group, logStreamName="s")
        message = line if isinstance(line, str) else json.dumps(line)
        event = {"timestamp": int(time.time() * 1000) + number, "message": message}
        client.put_log_events(logGroupName=group, logStreamName="s", logEvents=[event])


def test_a_deployments_lines(stack: str) -> None:
    """The same words, with --stack."""
    result = CliRunner().invoke(main, ["logs", _REFERENCE, "--stack", stack])
    assert result.exit_code == 0, result.output
    assert [line.split()[4] for line in result.output.splitlines()[:2]] == [
        "interaction:", "command:",
    ]  # fmt: skip
    result = CliRunner().invoke(main, ["logs", "--group", "tools", "--stack", stack])
    assert [*result.output.splitlines()] == [*filter(None, result.output.splitlines())]
    assert "Task timed out" in result.output
    assert "KeyError" not in result.output


def test_a_stack_whose_name_begins_alike_is_another_one(stack: str) -> None:
    """As samconfig.toml's utilsbot-plus, utilsbot-plus-staging and utilsbot-plus-prod."""
    _write(f"{stack}-prod", [("AiFunction", _worker(command="theirs"))])
    _write(f"{stack}-ai", [("AiFunction", _worker(command="theirs"))])

    for more in ((), ("--group", "ai")):
        result = CliRunner().invoke(main, ["logs", "--stack", stack, *more])
        assert "command=ask" in result.output
        assert "theirs" not in result.output
    source = CloudWatchSource(stack)
    assert {name.removeprefix(f"/aws/lambda/{stack}-") for name in source._groups()} == {
        "interactions", "ai", "tools",
    }  # fmt: skip


def test_every_log_group_of_the_template_is_read() -> None:
    """By its very name; the sandbox's stays empty."""
    named = {
        resource["Properties"]["LogGroupName"]["Fn::Sub"]
        for resource in RESOURCES.values()
        if resource["Type"] == "AWS::Logs::LogGroup"
    }
    assert named == {f"/aws/lambda/${{AWS::StackName}}-{end}" for end in (*GROUPS, "sandbox")}


def test_a_stack_in_another_region(aws: dict[str, str], request: pytest.FixtureRequest) -> None:
    """--region, and UTILSBOT_STACK in place of --stack; a --url that is given goes before it."""
    name = request.node.name
    _write(name, _LINES, "eu-west-1")
    environment = {"UTILSBOT_STACK": name}

    def logs(*more: str) -> Result:
        return CliRunner().invoke(main, ["logs", "--errors", *more], env=environment)

    assert "KeyError" in logs("--region", "eu-west-1").output
    assert "are stack and region right?" in logs().output
    assert "http://127.0.0.1:9 does not answer" in logs("--url", "http://127.0.0.1:9").output


def test_a_stack_that_is_not_there(aws: dict[str, str]) -> None:
    """Is said so."""
    result = CliRunner().invoke(main, ["logs", "--stack", "nothing"])
    assert result.exit_code == 1
    assert "/aws/lambda/nothing-" in result.output


class _Insights:
    """Logs Insights as AWS answers: not at once, and everything as text. moto's ignores queries."""

    def __init__(self, *states: str) -> None:
        self.states = list(states)
        self.asked: dict[str, Any] = {}

    def get_paginator(self, name: str) -> Any:
        assert name == "describe_log_groups"
        return self

    def paginate(self, **_: Any) -> list[dict[str, Any]]:
        return [{"logGroups": [{"logGroupName": "/aws/lambda/bot-ai"}]}]

    def start_query(self, **asked: Any) -> dict[str, str]:
        self.asked = asked
        return {"queryId": "q"}

    def get_query_results(self, *, queryId: str) -> dict[str, Any]:  # noqa: N803
        fields = {"command": "ask", "commands": "3", "p95_ms": "12.5", "@ptr": "x"}
        row = [{"field": name, "value": value} for name, value in fields.items()]
        return {"status": self.states.pop(0), "results": [row]}


@pytest.mark.parametrize("last", ["Complete", "Failed"])
def test_a_deployment_is_asked_by_logs_insights(monkeypatch: pytest.MonkeyPatch, last: str) -> None:
    """The saved text, over every log group; numbers come back as numbers."""
    insights = _Insights("Scheduled", "Running", last)
    monkeypatch.setattr(log_sources, "aws_client", lambda *_: insights)
    source = CloudWatchSource("bot", sleep=lambda _: None, now=lambda: 2000.0)
    query = QUESTIONS["slowest"].query
    if last == "Failed":
        with pytest.raises(Unreachable, match="Failed"):
            source.ask(query, 1000.0)
        return
    assert source.ask(query, 1000.0) == [{"command": "ask", "commands": 3, "p95_ms": 12.5}]
    assert insights.asked == {
        "logGroupNames": ["/aws/lambda/bot-ai"], "queryString": query,
        "startTime": 1000, "endTime": 2001,
    }  # fmt: skip


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1"])
def test_the_counts_of_a_deployment(aws: dict[str, str], region: str) -> None:
    """Read back from CloudWatch, added up, in its region."""
    client = boto3.client("cloudwatch", region_name=region)
    now = datetime.fromtimestamp(time.time() - 60, UTC)
    for group in ("ai", "ai", "tools"):
        client.put_metric_data(
            Namespace="bot-metrics",
            MetricData=[
                {
                    "MetricName": "Commands",
                    "Value": 1.0,
                    "Timestamp": now,
                    "Dimensions": [{"Name": "Group", "Value": group}],
                }
            ],
        )
    arguments = ["metrics", "--stack", "bot-metrics", "--region", region, "--json"]
    result = CliRunner().invoke(main, arguments)
    rows = map(json.loads, result.output.splitlines())
    assert {row["group"]: row["total"] for row in rows} == {"ai": 2, "tools": 1}


class _CloudWatch:
    """CloudWatch as AWS answers; moto has no percentiles."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    def get_paginator(self, name: str) -> Any:
        page = self._metrics if name == "list_metrics" else self._data
        return type("Pages", (), {"paginate": staticmethod(page)})

    def _metrics(self, **_: Any) -> list[dict[str, Any]]:
        dimensions = [{"Name": "Group", "Value": "ai"}]
        metric = {"Namespace": "bot", "MetricName": "RunMs", "Dimensions": dimensions}
        return [{"Metrics": [metric]}]

    def _data(self, **asked: Any) -> list[dict[str, Any]]:
        self.asked = asked["MetricDataQueries"]
        values = {"p50": [10.0], "p99": [19.0, 20.0], "Maximum": []}
        results = [{"Id": q["Id"], "Values": values[q["MetricStat"]["Stat"]]} for q in self.asked]
        return [{"MetricDataResults": results}]


def test_the_durations_of_a_deployment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Percentiles in one period; where a span touches two, the worse."""
    cloudwatch = _CloudWatch()
    monkeypatch.setattr(measures, "aws_client", lambda *_: cloudwatch)
    found = list(measures.from_cloudwatch("bot", 0.0, lambda: 5000.0))
    assert found == [Figure(Series("ai", "RunMs"), None, 10.0, 20.0, None)]
    assert {query["MetricStat"]["Period"] for query in cloudwatch.asked} == {7200}


def test_lines_are_kept_up_to_a_number(local: str) -> None:
    """The local stack forgets the oldest, and numbers those that it has."""
    import httpx

    with httpx.Client(base_url=local) as client:
        answer = client.get("/play/logs", params={"after": 3}).json()
        assert [line["number"] for line in answer["lines"]] == [4, 5]
        assert answer["last"] == 5
        assert client.get("/play/logs", params={"since": "x"}).status_code == 400
        assert client.get("/play/logs", params={"since": time.time() + 60}).json()["lines"] == []
