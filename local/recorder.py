"""`--record FILE`: every exchange with Discord as a JSON line, as it went over the wire.

The form is that of docs/local.md. Secrets in headers are masked, their scheme is kept; the tokens
in paths stay: they tell which lines belong together, and they are worth nothing outside.
"""

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from local.multipart import Part

_SECRET = ("authorization", "x-signature-ed25519", "cookie")


def masked_headers(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Headers for a record: a credential's scheme stays, the credential does not."""
    return {name: _masked(name, value) for name, value in headers}


def _masked(name: str, value: str) -> str:
    if name.lower() not in _SECRET:
        return value
    scheme, _, secret = value.partition(" ")
    return f"{scheme} ***" if secret else "***"


def file_summaries(files: Iterable[Part]) -> list[dict[str, Any]]:
    """Uploads without their content."""
    return [
        {
            "name": part.name,
            "filename": part.filename,
            "size": len(part.content),
            "content_type": part.content_type,
        }
        for part in files
    ]


class Recorder:
    """Appends to a file, or does nothing without one."""

    def __init__(self, path: Path | None) -> None:
        """Args: path: readable by its owner only, because it holds what users typed."""
        self._file: int | None = None
        if path:
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def write(self, line: Mapping[str, Any]) -> None:
        """Appends one line, at once and whole."""
        if self._file is not None:
            text = json.dumps(line, ensure_ascii=False, separators=(",", ":"))
            os.write(self._file, text.encode("utf-8", "surrogatepass") + b"\n")

    def close(self) -> None:
        """Closes the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
