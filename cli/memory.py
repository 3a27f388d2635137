"""Remembers the last message of a playground, which `--click` and `--submit` go on from."""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def _file(url: str) -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    name = hashlib.sha256(url.encode()).hexdigest()[:16]
    return Path(base) / "utilsbot" / f"last-{name}.json"


def remember(url: str, last: Mapping[str, Any]) -> None:
    """Keeps ids only, never what a message says."""
    path = _file(url)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_text(json.dumps(last), encoding="utf-8")


def recall(url: str) -> dict[str, Any]:
    """What was kept; empty if nothing was."""
    try:
        kept = json.loads(_file(url).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}
