"""The chaos run in its short form: real processes on moto, every fault, and bugs on purpose."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from local import ROOT

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("chaos")]

LAST = re.compile(
    r"acknowledged=(\d+) answered=(\d+) lost=(\d+) duplicated=(\d+) wrong=(\d+) late=(\d+)"
)
SHORT = ("--aws", "moto", "--visibility", "14", "--concurrency", "2", "--at-once", "12")


def _chaos(folder: Path, *arguments: str) -> tuple[int, list[int], str]:
    """Exit status, the figures of the last line, and everything that was said."""
    command = [sys.executable, "-m", "bench.chaos", *SHORT, "--folder", str(folder), *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240)
    (line,) = done.stdout.splitlines()
    found = LAST.fullmatch(line)
    assert found, done.stderr[-3000:]
    return done.returncode, [int(figure) for figure in found.groups()], done.stderr


def test_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    """Under every fault at once, however the timing falls."""
    status, figures, said = _chaos(tmp_path, "--commands", "200", "--seed", "1")

    acknowledged, answered, lost, duplicated, wrong, _ = figures
    assert (lost, duplicated, wrong, status) == (0, 0, 0, 0), said
    assert acknowledged == answered > 0, said  # on a busy machine some come too late to count


@pytest.mark.parametrize(
    ("plant", "faults", "found"),
    [
        ("delete_first", "discord_429_long=0.5", "lost"),
        ("loose_counters", "duplicate_delivery=0.5", "duplicated"),
        ("open_answers", "out_of_order=0.1", "wrong"),
    ],
)
def test_the_audit_finds_a_bug_on_purpose(
    tmp_path: Path, plant: str, faults: str, found: str
) -> None:
    """Else its zeros would mean nothing."""
    given = ("--commands", "30", "--answer", "3", "--plant", plant, "--faults", faults)
    status, figures, said = _chaos(tmp_path, *given)

    counts = dict(zip(("lost", "duplicated", "wrong"), figures[2:5], strict=True))
    assert status == 1
    assert counts[found] > 0, said
