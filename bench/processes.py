"""The processes of a chaos or load run: the local AWS (ministack) and the stack, as `make run` has it.

They end with us, however we end (local.child), and listen on loopback only.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local import ROOT
from local.serving import HOST, free_port

MINISTACK = ROOT / ".tools" / "ministack" / "bin" / "python"
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


async def start_ministack(folder: Path) -> Process:
    """A local AWS that is faster than moto; it needs `scripts/setup-ministack`.

    Raises:
        NotStarted: it is not installed, or does not come up.
    """
    if not MINISTACK.exists():
        raise NotStarted("ministack is not installed: run scripts/setup-ministack")
    port = free_port()
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(folder),
        "BIND_HOST": HOST,
        "GATEWAY_PORT": str(port),
        "LOG_LEVEL": "ERROR",
    }
    with open(folder / "ministack.log", "wb") as log:
        process = await asyncio.create_subprocess_exec(
            *(str(MINISTACK), str(ROOT / "local" / "child.py"), "ministack"),
            stdin=asyncio.subprocess.PIPE,
            stdout=log,
            stderr=log,
            env=environment,
            cwd=folder,
        )
    deadline = time.monotonic() + _START_S
    while not await _listens(port):
        if process.returncode is not None or time.monotonic() > deadline:
            raise NotStarted((folder / "ministack.log").read_text()[-2000:])
        await asyncio.sleep(0.05)
    return Process(process, f"http://{HOST}:{port}")


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


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection(HOST, port)
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True
