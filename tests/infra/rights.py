"""What the template's roles allow, in the words of `local.aws_calls`."""

from collections.abc import Iterator, Mapping, Set
from typing import Any

from tests.infra.template import FUNCTIONS, RESOURCES, target_of

Right = tuple[str, str]
"""An action, and the resource's logical id (`Table/index/by_guild`, `ssm:ChatKeyParameter`)."""
_PARAMETER = "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter${"


def statements(function: str) -> list[dict[str, Any]]:
    """The statements of a function's role, those under a condition too."""
    role = RESOURCES[target_of(FUNCTIONS[function]["Role"])]["Properties"]
    assert "ManagedPolicyArns" not in role
    found = [s for p in role["Policies"] for s in p["PolicyDocument"]["Statement"]]
    return [s["Fn::If"][1] if "Fn::If" in s else s for s in found]


def rights(function: str) -> set[Right]:
    """What a function may do: every action with every resource of its statement."""
    return {
        (action, resource_name(resource))
        for statement in statements(function)
        if statement["Effect"] == "Allow"
        for action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
    }


def resource_name(resource: Any) -> str:
    """A statement's resource, by logical ids."""
    if resource == "*":
        return "*"
    text = resource.get("Fn::Sub")
    if text is None:
        return target_of(resource)
    if text.startswith(_PARAMETER):
        return f"ssm:{text.removeprefix(_PARAMETER).removesuffix('}')}"
    name, _, rest = text.removeprefix("${").partition("}")
    return f"{name.removesuffix('.Arn')}{rest}"


def listed(value: Any) -> list[Any]:
    """A policy's one or many."""
    return value if isinstance(value, list) else [value]


def differences(
    called: Mapping[str, set[Right]], by_aws: Set[str], excused: Set[Right]
) -> Iterator[str]:
    """What is called and not allowed, and what is allowed and never called, a line each.

    Args:
        called: by function.
        by_aws: actions that AWS itself takes with a role.
        excused: further rights that no call shows.
    """
    for function in FUNCTIONS:
        allowed, seen = rights(function), called.get(function, set())
        for action, resource in sorted(seen - allowed):
            yield f"{function} calls {action} on {resource} and may not"
        for action, resource in sorted(allowed - seen - excused):
            if action not in by_aws:
                yield f"{function} may {action} on {resource} and never does"
