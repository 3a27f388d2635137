"""The confined process: limits itself, then runs one program and shows its last expression's value.

Started by functions.sandbox.runner as a script, in an empty folder, with an empty environment:
`python -I -S -B -u child.py CODE_FD CONFINED_FD VALUE_FD TIMEOUT_S MEMORY_MB`. The program arrives
in one open file; which protections are on leaves in another, closed before the program starts, and
its last value in a third; standard output belongs to the program.
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
    code_fd, confined_fd, value_fd, timeout_s, memory_mb = map(int, sys.argv[1:6])
    with os.fdopen(code_fd, encoding="utf-8") as file:
        source = file.read()
    protections = _confine(timeout_s, memory_mb)
    with os.fdopen(confined_fd, "w", encoding="utf-8") as file:
        json.dump(protections, file)
    sys.argv = ["code.py"]
    exit_code, value = _run(source)
    sys.stdout.flush()
    sys.stderr.flush()
    _tell(value_fd, value)
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


def _run(source: str) -> tuple[int, str | None]:
    """Exit code and last value; an error goes to standard error, without our own frames."""
    linecache.cache[NAME] = (len(source), None, source.splitlines(keepends=True), NAME)
    space: dict[str, object] = {"__name__": "__main__", "__builtins__": __builtins__}
    try:
        tree = ast.parse(source, NAME)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, NAME, "exec"), space)  # noqa: S102 - what the sandbox is for
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), NAME, "eval"), space)  # noqa: S307
            return 0, None if value is None else repr(value)[:MAX_VALUE]
    except SystemExit as error:
        return _exit_code(error.code), None
    except BaseException as error:
        _show(error)
        return 1, None
    return 0, None


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


def _tell(value_fd: int, value: str | None) -> None:
    """Writes the value; the program may have spoilt the file, which fools nobody but itself."""
    try:
        os.ftruncate(value_fd, 0)
        os.pwrite(value_fd, json.dumps(value).encode(), 0)
    except OSError:  # the program closed it
        return


if __name__ == "__main__":
    main()
