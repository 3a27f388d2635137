"""What `python -m bench.profile` and `python -m bench.memory` measured, kept beside this file."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

PATH = Path(__file__).with_name("measured.json")
MEMORY_PATH = Path(__file__).with_name("memory.json")


class Function(NamedTuple):
    """One Lambda function."""

    memory_mb: int
    """As infra/template.yaml has it."""
    init_cpu_ms: float
    """CPU of a process from its start until it is ready for its first event."""
    peak_mb: int
    """The most memory that its process held (VmHWM)."""


class Group(NamedTuple):
    """One command, per run; `interactions` is what the front door answers itself."""

    command: str
    front_cpu_ms: float
    worker_cpu_ms: float
    calls: Mapping[str, float]
    """Calls of AWS by "FUNCTION CALL", as they came over the wire."""
    writes: Mapping[str, float]
    """Write units by "FUNCTION KIND", doubled in a transaction, the index among them."""
    log_bytes: int
    """Of the canonical lines, as CloudWatch Logs counts them."""
    metric_bytes: int
    """How much of log_bytes the embedded metrics are."""
    out_bytes: int
    """To Discord, files and all."""
    services: Mapping[str, float]
    """Calls of outside services."""
    edits: float
    """Calls of Discord's API that change the answer; streaming makes several."""

    @property
    def deferred(self) -> bool:
        """Whether a worker answers it."""
        return self.edits > 0

    @property
    def write_units(self) -> float:
        """All of them."""
        return sum(self.writes.values())


class Measured(NamedTuple):
    """One measurement."""

    date: str
    machine: str
    commands: int
    functions: Mapping[str, Function]
    groups: Mapping[str, Group]
    rows: Mapping[str, int]
    """The mean size of the table's rows by kind, bytes."""


def load() -> Measured:
    """The kept measurement."""
    found = json.loads(PATH.read_text())
    found["functions"] = {name: Function(**one) for name, one in found["functions"].items()}
    found["groups"] = {name: Group(**one) for name, one in found["groups"].items()}
    return Measured(**found)


def write(measured: Measured) -> None:
    """Keeps a measurement."""
    kept = measured._asdict()
    for part in ("functions", "groups"):
        kept[part] = {name: one._asdict() for name, one in kept[part].items()}
    PATH.write_text(json.dumps(kept, indent=1) + "\n")


class Size(NamedTuple):
    """One function with the share of a core that goes with one size of memory.

    Times are ms of one command, against the local AWS and the stand-ins.
    """

    cpu_ms: float
    held_ms: float
    """It had work, but its share of the core was used up."""
    duration_ms: float
    """As its log line says: the median of the warm ones."""
    init_ms: float
    """From a process's start until it asks for its first event, with no more than its share."""
    first_ms: float
    """The first event's duration after that."""
    peak_mb: int
    """The most memory that its process held (VmHWM)."""


class Memories(NamedTuple):
    """One measurement of the sizes."""

    date: str
    machine: str
    commands: int
    colds: int
    """How many processes were started for the cold figures."""
    period_ms: float
    """How often a function gets its share."""
    groups: Mapping[str, Mapping[int, Size]]
    """By MB."""


def load_memories() -> Memories:
    """The kept measurement of the sizes."""
    found = json.loads(MEMORY_PATH.read_text())
    found["groups"] = {
        name: {int(mb): Size(**one) for mb, one in sizes.items()}
        for name, sizes in found["groups"].items()
    }
    return Memories(**found)


def write_memories(memories: Memories) -> None:
    """Keeps a measurement of the sizes."""
    kept = memories._asdict()
    for name, sizes in memories.groups.items():
        kept["groups"] = {**kept["groups"], name: {mb: s._asdict() for mb, s in sizes.items()}}
    MEMORY_PATH.write_text(json.dumps(kept, indent=1) + "\n")
