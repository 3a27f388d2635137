"""The front door with a key of ours and an AWS in memory, and what it promises about any input."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from nacl.signing import SigningKey

from functions.catalog import CATALOG
from functions.interactions.api_gateway import request_of, response_of
from functions.interactions.commands.info import Deployment
from functions.interactions.gate import Gate
from functions.interactions.handover import Handover
from functions.interactions.pipeline import Pipeline
from functions.interactions.verify import Verifier
from fuzz.aws import MemoryAws
from tests.contract.discord_schema import assert_callback
from tests.fakes import FakeClock
from tests.interactions import NOW
from utilsbot.clock import Deadline
from utilsbot.store.admissions import Admissions

DEVELOPER = "300000000000000099"
KEY = SigningKey(b"k" * 32)
_GROUPS = ("ai", "games", "network", "system", "tools")


class Passed(NamedTuple):
    """What the front door made of one request."""

    status: int
    body: dict[str, Any]
    line: dict[str, Any]
    """The canonical log line."""
    aws: MemoryAws


class FrontDoor:
    """The real pipeline; only AWS is another."""

    def __init__(self) -> None:
        """Nobody has called yet."""
        self.clock = FakeClock(NOW)
        self._lines: list[dict[str, Any]] = []

    def post(self, event: Mapping[str, Any]) -> Passed:
        """The answer to an event of API Gateway, in the form that goes back to it."""
        aws = MemoryAws()
        self._lines.clear()
        answer = response_of(self._pipeline(aws).answer(*request_of(event)))
        text = str(answer["body"])
        text.encode()  # Lambda's runtime sends UTF-8
        (line,) = self._lines
        json.dumps(line).encode()
        return Passed(int(answer["statusCode"]), json.loads(text), line, aws)

    def event(self, body: bytes, **headers: str) -> dict[str, Any]:
        """A signed event; `headers` replace Discord's, `_` for `-`."""
        timestamp = str(int(self.clock.seconds))
        signature = KEY.sign(timestamp.encode() + body).signature.hex()
        names = {"x-signature-ed25519": signature, "x-signature-timestamp": timestamp}
        names |= {name.replace("_", "-"): value for name, value in headers.items()}
        from base64 import b64encode

        text = b64encode(body).decode()
        return {"version": "2.0", "headers": names, "body": text, "isBase64Encoded": True}

    def _pipeline(self, aws: MemoryAws) -> Pipeline:
        clock = self.clock.clock
        gate = Gate(
            Admissions(aws, "table", clock),  # type: ignore[arg-type]
            developers=frozenset({DEVELOPER}),
            closed_beta=False,
            features=frozenset(),
        )
        urls = {group: f"http://sqs/{group}" for group in _GROUPS}
        handover = Handover(aws, urls, clock)  # type: ignore[arg-type]
        return Pipeline(
            verifier=Verifier((bytes(KEY.verify_key),), clock),
            catalog=CATALOG,
            gate=gate,
            handover=handover,
            ports={
                "deployment": Deployment("eu-central-1", "3.13", "arm64", "512", NOW),
                "mention": lambda ctx, name: gate.mention(ctx.interaction, name),
                "probe_queues": handover.probe,
                "support_url": "",
                "visible": lambda ctx: gate.visible(ctx.interaction, CATALOG),
            },
            clock=clock,
            deadline=Deadline(),
            log=lambda event, *, level="INFO", **fields: self._lines.append(fields),
        )


def check_signed(door: FrontDoor, body: bytes) -> Passed:
    """Whatever Discord might sign: an answer that it takes, or 400; never an error of ours."""
    passed = door.post(door.event(body))
    assert passed.status in {200, 400}, passed.status
    assert "frames" not in passed.line, passed.line
    assert passed.line["outcome"] != "error", passed.line
    if passed.status == 200:
        assert_callback(passed.body, json.loads(body.decode("utf-8"))["type"])
    return passed


def check_unsigned(door: FrontDoor, event: Mapping[str, Any]) -> Passed:
    """Whatever a stranger sends: 401, and nothing was asked of AWS for it."""
    passed = door.post(event)
    assert passed.status == 401, passed.status
    assert passed.line["outcome"] == "unauthorized", passed.line
    assert not passed.aws.calls, passed.aws.calls
    return passed
