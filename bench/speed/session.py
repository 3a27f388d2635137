"""A subject's process, driven job by job, so that subjects can be measured in turns."""

import json
import os
import subprocess
import tempfile
import time
from types import TracebackType
from typing import Any, NamedTuple

from bench.speed.samples import PUBLIC_KEY, Request
from bench.speed.subjects import Subject


class WrongAnswer(Exception):
    """A subject did not do the work that it was to be timed for."""


class Timing(NamedTuple):
    """CPU of some calls, and of as many bare verifications of the same bytes beside them."""

    own_us: float
    floor_us: float


def job(subject: Subject, request: Request, calls: int) -> str:
    """The line that a runner reads."""
    status = subject.bad_signature if request.status == 401 else request.status
    return json.dumps(
        request.for_wire() | {"status": status, "calls": calls, "public_key": PUBLIC_KEY}
    )


class Session:
    """A warm subject."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed by __exit__
        self._process = subprocess.Popen(  # noqa: S603
            subject.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=dict(subject.environment),
            text=True,
        )

    def __enter__(self) -> "Session":
        """Itself."""
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: object, _traceback: TracebackType | None
    ) -> None:
        """Ends the process."""
        self._process.communicate()
        self._errors.close()

    def run(self, request: Request, calls: int) -> Timing:
        """Times some calls.

        Raises:
            WrongAnswer: it failed, or answered something else than it should.
        """
        assert self._process.stdin
        assert self._process.stdout
        try:
            self._process.stdin.write(job(self._subject, request, calls) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass
        line = self._process.stdout.readline()
        if not line:
            self._errors.seek(0)
            raise WrongAnswer(f"{self._subject.name}: {self._errors.read()[-2000:]}")
        times: dict[str, Any] = json.loads(line)
        return Timing(times["own_ns"] / calls / 1000, times["floor_ns"] / calls / 1000)


class ColdTiming(NamedTuple):
    """One fresh process."""

    cpu_ms: float
    """User and system, from its start to its end."""
    wall_ms: float
    """From its start to its first answer."""


def fresh(subject: Subject, request: Request | None) -> ColdTiming:
    """Starts a subject, has it answer one request (None: nothing), and ends it.

    Raises:
        WrongAnswer: it failed, or answered something else than it should.
    """
    with tempfile.TemporaryFile("w+") as errors:
        began = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603
            subject.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=dict(subject.environment),
            text=True,
        )
        assert process.stdin
        assert process.stdout
        if request:
            process.stdin.write(job(subject, request, 0) + "\n")
        process.stdin.close()
        process.stdout.readline()
        wall_ms = (time.perf_counter() - began) * 1000
        process.stdout.read()
        process.stdout.close()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            errors.seek(0)
            raise WrongAnswer(f"{subject.name}: {errors.read()[-2000:]}")
    return ColdTiming((usage.ru_utime + usage.ru_stime) * 1000, wall_ms)
