"""What the sandbox does for a program: output, value, exit code, files, input, limits of time."""

import json
from base64 import b64decode, b64encode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.sandbox.folder import MAX_BYTES, MAX_FILES, is_plain
from functions.sandbox.handler import handle
from functions.sandbox.runner import MAX_OUTPUT_BYTES, Outcome, Program, run


def _run(code: str, *, stdin: str = "", timeout_s: int = 5, **files: bytes) -> Outcome:
    named = {name.replace("_", "."): content for name, content in files.items()}
    return run(Program(code, stdin, named, timeout_s))


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("1 + 1", "2"),
        ("x = 20\nx * 2 + 2", "42"),
        ("'a' * 3", "'aaa'"),
        ("None", None),
        ("x = 5", None),
        ("", None),
        ("for i in range(3):\n    i", None),
        ('text = """a\n    b"""\ntext', "'a\\n    b'"),
        ("from __future__ import annotations\n7", "7"),
    ],
)
def test_the_last_expressions_value(code: str, value: str | None) -> None:
    """As Python's own prompt shows it; statements have none, and code is never re-indented."""
    outcome = _run(code)
    assert (outcome.ended, outcome.exit_code, outcome.value) == ("exit", 0, value)


def test_output_error_and_value_are_told_apart() -> None:
    """Three channels; a value cannot be forged by printing it."""
    outcome = _run("import sys\nprint('out: é')\nprint('err', file=sys.stderr)\n'value'")

    assert (outcome.stdout, outcome.stderr, outcome.value) == ("out: é\n", "err\n", "'value'")


@pytest.mark.parametrize(
    ("code", "exit_code", "stderr"),
    [
        ("import sys; sys.exit()", 0, ""),
        ("import sys; sys.exit(7)", 7, ""),
        ("import sys; sys.exit('because')", 1, "because\n"),
        ("raise SystemExit(256 + 3)", 3, ""),
        ("import os; os._exit(9)", 9, ""),
    ],
)
def test_exit_codes(code: str, exit_code: int, stderr: str) -> None:
    """What a program ends with is what is reported."""
    outcome = _run(code)
    assert (outcome.ended, outcome.exit_code, outcome.stderr) == ("exit", exit_code, stderr)


def test_an_error_shows_its_line_and_what_was_printed_before() -> None:
    """The traceback is the program's own, without the sandbox's frames."""
    outcome = _run("print('before')\ndef f():\n    return 1 / 0\nf()")

    assert (outcome.exit_code, outcome.stdout) == (1, "before\n")
    assert 'File "<code>", line 3, in f\n    return 1 / 0' in outcome.stderr
    assert outcome.stderr.endswith("ZeroDivisionError: division by zero\n")
    assert "child.py" not in outcome.stderr


def test_a_syntax_error_points_at_the_place() -> None:
    """With the line."""
    outcome = _run("def f(:\n    pass")

    assert outcome.exit_code == 1
    assert 'File "<code>", line 1' in outcome.stderr
    assert "SyntaxError" in outcome.stderr


def test_input_is_read() -> None:
    """And ends where it ends."""
    outcome = _run("[input(), input()]", stdin="one\ntwo\n")
    assert outcome.value == "['one', 'two']"
    assert "EOFError" in _run("input()").stderr


def test_files_go_in_and_come_out() -> None:
    """New and changed ones, also from folders; what was given and left alone stays."""
    outcome = _run(
        "import os\n"
        "os.mkdir('sub')\n"
        "open('sub/new.txt', 'w').write(open('in.txt').read().upper())\n"
        "open('changed.txt', 'a').write('!')",
        in_txt=b"hello",
        changed_txt=b"same",
    )

    assert outcome.files == {"sub/new.txt": b"HELLO", "changed.txt": b"same!"}
    assert outcome.left_out == 0


def test_too_many_and_too_large_files_are_counted() -> None:
    """What is not handed out is said."""
    many = _run(f"for n in range({MAX_FILES + 3}): open(f'{{n:02}}', 'w').write('x')")
    large = _run(f"open('large', 'w').write('x' * {MAX_BYTES + 1})")

    assert (len(many.files), many.left_out) == (MAX_FILES, 3)
    assert (large.files, large.left_out) == ({}, 1)


def test_each_run_starts_clean() -> None:
    """An empty folder, no variable and no module of the last run."""
    assert _run("x = 1; open('left', 'w').write('x')").files == {"left": b"x"}
    assert _run("import os; (os.listdir(), 'x' in globals())").value == "([], False)"


def test_our_own_folder_is_emptied_first(tmp_path: Path) -> None:
    """What an earlier run could leave behind is gone before the next one."""
    left = tmp_path / "left"
    left.mkdir()
    (left / "secret").write_text("x")
    left.chmod(0)
    (tmp_path / "file").write_text("x")

    run(Program("1", "", {}, 5), str(tmp_path))

    assert list(tmp_path.iterdir()) == []


def test_time_runs_out() -> None:
    """What was printed until then is kept; sleeping and working both end."""
    busy = _run("print('start', flush=True)\nwhile True: pass", timeout_s=1)
    idle = _run("import time\ntime.sleep(60)", timeout_s=1)

    assert (busy.ended, busy.exit_code, busy.stdout) == ("timeout", None, "start\n")
    assert idle.ended == "timeout"
    assert idle.duration_ms < 3000


def test_ordinary_programs_work() -> None:
    """Threads, asyncio, time zones, random numbers, regular expressions, signals to oneself."""
    outcome = _run(
        "import asyncio, datetime, decimal, random, re, signal, sqlite3, threading, zoneinfo\n"
        "t = threading.Thread(target=print, args=('thread',)); t.start(); t.join()\n"
        "asyncio.run(asyncio.sleep(0))\n"
        "random.random(); sqlite3.connect('x.db').execute('create table a (b)')\n"
        "signal.signal(signal.SIGUSR1, lambda *a: print('signal'))\n"
        "signal.raise_signal(signal.SIGUSR1)\n"
        "datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc).isoformat()"
    )

    assert (outcome.stderr, outcome.exit_code) == ("", 0)
    assert outcome.stdout == "thread\nsignal\n"
    assert outcome.value == "'2026-01-01T00:00:00+00:00'"


def test_the_handler_speaks_json() -> None:
    """A program in, an outcome out, files in Base64."""
    event = {
        "code": "open('out', 'wb').write(open('in', 'rb').read()[::-1]); input()",
        "stdin": "hi",
        "files": {"in": b64encode(b"\x00\xff").decode()},
        "timeout_s": 5,
    }
    answer = json.loads(json.dumps(handle(event, None)))

    assert answer["value"] == "'hi'"
    assert b64decode(answer["files"]["out"]) == b"\xff\x00"
    assert answer["protections"][0] == "limits"


@pytest.mark.parametrize(
    "changes",
    [
        {"timeout_s": 0},
        {"timeout_s": 1000},
        {"timeout_s": "x"},
        {"files": {"../up": ""}},
        {"files": {"a": "not base64!"}},
        {"files": []},
        {"code": "x" * 200_001},
    ],
)
def test_an_event_that_is_none_is_refused(changes: dict[str, object]) -> None:
    """Whoever can invoke the function still gets no more than it offers."""
    event = {"code": "1", "stdin": "", "files": {}, "timeout_s": 5, **changes}
    assert "bad request" in handle(event, None)["error"]
    assert "error" in handle({}, None)


@given(st.text(max_size=300))
def test_a_plain_name_stays_in_the_folder(name: str) -> None:
    """Whatever is accepted names a file directly in it."""
    if is_plain(name):
        assert Path("/box", name).parent == Path("/box")
        assert Path("/box", name).name == name


def test_output_has_an_end() -> None:
    """What fits is kept."""
    outcome = _run("while True: print('x' * 1000)", timeout_s=5)

    assert outcome.ended == "output"
    assert len(outcome.stdout) == MAX_OUTPUT_BYTES
    assert outcome.duration_ms < 4000
