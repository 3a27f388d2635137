"""Confines a process to some folders, where the kernel has Landlock (Linux 5.13 and later).

On Lambda (5.10) it has not, and need not: nothing lies there but Python and this package.

Source: the kernel's userspace-api/landlock.rst and linux/landlock.h.
"""

import contextlib
import ctypes
import os
import struct
from collections.abc import Iterable

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION_FLAG, _PATH_BENEATH = 1, 1
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_ALL_V1, _REFER, _TRUNCATE = (1 << 13) - 1, 1 << 13, 1 << 14
_PR_SET_NO_NEW_PRIVS = 38


def restrict_files(readable: Iterable[str], writable: Iterable[str]) -> bool:
    """Leaves this process only these files and folders, for good.

    Args:
        readable: what may be read.
        writable: what may be changed too.

    Returns:
        False if the kernel has no Landlock: nothing is restricted.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(_CREATE, None, 0, _VERSION_FLAG)
    if version < 1:
        return False
    handled = _ALL_V1 | (_REFER if version >= 2 else 0) | (_TRUNCATE if version >= 3 else 0)
    attributes = struct.pack("Q", handled)
    ruleset = libc.syscall(_CREATE, attributes, len(attributes), 0)
    if ruleset < 0:
        return False
    try:
        for path in readable:
            _allow(libc, ruleset, path, _EXECUTE | _READ_FILE | _READ_DIR)
        for path in writable:
            _allow(libc, ruleset, path, handled)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        return bool(libc.syscall(_RESTRICT, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


def _allow(libc: ctypes.CDLL, ruleset: int, path: str, access: int) -> None:
    """One rule; what does not exist needs none."""
    with contextlib.suppress(OSError):
        beneath = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            if not os.path.isdir(path):
                access &= _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE
            rule = struct.pack("=Qi", access, beneath)
            libc.syscall(_ADD, ruleset, _PATH_BENEATH, rule, 0)
        finally:
            os.close(beneath)
