"""infra/reachable.py: what the front door ships of our code."""

import ast
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULE = runpy.run_path(str(ROOT / "infra" / "reachable.py"))


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("import a.b, c", {"a.b", "c"}),
        ("from a import b", {"a", "a.b"}),
        ("def f():\n    from a.b import c", {"a.b", "a.b.c"}),
        ("if TYPE_CHECKING:\n    import a\nelse:\n    import b", {"b"}),
        ("try:\n    import a\nexcept ImportError:\n    import b", {"a", "b"}),
    ],
)
def test_every_import_that_can_run_is_seen(source: str, names: set[str]) -> None:
    """At the top or inside a function; not what only the type checker reads."""
    assert set(MODULE["imported"](ast.parse(source))) == names


def test_the_front_door_reaches_every_command_but_no_other_handler() -> None:
    """The catalog imports commands by name; a group's handler holds its adapters."""
    files = MODULE["reachable"]("functions.interactions.handler")
    assert Path("functions/tools/commands/hash.py") in files
    assert Path("functions/tools/__init__.py") in files
    assert Path("functions/tools/handler.py") not in files


def test_the_shared_package_is_reached_as_far_as_it_is_imported() -> None:
    """What only workers import stays out; what is not ours too."""
    files = MODULE["reachable"]("functions.interactions.handler")
    shared = Path("layers/common/utilsbot")
    assert {shared / "__init__.py", shared / "spec.py", shared / "aws.py"} <= files
    assert not {shared / "worker.py", shared / "log_structured.py"} & files
    assert MODULE["reachable"]("json") == set()
