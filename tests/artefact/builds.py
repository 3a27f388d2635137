"""Where `make artefacts` put what `sam build` made, one folder a target."""

import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.infra.template import FUNCTIONS, target_of

ROOT = Path(__file__).parents[2]
SHIPPED = ("arm64-python3.13", "x86_64-python3.13")
"""Both architectures of the template's default runtime."""
_MACHINE = {"aarch64": "arm64"}.get(platform.machine(), platform.machine())
SHIPPED_HERE = f"{_MACHINE}-python3.13"
"""What `sam build` makes for this machine's architecture."""
OWN = f"{_MACHINE}-python{sys.version_info.major}.{sys.version_info.minor}"
"""What this machine and this Python can run."""
WORKERS = [name for name, function in FUNCTIONS.items() if "Queue" in function.get("Events", {})]
"""The functions that take a group's commands from its queue."""


def group_of(function: str) -> str:
    """The folder below functions/ whose handler a function runs."""
    return str(FUNCTIONS[function]["Handler"]).split(".")[1]


class Build(NamedTuple):
    """The artefacts of one target."""

    target: str
    folder: Path

    def code(self, function: str) -> Path:
        """What Lambda has under /var/task."""
        return self.folder / function

    def layers(self, function: str) -> list[Path]:
        """What Lambda has on the path under /opt/python, one folder a layer."""
        layers = FUNCTIONS[function].get("Layers", [])
        return [self.folder / target_of(ref) / "python" for ref in layers]

    def everything(self, function: str) -> list[Path]:
        """The function's code and its layers."""
        return [self.code(function), *self.layers(function)]


def find_build(target: str) -> Build:
    """The build of a target; without it the test is skipped, or in CI fails."""
    folder = ROOT / ".aws-sam" / "tests" / target
    if not folder.is_dir():
        missing = f"there is no build for {target}: run `make artefacts`"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return Build(target, folder)


def files(folders: list[Path]) -> Iterator[Path]:
    """Every file under some folders."""
    for folder in folders:
        yield from (path for path in folder.rglob("*") if path.is_file())
