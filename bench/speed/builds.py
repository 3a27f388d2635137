"""The artefacts, built as `sam build` builds them: what a cold start runs, and their sizes."""

import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from samtranslator.yaml_helper import yaml_parse

from bench.speed.figures import Row, exact
from bench.speed.subjects import ROOT

_FOLDER = ROOT / ".aws-sam" / "bench"
_MACHINE = {"aarch64": "arm64"}.get(platform.machine(), platform.machine())
OWN = f"{_MACHINE}-python{sys.version_info.major}.{sys.version_info.minor}"
"""What this machine runs."""
SHIPPED = "arm64-python3.13"
_FRONT_DOOR = "InteractionsFunction"
_MB = 1_000_000


class NotBuilt(Exception):
    """It could not be built, for want of the network perhaps."""


def built(target: str, resource: str) -> Path:
    """The folder of a freshly built artefact.

    Raises:
        NotBuilt: with the last words of the build.
    """
    folder = _FOLDER / target / resource
    subprocess.run(["rm", "-rf", folder], check=True)  # noqa: S603, S607
    command = ["make", "--no-print-directory", "--makefile", "infra/build.mk", f"build-{resource}"]
    command += [f"TARGET={target}", f"ARTIFACTS_DIR={folder}"]
    environment = {k: v for k, v in os.environ.items() if k not in {"MAKEFLAGS", "MAKELEVEL"}}
    done = subprocess.run(  # noqa: S603
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise NotBuilt(done.stderr[-500:])
    return folder


def size_rows() -> Iterator[Row]:
    """Each function with its layers, unzipped, as it ships.

    Raises:
        NotBuilt: as above.
    """
    sizes: dict[str, float] = {}
    for name, layers in sorted(_functions().items()):
        for resource in (name, *layers):
            if resource not in sizes:
                files = built(SHIPPED, resource).rglob("*")
                sizes[resource] = sum(file.stat().st_size for file in files if file.is_file()) / _MB
        budget = 5.0 if name == _FRONT_DOOR else 80.0
        whole = exact(sum(sizes[resource] for resource in (name, *layers)))
        note = " + ".join(f"{resource} {sizes[resource]:.2f}" for resource in (name, *layers))
        yield Row(f"size, {name}", whole, f"MB unzipped, {SHIPPED}", budget=budget, note=note)


def _functions() -> dict[str, list[str]]:
    """The template's functions with their layers."""
    text = (ROOT / "infra" / "template.yaml").read_text(encoding="utf-8")
    template: dict[str, Any] = yaml_parse(text)
    return {
        name: [layer["Ref"] for layer in resource["Properties"].get("Layers", [])]
        for name, resource in template["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function"
    }
