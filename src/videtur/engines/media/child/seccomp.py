"""A filter on system calls, as a small BPF program of our own: it needs no library on the machine.

What is not named is refused with EPERM; what only an attack would try ends the process.
"""

import ctypes
import errno
import platform
import struct
from collections.abc import Sequence

from videtur.engines.media.child.syscalls import FATAL, NUMBERS

_LOAD, _JUMP_EQUAL, _JUMP_GREATER_EQUAL, _JUMP_ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_KILL_PROCESS, _REFUSE, _ALLOW = 0x80000000, 0x00050000, 0x7FFF0000
_NUMBER_AT, _ARCHITECTURE_AT = 0, 4
_CLONE_THREAD, _PROT_EXEC = 0x00010000, 0x4
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _MODE_FILTER = 38, 22, 2

_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("<HBBI", code, if_true, if_false, value)


def _argument_at(index: int) -> int:
    return 16 + 8 * index  # the lower half; both architectures are little endian


def program(allowed: Sequence[str], *, may_fork: bool) -> bytes | None:
    """The BPF program that lets only `allowed` through; None on an architecture we do not know."""
    known = _ARCHITECTURES.get(platform.machine())
    if known is None:
        return None
    column, audit = known

    def number(name: str) -> int | None:
        return NUMBERS[name][column]

    steps = [
        _step(_LOAD, _ARCHITECTURE_AT),
        _step(_JUMP_EQUAL, audit, 1, 0),
        _step(_RETURN, _KILL_PROCESS),
        _step(_LOAD, _NUMBER_AT),
    ]
    if column == 0:  # the x32 numbers of x86-64 would slip past a list of numbers
        steps += [_step(_JUMP_GREATER_EQUAL, 0x40000000, 0, 1), _step(_RETURN, _KILL_PROCESS)]
    conditional: list[tuple[str, int, int, bool]] = [
        ("mmap", 2, _PROT_EXEC, False),
        ("mprotect", 2, _PROT_EXEC, False),
    ]
    if not may_fork:
        conditional.append(("clone", 0, _CLONE_THREAD, True))
    for name, argument, bit, wanted in conditional:
        verdicts = (_ALLOW, _REFUSE | errno.EPERM) if wanted else (_REFUSE | errno.EPERM, _ALLOW)
        steps += [
            _step(_JUMP_EQUAL, number(name) or 0, 0, 4),
            _step(_LOAD, _argument_at(argument)),
            _step(_JUMP_ANY_BIT, bit, 0, 1),
            _step(_RETURN, verdicts[0]),
            _step(_RETURN, verdicts[1]),
        ]
    # The C library falls back to clone, whose flags a filter can see, only on ENOSYS.
    steps += [_step(_JUMP_EQUAL, number("clone3") or 0, 0, 1), _step(_RETURN, _REFUSE | errno.ENOSYS)]
    special = {name for name, *_ in conditional}
    for names, verdict in ((allowed, _ALLOW), (FATAL, _KILL_PROCESS)):
        for name in names:
            call = number(name)
            if call is not None and name not in special:
                steps += [_step(_JUMP_EQUAL, call, 0, 1), _step(_RETURN, verdict)]
    steps.append(_step(_RETURN, _REFUSE | errno.EPERM))
    return b"".join(steps)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_void_p))


def install(steps: bytes | None) -> bool:
    """Put the program in force for this process and its children. False when the kernel will not."""
    if steps is None:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    held = ctypes.create_string_buffer(steps, len(steps))
    filter_ = _Program(len(steps) // 8, ctypes.cast(held, ctypes.c_void_p))
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(filter_), 0, 0) == 0
