"""One Lambda function: a process of its own, its time-out, its restarts and its log lines."""

import asyncio
import importlib.util
import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from typing import Any

from local import ROOT
from local.events import Events
from local.process import MINIMAL_PATH, ChildProcess
from local.runtime_api import THROTTLED, Invocation, Result, RuntimeApi
from local.serving import LoopbackServer
from local.template import REGION, Function

INIT_TIMEOUT_S = 60.0
"""Lambda allows 10 s; a laptop that compiles everything for the first time gets longer."""


Begun = Callable[[Callable[[], None]], None]
"""Hears that a process has begun with an event; its argument kills that process."""


class InitFailed(Exception):
    """The function's process did not come up; the message is its error."""


def runtime_module() -> str:
    """AWS's own runtime client where it is installed, else ours."""
    return "awslambdaric" if importlib.util.find_spec("awslambdaric") else "local.runtime_client"


def lambda_environment(function: Function, runtime_api: str, aws_url: str) -> dict[str, str]:
    """The template's environment and what Lambda itself sets, and nothing of the developer's shell.

    `runtime_api` is HOST:PORT of the function's Runtime API; boto3 finds AWS at `aws_url`.

    Source: AWS Lambda Developer Guide, "Defined runtime environment variables".
    """
    paths = (str(ROOT), str(ROOT / "layers" / "common"))
    runtime = f"AWS_Lambda_python{sys.version_info.major}.{sys.version_info.minor}"
    return {
        "PATH": MINIMAL_PATH,
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHONUNBUFFERED": "1",
        "PYTHONUTF8": "1",
        "_HANDLER": function.handler,
        "LAMBDA_TASK_ROOT": str(ROOT),
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": function.name,  # nobody checks it; local.aws_calls tells them by it
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_SESSION_TOKEN": "local",
        "AWS_ENDPOINT_URL": aws_url,
        "AWS_EXECUTION_ENV": runtime,
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_mb),
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function.name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": "local",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_RUNTIME_API": runtime_api,
        **function.environment,
    }


class LocalFunction:
    """Runs one function: as many events at once as it may have processes, each with one event."""

    def __init__(
        self,
        function: Function,
        *,
        aws_url: str,
        events: Events,
        runtime: str | None = None,
        concurrency: int = 1,
    ) -> None:
        """Args: runtime: the runtime client's module; None: AWS's own if it is there.

        `concurrency` is how many processes there are at the most; the first starts with the
        function, the others when they are needed.
        """
        self.function = function
        self.concurrency = concurrency
        self._setting = (function, aws_url, events, runtime or runtime_module())
        self._instances: list[_Instance] = []
        self._idle: list[_Instance] = []
        """The one that has worked last is the last: it is warm."""
        self._free = asyncio.Semaphore(concurrency)

    @property
    def error(self) -> str | None:
        """Why a process did not come up, if one did not."""
        return next((i.error for i in self._instances if i.error), None)

    @property
    def up(self) -> bool:
        """Whether it takes events.

        They wait while a process starts, be it for new code or after a crash or a time-out; so
        only code that does not come up makes it False.
        """
        return bool(self._instances) and self.error is None

    async def start(self) -> None:
        """Starts the first process.

        Raises:
            InitFailed: the handler could not be imported, or did not come up in time.
        """
        first = _Instance(*self._setting)
        self._instances.append(first)
        await first.start()
        self._idle.append(first)

    async def stop(self) -> None:
        """Ends the processes and their APIs."""
        await asyncio.gather(*(instance.stop() for instance in self._instances))

    async def restart(self) -> None:
        """Takes new code; each process after the event in hand.

        Raises:
            InitFailed: the new code does not come up.
        """
        await asyncio.gather(*(instance.restart() for instance in self._instances))

    async def invoke(
        self,
        event: Mapping[str, Any],
        begun: Begun | None = None,
        patience_s: float | None = None,
    ) -> Result:
        """What the function answers to an event; what Lambda reports where it does not.

        Args:
            event: decoded JSON.
            begun: hears when a process has the event, and is given what kills that process.
            patience_s: waits so long for a free process, then throttles as Lambda does, with
                nothing run; None: for ever. (Lambda does not wait at all; it has a thousand.)
        """
        payload = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
        try:
            await asyncio.wait_for(self._free.acquire(), patience_s)
        except TimeoutError:
            return Result.failed(THROTTLED, "Rate Exceeded.")
        try:
            instance = self._idle.pop() if self._idle else await self._another()
            try:
                return await instance.invoke(payload, begun)
            finally:
                self._idle.append(instance)
        finally:
            self._free.release()

    async def _another(self) -> "_Instance":
        instance = _Instance(*self._setting)
        self._instances.append(instance)
        await instance.listen()
        return instance


class _Instance:
    """One process of a function, which has one event at a time."""

    def __init__(self, function: Function, aws_url: str, events: Events, runtime: str) -> None:
        self.function = function
        self.error: str | None = None
        """Why the last process did not come up, if it did not."""
        self._aws_url = aws_url
        self._events = events
        self._runtime = runtime
        self._api = RuntimeApi(function.arn)
        self._server = LoopbackServer(self._api.application)
        self._process: ChildProcess | None = None
        self._busy = asyncio.Lock()

    @property
    def _running(self) -> bool:
        """Whether there is a process that has asked for work."""
        return bool(self._process and self._process.alive and self._api.initialised.is_set())

    async def listen(self) -> None:
        """Starts the API; the process comes with the first event."""
        await self._server.start()

    async def start(self) -> None:
        """Starts the API and the process. Raises: InitFailed: it does not come up."""
        await self.listen()
        async with self._busy:
            await self._launch()

    async def stop(self) -> None:
        """Ends the process and the API."""
        if self._process:
            await self._process.kill()
        await self._server.stop()

    async def restart(self) -> None:
        """Takes new code, after the event in hand. Raises: InitFailed: it does not come up."""
        async with self._busy:
            if self._process:
                await self._process.kill()
            await self._launch()

    async def invoke(self, payload: bytes, begun: Begun | None) -> Result:
        """What comes of an event."""
        async with self._busy:
            try:
                if not self._running:
                    await self._launch()
            except InitFailed as error:
                return Result.failed("Runtime.InitError", str(error))
            invocation = self._api.offer(payload, self.function.timeout_s)
            if begun and self._process:
                begun(self._process.strike)
            return await self._outcome(invocation)

    async def _outcome(self, invocation: Invocation) -> Result:
        process = self._process
        assert process
        ended = asyncio.create_task(process.wait())
        timeout_s = self.function.timeout_s
        either: set[asyncio.Future[Any]] = {invocation.result, ended}
        await asyncio.wait(either, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
        if invocation.result.done():
            ended.cancel()
            return invocation.result.result()
        if ended.done():
            kind, message = "Runtime.ExitError", _exited(ended.result())
        else:
            await process.kill()
            kind, message = "Sandbox.Timedout", _timed_out(timeout_s)
        text = f"RequestId: {invocation.request_id} Error: {message}"
        self._log(text)
        return Result.failed(kind, text)

    async def _launch(self) -> None:
        self._api.reset()
        self._process = await ChildProcess.start(
            self._runtime,
            self.function.handler,
            environment=lambda_environment(self.function, self._server.address, self._aws_url),
            on_line=self._log,
        )
        ready = asyncio.create_task(self._api.initialised.wait())
        ended = asyncio.create_task(self._process.wait())
        await asyncio.wait(
            {ready, ended}, timeout=INIT_TIMEOUT_S, return_when=asyncio.FIRST_COMPLETED
        )
        ready.cancel()
        if self._api.initialised.is_set():
            ended.cancel()
            self.error = None
            return
        await self._process.kill()
        self.error = self._init_error(ended)
        if not self._api.init_error:  # else the runtime client has written it
            self._log(f"Error: {self.error}")
        raise InitFailed(f"{self.function.name} did not start: {self.error}")

    def _init_error(self, ended: "asyncio.Task[int]") -> str:
        if error := self._api.init_error:
            trace = "".join(str(line) for line in error.get("stackTrace", []))
            return f"{error.get('errorType')}: {error.get('errorMessage')}\n{trace}".strip()
        if ended.done() and not ended.cancelled():
            return _exited(ended.result())
        return _timed_out(INIT_TIMEOUT_S)

    def _log(self, line: str) -> None:
        text = line.replace("\r", "\n").replace("\xa0", " ")  # how AWS's client folds a traceback
        self._events.publish({"type": "log", "function": self.function.name, "line": _parsed(text)})


def _parsed(line: str) -> Any:
    """A JSON log line as an object, anything else as text."""
    if line.startswith("{"):
        try:
            return json.loads(line)
        except ValueError:
            pass
    return line


# Lambda's own words, which cli.questions looks for.


def _exited(status: int) -> str:
    how = str(signal.strsignal(-status)).lower() if status < 0 else ""
    return f"Runtime exited with error: {f'signal: {how}' if how else f'exit status {status}'}"


def _timed_out(after_s: float) -> str:
    return f"Task timed out after {after_s:.2f} seconds"
