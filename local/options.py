"""What `utilsbot local` was asked for, and what `.env` adds."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from local import ROOT
from local.discord.state import KEEP
from local.discord.world import USERS
from local.faults import Faults

_PARAMETER_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PUBLIC_KEY = re.compile(r"[0-9a-fA-F]{64}(,[0-9a-fA-F]{64})*")

LEASE_S = 4
"""A message stays hidden for so much longer than its function may take: a claim on it lasts 2 s
longer than the function's time (utilsbot.worker)."""
MIN_VISIBILITY_S = LEASE_S + 4


class BadOptions(ValueError):
    """An option or a line of `.env` is wrong; the message says which."""


@dataclass(frozen=True)
class Options:
    """How to run the stack."""

    port: int = 8080
    aws_url: str | None = None
    """None: moto, started by us."""
    public_key: str | None = None
    """A foreign client's, 64 hex digits; None: a throw-away key."""
    record: Path | None = None
    faults: Faults = field(default_factory=Faults)
    reload: bool = True
    dotenv: Mapping[str, str] | None = None
    visibility_s: int | None = None
    """Hides messages for so long at the most, and gives functions less; None: as the template."""
    concurrency: int = 1
    """How many processes a function may have."""
    keep: int = KEEP
    """How many messages and interactions the stand-in Discord remembers."""
    runtime: str | None = None
    """The module that runs the functions; None: Lambda's runtime client."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """More environment for every function."""

    def __post_init__(self) -> None:
        """Raises: BadOptions: the public key is no key, or the visibility too short."""
        if self.public_key is not None and not _PUBLIC_KEY.fullmatch(self.public_key):
            raise BadOptions("the public key should be 64 hex digits")
        if self.visibility_s is not None and self.visibility_s < MIN_VISIBILITY_S:
            raise BadOptions(f"the visibility should be at least {MIN_VISIBILITY_S} s")

    @property
    def developer_ids(self) -> frozenset[str]:
        """The page's first user and those of `.env`."""
        listed = (self.dotenv or {}).get("DEVELOPER_IDS", "")
        ids = {part.strip() for part in listed.split(",") if part.strip()}
        return frozenset({USERS[0].id, *ids})


def template_parameters(
    names: frozenset[str], options: Options, *, public_key: str, api_url: str
) -> dict[str, str]:
    """The template's parameters for a local run.

    `names` are those that the template has; `.env` sets each by its name in capitals, as
    `CLOSED_BETA` for ClosedBeta. The front door verifies against `public_key`, and the workers
    find the stand-in Discord at `api_url`.
    """
    dotenv = options.dotenv or {}
    chosen = {name: dotenv[key] for name in names if (key := variable_name(name)) in dotenv}
    ours = {
        "DiscordPublicKey": public_key,
        "DiscordApiUrl": api_url,
        "DeveloperIds": ",".join(sorted(options.developer_ids)),
    }
    return chosen | {name: value for name, value in ours.items() if name in names}


def variable_name(parameter: str) -> str:
    """`ClosedBeta` as `.env` spells it: CLOSED_BETA."""
    return _PARAMETER_WORD.sub("_", parameter).upper()


def read_dotenv(path: Path = ROOT / ".env") -> dict[str, str]:
    """The variables of a `.env` file: NAME=VALUE lines, quotes and comments as usual.

    Raises:
        BadOptions: a line is neither; it names the line.
    """
    if not path.exists():
        return {}
    found: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        text = line.strip().removeprefix("export ")
        if not text or text.startswith("#"):
            continue
        name, equals, value = text.partition("=")
        if not equals or not name.strip().isidentifier():
            raise BadOptions(f"{path.name}, line {number}: should be NAME=VALUE")
        found[name.strip()] = _unquoted(value.strip())
    return found


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        return value[1:-1]
    return value.partition(" #")[0].rstrip()
