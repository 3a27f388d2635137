"""Runs a module as a program that ends when its parent does, however the parent ended.

The parent holds the other end of standard input; the kernel closes it even after a SIGKILL. That
works on every system, unlike Linux's parent-death signal.
"""

import os
import runpy
import sys
import threading


def _end_with_parent() -> None:
    while os.read(0, 1024):
        pass
    os._exit(0)


def main() -> None:
    """Args of the command line: the module, then its own arguments."""
    threading.Thread(target=_end_with_parent, daemon=True, name="parent-watch").start()
    module = sys.argv[1]
    sys.argv = sys.argv[1:]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
