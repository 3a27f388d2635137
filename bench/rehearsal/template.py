"""The rehearsal's copy of the built template: what ministack cannot do is worked around here.

Every change is one function with its reason, and the rehearsal prints them all, so that nobody
takes it for proof of what was changed. The functions, roles, queues and the table are untouched.
"""

from collections.abc import Callable, Mapping
from typing import Any

Template = dict[str, Any]
NOT_MADE = {
    "AWS::Budgets::Budget": "ministack refuses it",
    "AWS::CloudWatch::CompositeAlarm": "ministack refuses it",
    "AWS::Logs::QueryDefinition": "ministack refuses it",
    "AWS::XRay::Group": "ministack refuses it",
    "AWS::XRay::SamplingRule": "ministack refuses it",
}
"""Types of resources that are left out, and why. Nothing that a command needs."""
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
        _leave_out,
        _literal_concurrency,
        _explicit_api,
        lambda t: _reach_stand_ins(t, guard_allow),
    ]
    return template, [note for change in changes for note in change(template)]


def _leave_out(template: Template) -> list[str]:
    """ministack's CloudFormation ends a deployment at the first type that it does not know."""
    resources = template["Resources"]
    gone = {name: r["Type"] for name, r in resources.items() if _refused(r)}
    for name in gone:
        del resources[name]
    outputs = template.get("Outputs", {})
    for name in [n for n, output in outputs.items() if gone.keys() & _named(output)]:
        del outputs[name]
    kinds = sorted(set(gone.values()))
    return [f"left out, ministack refuses them: {', '.join(kinds)} ({len(gone)})"] if gone else []


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
        found |= {target[0] if isinstance(target, list) else target.partition(".")[0]} if (
            target
        ) else set()
        return found.union(*(_named(inner) for inner in node.values()))
    if isinstance(node, list):
        return set[str]().union(*(_named(inner) for inner in node))
    return set()
