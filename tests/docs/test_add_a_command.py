"""The page "add a command" is followed to the letter, in a copy of the repository."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "add-a-command.md").read_text()
_FILE = re.compile(r'```python title="([^"]+)"\n(.*?)```', re.DOTALL)
_LINE = re.compile(r"In `([^`]+)`, add `(\"\w+\")` to `(\w+)`")


@pytest.fixture(name="copy", scope="module")
def _copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy with steps 1 to 3 done."""
    copy = tmp_path_factory.mktemp("contributor")
    for folder in ("functions", "layers", "tests", "scripts", "docs", "local", "cli", "infra"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    for path, text in _FILE.findall(PAGE):
        assert not (copy / path).exists()
        (copy / path).write_text(text)
    ((path, entry, name),) = _LINE.findall(PAGE)
    listed = (copy / path).read_text()
    assert f"{name} = (" in listed
    (copy / path).write_text(listed.replace(f"{name} = (", f"{name} = ({entry}, ", 1))
    return copy


def _run(copy: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=copy,
        env=_environment(copy),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def _environment(copy: Path) -> dict[str, str]:
    paths = f"{copy}{os.pathsep}{copy / 'layers' / 'common'}"
    return {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], "PYTHONPATH": paths}


def test_its_own_test_and_the_contracts_pass(copy: Path) -> None:
    """The page's test passes, and so does what is asked of every command."""
    done = _run(
        copy,
        *("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly"),
        *("tests/functions/tools/test_roman.py", "tests/contract/test_command_modules.py"),
        "tests/contract/test_registrations.py",
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_it_is_formatted_and_typed_as_everything_else(copy: Path) -> None:
    """`make check` has nothing to say about the page's files."""
    files = [path for path, _ in _FILE.findall(PAGE)]

    for tool in (("format", "--check"), ("check",)):
        done = _run(copy, "-m", "ruff", *tool, "--no-cache", *files)
        assert done.returncode == 0, done.stdout
    done = _run(copy, "-m", "mypy", "--cache-dir", os.devnull, "functions/tools/commands/roman.py")
    assert "roman.py" not in done.stdout, done.stdout


def test_its_texts_and_its_page_appear(copy: Path) -> None:
    """`make messages` collects the new texts, `make docs` describes the command."""
    assert _run(copy, "-m", "scripts.messages").returncode == 1, "it says what is not translated"
    folder = copy / "layers/common/utilsbot/translations"
    assert "A number in Roman numerals" in (folder / "de/LC_MESSAGES/utilsbot.po").read_text()

    assert _run(copy, "-m", "scripts.docs_pages").returncode == 0
    assert "### /roman" in (copy / "docs/commands.md").read_text()


@pytest.fixture(name="stack")
def _stack(copy: Path) -> Iterator[str]:
    """The copy's own `make run`, at a free port."""
    process = subprocess.Popen(
        [sys.executable, "-m", "cli.main", "local", "--port", "0", "--no-reload"],
        cwd=copy,
        env=_environment(copy),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout
    with process:
        line = process.stdout.readline()
        yield line.removeprefix("ready ").split()[0]
        process.terminate()


@pytest.mark.stack
def test_it_answers(copy: Path, stack: str) -> None:
    """`utilsbot send` gets the numeral through the endpoint, the queue and the worker."""
    (command,) = re.findall(r"utilsbot send '([^']+)'", PAGE)

    done = _run(copy, "-m", "cli.main", "send", command, "--url", stack)

    assert (done.returncode, "MMXXVI" in done.stdout) == (0, True), done.stdout + done.stderr
