"""Reads infra/template.yaml: what to create on the local AWS, and which functions to run.

The SAM template is translated by AWS's own translator. What the local AWS cannot make is left out,
and everything that the functions need to know (environment, queues, limits) becomes an output of
the stack, so that the local AWS resolves the template's intrinsic functions and not we.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

MADE_LOCALLY = frozenset(
    {
        "AWS::DynamoDB::Table",
        "AWS::KMS::Alias",
        "AWS::KMS::Key",
        "AWS::SNS::Topic",
        "AWS::SQS::Queue",
        "AWS::SSM::Parameter",
    }
)
"""What moto's CloudFormation makes and a function may use."""

ACCOUNT_ID = "123456789012"
REGION = "us-east-1"

_SUB_VARIABLE = re.compile(r"\$\{([A-Za-z0-9:.]+)\}")


@dataclass(frozen=True)
class Function:
    """A Lambda function of the template, its values resolved."""

    name: str
    """The logical id."""
    handler: str
    timeout_s: float
    memory_mb: int
    environment: Mapping[str, str]

    @property
    def arn(self) -> str:
        """The ARN that it is invoked under."""
        return function_arn(self.name)


@dataclass(frozen=True)
class QueueSource:
    """An event source mapping: which queue's messages a function gets."""

    function: str
    queue_arn: str
    batch_size: int
    partial_failures: bool
    """Whether the function reports which messages of a batch failed."""


@dataclass(frozen=True)
class Route:
    """A route of the HTTP API."""

    function: str
    method: str
    path: str


@dataclass(frozen=True)
class Stack:
    """What the local AWS is asked for, and how to read its answer."""

    body: Mapping[str, Any]
    """A CloudFormation template without SAM, with an output for every value to resolve."""
    values: Mapping[str, Any]
    """Functions and sources by name; a `{"output": NAME}` stands for what is yet unknown."""
    routes: tuple[Route, ...]
    left_out: tuple[str, ...]
    """Logical ids that are not made locally, with their types."""
    parameters: frozenset[str]


def function_arn(name: str) -> str:
    """The ARN of a local function."""
    return f"arn:aws:lambda:{REGION}:{ACCOUNT_ID}:function:{name}"


def read_template(path: Path) -> Stack:
    """The template as the local AWS takes it.

    Raises:
        samtranslator.model.exceptions.InvalidDocumentException: it is wrong; says where.
    """
    sam = yaml_parse(path.read_text(encoding="utf-8"))
    routes = tuple(_routes(sam["Resources"]))
    parameters = frozenset(sam.get("Parameters", {}))
    for resource in sam["Resources"].values():
        for code in (
            "CodeUri",
            "ContentUri",
        ):  # the translator wants an address, `sam build` made it
            if code in resource.get("Properties", {}):
                resource["Properties"][code] = "s3://local/code"
    defaults = {
        name: "" for name, spec in sam.get("Parameters", {}).items() if "Default" not in spec
    }
    session = boto3.session.Session(region_name=REGION)
    translator = Translator({}, Parser(), boto_session=session)  # {}: nobody checks policies here
    return _stack(translator.translate(sam, defaults), routes, parameters)


def _routes(resources: Mapping[str, Any]) -> Iterator[Route]:
    for name, resource in resources.items():
        if resource["Type"] != "AWS::Serverless::Function":
            continue
        for event in resource["Properties"].get("Events", {}).values():
            if event["Type"] == "HttpApi":
                properties = event["Properties"]
                yield Route(name, properties["Method"].upper(), properties["Path"])


def _stack(
    template: Mapping[str, Any], routes: tuple[Route, ...], parameters: frozenset[str]
) -> Stack:
    resources: dict[str, Any] = template["Resources"]
    functions = {n for n, r in resources.items() if r["Type"] == "AWS::Lambda::Function"}
    made = {
        n: _with_functions(r, functions) for n, r in resources.items() if r["Type"] in MADE_LOCALLY
    }
    conditions = template.get("Conditions", {})
    while dangling := {n for n, r in made.items() if not _known(r, made, parameters)}:
        made = {name: resource for name, resource in made.items() if name not in dangling}
    outputs: dict[str, Any] = {}

    def value(expression: Any) -> Any:
        """The expression if it is plain, else the output that will hold it; None: unknown."""
        if not isinstance(expression, Mapping):
            return expression
        replaced = _with_functions(expression, functions)
        if not isinstance(replaced, Mapping):
            return replaced
        if not _known(replaced, made, parameters):
            return None
        name = f"Local{len(outputs)}"
        outputs[name] = {"Value": replaced}
        return {"output": name}

    values = {
        # What is there only under a condition is left out: nothing of it is needed locally.
        "functions": {
            name: _function(resources[name]["Properties"], value)
            for name in sorted(functions)
            if "Condition" not in resources[name]
        },
        "sources": [
            _source(resource["Properties"], value)
            for resource in resources.values()
            if resource["Type"] == "AWS::Lambda::EventSourceMapping"
        ],
    }
    body = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Parameters": template.get("Parameters", {}),
        "Conditions": conditions,
        "Resources": made,
        "Outputs": outputs,
    }
    left_out = tuple(f"{n} ({r['Type']})" for n, r in resources.items() if n not in made)
    return Stack(body, values, routes, left_out, parameters)


def _function(properties: Mapping[str, Any], value: Any) -> dict[str, Any]:
    variables = properties.get("Environment", {}).get("Variables", {})
    return {
        "handler": value(properties["Handler"]),
        "timeout_s": value(properties.get("Timeout", 3)),
        "memory_mb": value(properties.get("MemorySize", 128)),
        "environment": {name: value(expression) for name, expression in variables.items()},
    }


def _source(properties: Mapping[str, Any], value: Any) -> dict[str, Any]:
    return {
        "function": value(properties["FunctionName"]),
        "queue_arn": value(properties["EventSourceArn"]),
        "batch_size": value(properties.get("BatchSize", 10)),
        "partial_failures": "ReportBatchItemFailures"
        in properties.get("FunctionResponseTypes", []),
    }


def _with_functions(node: Any, functions: set[str]) -> Any:
    """References to functions become their names: they run here and not on the local AWS."""
    if isinstance(node, Mapping):
        if node.get("Ref") in functions:
            return node["Ref"]
        target = _attribute(node.get("Fn::GetAtt"))
        if target and target[0] in functions and target[1] == "Arn":
            return function_arn(target[0])
        if "Fn::Sub" in node and isinstance(node["Fn::Sub"], str):
            return {"Fn::Sub": _SUB_VARIABLE.sub(lambda m: _sub(m, functions), node["Fn::Sub"])}
        return {key: _with_functions(inner, functions) for key, inner in node.items()}
    if isinstance(node, list):
        return [_with_functions(inner, functions) for inner in node]
    return node


def _sub(match: re.Match[str], functions: set[str]) -> str:
    name, _, attribute = match[1].partition(".")
    if name not in functions:
        return match[0]
    return function_arn(name) if attribute == "Arn" else name


def _attribute(target: Any) -> tuple[str, str] | None:
    """The two parts of a GetAtt in either of its forms."""
    if isinstance(target, str):
        name, _, attribute = target.partition(".")
        return name, attribute
    return (target[0], target[1]) if isinstance(target, list) and len(target) == 2 else None


def _known(node: Any, made: Mapping[str, Any], parameters: frozenset[str]) -> bool:
    """Whether everything that an expression refers to exists locally."""
    names = {n for n in _references(node) if not n.startswith("AWS::")}
    return all(name in made or name in parameters for name in names)


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        if isinstance(node.get("Ref"), str):
            yield node["Ref"]
        if target := _attribute(node.get("Fn::GetAtt")):
            yield target[0]
        text = node.get("Fn::Sub")
        if isinstance(text, str):
            yield from (name.partition(".")[0] for name in _SUB_VARIABLE.findall(text))
        for inner in node.values():
            yield from _references(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from _references(inner)
