"""infra/strip_symbols.py: what goes off a wheel's libraries before they ship."""

import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import nacl
import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "infra" / "strip_symbols.py"
STRIPPED = runpy.run_path(str(SCRIPT))["stripped"]
PYNACL = Path(nacl.__file__).parent


@pytest.mark.skipif(sys.platform != "linux", reason="the wheels here hold no ELF library")
def test_a_stripped_library_is_much_smaller_and_still_works(tmp_path: Path) -> None:
    """PyNaCl loads from a stripped copy in a fresh process and verifies as before."""
    copy = tmp_path / "nacl"
    shutil.copytree(PYNACL, copy, ignore=shutil.ignore_patterns("__pycache__"))
    (before,) = (path.stat().st_size for path in copy.glob("_sodium*.so"))
    script = (
        "import nacl; from nacl.signing import SigningKey; key = SigningKey(b'k' * 32)\n"
        "print(nacl.__file__, key.verify_key.verify(key.sign(b'hello')))"
    )

    subprocess.run([sys.executable, SCRIPT, tmp_path], check=True)

    (after,) = (path.stat().st_size for path in copy.glob("_sodium*.so"))
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert after < before
    assert done.stdout.split() == [str(copy / "__init__.py"), "b'hello'"]


def test_stripping_twice_changes_nothing_more() -> None:
    """What is left names no sections, and all of it is segments."""
    (library,) = PYNACL.glob("_sodium*.so")
    once = STRIPPED(library.read_bytes())

    assert STRIPPED(once) == once


@pytest.mark.parametrize("content", [b"", b"text", b"\x7fELF\x01\x01 of 32 bits"])
def test_what_is_no_64_bit_library_stays_as_it_is(content: bytes) -> None:
    """A file that is only named like a library is left alone."""
    assert STRIPPED(content) == content
