"""What deployed code never does with data from outside, read from the code itself."""

import ast
from collections.abc import Iterator
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_DEPLOYED = sorted([*_ROOT.glob("functions/**/*.py"), *_ROOT.glob("layers/common/**/*.py")])
_MODULES = {"pickle", "marshal", "shelve", "dill", "yaml", "xml", "tarfile", "zipfile", "telnetlib"}
"""That make objects, expand entities or unpack paths."""
_CALLS = {"eval", "exec", "compile", "__import__"}
_SANDBOX = "functions/sandbox/"
"""Runs code on purpose, in a process that holds nothing (functions/sandbox)."""


def _nodes() -> Iterator[tuple[str, ast.AST]]:
    for path in _DEPLOYED:
        name = path.relative_to(_ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text())):
            yield name, node


def test_nothing_is_unpickled_or_parsed_into_objects() -> None:
    """JSON only: none of the modules whose readers can be made to run code or read files."""
    for name, node in _nodes():
        if isinstance(node, ast.Import):
            tops = {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            tops = {(node.module or "").partition(".")[0]}
        else:
            continue
        assert not tops & _MODULES, f"{name}:{node.lineno}"


def test_no_text_is_run_as_code() -> None:
    """Outside the sandbox."""
    for name, node in _nodes():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert name.startswith(_SANDBOX) or node.func.id not in _CALLS, f"{name}:{node.lineno}"


def test_no_shell_is_started() -> None:
    """No shell=True, os.system or os.popen; processes are only the sandbox's."""
    for name, node in _nodes():
        if isinstance(node, ast.keyword) and node.arg == "shell":
            raise AssertionError(f"{name}:{node.value.lineno}")
        if isinstance(node, ast.Attribute) and node.attr in {"system", "popen"}:
            assert not (isinstance(node.value, ast.Name) and node.value.id == "os"), name


def test_no_certificate_goes_unchecked() -> None:
    """Nothing switches the verification of TLS off."""
    for name, node in _nodes():
        if isinstance(node, ast.keyword) and node.arg == "verify":
            assert not (isinstance(node.value, ast.Constant) and node.value.value is False), name
        if isinstance(node, ast.Attribute):
            assert node.attr not in {"CERT_NONE", "_create_unverified_context"}, name
