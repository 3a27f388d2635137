"""A child process whose output lines are heard and which never outlives us."""

import asyncio
import sys
from collections.abc import Callable, Mapping

from local import ROOT

LINE_LIMIT_BYTES = 4 * 1024 * 1024
"""A log line may hold a whole traceback as JSON; asyncio's own limit is 64 KiB."""
MINIMAL_PATH = "/usr/local/bin:/usr/bin:/bin"


class ChildProcess:
    """A Python module that runs as a process of its own."""

    def __init__(
        self, process: asyncio.subprocess.Process, readers: list[asyncio.Task[None]]
    ) -> None:
        """Use `start`."""
        self._process = process
        self._readers = readers

    @classmethod
    async def start(
        cls,
        module: str,
        *arguments: str,
        environment: Mapping[str, str],
        on_line: Callable[[str], None],
    ) -> "ChildProcess":
        """Starts `python -m MODULE ARGUMENTS…` from the repository's root.

        `environment` is the whole one of the process. `on_line` is called with each line of either
        output, without its end.
        """
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "local.child", module, *arguments),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=dict(environment),
            cwd=ROOT,
            limit=LINE_LIMIT_BYTES,
            start_new_session=True,  # Ctrl-C is for us; we end our children ourselves
        )
        streams = [stream for stream in (process.stdout, process.stderr) if stream]
        return cls(process, [asyncio.create_task(_read(s, on_line)) for s in streams])

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process.returncode is None

    async def wait(self) -> int:
        """Waits for its end and for its last lines; the exit status, negative for a signal."""
        status = await self._process.wait()
        await asyncio.gather(*self._readers)
        return status

    async def kill(self) -> None:
        """Ends it at once, as Lambda does."""
        self.strike()
        await self.wait()

    def strike(self) -> None:
        """Sends SIGKILL and does not wait."""
        if self.alive:
            self._process.kill()


async def _read(stream: asyncio.StreamReader, on_line: Callable[[str], None]) -> None:
    while True:
        try:
            line = await stream.readline()
        except ValueError:  # longer than the limit: the reader has thrown it away
            on_line("(a line that is too long to show)")
            continue
        if not line:
            return
        on_line(line.decode("utf-8", "replace").rstrip("\r\n"))
