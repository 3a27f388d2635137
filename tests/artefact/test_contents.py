"""What `sam build` puts into each artefact: nothing missing or too much, for the right target."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from functions.catalog import CATALOG
from tests.artefact.builds import (
    OWN,
    ROOT,
    SHIPPED,
    WORKERS,
    Build,
    files,
    find_build,
    group_of,
)
from tests.infra.template import FUNCTIONS

pytestmark = pytest.mark.artefact

MB = 1_000_000
_ELF_MACHINES = {"arm64": 183, "x86_64": 62}
_DEVELOPMENT = {"bench", "cli", "docs", "local", "pip", "pytest", "setuptools", "scripts"}


@pytest.fixture(params=sorted({*SHIPPED, OWN}))
def build(request: pytest.FixtureRequest) -> Build:
    """Each build."""
    return find_build(request.param)


def _bytes(folders: list[Path]) -> int:
    return sum(path.stat().st_size for path in files(folders))


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_the_front_door_is_small() -> None:
    """Under 5 MB unzipped on arm64 (design §6)."""
    build = find_build("arm64-python3.13")
    assert _bytes(build.everything("InteractionsFunction")) < 5 * MB


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_function_with_its_layers_is_under_80_mb(build: Build, function: str) -> None:
    """So that unzipping does not cost a cold start much (design §6)."""
    assert 0 < _bytes(build.everything(function)) < 80 * MB


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_binary_is_for_the_targets_processors_and_python(build: Build, function: str) -> None:
    """A wheel of the machine that built it would end on Lambda as an import error."""
    architecture, _, python = build.target.partition("-python")
    tags = ("abi3", f"cpython-{python.replace('.', '')}-")
    binaries = 0
    for path in files(build.everything(function)):
        with path.open("rb") as file:
            start = file.read(20)
        if not start.startswith(b"\x7fELF"):
            continue
        binaries += 1
        assert int.from_bytes(start[18:20], "little") == _ELF_MACHINES[architecture], path
        if path.suffix == ".so" and ".libs" not in path.parent.name:
            assert any(tag in path.name for tag in tags), path
    assert binaries or function == "SandboxFunction"  # which has no library at all


def test_the_front_door_holds_its_own_modules_every_command_and_pynacl_alone(build: Build) -> None:
    """It reads all specs, and whatever else it could import would be paid on a cold start."""
    folder = build.code("InteractionsFunction")
    third_party = {re.split(r"[-.]", name)[0] for name in _names(folder)}
    assert third_party - {"functions", "utilsbot"} == {"_cffi_backend", "nacl", "pynacl"}
    shipped = {p.relative_to(folder) for p in (folder / "functions").rglob("*.py")}
    own = (ROOT / "functions" / "interactions").rglob("*.py")
    commands = (Path(str(module.function("__file__"))) for module in CATALOG)
    assert {path.relative_to(ROOT) for path in (*own, *commands)} <= shipped
    assert [path for path in shipped if path.name == "handler.py"] == [
        Path("functions/interactions/handler.py")
    ]


@pytest.mark.parametrize("function", [name for name in WORKERS if name != "SystemFunction"])
def test_a_worker_holds_its_own_group_alone(build: Build, function: str) -> None:
    """No other group's code, and the catalog of all commands only where all commands are."""
    folder, group = build.code(function) / "functions", group_of(function)
    assert _names(folder) - {"__pycache__"} == {"__init__.py", group}
    for path in (ROOT / "functions" / group).rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:  # data files as well
            assert (folder / path.relative_to(ROOT / "functions")).is_file(), path


def test_the_system_function_holds_every_command_for_its_sync(build: Build) -> None:
    """As the front door does, and no other group's handler."""
    folder = build.code("SystemFunction")
    commands = (Path(str(module.function("__file__"))) for module in CATALOG)
    assert all((folder / path.relative_to(ROOT)).is_file() for path in commands)
    assert [p.parent.name for p in (folder / "functions").rglob("handler.py")] == ["system"]


def test_our_shared_package_is_in_its_layer_and_nowhere_else(build: Build) -> None:
    """One copy, under the name it has everywhere; who ships all specs has what these import."""
    assert _names(build.folder / "CommonLayer") == {"python"}
    assert _names(build.folder / "CommonLayer" / "python") == {"utilsbot"}
    others = [build.code(name) for name in WORKERS if name != "SystemFunction"]
    others.append(build.folder / "LibrariesLayer" / "python")
    assert not any((folder / "utilsbot").exists() for folder in others)
    front_door = build.code("InteractionsFunction") / "utilsbot"
    assert (front_door / "routing.py").is_file()
    assert not (front_door / "worker.py").exists()


def test_nothing_of_the_workshop_is_shipped(build: Build) -> None:
    """No tests, no tools, no local stack, no git, no environment files."""
    for path in files([build.folder]):
        parts = path.relative_to(build.folder).parts
        assert "tests" not in parts, path
        at = 2 if parts[1:2] == ("python",) else 1  # LAYER/python/NAME, ARTEFACT/NAME
        assert not _DEVELOPMENT & set(parts[at : at + 1]), path
        assert not any(part.startswith((".env", ".git", "conftest")) for part in parts), path


def _packages(folder: Path) -> Iterator[tuple[str, str]]:
    """(name, version) of every package that was installed under a folder."""
    for path in folder.rglob("*.dist-info"):
        name, _, version = path.name.removesuffix(".dist-info").partition("-")
        yield re.sub(r"[-_.]+", "-", name).lower(), version


def test_what_ships_is_what_is_locked(build: Build) -> None:
    """Every package has the version of uv.lock, which is the one that the tests run with."""
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    locked = {(package["name"], package.get("version", "")) for package in lock["package"]}
    shipped = set(_packages(build.folder))
    assert {"pynacl", "httpx", "boto3", "pillow"} <= {name for name, _ in shipped}
    assert shipped <= locked


def test_bytecode_is_complete_and_does_not_depend_on_file_times(build: Build) -> None:
    """Where it was compiled at all: for our code wholly, and never to be checked against a time."""
    compiled = [path for path in files([build.folder]) if path.suffix == ".pyc"]
    for path in compiled:
        assert path.read_bytes()[4:8] == b"\x01\x00\x00\x00", path  # a hash that is not checked
    if not compiled:
        assert build.target != OWN
        return
    with_bytecode = {path.name.partition(".")[0] for path in compiled}
    ours = [p for p in files([build.folder]) if {"functions", "utilsbot"} & set(p.parts)]
    assert {p.stem for p in ours if p.suffix == ".py"} <= with_bytecode


def test_boto3_knows_every_service_that_the_code_asks_it_for(build: Build) -> None:
    """The build leaves out the descriptions of the others (infra/build-artefact)."""
    source = "".join(
        path.read_text(encoding="utf-8")
        for folder in ("functions", "layers")
        for path in (ROOT / folder).rglob("*.py")
    )
    asked = set(re.findall(r"boto3\.(?:client|resource)\(\s*\"(\w+)\"", source))
    data = build.folder / "LibrariesLayer" / "python" / "botocore" / "data"
    assert asked
    assert asked <= _names(data)


@pytest.mark.parametrize("target", SHIPPED)
def test_the_built_template_names_the_target(target: str) -> None:
    """`make build` pins the deployment to it (scripts/pin_target.py)."""
    text = (find_build(target).folder / "template.yaml").read_text(encoding="utf-8")
    resources = yaml.safe_load(text)["Resources"].values()
    named = {resource.get("Metadata", {}).get("ContextPath") for resource in resources}
    assert named == {None, f"targets/{target}"}
