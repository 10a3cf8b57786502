"""A small browser-playable copy, in the child: H.264 and AAC in MP4, index in front."""

from __future__ import annotations  # PyAV's Packet takes its parameter in stubs only

from fractions import Fraction
from typing import TYPE_CHECKING, cast

import av
import av.logging
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame
from av.error import FFmpegError
from av.stream import Stream
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter
from av.video.stream import VideoStream

from videtur.engines.media.child.first_pass import Damages, packets, picture_clock
from videtur.engines.media.child.opening import (
    Orientation,
    Refusal,
    find_picture,
    find_sound,
    fit,
    open_input,
    orientation,
    prepare_picture,
    shown_size,
)
from videtur.engines.media.child.output import Spool, turning
from videtur.engines.media.child.sound import SoundTrack
from videtur.engines.media.child.wire import ALIVE, Writer
from videtur.engines.media.limits import Limits

if TYPE_CHECKING:
    from av.container import InputContainer, OutputContainer
    from av.packet import Packet

_SIDE = 480
_SOUND_RATE = 44_100
_WAIT_FOR_THE_OTHER = 200
_PACKETS_PER_SIGN_OF_LIFE = 64


class _Turner:
    """Scales frames to the preview's size and turns them upright."""

    def __init__(self, frame: VideoFrame, stream: VideoStream, base: Fraction) -> None:
        width, height = fit(shown_size(frame, stream), _SIDE)
        self._size = (max(2, width // 2 * 2), max(2, height // 2 * 2))
        self._scaler = VideoReformatter()
        turn = orientation(frame)
        self.size = (self._size[1], self._size[0]) if turn.exchange else self._size
        self._graph = turning(turn, self._size, base) if turn != Orientation() else None

    def small(self, frame: VideoFrame, time: int, base: Fraction) -> VideoFrame:
        small = self._scaler.reformat(
            frame, *self._size, "yuv420p", interpolation=Interpolation.AREA, threads=1
        )
        small.pts, small.time_base = time, base
        if self._graph is not None:
            self._graph.push(small)
            small = cast("VideoFrame", self._graph.pull())
            small.pts, small.time_base = time, base
        small.pict_type = 0  # the encoder chooses its own key frames
        return small


class _Preview:
    def __init__(self, container: InputContainer, target: int, limits: Limits, out: Writer) -> None:
        self._container = container
        self._target = target
        self._out = out
        self._picture, sound = find_picture(container), find_sound(container)
        self._streams: list[Stream] = [stream for stream in (self._picture, sound) if stream is not None]
        if not self._streams:
            raise Refusal("There is neither picture nor sound in the file")
        self._base = Fraction(1, _SOUND_RATE)
        if self._picture is not None:
            prepare_picture(self._picture, limits)
            self._clock = picture_clock(container, self._picture)
            self._base = self._picture.time_base or Fraction(1, 1000)
        if sound is not None:
            sound.codec_context.thread_count = 1
            self._track = SoundTrack(sound.time_base or self._base, self._hear, _SOUND_RATE)
        self._limits = limits
        self._turner: _Turner | None = None
        self._waiting: list[VideoFrame | tuple[int, bytes]] | None = []
        self._first_picture: int | None = None
        self._first_sound: int | None = None
        self._offset = 0
        self._output: OutputContainer | None = None
        self._coders: dict[str, tuple[Stream, VideoCodecContext | AudioCodecContext]] = {}

    def run(self) -> None:
        for number, packet in enumerate(packets(self._container, self._streams, Damages(None))):
            self._decode(packet.stream, packet)
            if self._waiting is not None and (self._complete() or number > _WAIT_FOR_THE_OTHER):
                self._begin()
            if number % _PACKETS_PER_SIGN_OF_LIFE == 0:
                self._out.send(ALIVE)
                self._out.flush()
        for stream in self._streams:
            self._decode(stream, None)
        if any(not isinstance(stream, VideoStream) for stream in self._streams):
            self._track.finish()
        if self._waiting is not None:
            self._begin()
        self._end()

    def _complete(self) -> bool:
        firsts = (
            self._first_picture if isinstance(stream, VideoStream) else self._first_sound
            for stream in self._streams
        )
        return all(first is not None for first in firsts)

    def _decode(self, stream: Stream, packet: Packet[Stream] | None) -> None:
        is_picture = isinstance(stream, VideoStream)
        if is_picture and packet is not None and not packet.is_discard:
            self._clock.packet(packet.pts, packet.dts)
        try:
            frames = stream.codec_context.decode(packet)  # type: ignore[attr-defined]
        except (FFmpegError, EOFError, ValueError, MemoryError):
            return  # the first pass has told of it
        for frame in cast("list[object]", frames):
            if isinstance(frame, VideoFrame):
                self._see(frame, stream)
            elif isinstance(frame, AudioFrame):
                self._track.add(frame)

    def _see(self, frame: VideoFrame, stream: Stream) -> None:
        time, _ = self._clock.stamp(frame.pts)
        if time is None:
            return
        if self._turner is None:
            self._turner = _Turner(frame, cast("VideoStream", stream), self._base)
            self._first_picture = time
        self._give(self._turner.small(frame, time, self._base))

    def _hear(self, at: int, samples: bytearray) -> None:
        self._first_sound = at if self._first_sound is None else self._first_sound
        self._give((at, bytes(samples)))

    def _give(self, piece: VideoFrame | tuple[int, bytes]) -> None:
        if self._waiting is not None:
            self._waiting.append(piece)
        elif isinstance(piece, VideoFrame):
            self._write_picture(piece)
        else:
            self._write_sound(*piece)

    def _begin(self) -> None:
        """The first time of the file is known: open the output and let through what waited."""
        waiting, self._waiting = self._waiting or [], None
        firsts: list[Fraction] = []
        if self._first_picture is not None:
            firsts.append(self._first_picture * self._base)
        if self._first_sound is not None:
            firsts.append(Fraction(self._first_sound, _SOUND_RATE))
        if not firsts:
            raise Refusal("Nothing in the file could be decoded")
        if self._first_picture is None:
            self._base = Fraction(1, _SOUND_RATE)
        self._offset = int(min(firsts) // self._base)
        self._output = av.open(
            Spool(self._target),
            "w",
            format="mp4",
            options={"movflags": "+faststart"},
            io_open=self._open_again,
        )
        if self._turner is not None:
            self._add_picture(self._output, self._turner.size)
        if any(not isinstance(stream, VideoStream) for stream in self._streams):
            stream = self._output.add_stream("aac", _SOUND_RATE)
            stream.codec_context.layout = "mono"
            stream.codec_context.bit_rate = 64_000
            self._coders["sound"] = (stream, stream.codec_context)
        for piece in waiting:
            self._give(piece)

    def _open_again(self, _name: str, _flags: int, _options: dict[str, str]) -> Spool:
        """The muxer reads back what it wrote, to bring the index to the front."""
        return Spool(self._target)

    def _add_picture(self, output: OutputContainer, size: tuple[int, int]) -> None:
        assert self._picture is not None  # noqa: S101 -- frames came from it
        rate = self._picture.average_rate or Fraction(25)
        options = {"preset": "superfast", "crf": "27", "bf": "0", "g": "30", "threads": "1"}
        stream = output.add_stream("libx264", rate.limit_denominator(1001), options)
        context = stream.codec_context
        context.width, context.height, context.pix_fmt = *size, "yuv420p"
        context.thread_count = 1
        context.time_base = self._base
        stream.time_base = self._base
        self._coders["picture"] = (stream, context)

    def _write_picture(self, frame: VideoFrame) -> None:
        frame.pts = (frame.pts or 0) - self._offset
        if frame.pts >= 0:
            self._encode("picture", frame)

    def _write_sound(self, at: int, samples: bytes) -> None:
        at -= round(self._offset * self._base * _SOUND_RATE)
        if at < 0:
            samples, at = samples[-2 * at :], 0
        if not samples:
            return
        frame = AudioFrame("s16", "mono", len(samples) // 2)
        frame.planes[0].update(samples + bytes(frame.planes[0].buffer_size - len(samples)))
        frame.sample_rate, frame.time_base, frame.pts = _SOUND_RATE, Fraction(1, _SOUND_RATE), at
        self._encode("sound", frame)

    def _encode(self, kind: str, frame: VideoFrame | AudioFrame | None) -> None:
        if kind not in self._coders or self._output is None:
            return
        stream, context = self._coders[kind]
        for packet in context.encode(frame):  # type: ignore[arg-type]
            packet.stream = stream
            self._output.mux(packet)

    def _end(self) -> None:
        for kind in self._coders:
            self._encode(kind, None)
        if self._output is not None:
            self._output.close()
        size = self._turner.size if self._turner else (None, None)
        self._out.facts(
            "result",
            {
                "offset": self._offset,
                "time_base": [self._base.numerator, self._base.denominator],
                "width": size[0],
                "height": size[1],
                "has_sound": self._first_sound is not None,
            },
        )


def run(source: int, target: int | None, __: dict[str, object], limits: Limits, out: Writer) -> None:
    """The task of the child."""
    if target is None:
        raise Refusal("There is nowhere to write the preview to")
    av.logging.set_level(None)
    with open_input(source, limits) as container:
        _Preview(container, target, limits, out).run()
