"""The generated pages say what the code says, and every page is in the site's menu."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml

from cli.main import main
from scripts.docs_pages import DOCS, ROOT, pages
from tests.infra.template import FUNCTIONS, SAM


@pytest.mark.parametrize("name", sorted(pages()))
def test_generated_pages_are_current(name: str) -> None:
    """`make docs` was run after the last change of a spec, a setting or an option."""
    assert (DOCS / name).read_text() == pages()[name]


def test_every_variable_has_its_row() -> None:
    """Those that the code declares, and those that the template sets, in whatever function."""
    rows = set(re.findall(r"^\| `(\w+…?)` \|", pages()["configuration.md"], re.MULTILINE))
    families = tuple(row.removesuffix("…") for row in rows if row.endswith("…"))
    named = [
        *SAM["Globals"]["Function"]["Environment"]["Variables"],
        *(name for f in FUNCTIONS.values() for name in f["Environment"]["Variables"]),
        *(name for _, name in _declared()),
    ]

    assert [name for name in named if name not in rows and not name.startswith(families)] == []


def test_settings_are_declared_where_they_are_looked_for() -> None:
    """A function's in its settings.py."""
    paths = {str(path) for path, _ in _declared() if path.name != "settings.py"}

    assert paths == {"layers/common/utilsbot/metrics.py", "layers/common/utilsbot/runtime.py"}


def _declared() -> Iterator[tuple[Path, str]]:
    """Each variable that a Setting of what is deployed reads, and where it is declared."""
    for folder in ("functions", "layers/common/utilsbot"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func) in {
                    "Setting",
                    "s.Setting",
                }:
                    yield path.relative_to(ROOT), ast.literal_eval(node.args[0])


@pytest.mark.parametrize(
    ("variable", "parameters", "readers"),
    [
        ("CHAT_KEY_PARAMETER", "`ChatKeyParameter`", "ai, system"),
        ("DISCORD_BOT_TOKEN_PARAMETER", "`BotTokenParameter`", "system"),
        ("FEATURES", "`EnableSandbox`, `GeminiKeyParameter`", "interactions"),
        ("SANDBOX_FUNCTION", "`EnableSandbox`", "system"),
        ("METRICS", "`Metrics`", "all"),
        ("METRICS_NAMESPACE", "none", "all"),
        ("QUEUE_URL", "none", "every worker"),
        ("DISCORD_API_URL", "`DiscordApiUrl`", "all but interactions"),
        ("GEMINI_KEY", "none", "ai"),
    ],
)
def test_a_variable_is_shown_with_what_sets_it(
    variable: str, parameters: str, readers: str
) -> None:
    """The template's parameter, which is what an operator can give, and who reads the variable."""
    (row,) = [
        line
        for line in pages()["configuration.md"].splitlines()
        if line.startswith(f"| `{variable}` |")
    ]

    assert row.endswith(f"| {parameters} | {readers} |")


def test_every_command_of_the_runbook_can_be_asked_of_a_stack() -> None:
    """As its first paragraph says; and none has an option that is not there."""
    text = (DOCS / "runbook.md").read_text(encoding="utf-8")
    shown = set(re.findall(r"(?:`|\$ )utilsbot ([a-z][^`\n]*)", text)) - {"local --visibility 10"}
    assert {"doctor --rotate gemini-key", "failed list", "metrics"} <= shown
    for line in shown:
        command, words = main.commands[line.split()[0]], line.split()[1:]
        if isinstance(command, click.Group):
            command = command.commands[words[0]] if words else next(iter(command.commands.values()))
        taken = {name for option in command.params for name in option.opts}
        assert {"--stack", "--region"} <= taken, line
        assert {word.rstrip(",") for word in words if word.startswith("--")} <= taken, line


def _listed(menu: object) -> set[str]:
    if isinstance(menu, str):
        return {menu}
    parts = menu if isinstance(menu, list) else list(menu.values())  # type: ignore[attr-defined]
    return set().union(*map(_listed, parts))


def test_every_page_is_in_the_menu() -> None:
    """A page that nobody can find does not exist; the decisions are found through their list."""
    menu = yaml.safe_load((DOCS.parent / "mkdocs.yml").read_text())["nav"]
    found = {str(path.relative_to(DOCS)) for path in DOCS.glob("*.md")}

    assert found | {"decisions/README.md"} == _listed(menu)


def test_every_decision_is_listed() -> None:
    """The list of decisions names each record."""
    folder = Path(DOCS / "decisions")
    listed = (folder / "README.md").read_text()

    assert [path.name for path in folder.glob("0*.md") if path.name not in listed] == []
