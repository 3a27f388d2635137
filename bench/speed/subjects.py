"""What is compared: each subject runs in an interpreter of its own, with nothing else installed."""

import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from bench.speed.samples import PUBLIC_KEY

ROOT = Path(__file__).parents[2]
PEERS = ROOT / ".tools" / "peers"
ADAPTERS = Path(__file__).parent / "adapters"
ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "DISCORD_PUBLIC_KEY": PUBLIC_KEY,
    "TABLE_NAME": "table",
    "QUEUE_URL_TOOLS": "https://sqs.eu-central-1.amazonaws.com/1/tools",
    "AWS_REGION": "eu-central-1",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "a",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_EC2_METADATA_DISABLED": "true",
    "LOG_LEVEL": "INFO",
}
"""What a function of ours would have; LOG_LEVEL as deployed, so that the log line is paid for."""


class Subject(NamedTuple):
    """Something that answers signed requests."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    kinds: frozenset[str]
    """The kinds of request that it can be given."""
    bad_signature: int = 401
    """The status of its refusal."""


_COMMON = frozenset({"PING", "refused", "deferred"})


def python_subject(
    name: str,
    adapter: str,
    home: str,
    variables: Mapping[str, str] | None = None,
    *,
    kinds: frozenset[str] = _COMMON,
) -> Subject:
    """A subject that runs one of the adapters in one of the environments of scripts/setup-peers.

    -I: without the user's site and variables, whose cost would be measured too.
    """
    command = (
        str(PEERS / home / "bin" / "python"),
        "-I",
        str(ADAPTERS / "runner.py"),
        str(ADAPTERS / f"{adapter}.py"),
    )
    refusal = 400 if name == "hikari" else 401
    return Subject(name, command, {**ENVIRONMENT, **(variables or {})}, kinds, refusal)


def front_door(
    name: str, code: str, aws: str, variables: Mapping[str, str] | None = None
) -> Subject:
    """Our front door; code: the folders to import it from. aws: none, wire or boto3."""
    return python_subject(
        name,
        "front_door",
        "floor",
        {"BENCH_PATH": code, "BENCH_AWS": aws, **(variables or {})},
        kinds=_COMMON | {"answered"},
    )


PYTHON_PEERS = {
    "cordless": "cordless",
    "hikari": "hikari",
    "discohook": "discohook",
    "discord-http": "discord_http",
    "discord-interactions + Flask": "discord_interactions",
    "flask-discord-interactions": "flask_discord_interactions",
}
NODE_PEERS = ("discord-interactions", "discord-hono", "slash-create")


def python_peers() -> Iterator[Subject]:
    """Those that are installed."""
    for name, adapter in PYTHON_PEERS.items():
        home = name.partition(" ")[0]
        if (PEERS / home / ".ready").is_file():
            yield python_subject(name, adapter, home)


def node_peers() -> Iterator[Subject]:
    """Those that are installed, where there is Node."""
    node = shutil.which("node")
    if node is None or not (PEERS / "node" / ".ready").is_file():
        return
    for name in NODE_PEERS:
        environment = ENVIRONMENT | {"BENCH_NODE": str(PEERS / "node")}
        runner, adapter = ADAPTERS / "node" / "runner.mjs", ADAPTERS / "node" / f"{name}.mjs"
        yield Subject(f"{name} (Node)", (node, str(runner), str(adapter)), environment, _COMMON)


def missing() -> list[str]:
    """The peers that could not be installed here."""
    found = {subject.name for subject in (*python_peers(), *node_peers())}
    wanted = [*PYTHON_PEERS, *(f"{name} (Node)" for name in NODE_PEERS)]
    return [name for name in wanted if name not in found]


def source_path() -> str:
    """Our code as it lies in the repository, where it could not be built."""
    return os.pathsep.join((str(ROOT), str(ROOT / "layers" / "common")))
