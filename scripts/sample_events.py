"""Events as AWS sends them to each function, made from the commands' own specs.

`python -m scripts.sample_events` writes the samples in events/; their signature and their token are
as old as they are. `scripts.sam_local` writes fresh ones.
"""

import base64
import hashlib
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from cli.command_line import read_command_line
from local import ROOT
from local.apigateway import http_event
from local.catalog import describe
from local.discord.inbound import Inbound
from local.discord.signing import Signer, encode
from local.discord.standin import ENDPOINT
from local.discord.state import State
from local.discord.world import PLACES, USERS, World
from local.poller import sqs_event
from utilsbot.envelope import Envelope

EVENTS = ROOT / "events"
SEED = b"a throw-away key, known to everyone"[:32]
"""Signs the samples: its public key is good for `sam local` and for nothing else."""
LINES = {
    "tools": "/hash text:hello",
    "games": "/wordle play mode:random",
    "network": "/ip ip:1.1.1.1",
    "ai": "/ask question:Why is the sky blue?",
    "system": "/preferences boards:text",
}
"""What the samples type, by group."""
SAMPLE_TIME = 1_790_000_000.0
_PROGRAM = {"code": "print(6 * 7)", "stdin": "", "files": {}, "timeout_s": 5}


def public_key() -> str:
    """What DiscordPublicKey has to be for the samples' signatures."""
    return Signer(SEED).public_key


def events(now: float) -> Iterator[tuple[str, dict[str, Any]]]:
    """(name, event) of every sample. Args: now: epoch seconds that they are of."""
    interactions = {group: _interaction(line, now) for group, line in LINES.items()}
    yield "interactions-ping", _request({"type": 1}, now)
    yield "interactions-hash", _request(interactions["tools"], now)
    for group, interaction in interactions.items():
        name = LINES[group][1:].partition(" ")[0]
        yield f"{group}-{name}", _message(interaction, group, now)
    yield "sandbox-print", dict(_PROGRAM)


def write(folder: Path, now: float) -> None:
    """Writes them as JSON files. Args: now: see `events`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, event in events(now):
        (folder / f"{name}.json").write_text(text(event), encoding="utf-8")


def text(event: Mapping[str, Any]) -> str:
    """An event as its file has it."""
    return json.dumps(event, indent=2) + "\n"


def _interaction(line: str, now: float) -> dict[str, Any]:
    """What Discord sends for a line; the same for the same time."""
    commands = [{**command, "id": _id(command["name"])} for command in describe()]
    read = read_command_line(line, commands)
    command = next(c for c in commands if c["name"] == read.name and c.get("type", 1) == 1)
    state = State(World(), _at(now))
    inbound = Inbound(state, "https://cdn.example")
    body = inbound.command(USERS[0], PLACES[0], command, read.options, {})
    token = base64.urlsafe_b64encode(f"interaction:{body['id']}:a sample".encode()).decode()
    return {**body, "token": token}


def _id(name: str) -> str:
    """A command's id, which Discord would give at its registration."""
    return str(700_000_000_000_000_000 + int(hashlib.sha256(name.encode()).hexdigest()[:8], 16))


def _at(now: float) -> Callable[[], float]:
    return lambda: now


def _request(body: Mapping[str, Any], now: float) -> dict[str, Any]:
    content = encode(body)
    event = http_event(
        method="POST",
        path=ENDPOINT,
        query="",
        headers=Signer(SEED).headers(content, now).items(),
        body=content,
        source_ip="192.0.2.1",
    )
    context = event["requestContext"]
    context |= {"requestId": "sample", "timeEpoch": int(now * 1000), "time": "sample"}
    return event


def _message(interaction: Mapping[str, Any], group: str, now: float) -> dict[str, Any]:
    body = Envelope(interaction, now).encode()
    message = {
        "MessageId": "00000000-0000-4000-8000-000000000001",
        "ReceiptHandle": "sample",
        "Body": body,
        "MD5OfBody": hashlib.md5(body.encode(), usedforsecurity=False).hexdigest(),
        "Attributes": {
            "ApproximateReceiveCount": "1",
            "SentTimestamp": str(int(now * 1000)),
            "SenderId": "sample",
            "ApproximateFirstReceiveTimestamp": str(int(now * 1000)),
        },
    }
    return sqs_event([message], f"arn:aws:sqs:us-east-1:123456789012:{group}")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else EVENTS, SAMPLE_TIME)
