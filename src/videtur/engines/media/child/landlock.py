"""Landlock: this process, and all it starts, gives up the file system and new TCP connections."""

import ctypes
import struct

_CREATE_RULESET, _RESTRICT_SELF = 444, 446  # the same on every architecture
_VERSION_FLAG = 1
_PR_SET_NO_NEW_PRIVS = 38


def version() -> int:
    """Version of Landlock in the running kernel; 0 when there is none."""
    libc = ctypes.CDLL(None, use_errno=True)
    return max(0, libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION_FLAG)))


def _file_rights(abi: int) -> int:
    """Every right over files that this version knows."""
    known = {1: 13, 2: 14, 3: 15, 4: 15}.get(abi, 16)
    return (1 << known) - 1


def forget_file_system() -> bool:
    """Give up every right over files by name. Open files stay open. False when the kernel cannot."""
    abi = version()
    if not abi:
        return False
    attributes = struct.pack("<Q", _file_rights(abi))
    if abi >= 4:
        attributes += struct.pack("<Q", 0b11)  # bind and connect TCP
    if abi >= 6:
        attributes += struct.pack("<Q", 0b11)  # abstract sockets and signals beyond this domain
    libc = ctypes.CDLL(None, use_errno=True)
    ruleset = libc.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint32(0))
    if ruleset < 0:
        return False
    try:
        if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
            return False
        return libc.syscall(_RESTRICT_SELF, ruleset, ctypes.c_uint32(0)) == 0
    finally:
        libc.close(ruleset)
