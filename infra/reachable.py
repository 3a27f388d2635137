"""Prints the files of ours that a module can import, one a line. Called by build-artefact.

The front door holds every group's specs and must stay small, so it ships what its handler and the
commands reach, of functions/ and of utilsbot, and not the groups' adapters, pictures and engines.
Imports are read, not run: also those inside functions, but not those for the type checker alone.
What the catalog imports by name is known here: the packages that functions/catalog.py lists, with
all their commands.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CATALOG = "functions.catalog"
_HOMES = {"functions": ROOT, "utilsbot": ROOT / "layers" / "common"}
"""Where the packages that are shipped lie."""


def file_of(module: str) -> Path | None:
    """A module's file, from the repository's root; None if it is not ours."""
    home = _HOMES.get(module.partition(".")[0])
    if home is None:
        return None
    path = home.joinpath(*module.split("."))
    for candidate in (path.with_suffix(".py"), path / "__init__.py"):
        if candidate.is_file():
            return candidate.relative_to(ROOT)
    return None


def imported(tree: ast.AST) -> Iterator[str]:
    """The absolute names that a module imports; of `from a import b` both a and a.b."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
            yield from imported(node)
        else:
            yield from imported(ast.Module(node.orelse, []))


def listed(tree: ast.AST) -> Iterator[str]:
    """The command modules of every package that the catalog names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            folder = ROOT.joinpath(*node.value.split("."), "commands")
            if node.value.startswith("functions.") and folder.is_dir():
                yield from (f"{node.value}.commands.{path.stem}" for path in folder.glob("*.py"))


def reachable(module: str) -> set[Path]:
    """The files that a module can import, its own and its packages' among them.

    Args:
        module: its absolute name.

    Returns:
        Paths from the repository's root.
    """
    files: set[Path] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        file = file_of(name)
        if file is None or file in files:
            continue
        files.add(file)
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        waiting += [name.rpartition(".")[0], *imported(tree)]
        if name == CATALOG:
            waiting += listed(tree)
    return files


if __name__ == "__main__":
    sys.stdout.write("".join(f"{path.as_posix()}\n" for path in sorted(reachable(sys.argv[1]))))
