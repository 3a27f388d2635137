"""scripts/pin_target.py: a built template deploys for nothing but what it was built for."""

import runpy
from pathlib import Path
from typing import Any

import pytest

PIN = runpy.run_path(str(Path(__file__).parents[2] / "scripts" / "pin_target.py"))["pin"]


def _built(*targets: str) -> dict[str, Any]:
    made = {f"F{i}": {"Metadata": {"ContextPath": t}} for i, t in enumerate(targets)}
    return {
        "Parameters": {
            "Architecture": {"Type": "String", "AllowedValues": ["arm64", "x86_64"]},
            "PythonRuntime": {"Type": "String"},
        },
        "Resources": {"Queue": {"Type": "AWS::SQS::Queue"}, **made},
    }


def test_only_the_built_target_can_be_deployed() -> None:
    """The defaults become what was built, and CloudFormation refuses the rest."""
    template = _built("targets/x86_64-python3.12", "targets/x86_64-python3.12")
    assert PIN(template) == "x86_64-python3.12"
    assert template["Parameters"] == {
        "Architecture": {"Type": "String", "Default": "x86_64", "AllowedValues": ["x86_64"]},
        "PythonRuntime": {
            "Type": "String",
            "Default": "python3.12",
            "AllowedValues": ["python3.12"],
        },
    }


@pytest.mark.parametrize("targets", [(), ("a/arm64-python3.13", "a/x86_64-python3.13")])
def test_a_mixed_or_empty_build_is_refused(targets: tuple[str, ...]) -> None:
    """Nothing can be said of it."""
    with pytest.raises(ValueError, match="several targets"):
        PIN(_built(*targets))
