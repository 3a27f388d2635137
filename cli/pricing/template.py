"""What infra/ says that a bill depends on: memory, and how many things wait, watch and count."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from samtranslator.yaml_helper import yaml_parse

INFRA = Path(__file__).parents[2] / "infra"


class Fixed(NamedTuple):
    """What is there whether or not anybody uses the bot."""

    mappings: int
    """Event source mappings, each of which asks its queue without end."""
    alarm_metrics: int
    """Metrics that alarms watch."""
    dashboards: int
    functions: int
    """Functions that use the table."""


@cache
def _read(name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml_parse((INFRA / name).read_text(encoding="utf-8"))
    return found


def _functions() -> Mapping[str, Mapping[str, Any]]:
    """The functions' properties by group, without what is off by default."""
    return {
        name.removesuffix("Function").lower(): resource["Properties"]
        for name, resource in _read("template.yaml")["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function" and "Condition" not in resource
    }


def memory_by_group() -> dict[str, int]:
    """MB of each function."""
    default = _read("template.yaml")["Globals"]["Function"]["MemorySize"]
    return {group: int(f.get("MemorySize", default)) for group, f in _functions().items()}


def limits() -> dict[str, int]:
    """How many of a group's commands run at once at the most, by default."""
    parameters = _read("template.yaml")["Parameters"]
    return {
        name.removesuffix("Concurrency").lower(): int(parameter["Default"])
        for name, parameter in parameters.items()
        if name.endswith("Concurrency")
    }


def api_rate() -> int:
    """Requests a second that the HTTP API takes, by default."""
    return int(_read("template.yaml")["Parameters"]["ApiRequestsPerSecond"]["Default"])


def fixed() -> Fixed:
    """The counts."""
    events = [e for f in _functions().values() for e in f.get("Events", {}).values()]
    resources = _read("operations.yaml")["Resources"].values()
    alarms = [r["Properties"] for r in resources if r["Type"] == "AWS::CloudWatch::Alarm"]
    return Fixed(
        mappings=sum(event["Type"] == "SQS" for event in events),
        alarm_metrics=sum(
            sum("MetricStat" in metric for metric in alarm.get("Metrics", ())) or 1
            for alarm in alarms
        ),
        dashboards=sum(r["Type"] == "AWS::CloudWatch::Dashboard" for r in resources),
        functions=len(_functions()),
    )
