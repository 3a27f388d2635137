"""The confined process: limits itself, then runs one program and shows its last expression's value.

Started by functions.sandbox.runner as a script, in an empty folder, with an empty environment:
`python -I -S -B -u child.py CODE_FD REPORT_FD TIMEOUT_S MEMORY_MB`. The program arrives in one open
file, and what is said about its end leaves in another; standard output belongs to the program.
"""

import ast
import json
import linecache
import os
import resource
import sys
import traceback

NAME = "<code>"
MAX_VALUE = 4000
MAX_FILE_BYTES = 8 * 1024 * 1024
_OPEN_FILES = 64
_READABLE = (
    *("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/share/zoneinfo", "/etc/localtime"),
    *("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"),
)


def main() -> None:
    """Runs the program; ends the process with its exit code."""
    code_fd, report_fd, timeout_s, memory_mb = map(int, sys.argv[1:5])
    with os.fdopen(code_fd, encoding="utf-8") as file:
        source = file.read()
    protections = _confine(timeout_s, memory_mb)
    report: dict[str, object] = {"protections": protections}
    _write(report_fd, report)
    sys.argv = ["code.py"]
    exit_code = _run(source, report)
    sys.stdout.flush()
    sys.stderr.flush()
    _write(report_fd, report)
    os._exit(exit_code)


def _confine(timeout_s: int, memory_mb: int) -> list[str]:
    """Every limit that the platform has; on Linux nothing runs without the system call filter."""
    folder = os.getcwd()
    limits = {
        resource.RLIMIT_CPU: timeout_s + 1,
        resource.RLIMIT_FSIZE: MAX_FILE_BYTES,
        resource.RLIMIT_NOFILE: _OPEN_FILES,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_AS: memory_mb * 1024 * 1024,
    }
    for limit, most in limits.items():
        try:
            resource.setrlimit(limit, (most, most))
        except (ValueError, OSError):  # macOS takes no limit of the address space
            continue
    protections = ["limits"]
    if sys.platform == "linux":
        sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
        from landlock import restrict_files  # type: ignore[import-not-found]
        from syscalls import confine  # type: ignore[import-not-found]

        if restrict_files((*_READABLE, sys.base_prefix), (folder,)):
            protections.append("files")
        confine()
        protections.append("syscalls")
        del sys.path[0], sys.modules["landlock"], sys.modules["syscalls"]
    return protections


def _run(source: str, report: dict[str, object]) -> int:
    """The program's exit code; its error goes to standard error, without our own frames."""
    linecache.cache[NAME] = (len(source), None, source.splitlines(keepends=True), NAME)
    space: dict[str, object] = {"__name__": "__main__", "__builtins__": __builtins__}
    try:
        tree = ast.parse(source, NAME)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, NAME, "exec"), space)  # noqa: S102 - what the sandbox is for
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), NAME, "eval"), space)  # noqa: S307
            if value is not None:
                report["value"] = repr(value)[:MAX_VALUE]
    except SystemExit as error:
        return _exit_code(error.code)
    except BaseException as error:
        _show(error)
        return 1
    return 0


def _exit_code(code: object) -> int:
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF
    print(code, file=sys.stderr)  # noqa: T201 - as Python does it
    return 1


def _show(error: BaseException) -> None:
    frames = error.__traceback__
    while frames and frames.tb_frame.f_code.co_filename != NAME:
        frames = frames.tb_next
    traceback.print_exception(type(error), error, frames)


def _write(report_fd: int, report: dict[str, object]) -> None:
    """Replaces what is reported; the program may spoil it, which fools nobody but itself."""
    body = json.dumps(report).encode()
    try:
        os.ftruncate(report_fd, 0)
        os.pwrite(report_fd, body, 0)
    except OSError:  # the program closed it
        return


if __name__ == "__main__":
    main()
