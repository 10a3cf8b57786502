"""What writes a film in the child: the descriptor as a file, and pictures turned upright for the encoder."""

import os
from fractions import Fraction

from av.filter import Graph
from av.video.format import VideoFormat

from videtur.engines.media.child.opening import Orientation


class Spool:
    """A descriptor as the file object that PyAV writes to; a second one reads what the first wrote."""

    name = "film.mp4"

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._at = 0

    def write(self, data: bytes) -> int:
        """Write all of it where we are."""
        done = 0
        while done < len(data):
            done += os.pwrite(self._descriptor, data[done:], self._at + done)
        self._at += done
        return done

    def read(self, size: int) -> bytes:
        """At most so many bytes from where we are."""
        data = os.pread(self._descriptor, size, self._at)
        self._at += len(data)
        return data

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place; SEEK_END counts from the end."""
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at}.get(whence)
        self._at = offset + (os.fstat(self._descriptor).st_size if start is None else start)
        return self._at

    def tell(self) -> int:
        """Where we are."""
        return self._at

    def seekable(self) -> bool:
        """It is a file."""
        return True

    def readable(self) -> bool:
        """What was written can be read back."""
        return True

    def writable(self) -> bool:
        """It is ours to write."""
        return True

    def close(self) -> None:
        """The descriptor belongs to the process."""


def turning(turn: Orientation, size: tuple[int, int], base: Fraction) -> Graph:
    """Turns pictures in yuv420p of this size upright: push one, pull one."""
    graph = Graph()
    last = graph.add_buffer(width=size[0], height=size[1], format=VideoFormat("yuv420p"), time_base=base)
    names = [("transpose", "cclock_flip")] if turn.exchange else []
    names += [("hflip", None)] if turn.flip_x else []
    names += [("vflip", None)] if turn.flip_y else []
    for name, arguments in [*names, ("buffersink", None)]:
        step = graph.add(name, arguments) if arguments else graph.add(name)
        last.link_to(step)
        last = step
    graph.configure()
    return graph
