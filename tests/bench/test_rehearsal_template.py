"""The rehearsal's copy of the template: what ministack cannot do is worked around, nothing else."""

import copy
from typing import Any

import pytest

from bench.rehearsal.template import NOT_MADE, UnknownForm, leave_out, rehearsed
from tests.infra.template import SAM

GUARD = "127.0.0.1:8080"


@pytest.fixture
def made() -> tuple[dict[str, Any], list[str]]:
    """The copy and its notes."""
    return rehearsed(copy.deepcopy(SAM), guard_allow=GUARD)


def test_functions_roles_queues_and_table_are_the_templates(
    made: tuple[dict[str, Any], list[str]],
) -> None:
    """What is rehearsed is what is deployed."""
    resources = made[0]["Resources"]
    for name, resource in SAM["Resources"].items():
        if resource["Type"] in {"AWS::IAM::Role", "AWS::SQS::Queue", "AWS::DynamoDB::Table"}:
            assert resources[name] == resource
        if resource["Type"] == "AWS::Serverless::Function":
            own = {"Events", "Environment"}
            kept = {k: v for k, v in resource["Properties"].items() if k not in own}
            assert kept == {k: v for k, v in resources[name]["Properties"].items() if k not in own}


def test_only_two_variables_differ(made: tuple[dict[str, Any], list[str]]) -> None:
    """The guard's exception is new, and the sandbox's folder is gone."""
    for name, resource in SAM["Resources"].items():
        before = resource.get("Properties", {}).get("Environment", {}).get("Variables", {})
        after = made[0]["Resources"].get(name, {}).get("Properties", {})
        variables = after.get("Environment", {}).get("Variables", {})
        assert before.keys() ^ variables.keys() <= {"GUARD_ALLOW", "SANDBOX_ROOT"}
        assert {k: before[k] for k in before.keys() & variables.keys()}.items() <= variables.items()


def test_the_sandbox_never_empties_this_machines_folder(
    made: tuple[dict[str, Any], list[str]],
) -> None:
    """Ministack runs it as a plain process, whose /tmp is everybody's."""
    assert "SANDBOX_ROOT" in repr(SAM)
    assert "SANDBOX_ROOT" not in repr(made[0])
    hidden = copy.deepcopy(SAM)
    hidden["Globals"]["Function"]["Environment"]["Variables"]["SANDBOX_ROOT"] = "/tmp"
    with pytest.raises(UnknownForm):
        rehearsed(hidden, guard_allow=GUARD)


def test_the_route_and_its_integration_are_explicit(
    made: tuple[dict[str, Any], list[str]],
) -> None:
    """One route, to the front door, which API Gateway may invoke."""
    resources = made[0]["Resources"]
    kinds = [resource["Type"] for resource in resources.values()]
    assert "AWS::Serverless::HttpApi" not in kinds
    (route,) = [r for r in resources.values() if r["Type"] == "AWS::ApiGatewayV2::Route"]
    assert route["Properties"]["RouteKey"] == "POST /interactions"
    assert kinds.count("AWS::ApiGatewayV2::Integration") == kinds.count("AWS::Lambda::Permission")


def test_concurrencies_are_numbers(made: tuple[dict[str, Any], list[str]]) -> None:
    """A Ref would reach ministack's poller as text."""
    for resource in made[0]["Resources"].values():
        for event in resource.get("Properties", {}).get("Events", {}).values():
            assert isinstance(event["Properties"]["ScalingConfig"]["MaximumConcurrency"], int)


def test_every_change_is_told(made: tuple[dict[str, Any], list[str]]) -> None:
    """One line for each workaround, with its reason."""
    told = " ".join(made[1])
    for word in ("MaximumConcurrency", "OpenAPI", "SANDBOX_ROOT", "GUARD_ALLOW"):
        assert word in told


@pytest.mark.parametrize("kind", sorted(NOT_MADE))
def test_what_is_refused_goes_with_its_outputs(kind: str) -> None:
    """And everything else stays."""
    template: dict[str, Any] = {
        "Resources": {"Gone": {"Type": kind}, "Kept": {"Type": "AWS::SQS::Queue"}},
        "Outputs": {
            "A": {"Value": {"Ref": "Gone"}},
            "B": {"Value": {"Fn::GetAtt": ["Gone", "Arn"]}},
            "C": {"Value": {"Fn::GetAtt": ["Kept", "Arn"]}},
        },
    }
    (note,) = leave_out(template)
    assert kind in note
    assert (set(template["Resources"]), set(template["Outputs"])) == ({"Kept"}, {"C"})
