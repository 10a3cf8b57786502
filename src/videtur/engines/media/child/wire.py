"""The one-way stream of messages from a sandboxed child to its parent."""

import json
import os
import struct
from collections.abc import Mapping

HEADER = struct.Struct("<cI")
IMAGE = struct.Struct("<qIII")
"""pts, width, height, bytes a row; the rows follow."""
SOUND = struct.Struct("<q")
"""pts of the first sample; int16 samples follow."""

FACTS = b"F"
"""JSON: a stream announced, damage, the end, a result."""
ANALYSIS = b"A"
PROXY = b"P"
SAMPLES = b"S"
TIMES = b"T"
BYTES = b"B"
"""Raw bytes of a result, such as the rows of a still."""
ALIVE = b"."
"""Nothing new, but work goes on."""

LARGEST = 1 << 30
"""No honest message is larger; a child that claims one has been taken over."""
_ENOUGH = 1 << 16


class Writer:
    """Collects small messages and writes them together: fewer switches between the processes."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._pending = bytearray()

    def send(self, kind: bytes, *parts: bytes | bytearray | memoryview) -> None:
        """Queue one message; it leaves when enough has come together, or at `flush`."""
        pending = self._pending
        pending += HEADER.pack(kind, sum(len(part) for part in parts))
        for part in parts:
            pending += part
        if len(pending) >= _ENOUGH:
            self.flush()

    def facts(self, name: str, values: Mapping[str, object]) -> None:
        """Queue a message of plain facts."""
        self.send(FACTS, json.dumps({"is": name, **values}).encode())

    def flush(self) -> None:
        """Write all that is queued; blocks while the parent has not read enough."""
        view = memoryview(self._pending)
        while view:
            view = view[os.write(self._descriptor, view) :]
        view.release()
        self._pending = bytearray()
