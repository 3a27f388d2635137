"""infra/operations.yaml: every group is watched, every alarm explained, every question saved."""

import json
import re
from typing import Any

import pytest
from samtranslator.yaml_helper import yaml_parse

from cli.pricing.template import fixed
from cli.questions import QUESTIONS
from functions.catalog import CATALOG
from tests.infra.template import FUNCTIONS, PARAMETERS, RESOURCES, TEMPLATE, target_of
from utilsbot.metrics import Metrics

ROOT = TEMPLATE.parents[1]
OPERATIONS: dict[str, Any] = yaml_parse(
    (TEMPLATE.parent / "operations.yaml").read_text(encoding="utf-8")
)
ALARMS: dict[str, dict[str, Any]] = {
    name: resource["Properties"]
    for name, resource in OPERATIONS["Resources"].items()
    if resource["Type"] == "AWS::CloudWatch::Alarm"
}
GROUPS = sorted({module.group for module in CATALOG} - {"interactions"})
_ALL_MESSAGES = {"ApproximateNumberOfMessagesVisible", "ApproximateNumberOfMessagesNotVisible"}
"""Those in a queue, whether or not somebody has them."""


def _anchor(alarm: dict[str, Any]) -> str:
    text = alarm["AlarmDescription"]["Fn::Sub"]
    match = re.fullmatch(r"[A-Z].+\. \$\{RunbookUrl\}#([a-z0-9-]+)", text)
    assert match, text
    return match[1]


def test_every_alarm_has_its_section_in_the_runbook_and_every_section_an_alarm() -> None:
    """Each says what it means, how to look and what to do."""
    _, _, chapter = (ROOT / "docs/runbook.md").read_text(encoding="utf-8").partition("## Alarms\n")
    sections = {
        title.lower().replace(" ", "-"): text
        for title, text in re.findall(r"^### (.+)\n((?:(?!###).*\n)+)", chapter, re.MULTILINE)
    }
    assert {_anchor(alarm) for alarm in ALARMS.values()} == sections.keys()
    for title, text in sections.items():
        assert all(word in text for word in ("**Means**:", "**Look**:", "**Do**:")), title


def test_every_alarm_tells_the_topic_and_is_quiet_while_nothing_happens() -> None:
    """An idle bot has no data, which is no alarm; a topic hears of the end as well."""
    topic = {"Fn::If": ["HasTopic", [{"Ref": "AlarmTopicArn"}], {"Ref": "AWS::NoValue"}]}
    for name, alarm in ALARMS.items():
        assert alarm["AlarmActions"] == alarm["OKActions"] == topic, name
        assert alarm["TreatMissingData"] == "notBreaching", name
        assert alarm["ComparisonOperator"] == "GreaterThanThreshold", name


def test_every_group_has_its_alarms() -> None:
    """Errors and waiting commands, each of the group's own metric or queue."""
    for group in GROUPS:
        title = group.title()
        assert ALARMS[f"{title}ErrorsAlarm"]["Dimensions"] == [{"Name": "Group", "Value": group}]
        (dimension,) = ALARMS[f"{title}WaitingAlarm"]["Dimensions"]
        assert dimension == {"Name": "QueueName", "Value": {"Ref": f"{title}Queue"}}
    watched = [f"{group.title()}{kind}" for group in GROUPS for kind in ("Errors", "Waiting")]
    assert {f"{name}Alarm" for name in watched} | {"InteractionsErrorsAlarm"} <= ALARMS.keys()


def test_a_command_that_its_user_was_told_of_is_no_error_of_the_rescue() -> None:
    """Another alarm tells of it; this one is for what nobody heard of."""
    alarm = ALARMS["RescueErrorsAlarm"]
    measured = Metrics("bot", "rescue").of({"outcome": "failed"}, 0.0)
    assert alarm["MetricName"] in measured
    assert alarm["MetricName"] not in Metrics("bot", "rescue").of({"outcome": "rescued"}, 0.0)
    assert alarm["Dimensions"] == [{"Name": "Group", "Value": measured["Group"]}]


@pytest.mark.parametrize("group", GROUPS)
def test_dead_letters_are_alarmed_while_the_rescue_hides_them(group: str) -> None:
    """What it gives back is nearly never visible; what it takes within minutes is no alarm."""
    alarm = ALARMS[f"{group.title()}DeadLettersAlarm"]
    total, *parts = alarm["Metrics"]
    stats = {part["Id"]: part["MetricStat"] for part in parts}
    dimension = {"Name": "QueueName", "Value": {"Ref": f"{group.title()}DeadLetterQueue"}}
    assert total["Expression"] == " + ".join(stats)
    assert {stat["Metric"]["MetricName"] for stat in stats.values()} == _ALL_MESSAGES
    for stat in stats.values():
        assert stat["Metric"]["Dimensions"] == [dimension]
        assert stat["Period"] == 60  # as often as SQS measures
    assert alarm["EvaluationPeriods"] * 60 == 300
    assert "DatapointsToAlarm" not in alarm  # in each of these minutes


def test_the_dashboard_shows_the_dead_letters_that_are_hidden() -> None:
    """The same metrics as the alarms', of each queue."""
    body = OPERATIONS["Resources"]["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    shown = set(re.findall(r'"(\w+)", "QueueName", "\$\{(\w+)DeadLetterQueue\}"', body))
    assert shown == {(metric, group.title()) for metric in _ALL_MESSAGES for group in GROUPS}


def test_the_template_says_how_many_metrics_are_watched() -> None:
    """Each is billed, so the number that is counted is the number that operators read."""
    text = PARAMETERS["EnableOperations"]["Description"]
    assert re.findall(r"(\d+) metrics are watched", text) == [str(fixed().alarm_metrics)]


def test_crashes_and_throttles_of_every_function_are_counted() -> None:
    """All but the sandbox, where a program that crashes is a developer's own."""
    for kind in ("Crashes", "Throttles"):
        parts = [one["MetricStat"] for one in ALARMS[f"{kind}Alarm"]["Metrics"][1:]]
        named = {target_of(part["Metric"]["Dimensions"][0]["Value"]) for part in parts}
        assert named == FUNCTIONS.keys() - {"SandboxFunction"}


def test_the_acknowledgement_is_alarmed_before_discord_gives_up() -> None:
    """p99 of API Gateway's own latency, which includes cold starts."""
    alarm = ALARMS["SlowAcknowledgementsAlarm"]
    assert (alarm["MetricName"], alarm["ExtendedStatistic"]) == ("Latency", "p99")
    assert alarm["Threshold"] < 3000


def test_the_saved_queries_are_those_of_the_command_line() -> None:
    """One place defines them; each asks every log group."""
    saved = {
        name: resource["Properties"]
        for name, resource in OPERATIONS["Resources"].items()
        if resource["Type"] == "AWS::Logs::QueryDefinition"
    }
    assert {q["Name"]["Fn::Sub"]: q["QueryString"] for q in saved.values()} == {
        f"${{Bot}}/{question.name}": question.query for question in QUESTIONS.values()
    }
    assert all(q["LogGroupNames"] == {"Ref": "LogGroups"} for q in saved.values())
    given = RESOURCES["Operations"]["Properties"]["Parameters"]["LogGroups"]["Fn::Join"][1]
    groups = {name for name, r in RESOURCES.items() if r["Type"] == "AWS::Logs::LogGroup"}
    assert {target_of(one) for one in given} == groups - {"SandboxLogs"}


def test_every_question_is_answered_in_the_runbook() -> None:
    """With what was really answered."""
    text = (ROOT / "docs/runbook.md").read_text(encoding="utf-8")
    for name in QUESTIONS:
        shown = re.search(rf"\$ utilsbot logs --query {name}\b.*\n(\S+  .*)\n.*\d", text)
        assert shown, name


def test_the_dashboard_is_json_and_names_what_is_there() -> None:
    """CloudWatch would refuse it only at the deployment."""
    body = OPERATIONS["Resources"]["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    names = set(re.findall(r"\$\{([\w:]+)\}", body))
    assert names - {"AWS::Region"} <= OPERATIONS["Parameters"].keys()
    widgets = json.loads(re.sub(r"\$\{[\w:]+\}", "x", body))["widgets"]
    places = [(widget["x"], widget["y"]) for widget in widgets]
    assert len(places) == len(set(places)) == 12
    assert all(widget["properties"]["title"] for widget in widgets)


def test_the_bots_stack_gives_what_this_one_asks_for() -> None:
    """No parameter is missing, none is given in vain, and each names what its name says."""
    given = RESOURCES["Operations"]["Properties"]["Parameters"]
    assert given.keys() == OPERATIONS["Parameters"].keys()
    for name, value in given.items():
        if name.endswith(("Function", "Queue")):
            assert target_of(value) == name
    assert RESOURCES["Operations"]["Condition"] == "HasOperations"
