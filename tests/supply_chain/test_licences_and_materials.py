"""What ships is listed: licences in docs/licences.md, and a bill of materials for each artefact."""

import json
import re
import subprocess
from importlib.metadata import metadata, packages_distributions
from pathlib import Path

import pytest

from scripts.licences import PAGE, deployed, licence_of, page

_ROOT = Path(__file__).parents[2]
_PERMISSIVE = re.compile(r"MIT|BSD|Apache|PSF|ISC|MPL 2.0|OFL-1.1")
_NOT_IMPORTED = {
    "font-source-sans-pro": "an entry point of Pillow's callers: its files are read by name",
}


def test_the_page_of_licences_is_current() -> None:
    """`python -m scripts.licences` writes it."""
    assert PAGE.read_text() == page()


def test_every_licence_lets_us_ship_it() -> None:
    """Permissive ones; a file-level copyleft (MPL) and a font's (OFL) are fine unchanged."""
    for name, _ in deployed():
        assert _PERMISSIVE.search(licence_of(metadata(name), name)), name


def test_each_artefact_has_its_bill_of_materials(tmp_path: Path) -> None:
    """CycloneDX, with every package that it may install and the hashes of its files."""
    subprocess.run([_ROOT / "scripts/sbom", tmp_path], check=True)

    groups = {group for found in deployed().values() for group in found}
    assert {path.name for path in tmp_path.iterdir()} == {f"{group}.cdx.json" for group in groups}
    for group in groups:
        bill = json.loads((tmp_path / f"{group}.cdx.json").read_text())
        assert bill["bomFormat"] == "CycloneDX"
        listed = {(part["name"], part["version"]) for part in bill["components"]}
        assert {package for package, found in deployed().items() if group in found} <= listed
        for part in bill["components"]:
            files = [reference for reference in part["externalReferences"] if "hashes" in reference]
            assert files, f"{part['name']} has no hashes"


def test_every_tools_requirements_are_pinned_by_hash() -> None:
    """What make fetches for itself is as fixed as what ships."""
    for file in (_ROOT / "scripts/requirements").glob("*.txt"):
        lines = [line for line in file.read_text().splitlines() if "==" in line and line[0] != "#"]
        assert lines, file
        text = file.read_text()
        assert len(re.findall(r"^[a-z0-9].*==", text, re.M)) == len(
            re.findall(r"^[a-z0-9].*\\\n +--hash=sha256:", text, re.M)
        ), file
    for file in (_ROOT / "scripts/requirements").glob("*.in"):
        assert all("==" in line for line in file.read_text().split("\n") if line and line[0] != "#")


def test_installers_are_told_to_check_the_hashes() -> None:
    """Of the artefacts and of every tool."""
    for script in ("infra/build-artefact", "scripts/setup-sam", "scripts/setup-tool"):
        assert "--require-hashes" in (_ROOT / script).read_text(), script
    assert "--frozen" in (_ROOT / "scripts/setup").read_text()


def _imported(folder: str) -> set[str]:
    """The top-level names that the Python files below a folder import."""
    pattern = re.compile(r"^\s*(?:from|import) ([A-Za-z_][A-Za-z0-9_]*)", re.M)
    return {
        name
        for path in (_ROOT / folder).rglob("*.py")
        for name in pattern.findall(path.read_text())
    }


@pytest.mark.parametrize("group", ["ai", "common", "games", "interactions", "network", "tools"])
def test_no_dependency_of_a_function_is_unused(group: str) -> None:
    """Each package that its group names is imported by its code."""
    import tomllib

    groups = tomllib.loads((_ROOT / "pyproject.toml").read_text())["dependency-groups"]
    folder = "layers/common/utilsbot" if group == "common" else f"functions/{group}"
    names = _imported(folder) | (_imported("layers/common/utilsbot") if group == "ai" else set())
    modules = packages_distributions()
    used = {dist.lower().replace("_", "-") for name in names for dist in modules.get(name, [])}
    declared = {
        re.split(r"[<>=\[;]", entry)[0] for entry in groups[group] if isinstance(entry, str)
    }
    assert declared - used - set(_NOT_IMPORTED) == set()
