"""`make chaos`: thousands of commands through the real processes under faults, then an audit.

Its last line is `acknowledged=N answered=N lost=N duplicated=N wrong=N late=N`; docs/chaos.md says
what each word means. It ends with 0 only where nothing was lost, duplicated or wrong.
"""

import argparse
import asyncio
import contextlib
import json
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bench.audit import Sent, Verdict, judge
from bench.deeds import Deed, Script
from bench.endpoint import Endpoint
from bench.planted import PLANTS
from bench.processes import Process, start_stack
from bench.recording import Recording
from bench.store_view import Aws
from local.discord.signing import Signer
from local.faults import AVAILABLE, parse
from local.ministack import MiniStack

FAULTS = {
    "discord_429": 0.024,
    "discord_429_long": 0.006,
    "discord_5xx": 0.03,
    "discord_timeout": 0.004,
    "discord_reset": 0.02,
    "discord_404_race": 0.05,
    "duplicate_delivery": 0.05,
    "out_of_order": 0.05,
    "worker_crash": 0.01,
    "store_throttle": 0.02,
    "queue_refuses": 0.01,
    "slow_store": 0.005,
    "slow_everything": 0.05,
}
"""Every fault that there is, often enough that many commands meet several."""
_LOOK_S = 0.03
_SAY_S = 10.0
_LOOKS = 5
"""So often, a second apart, all queues have to be empty where somebody still waits."""
_PATIENCE_S = 60.0
"""So long nothing may happen, beside the time that messages are hidden, before a run is over."""


class Run:
    """One chaos run."""

    def __init__(self, arguments: argparse.Namespace, folder: Path) -> None:
        """Args: folder: for its files."""
        self._arguments = arguments
        self._folder = folder
        self._signer = Signer()
        self._sent: list[Sent] = []
        self._answers: dict[str, asyncio.Event] = {}
        self._changed_at = time.monotonic()
        self._recording: Recording
        self._endpoint: Endpoint
        self._aws: Aws

    async def run(self) -> Verdict:
        """The verdict on it."""
        async with contextlib.AsyncExitStack() as cleanup:
            stack = await self._start(cleanup)
            health = await asyncio.to_thread(_get, f"{stack.url}/health")
            self._aws = Aws(health["aws"])
            self._recording = Recording(self._folder / "recording.jsonl")
            cleanup.callback(self._recording.close)
            self._endpoint = Endpoint(stack.url, self._signer)
            cleanup.push_async_callback(self._endpoint.close)
            looking = asyncio.create_task(self._look())
            cleanup.callback(looking.cancel)
            began = time.monotonic()
            await self._send(stack.url)
            _say(
                f"sent {len(self._sent)} in {time.monotonic() - began:.0f} s; waiting for the rest"
            )
            await self._settle()
            self._recording.read()
            store = await asyncio.to_thread(self._aws.store)
            waiting = await asyncio.to_thread(self._aws.waiting)
            verdict = judge(self._sent, self._recording.cases, store, waiting)
            self._report(verdict, time.monotonic() - began)
            return verdict

    async def _start(self, cleanup: contextlib.AsyncExitStack) -> Process:
        asked = self._arguments
        aws = asked.aws
        if aws == "ministack":
            ministack = await MiniStack.start(self._folder)
            cleanup.push_async_callback(ministack.stop)
            aws = ministack.url
        options = {
            "public_key": self._signer.public_key,
            "aws_url": None if aws == "moto" else aws,
            "faults": str(_faults(asked)),
            "visibility_s": asked.visibility,
            "concurrency": asked.concurrency,
            "keep": 20_000,
            "plant": asked.plant,
        }
        stack = await start_stack(self._folder, options)
        cleanup.push_async_callback(stack.stop)
        _say(f"running at {stack.url} on {asked.aws}; files in {self._folder}")
        _say(f"faults: {options['faults']}")
        return stack

    async def _send(self, url: str) -> None:
        users = asyncio.Queue[list[Deed]]()
        for deeds in _users(self._arguments.seed, url, self._arguments.commands):
            users.put_nowait(deeds)
        saying = asyncio.create_task(self._say_progress())
        await asyncio.gather(*(self._act(users) for _ in range(self._arguments.at_once)))
        saying.cancel()

    async def _act(self, users: asyncio.Queue[list[Deed]]) -> None:
        """One user after the other."""
        while not users.empty():
            before = ""
            for planned in users.get_nowait():
                deed = await self._ready(planned, before) if planned.presses else planned
                before = interaction_id = str(deed.body["id"])
                event = self._answers[interaction_id] = asyncio.Event()
                ack = await self._endpoint.post(deed.body)
                self._sent.append(Sent(deed, ack))
                if deed.in_turn and ack.status == 200:
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(event.wait(), self._arguments.answer)

    async def _ready(self, press: Deed, interaction_id: str) -> Deed:
        """A press on the answer before; where that has no button, the same asked for by command."""
        url = f"{self._endpoint.url}/play/interactions/{interaction_id}"
        with contextlib.suppress(OSError):
            message = (await asyncio.to_thread(_get, url)).get("message")
            if message and message["components"]:
                return press.on({**message, "interaction_id": interaction_id})
        return press._replace(name="password", presses=False)

    async def _look(self) -> None:
        """Follows the recording: who waits for an answer hears of it."""
        while True:
            for interaction_id in self._recording.read():
                self._changed_at = time.monotonic()
                case = self._recording.cases.get(interaction_id)
                event = self._answers.get(interaction_id)
                if event and case and not case.open:
                    event.set()
            await asyncio.sleep(_LOOK_S)

    async def _settle(self) -> None:
        """Until everybody has an answer, or no message is left that could bring one."""
        patience_s, empty = _PATIENCE_S + 2 * self._arguments.visibility, 0
        while time.monotonic() - self._changed_at < patience_s and empty < _LOOKS:
            waiting = await asyncio.to_thread(self._aws.waiting)
            if not waiting and not self._recording.open:
                return
            empty = 0 if waiting else empty + 1
            await asyncio.sleep(1)

    async def _say_progress(self) -> None:
        while True:
            await asyncio.sleep(_SAY_S)
            _say(f"{len(self._sent)} sent, {self._recording.open} under way")

    def _report(self, verdict: Verdict, seconds: float) -> None:
        sent = len(self._sent)
        groups = Counter(one.deed.name for one in self._sent)
        _say(
            f"{sent} commands in {seconds:.0f} s: "
            + ", ".join(f"{n} {c}" for n, c in groups.items())
        )
        _say(
            f"results {verdict.answered - verdict.failed}, honest failures "
            f"{verdict.failed - verdict.refused}, refused in front {verdict.refused}, "
            f"not acknowledged {verdict.unanswered}"
        )
        titles = Counter(
            str(final.embeds[0].get("title"))
            for case in self._recording.cases.values()
            if (final := case.final) and final.failed
        )
        for title, count in titles.most_common():
            _say(f"  {count}x {title}")
        for finding in verdict.told():
            _say(finding)


def _faults(asked: argparse.Namespace) -> Any:
    """The faults of a run; each is on unless the command line says otherwise."""
    if asked.faults is not None:
        return parse(f"{asked.faults},seed={asked.seed}")
    assert FAULTS.keys() == AVAILABLE.keys()
    mixed = ",".join(f"{name}={min(1.0, p * asked.intensity):g}" for name, p in FAULTS.items())
    return parse(f"{mixed},seed={asked.seed}")


def _users(seed: int, url: str, commands: int) -> Iterator[list[Deed]]:
    """Users until there are enough commands; the last one stops in the middle."""
    script, left = Script(seed, url), commands
    for number in range(commands):
        deeds = script.user(number)[:left]
        left -= len(deeds)
        yield deeds
        if not left:
            return


def _get(url: str) -> Mapping[str, Any]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url, timeout=30) as answer:
        found: Mapping[str, Any] = json.load(answer)
        return found


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.chaos", description=__doc__)
    parser.add_argument("--commands", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--plant", choices=sorted(PLANTS), help="a bug that the audit has to find")
    parser.add_argument("--aws", default="ministack", help="ministack, moto or an address")
    parser.add_argument("--faults", help="as `utilsbot local --faults`, in place of the mixture")
    parser.add_argument("--intensity", type=float, default=1.0, help="times the probabilities")
    parser.add_argument("--visibility", type=int, default=20, help="seconds, in place of minutes")
    parser.add_argument("--concurrency", type=int, default=3, help="processes of a function")
    parser.add_argument("--at-once", type=int, default=40, help="users at the same time")
    parser.add_argument(
        "--answer", type=float, default=240, help="seconds that a user waits before the next move"
    )
    parser.add_argument("--folder", type=Path, help="keeps the recording and the logs there")
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    """The exit status."""
    asked = _arguments(argv)
    with contextlib.ExitStack() as cleanup:
        folder = asked.folder
        if folder is None:
            folder = Path(cleanup.enter_context(tempfile.TemporaryDirectory(prefix="chaos-")))
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "recording.jsonl").unlink(missing_ok=True)
        verdict = asyncio.run(Run(asked, folder).run())
    sys.stdout.write(verdict.line() + "\n")
    return 0 if verdict.good else 1


if __name__ == "__main__":
    sys.exit(main())
