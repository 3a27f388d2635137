"""Metrics in CloudWatch's embedded metric format, inside the canonical log line.

CloudWatch takes them out of the line by itself: no call, no library, no second line
(docs/decisions/0009). Source: AWS, "Specification: Embedded metric format".
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from utilsbot import settings as s

OFF: Final = "off"
BY_GROUP: Final = "group"
BY_COMMAND: Final = "command"


def _detail(raw: str) -> str:
    if raw not in {OFF, BY_GROUP, BY_COMMAND}:
        raise ValueError(f"should be {OFF}, {BY_GROUP} or {BY_COMMAND}")
    return raw


METRICS = s.Setting("METRICS", _detail, "off, by group, or by group and command", BY_GROUP)
NAMESPACE = s.Setting("METRICS_NAMESPACE", s.text, "where CloudWatch keeps the metrics", "UtilsBot")

_MILLISECONDS: Final = {
    "AckMs": "duration_ms",
    "GateMs": "gate_ms",
    "QueueMs": "queue_ms",
    "QueuedMs": "queued_ms",
    "RunMs": "run_ms",
    "ReplyMs": "reply_ms",
}
"""Metrics that are a field of the canonical line, by name; AckMs is the front door's only."""
UNTOLD: Final = frozenset({"failed", "stray"})
"""Outcomes of the rescue that no user hears of."""
FAILED: Final = UNTOLD | {"error", "service_error", "undeliverable", "expired", "poison", "rescued"}
"""Outcomes from which a user or an operator suffers."""
_NOT_OVER: Final = frozenset({"retry", "duplicate", "poison", "answered", "stray"})
_NOT_COMMANDS: Final = frozenset({"unauthorized", "malformed", "choices"})
_PONG: Final = "pong"
"""Discord's check, which is nobody's command and is not measured."""


class Metrics(NamedTuple):
    """Where the metrics of one function go."""

    namespace: str
    group: str
    """`interactions` for the front door, else the worker's group."""
    detail: str = BY_GROUP

    def of(self, line: Mapping[str, Any], now: float) -> dict[str, Any]:
        """What a canonical line gets besides: the metrics, and what tells CloudWatch of them.

        Dimensions are Group, and Command or Reason where they are known: words of this code and
        never a user, a server or an input, because each combination costs as a metric of its own.

        Args:
            line: the fields of the canonical line.
            now: epoch seconds.
        """
        if self.detail == OFF or line.get("outcome") == _PONG:
            return {}
        values = _counts(line, front_door=self.group == "interactions") | _durations(line)
        members: dict[str, Any] = {"Group": self.group}
        dimensions = [["Group"]]
        if self.detail == BY_COMMAND and line.get("command"):
            members["Command"] = line["command"]
            dimensions.append(["Group", "Command"])
        directives = [self._directive(dimensions, values)]
        if "Refused" in values:
            members["Reason"] = str(line.get("reason"))
            directives.append(self._directive([["Group", "Reason"]], ["Refused"]))
        root = {"Timestamp": int(now * 1000), "CloudWatchMetrics": directives}
        return {"_aws": root, **members, **values}

    def _directive(self, dimensions: list[list[str]], names: Any) -> dict[str, Any]:
        return {
            "Namespace": self.namespace,
            "Dimensions": dimensions,
            "Metrics": [{"Name": name, "Unit": _unit(name)} for name in names],
        }


def read_metrics(reader: s.Reader, group: str) -> Metrics:
    """The metrics of a function, by its settings.

    Args:
        reader: of its environment.
        group: as in Metrics.
    """
    return Metrics(reader.read(NAMESPACE) or "", group, reader.read(METRICS) or BY_GROUP)


def _unit(name: str) -> str:
    return "Milliseconds" if name.endswith("Ms") else "Count"


def _durations(line: Mapping[str, Any]) -> dict[str, float]:
    front_door = "status" in line
    return {
        metric: line[field]
        for metric, field in _MILLISECONDS.items()
        if line.get(field) is not None and (metric != "AckMs" or front_door)
    }


def _counts(line: Mapping[str, Any], *, front_door: bool) -> dict[str, int]:
    outcome = line.get("outcome")
    failed = outcome in FAILED or line.get("status", 200) >= 500
    over = outcome not in (_NOT_COMMANDS if front_door else _NOT_OVER)
    counts = {
        "Commands": int(over),
        "Errors": int(failed),
        "ColdStart": int(bool(line.get("cold"))),
    }
    if outcome == "refused":
        counts["Refused"] = 1
    if outcome in UNTOLD:
        counts["Untold"] = 1
    if "attempt" in line:
        counts["Attempts"] = line["attempt"]
    if line.get("tokens"):
        counts["Tokens"] = line["tokens"]
    return counts
