"""What a cold start of the front door pays for: a list of modules, not a stop-watch."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from nacl.signing import SigningKey

_ROOT = Path(__file__).parents[3]
_FORBIDDEN = {
    *("aiohttp", "anyio", "asyncio", "aws_lambda_powertools", "boto3", "botocore", "concurrent"),
    *("cryptography", "dataclasses", "google", "httpx", "inspect", "jinja2", "logging", "moto"),
    *("multiprocessing", "numpy", "PIL", "pydantic", "pyotp", "qrcode", "requests", "sentry_sdk"),
    *("structlog", "subprocess", "unittest", "urllib3", "uuid", "xkcdpass", "yaml", "zxingcpp"),
}
_MOST_MODULES = 190 if sys.version_info >= (3, 13) else 200
"""Measured 2026-11: 184 on Python 3.13, the interpreter's own included; 193 on 3.12, 194 on 3.11,
whose `email`, below http.client, imports ten more (random, calendar, locale).
"""

_SCRIPT = """
import json, sys
import functions.interactions.handler as handler
from functions.catalog import CATALOG
before = sorted(sys.modules)
for command in CATALOG:
    pass
print(json.dumps({"handler": before, "commands": sorted(sys.modules)}))
"""


@pytest.fixture(scope="module")
def imported() -> dict[str, list[str]]:
    """The modules of a fresh process: after the handler, and after every command's spec."""
    environment = {
        "PYTHONPATH": f"{_ROOT}:{_ROOT / 'layers/common'}",
        "DISCORD_PUBLIC_KEY": bytes(SigningKey(b"k" * 32).verify_key).hex(),
        "TABLE_NAME": "table",
        "AWS_REGION": "eu-central-1",
    }
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    answer: dict[str, list[str]] = json.loads(done.stdout)
    return answer


@pytest.mark.parametrize("stage", ["handler", "commands"])
def test_nothing_slow_is_imported(imported: dict[str, list[str]], stage: str) -> None:
    """Neither the handler nor any command's spec pulls in a slow module."""
    found = {module.partition(".")[0] for module in imported[stage]} & _FORBIDDEN

    assert not found


def test_a_command_is_imported_only_when_it_is_called(imported: dict[str, list[str]]) -> None:
    """The catalog knows names; a module is imported for its own call."""
    assert not [module for module in imported["handler"] if module.startswith("functions.tools.c")]


def test_the_count_of_modules_stays_small(imported: dict[str, list[str]]) -> None:
    """A new import has to earn its place."""
    assert len(imported["handler"]) <= _MOST_MODULES, len(imported["handler"])
