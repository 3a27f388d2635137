"""docs/security.md names tests that exist, and every threat one or says that there is none."""

import ast
import re
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_PAGE = (_ROOT / "docs/security.md").read_text()
_ID = re.compile(r"(tests/[\w/]+\.py)::(test_\w+)")


def test_every_test_that_is_named_exists() -> None:
    """By file and function; a renamed test is renamed there, too."""
    named = set(_ID.findall(_PAGE))
    missing = [
        f"{path}::{name}"
        for path, name in sorted(named)
        if not (_ROOT / path).exists() or name not in _tests_of(_ROOT / path)
    ]

    assert missing == []
    assert len(named) > 60


def test_every_file_that_is_named_exists() -> None:
    """Of the corpus and of the tests."""
    for pattern in set(re.findall(r"`((?:fuzz|tests)/[\w./*-]+)", _PAGE)):
        assert list(_ROOT.glob(pattern)), pattern


def test_each_threat_has_a_test_or_says_that_it_has_none() -> None:
    """A threat is a paragraph that begins in bold."""
    threats = re.findall(r"^\*\*(.+?)\.?\*\*(.+?)(?=^\*\*|^#|\Z)", _PAGE, re.M | re.S)

    assert len(threats) >= 25
    for name, text in threats:
        assert _ID.search(text) or "not covered" in text.lower(), name


def test_each_of_twelve_mistakes_has_its_test() -> None:
    """The list of what other bots get wrong."""
    mistakes = re.findall(r"^(\d+)\. (.+)$", _PAGE, re.M)

    assert [int(number) for number, _ in mistakes] == list(range(1, 13))
    assert all(_ID.search(text) for _, text in mistakes)


def _tests_of(path: Path) -> set[str]:
    functions = ast.FunctionDef | ast.AsyncFunctionDef
    return {n.name for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, functions)}
