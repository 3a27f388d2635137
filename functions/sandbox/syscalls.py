"""A seccomp filter: what a confined process may not ask of the kernel, for good.

No sockets, so neither a network nor Lambda's runtime API on loopback; no new processes, so neither
fork bombs nor escapes from the time limit; no signals to and no looking into others; nothing that
only administrators need. Threads and everything about files stay, which other limits bound.

Sources: linux/seccomp.h, linux/filter.h, linux/audit.h, the kernel's syscall tables for x86_64
(arch/x86/entry/syscalls/syscall_64.tbl) and arm64 (include/uapi/asm-generic/unistd.h).
"""

import ctypes
import os
import platform
import struct
from collections.abc import Mapping
from typing import NamedTuple

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _MODE_FILTER = 38, 22, 2
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_EPERM, _ENOSYS = 1, 38
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_CLONE_THREAD = 0x10000
_X32 = 0x40000000
_FCNTL_SIGNALS = (8, 10, 15)
"""F_SETOWN, F_SETSIG, F_SETOWN_EX: they make the kernel send signals to others."""
_IOCTLS = (0x8901, 0x8902, 0x5412)
"""FIOSETOWN, SIOCSPGRP, and TIOCSTI, which types into a terminal."""


class Architecture(NamedTuple):
    """A processor's numbers."""

    audit: int
    forbidden: tuple[int, ...]
    self_only: tuple[int, ...]
    """Their first argument is a process: allowed with one's own id."""
    clone: int
    prlimit: int
    fcntl: int
    ioctl: int


_COMMON = (424, 425, 426, 427, 434, 438, 440, 448)
"""pidfd_send_signal, io_uring_*, pidfd_open, pidfd_getfd, process_madvise, process_mrelease."""
_CLONE3 = 435

ARCHITECTURES: Mapping[str, Architecture] = {
    "x86_64": Architecture(
        audit=0xC000003E,
        forbidden=(
            *(41, 57, 58, 59, 322),  # socket, fork, vfork, execve, execveat
            *(101, 310, 311, 312, 200, 129, 297),  # ptrace, process_vm_*, kcmp, tkill, sigqueue
            *(165, 166, 155, 161, 272, 308, 304),  # mounts, chroot, unshare, setns, handles
            *(321, 298, 323, 246, 320, 175, 313, 248, 249, 250),  # bpf, perf, kexec, modules, keys
            *(141, 142, 144, 203, 314, 251, 256, 279),  # others' priorities, processors, memory
            *_COMMON,
        ),
        self_only=(62, 234),  # kill, tgkill
        clone=56,
        prlimit=302,
        fcntl=72,
        ioctl=16,
    ),
    "aarch64": Architecture(
        audit=0xC00000B7,
        forbidden=(
            *(198, 221, 281),
            *(117, 270, 271, 272, 130, 138, 240),
            *(40, 39, 41, 51, 97, 268, 265),
            *(280, 241, 282, 104, 294, 105, 273, 217, 218, 219),
            *(140, 118, 119, 122, 274, 30, 238, 239),
            *_COMMON,
        ),
        self_only=(129, 131),
        clone=220,
        prlimit=261,
        fcntl=25,
        ioctl=29,
    ),
}


class NotConfined(Exception):
    """The kernel does not take the filter: nothing may run."""


def confine() -> None:
    """Installs the filter for this process; nothing can take it off again.

    Raises:
        NotConfined: another processor, or a kernel without seccomp.
    """
    known = ARCHITECTURES.get(platform.machine())
    if known is None:
        raise NotConfined(f"no filter for {platform.machine()}")
    code = program(known, os.getpid())
    libc = ctypes.CDLL(None, use_errno=True)
    instructions = ctypes.create_string_buffer(code, len(code))
    length = len(code) // 8
    packed = struct.pack("HxxxxxxP", length, ctypes.addressof(instructions))
    header = ctypes.create_string_buffer(packed, len(packed))
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise NotConfined(os.strerror(ctypes.get_errno()))
    if libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, header, 0, 0):
        raise NotConfined(os.strerror(ctypes.get_errno()))


def program(known: Architecture, pid: int) -> bytes:
    """The filter as BPF code for a process of that id."""
    lines = [
        _load(4),
        _jump(_EQUAL, known.audit, 1, 0),
        _end(_KILL),
        _load(0),
        _jump(_AT_LEAST, _X32, 0, 1),
        _end(_ERRNO | _EPERM),
        *_refused(_CLONE3, _ENOSYS),  # glibc then uses clone, whose flags can be read
    ]
    for number in known.forbidden:
        lines += _refused(number, _EPERM)
    for number in known.self_only:
        lines += _when(number, [_argument(0), _jump(_EQUAL, pid, 1, 0), _end(_ERRNO | _EPERM)])
    lines += _when(
        known.clone, [_argument(0), _jump(_ANY_BIT, _CLONE_THREAD, 1, 0), _end(_ERRNO | _EPERM)]
    )
    lines += _when(known.prlimit, [_argument(0), _jump(_EQUAL, 0, 1, 0), _end(_ERRNO | _EPERM)])
    for number, values in ((known.fcntl, _FCNTL_SIGNALS), (known.ioctl, _IOCTLS)):
        checks = [_argument(1)]
        for value in values:
            checks += [_jump(_EQUAL, value, 0, 1), _end(_ERRNO | _EPERM)]
        lines += _when(number, checks)
    return b"".join([*lines, _end(_ALLOW)])


def _line(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("HBBI", code, yes, no, value)


def _load(offset: int) -> bytes:
    """Loads 32 bits of struct seccomp_data: the number is at 0, the architecture at 4."""
    return _line(_LOAD, offset)


def _argument(index: int) -> bytes:
    """Loads the low half of an argument: all of an int; both processors are little-endian."""
    return _load(16 + 8 * index)


def _jump(how: int, value: int, yes: int, no: int) -> bytes:
    return _line(how, value, yes, no)


def _end(verdict: int) -> bytes:
    return _line(_RETURN, verdict)


def _refused(number: int, error: int) -> list[bytes]:
    return [_jump(_EQUAL, number, 0, 1), _end(_ERRNO | error)]


def _when(number: int, checks: list[bytes]) -> list[bytes]:
    """Checks for one call; what passes them is allowed."""
    return [_jump(_EQUAL, number, 0, len(checks) + 1), *checks, _end(_ALLOW)]
