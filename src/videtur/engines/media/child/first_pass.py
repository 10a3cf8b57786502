"""The one decode of a file, in the child: emits what was asked for as it goes."""

from __future__ import annotations  # PyAV's Packet takes its parameter in stubs only

import array
from collections.abc import Iterator
from fractions import Fraction
from typing import cast

import av.logging
from av.audio.frame import AudioFrame
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Stream
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter
from av.video.stream import VideoStream

from videtur.engines.media.child.clock import Pace, PictureClock
from videtur.engines.media.child.opening import (
    Refusal,
    fit,
    open_input,
    orientation,
    prepare_picture,
    shown_size,
    times_in_order_only,
)
from videtur.engines.media.child.opening import find_picture as _find_picture
from videtur.engines.media.child.opening import find_sound as _find_sound
from videtur.engines.media.child.sound import RATE, SoundTrack
from videtur.engines.media.child.wire import ALIVE, ANALYSIS, IMAGE, PROXY, SAMPLES, SOUND, TIMES, Writer
from videtur.engines.media.limits import Limits

_TIMES_AT_ONCE = 512
_DAMAGE_TOLD = 500
_READ_ERRORS_IN_A_ROW = 20
_PACKETS_PER_SIGN_OF_LIFE = 256
_EXACT_DURATIONS = ("mov", "matroska", "avi", "asf")


class Damages:
    """Tells the parent of damage, each kind of it at one time once, and no more than a person reads."""

    def __init__(self, out: Writer | None) -> None:
        self._out = out
        self._last: tuple[int | None, str] | None = None
        self.count = 0

    def tell(self, time: int | None, time_base: Fraction | None, what: str) -> None:
        """One piece of damage, at a time in ticks when known."""
        if self._last == (time, what):
            return
        self._last = (time, what)
        self.count += 1
        if self._out is not None and self.count <= _DAMAGE_TOLD:
            base = None if time_base is None else [time_base.numerator, time_base.denominator]
            self._out.facts("damage", {"pts": time, "time_base": base, "what": what[:300]})


def picture_clock(container: InputContainer, stream: VideoStream) -> PictureClock:
    """The clock that times this stream, here and wherever its frames are named again."""
    return PictureClock(
        stream.time_base or Fraction(1, 1000),
        stream.average_rate or stream.guessed_rate,
        in_order_only=times_in_order_only(container),
    )


class PictureTrack:
    """Stamps, counts, picks, scales and sends the frames of the picture."""

    def __init__(
        self, stream: VideoStream, request: dict[str, object], limits: Limits, out: Writer, damages: Damages
    ) -> None:
        container = cast("InputContainer", stream.container)
        self.stream = stream
        self._out = out
        self._limits = limits
        self._damages = damages
        self.time_base = stream.time_base or Fraction(1, 1000)
        self.clock = picture_clock(container, stream)
        self._times = array.array("q")
        self._analysis = (VideoReformatter(), Pace(self.time_base, Fraction(str(request["analysis_rate"]))))
        self._proxy = (VideoReformatter(), Pace(self.time_base, Fraction(str(request["proxy_rate"]))))
        self._sides = (int(str(request["analysis_side"])), int(str(request["proxy_side"])))
        self._sizes: tuple[tuple[int, int], tuple[int, int]] | None = None
        self._stored = (0, 0)
        self._scalable = True
        self.first: int | None = None
        self.last_length = 0
        self.notes: list[str] = []
        self.full = False

    def add(self, frame: VideoFrame) -> None:
        """Take the next decoded frame."""
        time, wrong = self.clock.stamp(frame.pts)
        if wrong is not None:
            self._damages.tell(self.clock.last, self.time_base, wrong)
        if time is None:
            return
        if self._sizes is None:
            self._announce(frame)
        elif self._stored != (frame.width, frame.height):
            self._stored = (frame.width, frame.height)
            self._damages.tell(
                time, self.time_base, f"the picture is {frame.width} x {frame.height} from here"
            )
        if frame.is_corrupt:
            self._damages.tell(time, self.time_base, "the frame is marked as corrupt")
        self.first = time if self.first is None else self.first
        self.last_length = frame.duration
        self._times.append(time)
        if len(self._times) >= _TIMES_AT_ONCE:
            self._send_times()
        if self._scalable:
            self._emit(frame, time)
        self._check_caps(time)

    def finish(self) -> None:
        """Send the times still held."""
        if self._times:
            self._send_times()

    def _send_times(self) -> None:
        self._out.send(TIMES, self._times.tobytes())
        self._times = array.array("q")

    def _announce(self, frame: VideoFrame) -> None:
        size = shown_size(frame, self.stream)
        turn = orientation(frame)
        self._stored = (frame.width, frame.height)
        self._sizes = (fit(size, self._sides[0]), fit(size, self._sides[1]))
        if frame.interlaced_frame:
            self.notes.append("the picture is interlaced; frames are shown as stored, both fields together")
        if turn.mirrored:
            self.notes.append("the display matrix mirrors the picture; the mirror is applied")
        width, height = size[::-1] if turn.exchange else size
        self._out.facts(
            "picture",
            {
                "time_base": [self.time_base.numerator, self.time_base.denominator],
                "width": width,
                "height": height,
                "rotation": turn.rotation,
                "orientation": turn.as_list(),
            },
        )

    def _emit(self, frame: VideoFrame, time: int) -> None:
        assert self._sizes is not None  # noqa: S101 -- announced before
        try:
            for kind, (scaler, pace), size, form in (
                (ANALYSIS, self._analysis, self._sizes[0], "rgb24"),
                (PROXY, self._proxy, self._sizes[1], "gray"),
            ):
                if pace.wants(time):
                    self._send_image(kind, scaler, frame, time, size, form)
        except (FFmpegError, ValueError) as error:
            self._scalable = False
            self._damages.tell(time, self.time_base, f"pictures of this kind cannot be scaled: {error}")

    def _send_image(
        self,
        kind: bytes,
        scaler: VideoReformatter,
        frame: VideoFrame,
        time: int,
        size: tuple[int, int],
        form: str,
    ) -> None:
        small = scaler.reformat(frame, *size, form, interpolation=Interpolation.AREA, threads=1)
        plane = small.planes[0]
        head = IMAGE.pack(time, *size, plane.line_size)
        self._out.send(kind, head, memoryview(plane)[: plane.line_size * size[1]])

    def _check_caps(self, time: int) -> None:
        first = self.first or 0
        if (time - first) * self.time_base > self._limits.duration_seconds:
            self.full = True
            self._damages.tell(
                time, self.time_base, "decoding stopped here: the film is longer than the limit"
            )
        elif self.clock.stamped >= self._limits.picture_frames:
            self.full = True
            self._damages.tell(time, self.time_base, "decoding stopped here: more frames than the limit")


def packets(container: InputContainer, streams: list[Stream], damages: Damages) -> Iterator[Packet[Stream]]:
    """Every packet that can be read; reading goes on behind an error while it leads anywhere."""
    errors = 0
    last: tuple[int | None, Fraction] | None = None
    while errors < _READ_ERRORS_IN_A_ROW:
        try:
            for packet in container.demux(streams):
                if packet.size == 0 and packet.dts is None and packet.pts is None:
                    continue  # the flush packets of the end; we flush by ourselves
                errors = 0
                last = (packet.pts if packet.pts is not None else packet.dts, packet.time_base)
                yield packet
        except FFmpegError as error:
            errors += 1
            time, base = last or (None, None)
            damages.tell(time, base, f"reading failed behind this time: {error.strerror}")
        else:
            return


class Pass:
    """Reads a container once, packet by packet, and feeds its picture and sound tracks."""

    def __init__(
        self,
        container: InputContainer,
        request: dict[str, object],
        limits: Limits,
        out: Writer,
        track: type[PictureTrack] = PictureTrack,
    ):
        self._container = container
        self._limits = limits
        self._out = out
        self._damages = Damages(out)
        picture = _find_picture(container) if request["picture"] else None
        sound = _find_sound(container) if request["sound"] else None
        self.picture: PictureTrack | None = None
        self.sound: SoundTrack | None = None
        self._streams: list[Stream] = []
        if picture is not None:
            prepare_picture(picture, limits)
            self.picture = track(picture, request, limits, out, self._damages)
            self._streams.append(picture)
        if sound is not None:
            sound.codec_context.thread_count = 1
            rate = int(str(request.get("sound_rate", RATE)))
            self.sound = SoundTrack(sound.time_base or Fraction(1, rate), self._send_sound, rate)
            self._streams.append(sound)
        if not self._streams:
            raise Refusal("There is neither picture nor sound in the file")
        self._undecodable: set[int] = set()
        self._heard = False
        self._last_sound = Fraction(0)

    def _send_sound(self, at: int, samples: bytearray) -> None:
        self._out.send(SAMPLES, SOUND.pack(at), samples)

    def run(self, logs: list[tuple[int, str, str]]) -> None:
        """Read to the end. `logs` is what the decoder complained of, taken out as it is told."""
        for number, packet in enumerate(packets(self._container, self._streams, self._damages)):
            self._decode(packet.stream, packet)
            if logs:
                self._tell_logs(logs, packet)
            if self.picture is not None and self.picture.full:
                break
            if self._last_sound > self._limits.duration_seconds:
                self._damages.tell(None, None, "decoding stopped: the sound is longer than the limit")
                break
            if number % _PACKETS_PER_SIGN_OF_LIFE == _PACKETS_PER_SIGN_OF_LIFE - 1:
                self._out.send(ALIVE)
                self._out.flush()
        for stream in self._streams:
            self._decode(stream, None)
        if logs:
            self._tell_logs(logs, None)
        self._finish()

    def _decode(self, stream: Stream, packet: Packet[Stream] | None) -> None:
        if stream.index in self._undecodable:
            return
        is_picture = isinstance(stream, VideoStream)
        time = None if packet is None else packet.pts if packet.pts is not None else packet.dts
        if packet is not None and packet.is_corrupt:
            self._damages.tell(time, stream.time_base, "the packet is cut off or marked as corrupt")
        if is_picture and self.picture is not None and packet is not None and not packet.is_discard:
            self.picture.clock.packet(packet.pts, packet.dts)
        try:
            frames = stream.codec_context.decode(packet)  # type: ignore[attr-defined]
        except EOFError:
            return
        except (FFmpegError, MemoryError) as error:
            said = getattr(error, "strerror", None) or type(error).__name__
            self._damages.tell(time, stream.time_base, f"a packet could not be decoded: {said}")
            return
        except ValueError:
            self._undecodable.add(stream.index)
            kind = "picture" if is_picture else "sound"
            self._damages.tell(None, None, f"no decoder is known for the {kind}")
            return
        for frame in cast("list[object]", frames):
            self._take(frame, stream)

    def _take(self, frame: object, stream: Stream) -> None:
        if isinstance(frame, VideoFrame) and self.picture is not None:
            self.picture.add(frame)
        elif isinstance(frame, AudioFrame) and self.sound is not None:
            if not self._heard:
                self._heard = True
                self._out.facts("sound", {})
            self._last_sound += Fraction(frame.samples, frame.sample_rate or 1)
            try:
                wrong = self.sound.add(frame)
            except (FFmpegError, ValueError) as error:
                wrong = f"sound could not be converted: {error}"
            if wrong is not None:
                self._damages.tell(frame.pts, stream.time_base, wrong)

    def _tell_logs(self, logs: list[tuple[int, str, str]], packet: Packet[Stream] | None) -> None:
        """What the decoder complained of while at this packet."""
        time = None if packet is None else packet.pts if packet.pts is not None else packet.dts
        base = None if packet is None else packet.time_base
        seen = list(dict.fromkeys(f"{name}: {message.strip()}" for _, name, message in logs))
        logs.clear()
        for text in seen[:3]:
            self._damages.tell(time, base, text)

    def _finish(self) -> None:
        notes: list[str] = []
        end: dict[str, object] = {"times_from_order": False, "last_length": 0}
        if self.picture is not None:
            self.picture.finish()
            clock = self.picture.clock
            self._miss_the_end(self.picture)
            notes += self.picture.notes
            if clock.from_order:
                notes.append(
                    f"{clock.from_order} of {clock.stamped} frames carry no presentation time: "
                    "they are timed by their order"
                )
            end = {
                "times_from_order": clock.from_order > clock.stamped // 2,
                "last_length": self.picture.last_length or clock.step,
            }
        if self.sound is not None:
            try:
                self.sound.finish()
            except (FFmpegError, ValueError) as error:
                self._damages.tell(None, None, f"sound could not be converted: {error}")
            notes += self.sound.notes
        self._out.facts("end", {**end, "notes": notes, "damage_count": self._damages.count})

    def _miss_the_end(self, picture: PictureTrack) -> None:
        """Say so when a film ends well before the end its header declares."""
        container, last, first = self._container, picture.clock.last, picture.first
        if last is None or first is None or picture.full:
            return
        if container.duration is None or not container.format.name.startswith(_EXACT_DURATIONS):
            return
        base = picture.time_base
        # Some containers declare a length, some the time of the end.
        shown = max((last - first) * base, last * base, self._last_sound)
        declared = Fraction(container.duration, 1_000_000)
        if self.sound is None and _find_sound(container) is not None:
            if picture.stream.duration is None:
                return  # the end may be that of the sound, which was not asked for
            declared = picture.stream.duration * base
        missing = declared - shown
        if missing > max(Fraction(1), 5 * picture.clock.step * base):
            text = f"the film ends {float(missing):.1f} s before the end that its header declares"
            self._damages.tell(last, base, text)


def run(source: int, _: int | None, arguments: dict[str, object], limits: Limits, out: Writer) -> None:
    """The task of the child."""
    av.logging.set_level(av.logging.ERROR)
    with av.logging.Capture(local=True) as logs, open_input(source, limits) as container:
        Pass(container, arguments, limits, out).run(logs)
