"""The stack of a chaos or load run as a process, which ends with us, however we end."""

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local import ROOT

_START_S = 90.0


class NotStarted(Exception):
    """A process did not come up; the message has its last words."""


class Process:
    """A child process that is ended by `stop`."""

    def __init__(self, process: asyncio.subprocess.Process, url: str) -> None:
        """Use one of the functions below."""
        self._process = process
        self.url = url

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    async def stop(self) -> None:
        """Ends it."""
        if self._process.returncode is None:
            self._process.terminate()
        await self._process.wait()


async def start_stack(folder: Path, options: Mapping[str, Any]) -> Process:
    """The stack, its recording in `folder/recording.jsonl`, its words in `folder/stack.log`.

    Args:
        folder: for its files.
        options: what `bench.run_stack` takes.

    Raises:
        NotStarted: it does not come up.
    """
    told = {**options, "record": str(folder / "recording.jsonl")}
    paths = os.pathsep.join((str(ROOT), str(ROOT / "layers" / "common")))
    hidden = ("AWS_", "DISCORD_", "PYTEST_")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(hidden)}
    with open(folder / "stack.log", "wb") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "local.child", "bench.run_stack", json.dumps(told)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
            env=environment | {"PYTHONPATH": paths},
            cwd=ROOT,
        )
    assert process.stdout
    line = await asyncio.wait_for(process.stdout.readline(), _START_S)
    word, _, url = line.decode().strip().partition(" ")
    if word != "ready":
        raise NotStarted((folder / "stack.log").read_text()[-2000:])
    return Process(process, url)
