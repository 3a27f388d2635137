"""The whole stack as a user starts it: `utilsbot local` as a process, spoken to over HTTP."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from click.testing import CliRunner, Result

from cli.main import main
from local import ROOT

PNG = b"\x89PNG\r\n\x1a\n"


class RunningStack(NamedTuple):
    """One `utilsbot local` that answers."""

    url: str
    record: Path
    folder: Path
    """Where `send` keeps what it remembers and saves."""

    def get(self, path: str) -> Any:
        """The JSON of a GET."""
        return httpx.get(self.url + path, timeout=30, trust_env=False).json()

    def send(self, *arguments: str) -> Result:
        """`utilsbot send ARGUMENTS`, as a user of this stack."""
        files = str(self.folder / "files")
        return CliRunner().invoke(
            main,
            ["send", *arguments, "--url", self.url, "--save-to", files],
            env={"XDG_CACHE_HOME": str(self.folder)},
        )

    def answer(self, *arguments: str) -> Any:
        """What `send --json` prints; fails the test unless a final answer came."""
        result = self.send(*arguments, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    def exchanges(self) -> list[dict[str, Any]]:
        """The recording so far."""
        return [json.loads(line) for line in self.record.read_text().splitlines()]


def running(folder: Path, *arguments: str) -> Iterator[RunningStack]:
    """Starts `utilsbot local ARGUMENTS` on a free port, and ends it."""
    record = folder / "recording.jsonl"
    # local.child ends the stack with us, even if pytest is killed.
    command = [sys.executable, "-m", "local.child", "cli.main", "local", "--port", "0"]
    command += ["--no-reload", "--record", str(record), *arguments]
    hidden = ("AWS_", "DISCORD_", "PYTEST_")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(hidden)}
    paths = os.pathsep.join((str(ROOT), str(ROOT / "layers" / "common")))
    with (
        open(folder / "stderr.txt", "w+") as errors,
        subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            cwd=ROOT,
            env=environment | {"PYTHONPATH": paths},
        ) as process,
    ):
        try:
            assert process.stdout
            word, _, url = process.stdout.readline().strip().partition(" ")
            assert word == "ready", (folder / "stderr.txt").read_text()
            yield RunningStack(url, record, folder)
        finally:
            process.terminate()
            process.wait(30)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """The stack as `make run` starts it."""
    yield from running(tmp_path_factory.mktemp("stack"))


@pytest.fixture(scope="session")
def faulty_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """The same with faults of Discord and SQS, and as concurrent as on Lambda."""
    faults = "discord_404_race=1,discord_429=0.5,duplicate_delivery=1,seed=5"
    yield from running(tmp_path_factory.mktemp("faulty"), "--faults", faults, "--concurrency", "2")
