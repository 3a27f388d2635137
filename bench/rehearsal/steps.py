"""The steps' table: what was done, how long it took, and what came of it."""

import sys
import time
from collections.abc import Awaitable, Callable
from typing import NamedTuple


class Step(NamedTuple):
    """One line of the table."""

    name: str
    elapsed_s: float
    ok: bool
    detail: str


class Steps:
    """Runs steps one after the other; a failed one does not end the others."""

    def __init__(self) -> None:
        """Nothing was done yet."""
        self.done: list[Step] = []
        self._began = time.monotonic()

    @property
    def ok(self) -> bool:
        """Whether no step failed."""
        return all(step.ok for step in self.done)

    async def run(self, name: str, step: Callable[[], Awaitable[str]]) -> bool:
        """Runs a step, prints its line, and says whether it went well.

        Args:
            name: what is done.
            step: does it; returns what to print beside it, and raises where it failed.
        """
        began = time.monotonic()
        try:
            ok, detail = True, await step()
        except Exception as error:
            ok, detail = False, f"{type(error).__name__}: {error}"
        done = Step(name, time.monotonic() - began, ok, detail)
        self.done.append(done)
        say(f"{'ok    ' if ok else 'FAILED'} {done.elapsed_s:6.1f} s  {name:<34} {detail}")
        return ok

    def finish(self) -> int:
        """Prints the sum; the exit status."""
        failed = [step.name for step in self.done if not step.ok]
        total_s = time.monotonic() - self._began
        say(f"{'FAILED' if failed else 'ok    '} {total_s:6.1f} s  {len(self.done)} steps")
        for name in failed:
            say(f"       failed: {name}")
        return 1 if failed else 0


def say(text: str) -> None:
    """A line, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
