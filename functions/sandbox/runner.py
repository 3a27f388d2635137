"""Runs one program in a fresh, confined process and an empty folder, and says how it ended."""

import contextlib
import json
import os
import resource
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, NamedTuple

from functions.sandbox.folder import collect, open_up, place

MAX_OUTPUT_BYTES = 256 * 1024
"""Of standard output and of standard error; a program that writes more is ended."""
MEMORY_MB = 512
_CHILD = Path(__file__).with_name("child.py")
_GRACE_S = 0.5


class Program(NamedTuple):
    """What is to be run."""

    code: str
    stdin: str
    files: Mapping[str, bytes]
    """By name: a plain name, no folder."""
    timeout_s: int


class Outcome(NamedTuple):
    """How it ended."""

    ended: str
    """`exit`, `timeout`, `output` (it wrote too much), `signal`, or `unconfined` (nothing ran)."""
    exit_code: int | None
    """None unless it ended by itself."""
    stdout: str
    stderr: str
    value: str | None
    """The last expression's, as Python shows it."""
    files: Mapping[str, bytes]
    """New and changed ones, by their path in the folder."""
    left_out: int
    """Files that were too many or too large to hand out."""
    duration_ms: int
    cpu_ms: int
    peak_mb: int
    """Its largest memory. Never less than what this process held when it started the program: Linux
    hands the peak on over fork and exec.
    """
    protections: tuple[str, ...]
    """`limits`, `files`, `syscalls`."""


def run(program: Program, root: str | None = None) -> Outcome:
    """Runs a program and cleans up.

    Args:
        program: what.
        root: a folder that is ours alone: made if it is missing, and emptied first; None: the
            system's folder for temporary files, in which only our own folder is touched.
    """
    if root:
        Path(root).mkdir(parents=True, exist_ok=True)
        for old in Path(root).iterdir():
            open_up(old)
            shutil.rmtree(old, ignore_errors=True) if old.is_dir() else old.unlink()
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=root))
    try:
        place(folder, program.files)
        return _run(program, folder)
    finally:
        open_up(folder)
        shutil.rmtree(folder, ignore_errors=True)


def _run(program: Program, folder: Path) -> Outcome:
    began = time.monotonic()
    with (
        tempfile.TemporaryFile() as code,
        tempfile.TemporaryFile() as confined,
        tempfile.TemporaryFile() as told,
        tempfile.TemporaryFile() as stdin,
    ):
        for file, text in ((code, program.code), (stdin, program.stdin)):
            file.write(text.encode())
            file.seek(0)
        fds = (code.fileno(), confined.fileno(), told.fileno())
        process = subprocess.Popen(  # noqa: S603
            [
                *(sys.executable, "-I", "-S", "-B", "-u", "-X", "utf8", str(_CHILD)),
                *map(str, (*fds, program.timeout_s, MEMORY_MB)),
            ],
            cwd=folder,
            env=_environment(folder),
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=fds,
            start_new_session=True,
        )
        watch = _Watch(process, began + program.timeout_s)
        ended = watch.until_done()
        status, usage = watch.reap()
        protections, value = _words(_read(confined)), _read(told)
    found, left_out = collect(folder, program.files)
    exit_code = os.waitstatus_to_exitcode(status)
    if ended == "exit" and exit_code < 0:
        ended = "timeout" if -exit_code == signal.SIGXCPU else "signal"
    if not protections:
        ended = "unconfined"
    return Outcome(
        ended=ended,
        exit_code=exit_code if ended == "exit" else None,
        stdout=watch.text("stdout"),
        stderr=watch.text("stderr"),
        value=value if isinstance(value, str) else None,
        files=found,
        left_out=left_out,
        duration_ms=round((time.monotonic() - began) * 1000),
        cpu_ms=round((usage.ru_utime + usage.ru_stime) * 1000),
        peak_mb=usage.ru_maxrss // (1024 if sys.platform == "linux" else 1024 * 1024),
        protections=protections,
    )


class _Watch:
    """Reads what a process writes, and ends it when it takes or writes too much."""

    def __init__(self, process: "subprocess.Popen[bytes]", deadline: float) -> None:
        self._process = process
        self._deadline = deadline
        self._written = {"stdout": bytearray(), "stderr": bytearray()}

    def until_done(self) -> str:
        """`exit`, or why it was ended."""
        ended = "exit"
        with selectors.DefaultSelector() as selector:
            for name in self._written:
                stream = getattr(self._process, name)
                os.set_blocking(stream.fileno(), False)
                selector.register(stream, selectors.EVENT_READ, name)
            while selector.get_map():
                left = self._deadline - time.monotonic()
                if left <= 0:
                    ended = "timeout"
                    break
                if any(
                    self._read(selector, key) for key, _ in selector.select(min(left, _GRACE_S))
                ):
                    ended = "output"
                    break
                if self._is_over() and not selector.select(0):
                    break
        if ended != "exit":
            self._kill()
        return ended

    def reap(self) -> tuple[int, resource.struct_rusage]:
        """Waits for the end, not beyond the deadline; status and what was used."""
        if not self._is_over():
            while time.monotonic() < self._deadline and not self._is_over():
                time.sleep(0.01)
            self._kill()
        _, status, usage = os.wait4(self._process.pid, 0)
        self._process.returncode = os.waitstatus_to_exitcode(status)
        for name in self._written:
            getattr(self._process, name).close()
        return status, usage

    def text(self, name: str) -> str:
        """What was written, up to the limit."""
        return bytes(self._written[name][:MAX_OUTPUT_BYTES]).decode("utf-8", "replace")

    def _read(self, selector: selectors.BaseSelector, key: selectors.SelectorKey) -> bool:
        """Reads some; True if it is too much."""
        stream, so_far = key.fileobj, self._written[key.data]
        assert not isinstance(stream, int)
        some = os.read(stream.fileno(), 65536)
        if not some:
            selector.unregister(stream)
        so_far += some
        return len(so_far) > MAX_OUTPUT_BYTES

    def _is_over(self) -> bool:
        return (
            os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
        )

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)


def _environment(folder: Path) -> dict[str, str]:
    """Nothing of ours; on Lambda, Python finds its own library by LD_LIBRARY_PATH."""
    library = os.environ.get("LD_LIBRARY_PATH")
    return {
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "TMPDIR": str(folder),
        **({"LD_LIBRARY_PATH": library} if library else {}),
    }


def _read(file: IO[bytes]) -> object:
    """The JSON in a file; None if it is none."""
    file.seek(0)
    try:
        return json.loads(file.read(64 * 1024))
    except ValueError:
        return None


def _words(said: object) -> tuple[str, ...]:
    return tuple(map(str, said)) if isinstance(said, list) else ()
