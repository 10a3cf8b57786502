"""A masked copy, in the child: one decode, upright, masked, encoded; nothing else of the file goes along."""

from __future__ import annotations  # PyAV's Packet takes its parameter in stubs only

import os
from fractions import Fraction
from typing import cast

import av
import av.logging
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.bitstream import BitStreamFilterContext
from av.error import FFmpegError
from av.filter import Graph
from av.packet import Packet
from av.stream import Stream
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Interpolation, VideoReformatter

from videtur.engines.media.child.first_pass import Pass, PictureTrack
from videtur.engines.media.child.masks import Painter, Schedule, even_copy
from videtur.engines.media.child.opening import Orientation, Refusal, open_input, orientation, shown_size
from videtur.engines.media.child.output import Spool, turning
from videtur.engines.media.child.wire import Writer
from videtur.engines.media.limits import Limits

_BIT_EXACT = 1 << 23
"""AV_CODEC_FLAG_BITEXACT: the encoder leaves its name and version out."""
_NO_USER_DATA = "filter_units=remove_types=6"
"""SEI units: x264 writes its name and every setting into one."""
_SOUND_BLOCK = 1024
_FINEST_NEEDED = 10_000
"""Ticks a second, at least: players expect no fewer."""
_FRAMES_PER_SIGN_OF_LIFE = 8
_EXACT = Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT


class _Sound:
    """Mono sound that the parent made, as int16 in a file: read in step with the picture."""

    def __init__(self, descriptor: int, told: dict[str, int], offset: Fraction) -> None:
        self.rate = told["rate"]
        self._descriptor = descriptor
        self._at = told["at"]
        self._samples = told["samples"]
        self._done = 0
        # A sample ahead of the time that became zero, by rounding, is left out.
        self._start = told["start"] - round(offset * self.rate)
        if self._start < 0:
            self._done, self._start = -self._start, 0

    @property
    def time(self) -> Fraction:
        """Seconds of the copy at which the next block stands."""
        return Fraction(self._start + self._done, self.rate)

    def block(self) -> AudioFrame | None:
        """The next samples; None at the end."""
        count = min(_SOUND_BLOCK, self._samples - self._done)
        if count <= 0:
            return None
        data = os.pread(self._descriptor, 2 * count, self._at + 2 * self._done)
        if len(data) != 2 * count:
            raise ValueError("the sound for the copy is cut off")
        frame = AudioFrame("s16", "mono", count)
        frame.planes[0].update(data + bytes(frame.planes[0].buffer_size - len(data)))
        frame.sample_rate, frame.time_base = self.rate, Fraction(1, self.rate)
        frame.pts = self._start + self._done
        self._done += count
        return frame


def _packets(stream: Stream, frame: VideoFrame | AudioFrame | None) -> list[Packet[Stream]]:
    return cast("list[Packet[Stream]]", stream.codec_context.encode(frame))  # type: ignore[attr-defined]


def _filtered(units: BitStreamFilterContext, packet: Packet[Stream] | None) -> list[Packet[Stream]]:
    return cast("list[Packet[Stream]]", units.filter(packet))


class _Copy:
    """The file that is written: one picture stream, and at most one of sound."""

    def __init__(
        self,
        target: int,
        size: tuple[int, int],
        base: Fraction,
        rate: Fraction,
        like: VideoFrame,
        sound: _Sound | None,
    ) -> None:
        self._target = target
        ticks = str(base.denominator * max(1, -(-_FINEST_NEEDED // base.denominator)))
        self._output = av.open(
            Spool(target),
            "w",
            format="mp4",
            options={
                "movflags": "+faststart",
                "fflags": "+bitexact",
                # A picture that begins behind the sound stands behind an empty edit, whose length is told in
                # ticks of the whole film: they must be as fine as the picture's own.
                "movie_timescale": ticks,
                "video_track_timescale": ticks,
            },
            io_open=self._open_again,
        )
        # No B-frames: what is shown first is written first, and every time stays as it is.
        options = {"preset": "veryfast", "crf": "20", "bf": "0", "g": "120", "threads": "1"}
        picture = self._output.add_stream("libx264", rate.limit_denominator(1001), options)
        context = picture.codec_context
        context.width, context.height, context.pix_fmt = *size, "yuv420p"
        context.thread_count = 1
        context.time_base = picture.time_base = base
        context.flags |= _BIT_EXACT
        context.color_range = int(ColorRange.MPEG)
        if like.colorspace not in (0, 3):  # RGB or reserved: what the scaler then makes has no name here
            context.colorspace = int(like.colorspace)
            context.color_primaries, context.color_trc = int(like.color_primaries), int(like.color_trc)
        self._picture = picture
        self._filter: BitStreamFilterContext | None = None
        self._sound_stream: AudioStream | None = None
        self._sound = sound
        if sound is not None:
            stream = self._output.add_stream("aac", sound.rate)
            stream.codec_context.layout = "mono"
            stream.codec_context.bit_rate = 96_000
            stream.codec_context.flags |= _BIT_EXACT
            self._sound_stream = stream

    def _open_again(self, _name: str, _flags: int, _options: dict[str, str]) -> Spool:
        """The muxer reads back what it wrote, to bring the index to the front."""
        return Spool(self._target)

    def show(self, frame: VideoFrame) -> None:
        """Encode the next picture, and the sound up to it."""
        frame.pict_type = 0
        self._write(_packets(self._picture, frame))
        self._hear((frame.pts or 0) * (frame.time_base or Fraction(1)))

    def end(self) -> None:
        """Write what is left, and the index."""
        self._write(_packets(self._picture, None))
        if self._filter is not None:
            self._mux(_filtered(self._filter, None), self._picture)
        self._hear(None)
        if self._sound_stream is not None:
            self._mux(_packets(self._sound_stream, None), self._sound_stream)
        self._output.close()

    def _write(self, packets: list[Packet[Stream]]) -> None:
        for packet in packets:
            if self._filter is None:  # only now does the encoder's own header exist, which it needs
                self._filter = BitStreamFilterContext(_NO_USER_DATA, self._picture)
            self._mux(_filtered(self._filter, packet), self._picture)

    def _hear(self, until: Fraction | None) -> None:
        while self._sound is not None and self._sound_stream is not None:
            if until is not None and self._sound.time > until:
                return
            block = self._sound.block()
            if block is None:
                self._sound = None
                return
            self._mux(_packets(self._sound_stream, block), self._sound_stream)

    def _mux(self, packets: list[Packet[Stream]], stream: Stream) -> None:
        for packet in packets:
            packet.stream = stream
            self._output.mux(packet)


class MaskedPictures(PictureTrack):
    """Covers every picture by its presentation time and writes it to the copy."""

    _copy: _Copy | None = None
    offset = 0
    size = (0, 0)

    def prepare(self, given: int, target: int, arguments: dict[str, object]) -> None:
        """What is to be done: the schedule of masks in `given`, where to, and with what sound."""
        self._given, self._target = given, target
        self._schedule = Schedule(given, int(str(arguments["records"])))
        self._painter = Painter(str(arguments["seed"]))
        self._sound = cast("dict[str, int] | None", arguments["sound"])
        self._expected = tuple(cast("list[int]", arguments["size"]))
        self._scaler = VideoReformatter()
        self._graph: Graph | None = None
        self._count = 0

    def _emit(self, frame: VideoFrame, time: int) -> None:
        if self._copy is None:
            self._begin(frame, time)
        assert self._copy is not None  # noqa: S101 -- begun above
        if orientation(frame) != self._turn:
            raise Refusal(
                "The picture turns in the middle of the film",
                why="places in the plan would mean others from there on",
                remedy="Cut the film there and redact both parts",
            )
        try:
            picture = self._masked(frame, time)
            picture.pts, picture.time_base = time - self.offset, self.time_base
            self._copy.show(picture)
        except FFmpegError as error:
            raise Refusal("A masked picture could not be written", why=str(error)[:200]) from error
        self._count += 1
        if self._count % _FRAMES_PER_SIGN_OF_LIFE == 0:
            self._out.facts("progress", {"pts": time})
            self._out.flush()

    def _begin(self, frame: VideoFrame, time: int) -> None:
        self._turn = orientation(frame)
        self._stored_size = shown_size(frame, self.stream)
        width, height = self._stored_size[::-1] if self._turn.exchange else self._stored_size
        if (width, height) != self._expected:
            raise Refusal(
                "The plan is for another picture",
                why=f"the picture is {width} x {height}, the plan is for {self._expected[0]} x "
                f"{self._expected[1]}",
            )
        if self._turn != Orientation():
            self._graph = turning(self._turn, self._stored_size, self.time_base)
        first = time * self.time_base
        if self._sound is not None:
            first = min(first, Fraction(self._sound["start"], self._sound["rate"]))
        self.offset = int(first // self.time_base)
        self.size = (width + 1 & ~1, height + 1 & ~1)
        sound = (
            None if self._sound is None else _Sound(self._given, self._sound, self.offset * self.time_base)
        )
        rate = self.stream.average_rate or Fraction(25)
        self._copy = _Copy(self._target, self.size, self.time_base, rate, frame, sound)

    def _masked(self, frame: VideoFrame, time: int) -> VideoFrame:
        plain = self._scaler.reformat(
            frame,
            *self._stored_size,
            "yuv420p",
            interpolation=_EXACT,
            dst_color_range=ColorRange.MPEG,
            threads=1,
        )
        if self._graph is not None:
            plain.pts, plain.time_base = time, self.time_base
            self._graph.push(plain)
            plain = cast("VideoFrame", self._graph.pull())
        picture = even_copy(plain)
        for stretch in self._schedule.at(time):
            place = stretch.rectangle(time, *self._expected)
            if place is not None:
                self._painter.paint(picture, place, stretch)
        return picture

    def end(self) -> None:
        """Close the copy. Raises Refusal when there was no picture."""
        if self._copy is None:
            raise Refusal("No picture of the file can be decoded")
        try:
            self._copy.end()
        except FFmpegError as error:
            raise Refusal("The masked copy could not be finished", why=str(error)[:200]) from error


def run(source: int, target: int | None, arguments: dict[str, object], limits: Limits, out: Writer) -> None:
    """The task of the child."""
    given = arguments.get("given")
    if target is None or not isinstance(given, int):
        raise Refusal("There is nowhere to write the copy to")
    request: dict[str, object] = {
        "analysis_rate": "1",
        "analysis_side": "16",
        "proxy_rate": "1",
        "proxy_side": "16",
        "picture": True,
        "sound": False,
    }
    av.logging.set_level(av.logging.ERROR)
    with av.logging.Capture(local=True) as logs, open_input(source, limits) as container:
        passing = Pass(container, request, limits, out, MaskedPictures)
        pictures = passing.picture
        if not isinstance(pictures, MaskedPictures):
            raise Refusal("There is no picture in the file", remedy="Sound alone is not redacted here")
        pictures.prepare(given, target, arguments)
        passing.run(logs)
        pictures.end()
    out.facts("result", {"offset": pictures.offset, "width": pictures.size[0], "height": pictures.size[1]})
