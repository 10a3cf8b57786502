"""One file in one sandboxed child, as its parent sees it."""

import json
import os
import select
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from videtur.engines.media.child import wire
from videtur.engines.media.limits import Limits

PIPE_BYTES = 1 << 20
_END_SECONDS = 30
_SIGNALS = {
    4: "an illegal instruction (SIGILL)",
    6: "its own alarm (SIGABRT)",
    7: "a bus error (SIGBUS)",
    8: "an arithmetic error (SIGFPE)",
    9: "SIGKILL",
    11: "a memory fault (SIGSEGV)",
    24: "the limit on CPU time (SIGXCPU)",
    25: "the limit on output size (SIGXFSZ)",
    31: "a forbidden system call (SIGSYS)",
}


@dataclass(frozen=True, slots=True)
class Ending:
    """How a child ended."""

    exit: int
    peak_kib: int = 0
    cpu_ms: int = 0

    @property
    def sound(self) -> bool:
        """The child ended by itself, its work done."""
        return self.exit == 0

    @property
    def reason(self) -> str:
        """In words, for a report of damage."""
        if self.exit < 0:
            return f"the decoder was ended by {_SIGNALS.get(-self.exit, f'signal {-self.exit}')}"
        if self.exit == 72:
            return "the decoder ran out of the memory it may use"
        return f"the decoder failed (status {self.exit})"


class Stalled(Exception):
    """The child said nothing for longer than the limit."""


class Job:
    """One file in one child: its messages, then its ending. Closing it ends the child."""

    def __init__(self, data: int, status: socket.socket, limits: Limits) -> None:
        self._data = data
        self._status = status
        self._stall_ms = limits.stall_seconds * 1000
        self._poll = select.poll()
        self._poll.register(data, select.POLLIN)
        self._buffer = b""
        self._at = 0
        self._finished = False
        self._ending: Ending | None = None

    def _read(self, size: int) -> memoryview | None:
        """The next `size` bytes; None when the child has closed its end."""
        while len(self._buffer) - self._at < size:
            if not self._poll.poll(self._stall_ms):
                raise Stalled
            chunk = os.read(self._data, max(PIPE_BYTES, min(size, wire.LARGEST)))
            if not chunk:
                self._finished = True
                return None
            self._buffer = self._buffer[self._at :] + chunk if self._at < len(self._buffer) else chunk
            self._at = 0
        view = memoryview(self._buffer)[self._at : self._at + size]
        self._at += size
        return view

    def messages(self) -> Iterator[tuple[bytes, memoryview]]:
        """Each message as (kind, payload), until the child is done or gone."""
        while (header := self._read(wire.HEADER.size)) is not None:
            kind, size = wire.HEADER.unpack(header)
            if size > wire.LARGEST:
                return
            payload = self._read(size)
            if payload is None:
                return
            if kind != wire.ALIVE:
                yield kind, payload

    def facts(self) -> Iterator[tuple[str, dict[str, object], bytes]]:
        """For tasks that answer in few messages: (name, facts, b"") or ("bytes", {}, payload)."""
        for kind, payload in self.messages():
            if kind == wire.FACTS:
                values = read_facts(payload)
                yield str(values.pop("is", "")), values, b""
            elif kind == wire.BYTES:
                yield "bytes", {}, bytes(payload)

    def ending(self) -> Ending:
        """Wait for the child to be gone, and tell how."""
        if self._ending is None:
            self._status.settimeout(_END_SECONDS)
            try:
                report = self._status.recv(4096)
            except OSError:
                report = b""
            self._ending = Ending(**json.loads(report)) if report else Ending(-9)
        return self._ending

    def close(self) -> Ending | None:
        """Hang up. A child still at work is killed by the helper process; its ending stays unknown."""
        ending = self.ending() if self._finished else None
        self._status.close()
        os.close(self._data)
        return ending


def read_facts(payload: memoryview) -> dict[str, object]:
    """The facts of one message. What comes from a child is never trusted to be well formed."""
    try:
        values = json.loads(bytes(payload))
    except ValueError:
        return {}
    return cast("dict[str, object]", values) if isinstance(values, dict) else {}


def plain(text: object, most: int = 300) -> str:
    """Words from a child on one line, without anything that changes how a line is shown."""
    return "".join(each if each.isprintable() else " " for each in str(text)[:most]).strip()
