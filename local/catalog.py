"""The command catalog for the page: `python -m local.catalog` prints it as JSON.

A process of its own reads it, so that a reload shows new commands without restarting the stack.
"""

import asyncio
import json
import os
import sys
from typing import Any

from local import ROOT
from local.process import MINIMAL_PATH


class CatalogFailed(Exception):
    """The commands cannot be imported or registered; the message is the traceback."""


def describe() -> list[dict[str, Any]]:
    """Discord's registration of every command, with its group, help and examples."""
    from functions.catalog import CATALOG
    from utilsbot.discord.registration import registration

    modules = list(CATALOG)
    payloads = registration(module.spec for module in modules)
    return [
        payload
        | {
            "group": module.group,
            "help": module.spec.help,
            "examples": list(module.spec.examples),
        }
        for payload, module in zip(payloads, modules, strict=True)
    ]


OURS = ("group", "help", "examples")
"""What `describe` adds to Discord's JSON."""


async def read_catalog() -> list[dict[str, Any]]:
    """The catalog of the code as it is on disk.

    Raises:
        CatalogFailed: it does not import, or breaks Discord's limits.
    """
    paths = os.pathsep.join((str(ROOT), str(ROOT / "layers" / "common")))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "local.catalog"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={"PATH": MINIMAL_PATH, "PYTHONPATH": paths, "PYTHONUTF8": "1"},
        cwd=ROOT,
    )
    output, errors = await process.communicate()
    if process.returncode:
        raise CatalogFailed(errors.decode("utf-8", "replace").strip())
    commands: list[dict[str, Any]] = json.loads(output)
    return commands


if __name__ == "__main__":
    json.dump(describe(), sys.stdout)
