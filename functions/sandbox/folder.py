"""The folder of a program: what is put in, and what is taken out when it has ended."""

import contextlib
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

MAX_FILES = 10
MAX_BYTES = 3 * 1024 * 1024
"""Of all files together: Lambda's answers end at 6 MB, and Base64 takes a third more."""
_MAX_SEEN = 2000
_MAX_DEPTH = 8


def place(folder: Path, files: Mapping[str, bytes]) -> None:
    """Puts files into an empty folder.

    Raises:
        ValueError: a name that is no plain file name.
    """
    for name, content in files.items():
        if not is_plain(name):
            raise ValueError(f"not a plain file name: {name[:50]!r}")
        (folder / name).write_bytes(content)


def is_plain(name: str) -> bool:
    """Whether it names a file in the folder itself."""
    unsafe = {"", ".", ".."}
    return name not in unsafe and len(name.encode()) <= 200 and not set(name) & {"/", "\\", "\0"}


def collect(folder: Path, given: Mapping[str, bytes]) -> tuple[dict[str, bytes], int]:
    """The files that are new or changed, and how many more were left behind.

    Links are not followed, so nothing outside the folder comes along.
    """
    found: dict[str, bytes] = {}
    room, left_out = MAX_BYTES, 0
    for path, size in _files(folder):
        name = path.relative_to(folder).as_posix()
        if len(found) == MAX_FILES or size > room:
            unchanged = name in given and size == len(given[name])
            left_out += not unchanged
            continue
        content = _read(path, size)
        if content is None or given.get(name) == content:
            continue
        found[name] = content
        room -= size
    return found, left_out


def open_up(path: Path) -> None:
    """Makes everything below deletable again, whatever a program did to the permissions."""
    with contextlib.suppress(OSError):
        if stat.S_ISDIR(path.lstat().st_mode):
            path.chmod(0o700)
            for inner in path.iterdir():
                open_up(inner)


def _files(folder: Path) -> Iterator[tuple[Path, int]]:
    """Regular files with their sizes, by name."""
    seen = 0
    for where, folders, names in os.walk(folder):
        folders.sort()
        if len(Path(where).relative_to(folder).parts) >= _MAX_DEPTH:
            folders.clear()
        for name in sorted(names):
            seen += 1
            if seen > _MAX_SEEN:
                return
            path = Path(where, name)
            with contextlib.suppress(OSError):
                facts = path.lstat()
                if stat.S_ISREG(facts.st_mode):
                    yield path, facts.st_size


def _read(path: Path, size: int) -> bytes | None:
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
            return file.read(size)
    except OSError:
        return None
