"""A filter on system calls, as a small BPF program of our own: it needs no library on the machine.

What is not named is refused with EPERM; what only an attack would try ends the process.
"""

import ctypes
import errno
import platform
import struct

_LOAD, _JUMP_EQUAL, _JUMP_GREATER_EQUAL, _JUMP_ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_KILL_PROCESS, _REFUSE, _ALLOW = 0x80000000, 0x00050000, 0x7FFF0000
_NUMBER_AT, _ARCHITECTURE_AT = 0, 4
_CLONE_THREAD, _PROT_EXEC = 0x00010000, 0x4
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _MODE_FILTER = 38, 22, 2

# (x86-64, AArch64); None where the architecture has no such call.
NUMBERS: dict[str, tuple[int | None, int | None]] = {
    "read": (0, 63),
    "write": (1, 64),
    "close": (3, 57),
    "fstat": (5, 80),
    "newfstatat": (262, 79),
    "poll": (7, None),
    "ppoll": (271, 73),
    "lseek": (8, 62),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "brk": (12, 214),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132),
    "ioctl": (16, 29),
    "pread64": (17, 67),
    "pwrite64": (18, 68),
    "readv": (19, 65),
    "writev": (20, 66),
    "sched_yield": (24, 124),
    "sched_getaffinity": (204, 123),
    "dup": (32, 23),
    "fcntl": (72, 25),
    "ftruncate": (77, 46),
    "nanosleep": (35, 101),
    "clock_nanosleep": (230, 115),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "gettimeofday": (96, 169),
    "getpid": (39, 172),
    "gettid": (186, 178),
    "getuid": (102, 174),
    "geteuid": (107, 175),
    "getrusage": (98, 165),
    "times": (100, 153),
    "sysinfo": (99, 179),
    "uname": (63, 160),
    "getrandom": (318, 278),
    "futex": (202, 98),
    "set_robust_list": (273, 99),
    "rseq": (334, 293),
    "membarrier": (324, 283),
    "restart_syscall": (219, 128),
    "exit": (60, 93),
    "exit_group": (231, 94),
    "clone": (56, 220),
    "clone3": (435, 435),
    "recvmsg": (47, 212),
    "sendmsg": (46, 211),
    "sendto": (44, 206),
    "recvfrom": (45, 207),
    "wait4": (61, 260),
    "waitid": (247, 95),
    "kill": (62, 129),
    "pidfd_open": (434, 434),
    "pidfd_send_signal": (424, 424),
    "prctl": (157, 167),
    "seccomp": (317, 277),
    "prlimit64": (302, 261),
    "setrlimit": (160, 164),
    "getrlimit": (97, 163),
    "getppid": (110, 173),
    "set_tid_address": (218, 96),
    "execve": (59, 221),
    "execveat": (322, 281),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "unshare": (272, 97),
    "setns": (308, 268),
    "bpf": (321, 280),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    "open_by_handle_at": (304, 265),
    "move_mount": (429, 429),
    "open_tree": (428, 428),
    "fsopen": (430, 430),
    "reboot": (169, 142),
}

DECODING = (
    "read write close fstat newfstatat poll ppoll lseek mmap mprotect munmap brk mremap madvise "
    "rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack ioctl pread64 pwrite64 readv writev "
    "sched_yield sched_getaffinity dup fcntl ftruncate nanosleep clock_nanosleep clock_gettime "
    "clock_getres gettimeofday getpid gettid getuid geteuid getrusage times sysinfo uname getrandom "
    "futex set_robust_list rseq membarrier restart_syscall exit exit_group clone"
).split()
"""All a decoder needs once its input is open."""

FORKING = (
    "recvmsg sendmsg sendto recvfrom wait4 waitid kill pidfd_open pidfd_send_signal prctl seccomp "
    "prlimit64 setrlimit getrlimit getppid set_tid_address"
).split()
"""What the process that starts the decoders needs besides."""

FATAL = (
    "execve execveat ptrace process_vm_readv process_vm_writev mount umount2 pivot_root chroot unshare "
    "setns bpf io_uring_setup io_uring_enter io_uring_register keyctl add_key request_key "
    "perf_event_open userfaultfd init_module finit_module delete_module kexec_load open_by_handle_at "
    "move_mount open_tree fsopen reboot"
).split()
"""No decoder ever asks for these."""

_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("<HBBI", code, if_true, if_false, value)


def _argument_at(index: int) -> int:
    return 16 + 8 * index  # the lower half; both architectures are little endian


def program(allowed: list[str], *, may_fork: bool) -> bytes | None:
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
