"""The rehearsal itself: build, deploy, use, fail, update, remove."""

import asyncio
import json
import platform
import shutil
import sys
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from bench.rehearsal.commands import SHA256_OF_HELLO, commands
from bench.rehearsal.deployment import Deployment, NotAsAsked
from bench.rehearsal.player import Player, Typed
from bench.rehearsal.sam import Sam
from bench.rehearsal.steps import Steps
from bench.rehearsal.template import nested, write_copy
from bench.rehearsal.world import DEVELOPER, OutsideWorld
from local import ROOT
from local.catalog import OURS, read_catalog
from local.discord.world import USERS
from local.ministack import SECRET_KEY, MiniStack, credentials
from local.registration import register
from local.template import ACCOUNT_ID, REGION
from utilsbot.discord.snowflake import reference_id

_SOURCE = ("functions", "infra", "layers", "scripts")
_SUPPORT_URL = "https://support.example/rehearsal"
_NEW_VERSION = "0.0.0-rehearsal"
_QUICK_S = 2
"""How long a failed message stays hidden in the rehearsal: an operator's hand on the queue."""
_POISON_S = 60.0
_OUTAGE_S = 180.0
_TRIES = 3
_UNLUCKY = USERS[2].id
"""Whose answers Discord does not take for a while."""


def own_target() -> dict[str, str]:
    """What this machine and this Python can run: ministack runs functions by its interpreter."""
    machine = {"aarch64": "arm64"}.get(platform.machine(), platform.machine())
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return {"Architecture": machine, "PythonRuntime": f"python{version}"}


class Rehearsal:
    """One run, in a folder of its own."""

    def __init__(self, folder: Path, steps: Steps) -> None:
        """Args: folder: empty; for the build, the changed source and the logs."""
        self._folder = folder
        self._steps = steps
        self._target = own_target()
        self._world = OutsideWorld()
        self._player = Player(self._world.url)
        self._sam: Sam
        self._deployed: Deployment
        self._aws: MiniStack
        self._answered = 0
        """Commands that a worker answered as it should."""
        self._template: dict[str, Any] = {}
        self.notes: list[str] = []

    async def run(self) -> None:
        """Every step; later ones are left out where an earlier one makes them pointless."""
        async with AsyncExitStack() as cleanup:
            await self._world.start()
            cleanup.push_async_callback(self._world.stop)
            cleanup.callback(self._player.close)
            self._aws = await MiniStack.start(self._folder, enforce_iam=True)
            cleanup.push_async_callback(self._aws.stop)
            self._sam = Sam(self._folder, credentials(self._aws.url))
            self._deployed = Deployment(self._aws.url, ACCOUNT_ID, SECRET_KEY, REGION)
            run = self._steps.run
            if not await run("sam build", self._build) or not await run("secrets", self._secrets):
                return
            if not await run("sam deploy", self._deploy):
                return
            await run("utilsbot sync", self._register)
            await run("requests that nobody signed", self._unsigned)
            # Three tries take a worker's whole time each: meanwhile the others go on.
            outage = asyncio.create_task(self._outage())
            cleanup.callback(outage.cancel)
            await self._type_everything()
            await run("a message that nobody can read", self._poison)
            await run("Discord was down for three tries", lambda: outage)
            await run("sam build and deploy: an update", self._update)
            await run("no permission was missing", self._denied)
            await run("sam delete", self._delete)

    @property
    def _build_dir(self) -> Path:
        return self._folder / "build"

    async def _build(self) -> str:
        await self._sam.build(ROOT, self._build_dir, self._target)
        size = sum(p.stat().st_size for p in self._build_dir.rglob("*") if p.is_file())
        return f"{'-'.join(self._target.values())}, {size / 1e6:.0f} MB"

    async def _secrets(self) -> str:
        kept = self._world.services.secrets
        await asyncio.to_thread(self._deployed.keep, kept)
        return f"{len(kept)} SecureStrings in Parameter Store"

    async def _deploy(self, **changed: str) -> str:
        copy, self._template, self.notes = write_copy(
            self._build_dir, guard_allow=self._world.address
        )
        if not changed:
            await asyncio.to_thread(self._deployed.upload, nested(self._build_dir))
        given = {
            **self._target,
            **self._world.services.parameters,
            "DeveloperIds": DEVELOPER,
            "DiscordApiUrl": self._world.api_url,
            "DiscordPublicKey": self._world.signer.public_key,
            "EnableSandbox": "true",
            **changed,
        }
        known = self._template["Parameters"]
        await self._sam.deploy(copy, {name: v for name, v in given.items() if name in known})
        made = await asyncio.to_thread(self._deployed.check_made, self._template)
        api = self._deployed.physical("HttpApi")
        self._world.point_at(f"{self._aws.url}/interactions", f"{api}.execute-api.localhost")
        return made

    async def _register(self) -> str:
        self._world.play.catalog = await read_catalog()
        plain = [
            {key: value for key, value in command.items() if key not in OURS}
            for command in self._world.play.catalog
        ]
        await asyncio.to_thread(
            register,
            plain,
            api_url=self._world.api_url,
            token=self._world.setup_token,
            dynamodb=self._deployed.dynamodb,
            table=self._deployed.physical("Table"),
        )
        return f"{len(plain)} commands"

    async def _unsigned(self) -> str:
        ping = b'{"type":1}'
        refused = await self._world.post(ping, {"Content-Type": "application/json"})
        signed = self._world.signer.headers(ping, time.time())
        forged = await self._world.post(b'{"type": 1}', signed)
        pong = await self._world.post(ping, signed)
        statuses = (refused.status_code, forged.status_code, pong.status_code)
        if statuses != (401, 401, 200) or pong.json() != {"type": 1}:
            raise NotAsAsked(f"{statuses}, {pong.text[:200]}")
        return "unsigned 401, forged 401, signed PING 200 PONG"

    async def _type_everything(self) -> None:
        for typed in commands(self._world.url):

            async def step(typed: Typed = typed) -> str:
                answer = await self._player.type(typed)
                self._answered += typed.group != "interactions"
                times = answer["timings"]
                final = times.get("final_ms")
                return f"acknowledged in {times['ack_ms']:.0f} ms" + (
                    f", answered in {final:.0f} ms" if final else ""
                )

            await self._steps.run(f"{typed.group}: {typed.line}"[:34], step)

    async def _poison(self) -> str:
        """Three receives, the dead-letter queue, and the rescue keeps what is known of it."""
        url = self._deployed.physical("ToolsQueue")
        sqs = self._deployed.sqs
        hidden_s = self._template["Resources"]["ToolsQueue"]["Properties"]["VisibilityTimeout"]
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": str(_QUICK_S)})
        sent = sqs.send_message(QueueUrl=url, MessageBody='{"v":0}')["MessageId"]
        await self._until(
            lambda: self._deployed.waiting("ToolsQueue") == 0, "the queue is not empty"
        )
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": str(hidden_s)})
        await self._until(
            lambda: self._deployed.waiting("ToolsDeadLetterQueue") == 0,
            "the rescue leaves it there",
        )
        lines = self._deployed.log_lines(sent)
        outcomes = [line["outcome"] for line in lines if line.get("message_id") == sent]
        if sorted(outcomes) != ["poison"] * 3 + ["stray"]:
            raise NotAsAsked(f"the log says {outcomes}")
        return "refused three times, then kept by the rescue"

    async def _outage(self) -> str:
        """Three failed deliveries of one user's answer; then the rescue tells the user."""
        outage, player = self._world.outage, Player(self._world.url, _OUTAGE_S)
        outage.user_id = _UNLUCKY
        typed = Typed("games", "/wordle stats", "could not be finished", user_id=_UNLUCKY)
        answer = asyncio.create_task(player.type(typed))
        try:
            await self._until(lambda: outage.refused > 0, "nothing was refused")
            reference = reference_id(outage.interaction_id)
            await self._until(
                lambda: self._outcomes(reference).count("retry") >= _TRIES,
                "there are no three tries",
                _OUTAGE_S,
            )
            outage.user_id = None
            message = (await answer)["message"]
        finally:
            outage.user_id = None
            answer.cancel()
            player.close()
        if reference not in json.dumps(message):
            raise NotAsAsked(f"the answer does not name {reference}")
        await self._until(lambda: "rescued" in self._outcomes(reference), "no rescue is logged")
        return f"{outage.refused} answers refused; the user was told, with reference {reference}"

    def _outcomes(self, reference: str) -> list[str]:
        """What the functions' log lines say became of a command."""
        return [str(line.get("outcome")) for line in self._deployed.log_lines(reference)]

    async def _update(self) -> str:
        """A changed parameter and changed code, of a function and of a layer."""
        changed = self._changed_source()
        await self._sam.build(changed, self._build_dir, self._target)
        before = self._deployed.physical("Table")
        await self._deploy(SupportUrl=_SUPPORT_URL)
        if self._deployed.physical("Table") != before:
            raise NotAsAsked("the table was replaced")
        self._world.outage.agents.clear()
        await self._player.type(Typed("interactions", "/info", _SUPPORT_URL))
        await self._player.type(Typed("interactions", "/version", _NEW_VERSION))
        await self._player.type(
            Typed("tools", "/hash text:hello algorithm:sha256", SHA256_OF_HELLO)
        )
        await self._player.type(
            Typed("system", "/whitelist check user:300000000000000002", "(?i)tester")
        )
        if not all(_NEW_VERSION in agent for agent in self._world.outage.agents):
            raise NotAsAsked(f"the workers still run the old layer: {self._world.outage.agents}")
        return "parameter, function and layer are new; what was stored is there"

    def _changed_source(self) -> Path:
        """A copy of the source with another version; what was installed is shared."""
        copy = self._folder / "source"
        for name in _SOURCE:
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, copy / name, ignore=ignored, symlinks=True)
        for name in ("pyproject.toml", "uv.lock", "samconfig.toml", ".python-version"):
            shutil.copy(ROOT / name, copy / name)
        for name in (".venv", ".tools"):
            (copy / name).symlink_to(ROOT / name)
        init = copy / "layers" / "common" / "utilsbot" / "__init__.py"
        text = init.read_text(encoding="utf-8")
        head, assigned, _ = text.partition("__version__ = ")
        init.write_text(f'{head}{assigned}"{_NEW_VERSION}"\n', encoding="utf-8")
        return copy

    async def _denied(self) -> str:
        """A call that a role does not allow is in the log, if nowhere else.

        Records are best effort, so a command is answered without one.

        A worker's line comes after its answer and its tries to record, so every command's is
        waited for.
        """
        await self._until(
            lambda: len(self._deployed.log_lines('"queued_ms"')) >= self._answered,
            "not every command is in the log",
        )
        for needle in ("AccessDenied", '"recorded": false', '"recorded":false'):
            if lines := await asyncio.to_thread(self._deployed.log_lines, needle):
                raise NotAsAsked(json.dumps(lines[0])[:600])
        return f"{self._answered} commands logged; no call was refused, each under its own role"

    async def _delete(self) -> str:
        await self._sam.delete()
        if not self._deployed.gone():
            raise NotAsAsked("the stack is still there")
        left = {kind: names for kind, names in self._deployed.left().items() if names}
        kept = [n for n, r in self._template["Resources"].items() if _stays(r)]
        if set(left) - {"tables"} or len(left.get("tables", [])) != len(kept):
            raise NotAsAsked(f"left: {left}, to be kept: {kept}")
        return f"all gone; kept by its deletion policy: {', '.join(kept)}"

    async def _until(
        self, done: Callable[[], bool], otherwise: str, within_s: float = _POISON_S
    ) -> None:
        deadline = time.monotonic() + within_s
        while not await asyncio.to_thread(done):
            if time.monotonic() > deadline:
                raise NotAsAsked(f"{otherwise} within {within_s:.0f} s")
            await asyncio.sleep(0.2)


def _stays(resource: dict[str, Any]) -> bool:
    return resource.get("DeletionPolicy") in {"Retain", "RetainExceptOnCreate"}
