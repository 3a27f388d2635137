"""What the stand-in Discord shows at the end, read from its recording alone (docs/local.md)."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.deeds import Shown

ACK_LIMIT_S = 3.0
_EPHEMERAL = 64
_DEFERRED, _DEFERRED_UPDATE = 5, 6


class Case:
    """One interaction, as its user has seen it."""

    def __init__(
        self, interaction_id: str, callback: Mapping[str, Any], sent_at: float, ts: float
    ) -> None:
        """Args: callback: the endpoint's answer. sent_at, ts: of both, epoch seconds."""
        self.id = interaction_id
        self.late_s = max(0.0, ts - sent_at - ACK_LIMIT_S)
        """By how much the answer came too late; then Discord has thrown it away."""
        self.callback_type = int(callback.get("type", 0))
        data = callback.get("data") or {}
        self.private = bool(int(data.get("flags") or 0) & _EPHEMERAL)
        self.versions: list[Shown] = []
        """Each state of the answer in turn; a streamed one has several."""
        self.followups: list[Shown] = []
        self.answered_at: float | None = None
        """The last change: epoch seconds."""
        if not self.deferred:
            self.versions.append(_shown(data, ()))
            self.answered_at = ts

    @property
    def deferred(self) -> bool:
        """Whether the callback has promised an answer and was none."""
        return self.callback_type in {_DEFERRED, _DEFERRED_UPDATE}

    @property
    def open(self) -> bool:
        """Whether its user still waits for an answer."""
        return self.final is None and not self.late_s

    @property
    def final(self) -> Shown | None:
        """What is there at the end; None: still thinking."""
        if self.versions:
            return self.versions[-1]
        return self.followups[-1] if self.followups else None

    def take(self, line: Mapping[str, Any]) -> None:
        """Notes a call of Discord's API that was carried out."""
        body = line.get("json") or line.get("payload_json") or {}
        shown = _shown(body, [str(file["filename"]) for file in line.get("files", ())])
        if line["method"] == "PATCH":
            self.versions.append(shown)
        elif line["method"] == "POST":
            self.followups.append(shown)
        self.answered_at = float(line["ts"])


class Recording:
    """Follows a recording while it grows."""

    def __init__(self, path: Path) -> None:
        """Args: path: of the file, which exists."""
        self._file = open(path, encoding="utf-8", errors="surrogatepass")  # noqa: SIM115
        self._rest = ""
        self.cases: dict[str, Case] = {}
        self.calls = 0
        """Calls of Discord's API that carried out something."""

    @property
    def open(self) -> int:
        """How many interactions wait for an answer, also while another thread reads."""
        return sum(case.open for case in list(self.cases.values()))

    def read(self) -> list[str]:
        """Takes in what is new; the ids of the interactions that it is about."""
        text = self._rest + self._file.read()
        *lines, self._rest = text.split("\n")
        return [found for found in map(self._take, lines) if found]

    def close(self) -> None:
        """Closes the file."""
        self._file.close()

    def _take(self, raw: str) -> str | None:
        line = json.loads(raw)
        if "interaction" in line:
            interaction_id = str(line["interaction"].get("id"))
            if line.get("callback") and not line.get("duplicate"):
                at = float(line["ts"])
                sent_at = float(line.get("interaction_ts", at))
                case = Case(interaction_id, line["callback"], sent_at, at)
                self.cases.setdefault(interaction_id, case)
            return interaction_id
        interaction_id = str(line.get("interaction_id", ""))
        about = self.cases.get(interaction_id)
        done = int(line.get("carried_out", line["status"]))
        if about is None or not 200 <= done < 300 or line["method"] == "GET":
            return None
        self.calls += 1
        about.take(line)
        return interaction_id


def _shown(body: Mapping[str, Any], files: Any) -> Shown:
    return Shown(
        str(body.get("content") or ""),
        tuple(body.get("embeds") or ()),
        tuple(files),
        tuple(body.get("components") or ()),
    )
