"""What the front door pays for this group's commands, and what the group's own cold start does."""

import json
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[3]
_FORBIDDEN = {
    *("PIL", "asyncio", "boto3", "certifi", "concurrent", "confusable_homoglyphs", "dataclasses"),
    *("httpcore", "httpx", "idna", "inspect", "ipaddress", "logging", "pybreaker", "socket"),
    *("ssl", "ssrfguard", "tenacity", "zlib"),
}
_SCRIPT = """
import json, sys
from utilsbot.catalog import Catalog
for command in Catalog("functions.network"):
    pass
commands = sorted(sys.modules)
import functions.network.ports
print(json.dumps({"commands": commands, "worker": sorted(sys.modules)}))
"""


def _imported() -> dict[str, list[str]]:
    """The modules of a fresh process."""
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT],
        env={"PYTHONPATH": f"{_ROOT}:{_ROOT / 'layers/common'}"},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


def test_the_commands_import_nothing_slow() -> None:
    """The front door imports every command's spec; the worker leaves pictures and tables for later.

    Pillow and Unicode's tables are needed by one command each, and only once it runs.
    """
    imported = _imported()

    assert not {name.partition(".")[0] for name in imported["commands"]} & _FORBIDDEN
    assert not {"PIL", "confusable_homoglyphs"} & set(imported["worker"])
