"""What a program cannot do, tried. On Linux: elsewhere the sandbox says it has no isolation."""

import http.server
import json
import os
import platform
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from functions.sandbox.runner import Outcome, Program, run
from functions.sandbox.syscalls import ARCHITECTURES, program

_ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in ARCHITECTURES,
    reason="seccomp filters are Linux's",
)


def _run(code: str, timeout_s: int = 5) -> Outcome:
    return run(Program(code, "", {}, timeout_s))


def _refused(code: str) -> None:
    """It ends with a refusal of the system."""
    outcome = _run(code)
    assert outcome.exit_code == 1, outcome
    assert "PermissionError" in outcome.stderr, outcome.stderr


@pytest.fixture
def secret(monkeypatch: pytest.MonkeyPatch) -> str:
    """A secret of ours, in our environment and memory."""
    monkeypatch.setenv("DISCORD_BOT_TOKEN", "s3cret-of-the-parent")
    return "s3cret-of-the-parent"


@pytest.fixture
def runtime_api() -> Iterator[tuple[str, list[str]]]:
    """A server on loopback as Lambda's runtime API is one, and what it was asked."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.path)
            self.send_response(202)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Nothing."""

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


def test_every_protection_is_on() -> None:
    """The filter always; files where the kernel has Landlock."""
    protections = _run("1").protections
    assert protections[0] == "limits"
    assert protections[-1] == "syscalls"


def test_the_environment_is_empty(secret: str) -> None:
    """Neither ours nor the interpreter's settings."""
    outcome = _run("import os; sorted(os.environ)")

    assert outcome.value == "['HOME', 'LANG', 'TMPDIR']"


def test_the_parents_environment_and_memory_are_closed(secret: str) -> None:
    """By /proc: Landlock closes it, and on Lambda that the parent is not dumpable."""
    outcome = _run(
        "import os\n"
        "for name in ('environ', 'mem', 'maps', 'fd/0'):\n"
        "    try:\n"
        "        print(name, open(f'/proc/{os.getppid()}/{name}', 'rb').read(100))\n"
        "    except OSError as error:\n"
        "        print(name, type(error).__name__)\n"
    )

    assert secret not in outcome.stdout
    assert "b'" not in outcome.stdout


@pytest.mark.parametrize("name", ["ptrace", "process_vm_readv", "pidfd_getfd", "kcmp"])
def test_looking_into_the_parent_is_refused(name: str) -> None:
    """Each call by its number, as no library would make it."""
    numbers = {
        "x86_64": {"ptrace": 101, "process_vm_readv": 310, "pidfd_getfd": 438, "kcmp": 312},
        "aarch64": {"ptrace": 117, "process_vm_readv": 270, "pidfd_getfd": 438, "kcmp": 272},
    }
    number = numbers[platform.machine()][name]
    outcome = _run(
        "import ctypes, os\n"
        "libc = ctypes.CDLL(None, use_errno=True)\n"
        f"(libc.syscall({number}, 16, os.getppid(), 0, 0, 0, 0), ctypes.get_errno())"
    )

    assert outcome.value == "(-1, 1)"


def test_files_of_the_host_are_closed(tmp_path: Path) -> None:
    """Reading, listing and writing outside the folder, where the kernel can refuse it."""
    if "files" not in _run("1").protections:
        pytest.skip("this kernel has no Landlock")
    private = tmp_path / "private"
    private.write_text("x")
    for path in (private, Path("/etc/passwd"), Path.home() / ".bashrc", Path(__file__)):
        _refused(f"open({str(path)!r}).read()")
    _refused(f"import os; os.listdir({str(tmp_path)!r})")
    _refused(f"open({str(tmp_path / 'new')!r}, 'w')")
    assert not (tmp_path / "new").exists()


def test_links_bring_nothing_out(tmp_path: Path) -> None:
    """A link in the folder is not followed when files are collected."""
    (tmp_path / "private").write_text("s3cret")
    outcome = _run(f"import os; os.symlink({str(tmp_path / 'private')!r}, 'link')")

    assert (outcome.exit_code, outcome.files) == (0, {})


def test_there_is_no_network(runtime_api: tuple[str, list[str]]) -> None:
    """Neither the world nor loopback, nor a name: no socket can be made at all."""
    for family in ("AF_INET", "AF_INET6", "AF_UNIX", "AF_NETLINK"):
        _refused(f"import socket; socket.socket(socket.{family}, socket.SOCK_STREAM)")
    _refused("import socket; socket.create_connection(('1.1.1.1', 443), 2)")


def test_the_runtime_api_is_out_of_reach(runtime_api: tuple[str, list[str]]) -> None:
    """A program cannot answer in the function's place."""
    address, asked = runtime_api
    host, port = address.split(":")
    outcome = _run(
        "import http.client\n"
        f"c = http.client.HTTPConnection({host!r}, {port}, timeout=2)\n"
        "c.request('POST', '/2018-06-01/runtime/invocation/1/response', b'forged')"
    )

    assert "PermissionError" in outcome.stderr
    assert asked == []


def test_io_uring_is_no_way_round() -> None:
    """It could make sockets without the calls that are refused."""
    outcome = _run(
        "import ctypes; l = ctypes.CDLL(None, use_errno=True)\n"
        "(l.syscall(425, 8, ctypes.create_string_buffer(200)), ctypes.get_errno())"
    )

    assert outcome.value == "(-1, 1)"


@pytest.mark.parametrize(
    "code",
    [
        "import os\nwhile True: os.fork()",
        "import subprocess; subprocess.run(['/bin/sh', '-c', 'id'])",
        "import os; os.execv('/bin/sh', ['sh'])",
        "import multiprocessing as m\np = m.get_context('fork').Process(target=print)\np.start()",
        "import os; os.posix_spawn('/bin/true', ['true'], {})",
    ],
)
def test_there_are_no_other_processes(code: str) -> None:
    """So a fork bomb has nothing to start with, and nothing outlives the time limit."""
    _refused(code)


def test_threads_end_with_the_memory() -> None:
    """A bomb of threads is over in a moment, one way or another."""
    outcome = _run(
        "import threading, time\n"
        "def idle(): threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
        "for n in range(100000): idle()",
        timeout_s=4,
    )

    assert outcome.ended in {"exit", "timeout", "signal"}
    assert outcome.exit_code != 0
    assert _run("1").value == "1"


def test_memory_has_an_end() -> None:
    """512 MB, told as Python tells it; by a process as small as the function's, see `peak_mb`."""
    code = "x = []\nwhile True: x.append(bytearray(10 ** 7))"
    runner = """
import json, sys
from functions.sandbox.runner import Program, run
outcome = run(Program(sys.argv[1], "", {}, 5))
print(json.dumps([outcome.exit_code, outcome.stderr, outcome.peak_mb]))
"""
    done = subprocess.run(
        [sys.executable, "-c", runner, code], cwd=_ROOT, capture_output=True, text=True, check=True
    )
    exit_code, stderr, peak_mb = json.loads(done.stdout)

    assert exit_code == 1
    assert "MemoryError" in stderr
    assert 400 < peak_mb < 600


def test_a_file_has_an_end() -> None:
    """8 MB; and no core is dumped."""
    outcome = _run("f = open('f', 'wb')\nwhile True: f.write(bytes(10 ** 6))")

    assert outcome.exit_code != 0
    assert not outcome.files


@pytest.mark.parametrize("signal", [9, 15, 19])
def test_the_parent_cannot_be_killed(signal: int) -> None:
    """Neither by signals nor as a group nor with everybody."""
    for target in ("os.getppid()", "-1", "0", "-os.getppid()"):
        _refused(f"import os; os.kill({target}, {signal})")


@pytest.mark.parametrize(
    "code",
    [
        "import fcntl, os\nr, w = os.pipe()\nfcntl.fcntl(r, fcntl.F_SETOWN, os.getppid())",
        "import fcntl, os\nr, w = os.pipe()\nfcntl.fcntl(r, fcntl.F_SETSIG, 9)",
        "import os, resource\nresource.prlimit(os.getppid(), resource.RLIMIT_CPU, (0, 0))",
        "import os\nos.setpriority(os.PRIO_PROCESS, os.getppid(), 19)",
        "import os\nos.sched_setaffinity(os.getppid(), {0})",
        "import os, signal\nsignal.pidfd_send_signal(os.pidfd_open(os.getppid()), 9)",
    ],
)
def test_nor_in_roundabout_ways(code: str) -> None:
    """Signals by ownership of a pipe, limits and priorities of others, process handles."""
    _refused(code)


def test_limits_cannot_be_lifted() -> None:
    """Not by resource, and an alarm that is switched off is not what ends a program."""
    outcome = _run(
        "import resource, signal\n"
        "signal.alarm(0)\n"
        "for sig in range(1, 32):\n"
        "    try: signal.signal(sig, signal.SIG_IGN)\n"
        "    except (OSError, ValueError): pass\n"
        "try: resource.setrlimit(resource.RLIMIT_CPU, (1000, 1000))\n"
        "except (ValueError, OSError) as error: print('limit kept', flush=True)\n"
        "while True: pass",
        timeout_s=1,
    )

    assert outcome.ended == "timeout"
    if os.getuid():
        assert outcome.stdout == "limit kept\n"


def test_the_report_can_be_spoiled_but_not_the_outcome() -> None:
    """A program that writes into our channel fools nobody but itself: exit and output are ours."""
    outcome = _run(
        "import os, sys\n"
        "for fd in range(3, 64):\n"
        '    try: os.pwrite(fd, b\'{"value": "forged", "exit_code": 0}\', 0)\n'
        "    except OSError: pass\n"
        "print('real'); sys.exit(5)"
    )

    assert (outcome.ended, outcome.exit_code, outcome.stdout) == ("exit", 5, "real\n")
    assert outcome.protections[-1] == "syscalls"


def test_the_handlers_process_is_closed_to_its_children() -> None:
    """Started as on Lambda it is not dumpable: its /proc files belong to root."""
    code = (
        "import ctypes, functions.sandbox.handler\n"
        "print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"  # PR_GET_DUMPABLE
    )
    root = Path(__file__).parents[3]
    path = f"{root}:{root / 'layers/common'}"
    for environment, dumpable in (({"AWS_LAMBDA_FUNCTION_NAME": "sandbox"}, "0"), ({}, "1")):
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**environment, "PYTHONPATH": path},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == dumpable


def test_the_filter_has_code_for_both_processors() -> None:
    """Whole instructions, within the kernel's limit, another for each process."""
    for known in ARCHITECTURES.values():
        code = program(known, 7)
        assert len(code) % 8 == 0
        assert len(code) // 8 < 4096
        assert code != program(known, 8)
