"""Asks the databases of known vulnerabilities about everything that uv.lock installs.

Exit code 0: every package was looked up and none has a known vulnerability. 1: some have. 3: not
every package could be looked up, so that nothing can be promised. Called by `make audit`.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parent.parent
_SERVICES = ("pypi", "osv")
"""Asked in this order, the second only for what the first does not know."""


def main() -> int:
    """The exit code; what was found goes to standard output."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as locked:
        locked.write(_locked())
        locked.flush()
        answers = [answer for service in _SERVICES if (answer := _ask(service, locked.name))]
    return verdict(answers)


def verdict(answers: Sequence[Mapping[str, Any]]) -> int:
    """What the services' answers come to, in pip-audit's JSON; printed, too."""
    known: dict[str, list[str]] = {}
    every: set[str] = set()
    for answer in answers:
        for package in answer["dependencies"]:
            every.add(package["name"])
            if "skip_reason" not in package:
                found = [vulnerability["id"] for vulnerability in package["vulns"]]
                known.setdefault(f"{package['name']} {package['version']}", []).extend(found)
    bad = {name: sorted(set(found)) for name, found in known.items() if found}
    for name, found in sorted(bad.items()):
        _say(f"VULNERABLE  {name}: {', '.join(found)}")
    unknown = every - {name.partition(" ")[0] for name in known}
    if bad:
        return 1
    if unknown or not known:
        _say(f"audit: NOT DONE. {len(known)} packages looked up, {len(unknown)} not: the services")
        _say(
            "(pypi.org's JSON API, api.osv.dev) could not be reached, or do not know the packages."
        )
        return 3
    _say(f"audit: {len(known)} packages looked up, none has a known vulnerability")
    return 0


def _locked() -> str:
    """Every package of uv.lock with its hashes, as pip reads it."""
    finder = [_ROOT / "scripts/find-uv"]
    uv = subprocess.run(finder, capture_output=True, text=True, check=True)  # noqa: S603 - ours
    export = (uv.stdout.strip(), "export", "--quiet", "--frozen", "--all-groups")
    return subprocess.run(  # noqa: S603 - our own uv
        [*export, "--no-emit-project", "--no-header", "--no-annotate"],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def _ask(service: str, requirements: str) -> Mapping[str, Any] | None:
    """One service's answer, or None where there was none."""
    command = [
        *(_ROOT / ".tools/audit/bin/pip-audit", "--requirement", requirements, "--require-hashes"),
        *("--disable-pip", "--progress-spinner", "off", "--format", "json"),
        *("--vulnerability-service", service, "--timeout", "10"),
    ]
    ended = subprocess.run(command, capture_output=True, text=True)  # noqa: S603 - pinned by hash
    try:
        answer = json.loads(ended.stdout)
    except ValueError:
        why = (ended.stderr.strip().splitlines() or ["no reason given"])[-1]
        _say(f"{service}: no answer: {why[:200]}")
        return None
    return answer if isinstance(answer, dict) else None


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
