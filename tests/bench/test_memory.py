"""bench.memory: what is limited, what is read, what is kept."""

import json
import os
from pathlib import Path

import pytest

from bench.memory import cgroup, limited
from bench.memory.cgroup import CpuGroup, NoControl, cpu_group
from cli.pricing import measured
from cli.pricing.measured import Memories, Size


@pytest.mark.parametrize(
    ("memory_mb", "quota_us"), [(128, 1447), (256, 2894), (1769, 20_000), (3008, 20_000)]
)
def test_the_limit_is_the_share_of_a_core_that_goes_with_the_memory(
    tmp_path: Path, memory_mb: int, quota_us: int
) -> None:
    """One core at 1,769 MB, and never more: the functions have one thread at work."""
    CpuGroup(tmp_path).limit(memory_mb)

    assert (tmp_path / "cpu.cfs_quota_us").read_text() == str(quota_us)


def test_the_time_held_back_and_the_processes_are_read(tmp_path: Path) -> None:
    """As the kernel writes them."""
    (tmp_path / "cpu.stat").write_text("nr_periods 9\nnr_throttled 4\nthrottled_time 86000000\n")
    (tmp_path / "cgroup.procs").write_text("12\n34\n")

    assert CpuGroup(tmp_path).held_ms() == 86
    assert CpuGroup(tmp_path).pids() == [12, 34]


def test_a_machine_without_control_groups_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Instead of figures without a limit."""
    monkeypatch.setattr(cgroup, "_CONTROLLER", tmp_path / "none")

    with pytest.raises(NoControl, match="No such file"), cpu_group("tools"):
        pass


def test_only_the_measured_function_joins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others have no folder, and run as always."""
    (tmp_path / "tools").mkdir()
    joined = tmp_path / "tools" / "cgroup.procs"
    joined.touch()
    for group in ("tools", "games"):
        monkeypatch.setenv("_HANDLER", f"functions.{group}.handler.handle")
        limited._join(str(tmp_path))

    assert joined.read_text() == str(os.getpid())
    assert not (tmp_path / "games").exists()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="a process' age is read there")
def test_a_process_says_once_that_it_is_ready(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before its first event, with the time since it began."""
    client = pytest.importorskip("awslambdaric.lambda_runtime_client").LambdaRuntimeClient
    monkeypatch.setattr(client, "wait_next_invocation", lambda _: "event")
    limited._tell_when_ready()
    process = client.__new__(client)

    assert [process.wait_next_invocation() for _ in range(2)] == ["event", "event"]
    (line,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert line["event"] == "init"
    assert line["init_ms"] > 0


def test_what_is_kept_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sizes are numbers on both sides, though JSON's names are text."""
    monkeypatch.setattr(measured, "MEMORY_PATH", tmp_path / "memory.json")
    groups = {"tools": {256: Size(4.5, 8.6, 24.8, 2933, 90, 66)}}
    kept = Memories("2026-11-23", "x", 40, 5, 20.0, groups)

    measured.write_memories(kept)

    assert measured.load_memories() == kept
