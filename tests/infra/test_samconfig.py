"""samconfig.toml: three environments that never meet, and what `sam local` reads; .checkov.yaml."""

import re
import tomllib
from typing import Any

from tests.infra.template import TEMPLATE

ROOT = TEMPLATE.parents[1]
CONFIG: dict[str, Any] = tomllib.loads((ROOT / "samconfig.toml").read_text(encoding="utf-8"))
ENVIRONMENTS = ("default", "staging", "prod")


def _values(environment: str, command: str) -> dict[str, Any]:
    values: dict[str, Any] = CONFIG[environment][command]["parameters"]
    return values


def test_every_environment_is_a_stack_of_its_own() -> None:
    """Neither the stack nor the uploads of one are another's."""
    stacks = [_values(name, "global")["stack_name"] for name in ENVIRONMENTS]
    assert len(set(stacks)) == len(ENVIRONMENTS)
    assert [_values(name, "deploy")["s3_prefix"] for name in ENVIRONMENTS] == stacks


def test_the_environments_build_and_deploy_alike() -> None:
    """But for their names, and that only staging is deployed without being asked."""
    for command in ("build", "validate"):
        assert all(_values(n, command) == _values("default", command) for n in ENVIRONMENTS)
    own = {"s3_prefix", "confirm_changeset", "tags"}
    same = [
        {k: v for k, v in _values(name, "deploy").items() if k not in own} for name in ENVIRONMENTS
    ]
    assert same[1:] == same[:-1]
    asked = [_values(name, "deploy")["confirm_changeset"] for name in ENVIRONMENTS]
    assert asked == [True, False, True]


def test_sam_local_reads_what_make_sam_local_writes() -> None:
    """The template's copy and the env file."""
    source = (ROOT / "scripts" / "sam_local.py").read_text(encoding="utf-8")
    for command in ("local_invoke", "local_start_api"):
        values = _values("default", command)
        assert values["template_file"] == ".aws-sam/build/sam-local.yaml"
        assert values["env_vars"] == ".aws-sam/sam-local/env.json"
        for name in ("sam-local.yaml", "env.json"):
            assert f'"{name}"' in source


def test_every_check_that_is_skipped_has_its_reason() -> None:
    """A comment stands above each in .checkov.yaml, and none twice."""
    lines = (ROOT / ".checkov.yaml").read_text(encoding="utf-8").splitlines()
    skipped = [i for i, line in enumerate(lines) if re.match(r"\s+- CKV", line)]
    assert skipped
    assert all(lines[i - 1].lstrip().startswith("# ") for i in skipped)
    assert len({lines[i] for i in skipped}) == len(skipped)
