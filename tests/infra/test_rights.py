"""The comparison of rights and calls tells every difference, in both directions."""

from tests.infra.rights import differences, resource_name, rights
from tests.infra.template import FUNCTIONS


def _all_used() -> dict[str, set[tuple[str, str]]]:
    return {function: rights(function) for function in FUNCTIONS}


def test_equal_is_silent() -> None:
    """Every right used and no other."""
    assert not list(differences(_all_used(), set(), set()))


def test_a_call_without_a_right_is_told() -> None:
    """With who, what and on what."""
    called = _all_used()
    called["ToolsFunction"] |= {("dynamodb:Scan", "Table")}
    assert list(differences(called, set(), set())) == [
        "ToolsFunction calls dynamodb:Scan on Table and may not"
    ]


def test_a_right_without_a_call_is_told_unless_excused() -> None:
    """By its action, where AWS takes it itself, or by itself."""
    called = _all_used()
    called["AiFunction"] -= {("dynamodb:DeleteItem", "Table")}
    (line,) = differences(called, set(), set())
    assert line == "AiFunction may dynamodb:DeleteItem on Table and never does"
    assert not list(differences(called, {"dynamodb:DeleteItem"}, set()))
    assert not list(differences(called, set(), {("dynamodb:DeleteItem", "Table")}))


def test_resources_are_named_by_their_logical_ids() -> None:
    """In each of the forms that the template has."""
    arn = "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter${ChatKeyParameter}"
    assert resource_name({"Fn::GetAtt": ["Table", "Arn"]}) == "Table"
    assert resource_name({"Fn::GetAtt": "Table.Arn"}) == "Table"
    assert resource_name({"Fn::Sub": "${Table.Arn}/index/by_guild"}) == "Table/index/by_guild"
    assert resource_name({"Fn::Sub": arn}) == "ssm:ChatKeyParameter"
    assert resource_name("*") == "*"
