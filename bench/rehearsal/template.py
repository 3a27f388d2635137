"""The rehearsal's copy of the built template: what ministack cannot do is worked around here.

Every change is one function with its reason, and the rehearsal prints them all, so that nobody
takes it for proof of what was changed. The functions, roles, queues and the table are untouched.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from local.template import REGION

Template = dict[str, Any]
NOT_MADE = frozenset(
    {
        "AWS::Budgets::Budget",
        "AWS::CloudWatch::CompositeAlarm",
        "AWS::Logs::QueryDefinition",
        "AWS::XRay::Group",
        "AWS::XRay::SamplingRule",
    }
)
"""Types that ministack's CloudFormation refuses; alarms over metric maths are another."""
BUCKET = "utilsbot-rehearsal-templates"
"""Where the nested stacks' templates are put."""
_NESTED = "rehearsal-nested-"
_CONCURRENCY = 2
_HTTP_API = "AWS::Serverless::HttpApi"


class UnknownForm(ValueError):
    """The template has a form that a workaround does not know; the message says which."""


def rehearsed(template: Template, *, guard_allow: str) -> tuple[Template, list[str]]:
    """The template as ministack takes it, and what was changed and why.

    Args:
        template: as `sam build` wrote it; changed in place.
        guard_allow: HOST:PORT that the network group may reach although it is on loopback.

    Raises:
        UnknownForm: see there.
    """
    changes: list[Callable[[Template], list[str]]] = [
        leave_out,
        _literal_concurrency,
        _explicit_api,
        _keep_off_this_machines_files,
        lambda t: _reach_stand_ins(t, guard_allow),
    ]
    return template, [note for change in changes for note in change(template)]


def write_copy(build: Path, *, guard_allow: str) -> tuple[Path, Template, list[str]]:
    """Writes the copy of a built template, and of those nested in it, beside the original.

    Args:
        build: `sam build`'s folder.
        guard_allow: see `rehearsed`.

    Returns:
        The copy's path, the copy, and what was changed and why. The nested templates are expected
        in the bucket BUCKET under the names that `nested` gives.
    """
    text = (build / "template.yaml").read_text(encoding="utf-8")
    template, notes = rehearsed(yaml.safe_load(text), guard_allow=guard_allow)
    for name, resource in template["Resources"].items():
        where = resource.get("Properties", {}).get("TemplateURL")
        if resource["Type"] != "AWS::CloudFormation::Stack" or not isinstance(where, str):
            continue
        inner = yaml.safe_load((build / where).read_text(encoding="utf-8"))
        notes += [f"in the nested stack {name}: {note}" for note in leave_out(inner)]
        _write(build / f"{_NESTED}{name}.yaml", inner)
        # SAM would upload it and note the endpoint's address, which `sam delete` does not
        # understand; AWS's own form of the address it does, and ministack reads it as well.
        url = f"https://s3.{REGION}.amazonaws.com/{BUCKET}/{_NESTED}{name}.yaml"
        resource["Properties"]["TemplateURL"] = url
        notes.append(f"the nested stack {name} is uploaded by the rehearsal, or sam delete fails")
    return _write(build / "rehearsal.yaml", template), template, notes


def nested(build: Path) -> list[Path]:
    """The copies of the nested templates; the key of each in the bucket is its file's name."""
    return sorted(build.glob(f"{_NESTED}*.yaml"))


def _write(path: Path, template: Template) -> Path:
    path.write_text(yaml.safe_dump(template, sort_keys=False), encoding="utf-8")
    return path


def leave_out(template: Template) -> list[str]:
    """Ministack's CloudFormation ends a deployment at the first type that it does not know."""
    resources = template["Resources"]
    gone = {name: r["Type"] for name, r in resources.items() if _refused(r)}
    for name in gone:
        del resources[name]
    outputs = template.get("Outputs", {})
    for name in [n for n, output in outputs.items() if gone.keys() & _named(output)]:
        del outputs[name]
    return [f"left out, which ministack refuses: {_counted(gone)}"] if gone else []


def _counted(gone: Mapping[str, str]) -> str:
    kinds = sorted(set(gone.values()))
    return ", ".join(f"{list(gone.values()).count(kind)} {kind}" for kind in kinds)


def _refused(resource: Mapping[str, Any]) -> bool:
    metric_math = resource["Type"] == "AWS::CloudWatch::Alarm" and "Metrics" in resource.get(
        "Properties", {}
    )
    return resource["Type"] in NOT_MADE or metric_math


def _literal_concurrency(template: Template) -> list[str]:
    """A MaximumConcurrency that comes from a Ref reaches ministack's poller as text and ends it."""
    changed = 0
    for event in _events(template):
        scaling = event["Properties"].get("ScalingConfig", {})
        if isinstance(scaling.get("MaximumConcurrency"), Mapping):
            scaling["MaximumConcurrency"] = _CONCURRENCY
            changed += 1
    return [f"MaximumConcurrency is a number and no Ref, which ends its poller ({changed})"]


def _events(template: Template) -> list[dict[str, Any]]:
    return [
        event
        for resource in template["Resources"].values()
        for event in resource.get("Properties", {}).get("Events", {}).values()
        if isinstance(event, dict)
    ]


def _explicit_api(template: Template) -> list[str]:
    """SAM writes an HTTP API's routes as an OpenAPI body, which ministack ignores."""
    resources = template["Resources"]
    apis = [name for name, r in resources.items() if r["Type"] == _HTTP_API]
    for api in apis:
        resources[api] = {
            "Type": "AWS::ApiGatewayV2::Api",
            "Properties": {"Name": api, "ProtocolType": "HTTP"},
        }
        resources[f"{api}Stage"] = {
            "Type": "AWS::ApiGatewayV2::Stage",
            "Properties": {"ApiId": {"Ref": api}, "StageName": "$default", "AutoDeploy": True},
        }
    for name, resource in list(resources.items()):
        if resource["Type"] == "AWS::Serverless::Function":
            _explicit_routes(resources, name, resource["Properties"])
    return ["the HTTP API's routes are resources of their own; ministack ignores SAM's OpenAPI"]


def _explicit_routes(resources: Template, function: str, properties: Template) -> None:
    events = properties.get("Events", {})
    for name in [n for n, event in events.items() if event["Type"] == "HttpApi"]:
        event = events.pop(name)["Properties"]
        api, prefix = event["ApiId"], f"{function}{name}"
        resources[f"{prefix}Integration"] = {
            "Type": "AWS::ApiGatewayV2::Integration",
            "Properties": {
                "ApiId": api,
                "IntegrationType": "AWS_PROXY",
                "IntegrationUri": {"Fn::GetAtt": [function, "Arn"]},
                "PayloadFormatVersion": event["PayloadFormatVersion"],
            },
        }
        resources[f"{prefix}Route"] = {
            "Type": "AWS::ApiGatewayV2::Route",
            "Properties": {
                "ApiId": api,
                "RouteKey": f"{event['Method'].upper()} {event['Path']}",
                "Target": {"Fn::Sub": f"integrations/${{{prefix}Integration}}"},
            },
        }
        resources[f"{prefix}Permission"] = {
            "Type": "AWS::Lambda::Permission",
            "Properties": {
                "Action": "lambda:InvokeFunction",
                "FunctionName": {"Ref": function},
                "Principal": "apigateway.amazonaws.com",
            },
        }


def _keep_off_this_machines_files(template: Template) -> list[str]:
    """The sandbox empties SANDBOX_ROOT before every run: on Lambda its own /tmp, here everybody's.

    ministack runs functions as plain processes of this machine. Without the variable the sandbox
    touches only a folder that it makes itself.
    """
    changed = [
        resource["Properties"]["Environment"]["Variables"].pop("SANDBOX_ROOT")
        for resource in template["Resources"].values()
        if "SANDBOX_ROOT"
        in resource.get("Properties", {}).get("Environment", {}).get("Variables", {})
    ]
    if "SANDBOX_ROOT" in repr(template):
        raise UnknownForm("SANDBOX_ROOT is set in a place that the rehearsal does not know")
    why = "SANDBOX_ROOT is not set: the sandbox would empty this machine's own /tmp"
    return [f"{why} ({len(changed)})"] if changed else []


def _reach_stand_ins(template: Template, guard_allow: str) -> list[str]:
    """The network group refuses loopback addresses, and the stand-ins have no other."""
    functions = [
        r["Properties"]
        for r in template["Resources"].values()
        if r["Type"] == "AWS::Serverless::Function"
        and "IP_API_URL" in r["Properties"].get("Environment", {}).get("Variables", {})
    ]
    if not functions:
        raise UnknownForm("no function asks ip-api.com, so none is the network group's")
    for properties in functions:
        properties["Environment"]["Variables"]["GUARD_ALLOW"] = guard_allow
    return ["GUARD_ALLOW lets the network group reach the stand-ins, which are on loopback"]


def _named(node: Any) -> set[str]:
    """The logical ids that an expression names by Ref or GetAtt."""
    if isinstance(node, Mapping):
        found = {node["Ref"]} if isinstance(node.get("Ref"), str) else set()
        target = node.get("Fn::GetAtt")
        found |= (
            {target[0] if isinstance(target, list) else target.partition(".")[0]}
            if (target)
            else set()
        )
        return found.union(*(_named(inner) for inner in node.values()))
    if isinstance(node, list):
        return set[str]().union(*(_named(inner) for inner in node))
    return set()
