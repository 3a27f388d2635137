"""infra/template.yaml as the tests read it, before any translation."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from samtranslator.yaml_helper import yaml_parse

TEMPLATE = Path(__file__).parents[2] / "infra" / "template.yaml"
SAM: dict[str, Any] = yaml_parse(TEMPLATE.read_text(encoding="utf-8"))
RESOURCES: dict[str, dict[str, Any]] = SAM["Resources"]
PARAMETERS: dict[str, dict[str, Any]] = SAM["Parameters"]
FUNCTIONS: dict[str, dict[str, Any]] = {
    name: resource["Properties"]
    for name, resource in RESOURCES.items()
    if resource["Type"] == "AWS::Serverless::Function"
}


def target_of(expression: Mapping[str, Any]) -> str:
    """The logical id that a Ref or a GetAtt names."""
    (value,) = expression.values()
    name = value[0] if isinstance(value, list) else value
    return str(name).removeprefix("${").partition(".")[0].partition("}")[0]


def variables_of(function: str) -> dict[str, Any]:
    """A function's variables as the template has them, the Globals' own among them."""
    own: dict[str, Any] = FUNCTIONS[function]["Environment"]["Variables"]
    return {**SAM["Globals"]["Function"]["Environment"]["Variables"], **own}


def environment_of(function: str, values: Mapping[str, str]) -> dict[str, str]:
    """A function's variables as Lambda would set them.

    Args:
        function: its logical id.
        values: what a Ref to a resource or a parameter gives; other parameters have their defaults.
    """
    defaults = {n: str(p["Default"]) for n, p in PARAMETERS.items() if "Default" in p}
    known = defaults | dict(values)

    def resolved(value: Any) -> str:
        """A value; of an If the else branch, as every condition here asks for a parameter."""
        if not isinstance(value, Mapping):
            return str(value)
        if "Fn::If" in value:
            return resolved(value["Fn::If"][2])
        if "Fn::Join" in value:
            separator, parts = value["Fn::Join"]
            return str(separator).join(resolved(part) for part in parts)
        return known[target_of(value)]

    absent = {"Ref": "AWS::NoValue"}
    return {
        name: resolved(value) for name, value in variables_of(function).items() if value != absent
    }
