"""Runs a function's process in its control group, and says when it is ready.

Started in the place of Lambda's runtime client, with the control groups' folder in
UTILSBOT_CPU_GROUPS; a function without one there runs as always. Before it asks for its first event
it writes a line {"event": "init", "init_ms": since the process began, to 10 ms}. Nothing else is
imported here: it would be measured too.
"""

import os
import runpy
import time
from typing import Any

_START_FIELD = 19
"""starttime in /proc/self/stat, counted after the name; in ticks since the machine came up."""


def _join(folder: str) -> None:
    path = os.path.join(folder, os.environ["_HANDLER"].split(".")[1], "cgroup.procs")
    if os.path.exists(path):
        with open(path, "w") as file:
            file.write(str(os.getpid()))


def _age_ms() -> float:
    with open("/proc/self/stat") as file:
        started = int(file.read().rpartition(")")[2].split()[_START_FIELD])
    return (time.clock_gettime(time.CLOCK_BOOTTIME) - started / os.sysconf("SC_CLK_TCK")) * 1000


def _tell_when_ready() -> None:
    from awslambdaric.lambda_runtime_client import LambdaRuntimeClient as Client

    ask = Client.wait_next_invocation

    def first(self: Client) -> Any:
        Client.wait_next_invocation = ask
        print(f'{{"event": "init", "init_ms": {_age_ms():.0f}}}', flush=True)
        return ask(self)

    Client.wait_next_invocation = first


if __name__ == "__main__":
    _join(os.environ["UTILSBOT_CPU_GROUPS"])
    _tell_when_ready()
    runpy.run_module("awslambdaric", run_name="__main__", alter_sys=True)
