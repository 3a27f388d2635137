"""What a cold start of each worker pays for before its first command: lists, not a stop-watch."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.infra.template import FUNCTIONS, RESOURCES, environment_of

_ROOT = Path(__file__).parents[2]
_HEAVY = {
    *(
        "PIL",
        "confusable_homoglyphs",
        "cryptography",
        "google",
        "moto",
        "nacl",
        "numpy",
        "pybreaker",
    ),
    *("pydantic", "pyotp", "qrcode", "sentry_sdk", "ssrfguard", "tenacity", "xkcdpass", "zxingcpp"),
}
"""Imported by the command that needs it, unless every command of the group does."""
_NEEDED = {
    "GamesFunction": {"PIL"},
    "InteractionsFunction": {"nacl"},
    "NetworkFunction": {"pybreaker", "ssrfguard", "tenacity"},
}
_SCRIPT = "import json, sys, {module}; print(json.dumps(sorted(sys.modules)))"


def _imported(function: str) -> set[str]:
    """The modules of a fresh process that has imported a function's handler."""
    values = {name: name for name in RESOURCES}
    values |= {"AWS::StackName": "bot", "DiscordPublicKey": "ab" * 32}
    environment = environment_of(function, values) | {
        "PYTHONPATH": f"{_ROOT}:{_ROOT / 'layers/common'}",
        "AWS_LAMBDA_FUNCTION_NAME": function,
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_REGION": "eu-central-1",
    }
    module = str(FUNCTIONS[function]["Handler"]).rpartition(".")[0]
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT.format(module=module)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_handler_imports_no_library_that_only_some_commands_need(function: str) -> None:
    """A hash does not wait for Gemini's SDK, nor a lookup for Pillow; and no handler for moto."""
    found = {module.partition(".")[0] for module in _imported(function)} & _HEAVY

    assert found <= _NEEDED.get(function, set())


def test_the_sandbox_imports_next_to_nothing() -> None:
    """It starts a fresh process for each program, so it needs no library at all."""
    imported = _imported("SandboxFunction")

    assert not imported & {"boto3", "httpx", "structlog", "utilsbot", "asyncio"}
    assert len(imported) <= 130, len(imported)  # 109 in November 2026
