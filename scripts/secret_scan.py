"""Looks for secrets in every file that git knows, with the detectors of detect-secrets.

What is known to be none is in .secrets.json (an example's key, a digest in a test), as the file and
the SHA-1 of the text, never its line, so that moving code changes nothing. `--write` takes what is
found now into it: look at each first. Run by `make check` in .tools/secrets.

detect-secrets' own loop takes half a minute for this repository, most of it in lines that no
detector could match; its detectors alone, on the other lines, take seconds.
"""

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from detect_secrets.filters import heuristic

_ROOT = Path(__file__).resolve().parent.parent
_KNOWN = _ROOT / ".secrets.json"
# Locks, word lists, pictures; and the sample events, which are made and signed anew each time.
_SKIPPED = re.compile(
    r"(^uv\.lock|^\.secrets\.json|package-lock\.json|^tests/contract/discord_openapi\.json"
    r"|^functions/games/words/.*|^events/.*\.json|^scripts/requirements/.*\.txt"
    r"|\.(png|jpg|webp|ico|woff2?|svg|mo|po))$"
)
_LIKELY = re.compile(
    r"[A-Za-z0-9+/=_-]{20}|pass|pwd|secret|token|api.?key|-----BEGIN|://[^\s/]*@", re.IGNORECASE
)
_LIMITS = {"Base64HighEntropyString": {"limit": 4.5}, "HexHighEntropyString": {"limit": 3.0}}
_HARMLESS = (
    heuristic.is_sequential_string,
    heuristic.is_potential_uuid,
    heuristic.is_templated_secret,
    heuristic.is_not_alphanumeric_string,
)
_DUMMIES = {"local", "test", "testing"}
"""What moto and ministack take for keys."""
Found = dict[str, dict[str, str]]
"""By file, and there by the SHA-1 of the text: which detector it was, and on which line."""


def main() -> int:
    """Exit code 0: nothing new."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--write", action="store_true", help="take what is found into .secrets.json"
    )
    parser.add_argument("files", nargs="*", help="by default all that git knows")
    options = parser.parse_args()
    found = scan(options.files or _files())
    if options.write:
        kept = {name: dict.fromkeys(sorted(hits)) for name, hits in sorted(found.items())}
        lists = {name: list(hits) for name, hits in kept.items()}
        _KNOWN.write_text(json.dumps(lists, indent=2) + "\n")
        return 0
    known = json.loads(_KNOWN.read_text())
    new = [
        f"{name}:{where}"
        for name, hits in found.items()
        for digest, where in hits.items()
        if digest not in known.get(name, [])
    ]
    sys.stdout.write("".join(f"{line}\n" for line in new))
    return int(bool(new))


def scan(files: list[str]) -> Found:
    """What the detectors find."""
    detectors = [
        kind(**_LIMITS.get(kind.__name__, {}))
        for kind in get_mapping_from_secret_type_to_class().values()
    ]
    found: Found = {}
    for name in files:
        for number, line in _lines(_ROOT / name):
            for detector in detectors:
                for hit in detector.analyze_line(name, line, number):
                    text = hit.secret_value or ""
                    if text not in _DUMMIES and not any(fine(text) for fine in _HARMLESS):
                        where = f"{number}: {hit.type}"
                        found.setdefault(name, {}).setdefault(hit.secret_hash, where)
    return found


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines that could hold a secret, counted from 1."""
    try:
        text = path.read_text()
    except (UnicodeDecodeError, OSError):
        return
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) < 5000 and _LIKELY.search(line):
            yield number, line


def _files() -> list[str]:
    """Tracked files, and new ones that are not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=_ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [name for name in listed.stdout.split("\0") if name and not _SKIPPED.search(name)]


if __name__ == "__main__":
    sys.exit(main())
