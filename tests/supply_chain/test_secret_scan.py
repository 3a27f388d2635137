"""The secret scan of `make check`: what it finds, and that it is quick to run again."""

import os
import subprocess
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_SCANNER = _ROOT / ".tools/secrets/bin/python"

pytestmark = pytest.mark.skipif(
    not _SCANNER.exists() and os.environ.get("CI") != "true", reason="make secrets sets it up"
)

# Taken apart, so that this file itself holds none.
_PLANTED = {
    "Discord Bot Token": "token = 'MTIzNDU2Nzg5MDEyMzQ1Njc4" + "OQ.GAbCdE." + "x" * 27 + "'",
    "AWS Access Key": "key: AKIA" + "IOSFODNN7EXAMPLA",
    "Private Key": "-----BEGIN " + "OPENSSH PRIVATE KEY-----",
    "Basic Auth Credentials": "url: https://user:hunter" + "2secret@db.example/x",
    "Base64 High Entropy String": 'seal = "'
    + "q83vEjRWeJq83vAS"
    + "NFZ4mrze8BI0Vni"
    + 'QrN7wEjRWeJo="',
}


def _scan(*files: Path) -> subprocess.CompletedProcess[str]:
    command = [_SCANNER, _ROOT / "scripts/secret_scan.py", *files]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("kind", _PLANTED)
def test_a_planted_secret_is_found(kind: str, tmp_path: Path) -> None:
    """And the finding names file, line and kind, and never the secret."""
    file = tmp_path / "settings.py"
    file.write_text(f"# nothing here\n{_PLANTED[kind]}\n")

    ended = _scan(file)

    assert ended.returncode == 1
    assert f"{file}:2: {kind}" in ended.stdout
    assert _PLANTED[kind][-12:-2] not in ended.stdout


def test_ordinary_code_has_none(tmp_path: Path) -> None:
    """Names of settings and prose about secrets are no secrets."""
    file = tmp_path / "code.py"
    file.write_text(
        '"""Reads the token."""\nTOKEN = Setting("DISCORD_BOT_TOKEN_PARAMETER", text)\n'
    )

    assert _scan(file).returncode == 0
