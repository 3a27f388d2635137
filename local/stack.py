"""Starts everything in its order, keeps it running, and stops it all."""

import asyncio
import contextlib
import secrets
import signal
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError
from watchfiles import PythonFilter, awatch

from local import ROOT
from local.aws import LocalAws, Made, MotoServer
from local.aws_proxy import AwsProxy
from local.catalog import OURS, CatalogFailed, read_catalog
from local.clocks import with_visibility
from local.crashes import Crashes
from local.discord.signing import Signer
from local.discord.standin import StandIn
from local.discord.state import State
from local.discord.world import World
from local.events import Events
from local.function import InitFailed, LocalFunction
from local.options import Options, template_parameters
from local.play import Play
from local.poller import QueuePoller
from local.recorder import Recorder
from local.registration import NotRegistered, register
from local.server import PAGE, application
from local.services import services
from local.serving import LoopbackServer, loopback_socket
from local.template import Stack, read_template

TEMPLATE = ROOT / "infra" / "template.yaml"
_THREADS = 64
WATCHED = (ROOT / "functions", ROOT / "layers" / "common")
Say = Callable[[str], None]


def say(text: str) -> None:
    """Progress for a human; standard output is for programs."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


class LocalStack:
    """The bot and everything around it."""

    def __init__(self, options: Options, tell: Say = say) -> None:
        """Args: tell: hears of progress."""
        self._options = options
        self._tell = tell
        self._bound = loopback_socket(options.port)
        self.url = f"http://127.0.0.1:{self._bound.getsockname()[1]}"
        self._api_url = f"{self.url}/api/v10"
        self._events = Events()
        self._services = services(self.url, options.dotenv or {})
        self._signer = None if options.public_key else Signer()
        self._public_key = options.public_key or (self._signer.public_key if self._signer else "")
        self._setup_token = secrets.token_urlsafe()
        self._recorder = Recorder(options.record)
        self._crashes = Crashes(options.faults)
        self._standin = StandIn(
            State(World(options.developer_ids), time.time, options.keep),
            base_url=self.url,
            signer=self._signer,
            public_keys=self._public_key,
            setup_token=self._setup_token,
            faults=options.faults,
            events=self._events,
            recorder=self._recorder,
            crashes=self._crashes,
        )
        self._play = Play(self._standin, self._events)
        self._functions: dict[str, LocalFunction] = {}
        self._pollers: list[QueuePoller] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._cleanup = contextlib.AsyncExitStack()
        self._aws: LocalAws
        self._functions_aws_url = ""
        """Where the functions find AWS: a proxy that injects faults, or AWS itself."""
        self._made: Made

    async def start(self) -> None:
        """Everything answers when it returns.

        Raises:
            AwsFailed: the local AWS did not come up or refused the template.
            InitFailed: a function's code does not start.
            CatalogFailed: the commands cannot be read.
            NotRegistered: Discord would refuse them.
        """
        self._cleanup.callback(self._recorder.close)
        self._cleanup.push_async_callback(self._standin.close)
        # Every queue has a long poll under way, and the default pool has as many threads as cores.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(_THREADS))
        stack = read_template(TEMPLATE)
        if self._options.visibility_s:
            stack = with_visibility(stack, self._options.visibility_s)
        reading = asyncio.create_task(read_catalog())
        try:
            await self._start_aws(stack)
            catalog = await reading
        finally:
            reading.cancel()
        await self._start_functions()
        await self._serve(stack)
        await self._register(catalog)
        self._start_tasks()

    async def stop(self) -> None:
        """Ends every process and task, in the order opposite to their start."""
        await self._cleanup.aclose()

    async def _start_aws(self, stack: Stack) -> None:
        url = self._options.aws_url
        if url is None:
            self._tell("starting moto, the local AWS …")
            moto = await MotoServer.start()
            self._cleanup.push_async_callback(moto.stop)
            url = moto.url
        parameters = {
            **self._services.parameters,
            **template_parameters(
                stack.parameters,
                self._options,
                public_key=self._public_key,
                api_url=self._api_url,
            ),
        }
        self._aws = LocalAws(url)
        await asyncio.to_thread(self._aws.keep, self._services.secrets)
        self._made = await asyncio.to_thread(self._aws.create, stack, parameters)
        self._functions_aws_url = await self._start_proxy(url)
        made = [*self._made.tables, *(queue.rpartition("/")[2] for queue in self._made.queues)]
        self._tell(f"made from {TEMPLATE.name}: {', '.join(made)}")

    async def _start_proxy(self, aws_url: str) -> str:
        if not self._options.faults.of_aws:
            return aws_url
        where = urlsplit(aws_url)
        proxy = AwsProxy(str(where.hostname), where.port or 80, self._options.faults)
        await proxy.start()
        self._cleanup.push_async_callback(proxy.stop)
        return proxy.url

    async def _start_functions(self) -> None:
        for function in self._made.functions:
            extra = self._services.variables.get(function.name, {})
            environment = {**function.environment, **extra, **self._options.variables}
            if "FEATURES" in environment:
                environment["FEATURES"] += f",{self._services.features}"
            running = LocalFunction(
                replace(function, environment=environment),
                aws_url=self._functions_aws_url,
                events=self._events,
                runtime=self._options.runtime,
                concurrency=self._options.concurrency,
            )
            self._functions[function.name] = running
            self._cleanup.push_async_callback(running.stop)
        self._tell(f"starting {', '.join(self._functions)} …")
        await asyncio.gather(*(function.start() for function in self._functions.values()))

    async def _serve(self, stack: Stack) -> None:
        app = application(
            routes=stack.routes,
            functions=self._functions,
            standin=self._standin,
            play=self._play,
            standins=self._services.routes,
            health=self.health,
        )
        server = LoopbackServer(app, self._bound)
        await server.start()
        self._cleanup.push_async_callback(server.stop)
        self._cleanup.callback(self._events.close)

    async def _register(self, catalog: list[dict[str, Any]]) -> None:
        """Takes the commands over; the functions that start next know their ids."""
        environments = [function.environment for function in self._made.functions]
        await asyncio.to_thread(
            register,
            [{k: v for k, v in command.items() if k not in OURS} for command in catalog],
            api_url=self._api_url,
            token=self._setup_token,
            dynamodb=self._aws.dynamodb,
            table=next((e["TABLE_NAME"] for e in environments if "TABLE_NAME" in e), None),
        )
        self._play.catalog = catalog

    def _start_tasks(self) -> None:
        for source in self._made.sources:
            poller = QueuePoller(
                source,
                self._functions[source.function],
                self._aws.sqs,
                faults=self._options.faults,
                on_done=self._standin.state.work_off,
                crashes=self._crashes,
            )
            self._pollers.append(poller)
            self._tasks.append(asyncio.create_task(poller.run()))
        self._tasks.append(asyncio.create_task(self._print_errors()))
        if self._options.reload:
            self._tasks.append(asyncio.create_task(self._reload()))
        self._cleanup.push_async_callback(self._cancel_tasks)

    async def _cancel_tasks(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _reload(self) -> None:
        """New code restarts the functions; each finishes what it has in hand."""
        async for changes in awatch(*WATCHED, watch_filter=PythonFilter()):
            names = sorted({str(path).removeprefix(f"{ROOT}/") for _, path in changes})
            self._tell(f"changed: {', '.join(names)}; restarting the functions …")
            try:
                await self._register(await read_catalog())
                await asyncio.gather(*(f.restart() for f in self._functions.values()))
                self._tell("restarted")
            except (CatalogFailed, InitFailed, NotRegistered) as error:
                self._tell(f"not restarted: {error}")

    async def _print_errors(self) -> None:
        """The terminal shows what went wrong; the page shows everything."""
        async for event in self._events.subscribe():
            if event["type"] == "log" and _is_error(event["line"]):
                self._tell(f"{event['function']}: {_text(event['line'])}")

    async def health(self) -> dict[str, Any]:
        """What works."""
        functions = {
            name: {"up": function.up, "error": function.error}
            for name, function in self._functions.items()
        }
        queues = {
            poller.source.queue_arn.rpartition(":")[2]: {
                "reachable": poller.error is None,
                "error": poller.error,
            }
            for poller in self._pollers
        }
        store = await asyncio.to_thread(self._store_error)
        well = (
            all(function["up"] for function in functions.values())
            and all(queue["reachable"] for queue in queues.values())
            and store is None
        )
        return {
            "ok": well,
            "functions": functions,
            "queues": queues,
            "store": {"reachable": store is None, "error": store},
            "aws": self._aws.url,
            "discord": "stand-in",
            "can_sign": self._signer is not None,
            "page": (PAGE / "index.html").exists(),
            "faults": str(self._options.faults),
            "faults_on": self._options.faults.on,
        }

    def _store_error(self) -> str | None:
        try:
            for table in self._made.tables:
                self._aws.dynamodb.describe_table(TableName=table)
        except (BotoCoreError, ClientError) as error:
            return str(error)
        return None


def _is_error(line: Any) -> bool:
    if isinstance(line, dict):
        return str(line.get("level", "")).lower() in {"error", "critical"}
    return any(
        word in line for word in ("[ERROR]", "Traceback", "Runtime exited", "Task timed out")
    )


def _text(line: Any) -> str:
    if not isinstance(line, dict):
        return str(line)
    return " ".join(f"{key}={value}" for key, value in line.items())


async def run(options: Options) -> None:
    """Runs the stack until SIGINT or SIGTERM; prints the one line `ready URL` when it answers.

    Raises:
        AwsFailed: see LocalStack.start; everything is stopped then.
        InitFailed: see there.
        CatalogFailed: see there.
        NotRegistered: see there.
        PortTaken: the port is in use.
    """
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    stack = LocalStack(options)
    try:
        starting = asyncio.create_task(stack.start())
        asked = asyncio.create_task(stopping.wait())
        await asyncio.wait({starting, asked}, return_when=asyncio.FIRST_COMPLETED)
        if not starting.done():
            starting.cancel()
            await asyncio.gather(starting, return_exceptions=True)
            return
        starting.result()
        if options.faults.on:
            say(f"faults: {options.faults}")
        sys.stdout.write(f"ready {stack.url}\n")
        sys.stdout.flush()
        await asked
    finally:
        await stack.stop()
