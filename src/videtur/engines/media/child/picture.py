"""One exact frame, in the child."""

from __future__ import annotations  # PyAV's Packet takes its parameter in stubs only

import os
from collections.abc import Iterator
from fractions import Fraction
from itertools import chain

import av.logging
from av.container import InputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter
from av.video.stream import VideoStream

from videtur.engines.media.child.first_pass import Damages, packets, picture_clock
from videtur.engines.media.child.opening import (
    Refusal,
    find_picture,
    open_input,
    orientation,
    prepare_picture,
    shown_size,
)
from videtur.engines.media.child.wire import ALIVE, BYTES, Writer
from videtur.engines.media.limits import Limits

# Containers whose own index leads to a time. In all others times may repeat or jump, so we count from the
# start, as the first pass did.
_INDEXED = ("mov", "matroska")
_PACKETS_PER_SIGN_OF_LIFE = 256


def stamped(
    container: InputContainer, stream: VideoStream, out: Writer
) -> Iterator[tuple[VideoFrame, int, bool]]:
    """(frame, time, timed by itself) from where the container stands, as the first pass times them.

    What is damaged is passed over: the first pass has told of it.
    """
    clock = picture_clock(container, stream)
    silent = Damages(None)
    for number, packet in enumerate(chain(packets(container, [stream], silent), (None,))):
        if number % _PACKETS_PER_SIGN_OF_LIFE == 0:
            out.send(ALIVE)
            out.flush()
        if packet is not None and not packet.is_discard:
            clock.packet(packet.pts, packet.dts)
        try:
            decoded = stream.codec_context.decode(packet)
        except (FFmpegError, EOFError, MemoryError):
            continue
        for frame in decoded:
            time, wrong = clock.stamp(frame.pts)
            if time is not None:
                yield frame, time, frame.pts is not None and wrong is None


def _by_index(
    container: InputContainer, stream: VideoStream, wanted: Fraction, out: Writer
) -> VideoFrame | None:
    """The frame shown at `wanted`, reached by the index; None when that is not certain."""
    base = stream.time_base
    if base is None or not container.format.name.startswith(_INDEXED):
        return None
    try:
        container.seek(int(wanted // base), stream=stream, backward=True)
    except FFmpegError:
        return None
    best: VideoFrame | None = None
    for frame, time, own in stamped(container, stream, out):
        if not own:
            return None
        if best is None and not frame.key_frame:
            continue  # ahead of the first key frame a frame may lack what it refers to
        if time * base > wanted:
            return best
        best = frame
    return best


def _from_start(container: InputContainer, stream: VideoStream, wanted: Fraction, out: Writer) -> VideoFrame:
    base = stream.time_base or Fraction(1, 1000)
    best: VideoFrame | None = None
    for frame, time, _ in stamped(container, stream, out):
        if best is not None and time * base > wanted:
            break
        best = frame
    if best is None:
        raise Refusal("No picture of the file can be decoded")
    return best


def run(source: int, _: int | None, arguments: dict[str, object], limits: Limits, out: Writer) -> None:
    """The task of the child."""
    wanted = Fraction(str(arguments["instant"]))
    av.logging.set_level(None)
    frame: VideoFrame | None = None
    for method in (_by_index, _from_start):
        os.lseek(source, 0, os.SEEK_SET)
        with open_input(source, limits) as container:
            stream = find_picture(container)
            if stream is None:
                raise Refusal("There is no picture in the file")
            prepare_picture(stream, limits)
            frame = method(container, stream, wanted, out)
            if frame is not None:
                _send(frame, stream, out)
                return


def _send(frame: VideoFrame, stream: VideoStream, out: Writer) -> None:
    width, height = shown_size(frame, stream)
    exact = Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT
    picture = VideoReformatter().reformat(frame, width, height, "rgb24", interpolation=exact, threads=1)
    plane = picture.planes[0]
    out.send(BYTES, memoryview(plane)[: plane.line_size * height])
    out.facts(
        "result",
        {
            "pts": frame.pts,
            "width": width,
            "height": height,
            "row": plane.line_size,
            "orientation": orientation(frame).as_list(),
        },
    )
