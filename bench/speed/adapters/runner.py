"""Runs one adapter in its own interpreter: jobs in as JSON lines, times out as JSON lines.

    python -I runner.py ADAPTER.py

It imports nothing but what every adapter needs anyway, because the cold start is measured with it.
A job names a request, what its answer must be, and how many calls to time; the first call of every
job is checked and not timed. Beside the calls the same number of bare PyNaCl verifications of the
same bytes is timed, half before and half after, so that every figure has its own floor.
"""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

Call = Callable[[], Any]


def load(path: str) -> dict[str, Any]:
    """The adapter's names: prepare(headers, body) gives a call, whose value is (status, body)."""
    names: dict[str, Any] = {"__name__": "adapter", "__file__": path}
    with open(path, encoding="utf-8") as file:
        exec(compile(file.read(), path, "exec"), names)  # noqa: S102
    return names


def check(answer: tuple[int, Any], job: dict[str, Any]) -> None:
    """Stops everything if an adapter did not do the work that it is timed for."""
    status, body = answer
    kind = json.loads(body).get("type") if job["type"] is not None else None
    if (status, kind) != (job["status"], job["type"]):
        raise SystemExit(f"wrong answer: {status} {body!r}, expected {job['status']} {job['type']}")


def floor_of(job: dict[str, Any]) -> Call:
    """A bare verification of a request's bytes."""
    from nacl.exceptions import BadSignatureError
    from nacl.signing import VerifyKey

    key = VerifyKey(bytes.fromhex(job["public_key"]))
    message = job["headers"]["x-signature-timestamp"].encode() + job["body"].encode()
    signature = bytes.fromhex(job["headers"]["x-signature-ed25519"])

    def verify() -> None:
        try:
            key.verify(message, signature)
        except BadSignatureError:
            if job["status"] == 200:
                raise

    return verify


def timed(call: Call, times: int) -> int:
    """CPU in ns, of all threads."""
    began = time.process_time_ns()
    for _ in range(times):
        call()
    return time.process_time_ns() - began


def timed_async(adapter: dict[str, Any], call: Call, times: int) -> int:
    """The same for calls that give coroutines, in the adapter's own loop."""

    async def all_of_them() -> int:
        began = time.process_time_ns()
        for _ in range(times):
            await call()
        return time.process_time_ns() - began

    taken: int = adapter["run"](all_of_them())
    return taken


def work(adapter: dict[str, Any], job: dict[str, Any]) -> dict[str, int]:
    """Does one job."""
    call, run = adapter["prepare"](job["headers"], job["body"]), adapter.get("run")
    check(run(call()) if run else call(), job)
    times = job["calls"]
    if not times:
        return {}
    verify = floor_of(job)
    floor = timed(verify, times // 2)
    own = timed_async(adapter, call, times) if run else timed(call, times)
    return {"own_ns": own, "floor_ns": floor + timed(verify, times - times // 2)}


def main() -> None:
    """Serves jobs until standard input ends."""
    answers, sys.stdout = sys.stdout, sys.stderr  # what libraries print is no answer
    adapter = load(sys.argv[1])
    for line in sys.stdin:
        job = json.loads(line)
        answers.write(json.dumps(work(adapter, job)) + "\n")
        answers.flush()


main()
