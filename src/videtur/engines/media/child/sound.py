"""Sound of any kind as mono at one rate, with the time of each stretch kept."""

from collections.abc import Callable
from fractions import Fraction

from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.error import FFmpegError

RATE = 16_000
Sink = Callable[[int, bytearray], None]
"""Takes a time, in samples, and int16 samples from there on."""
_GAP = Fraction(1, 10)


class SoundTrack:
    """Resamples frame by frame and hands on blocks of about a second.

    Samples are counted from the first frame's time; only a gap of more than a tenth of a second between
    what was counted and what a frame says starts a new count, so rounded times make no clicks.
    """

    def __init__(self, time_base: Fraction, sink: Sink, rate: int = RATE) -> None:
        self._time_base = time_base
        self._sink = sink
        self._rate = rate
        self._resampler: AudioResampler | None = None
        self._first_channel_of = 0
        self._pending = bytearray()
        self._at: int | None = None  # time of the first pending sample, in samples
        self._start = Fraction(0)
        self._heard = Fraction(0)  # seconds of input since `_start`
        self.notes: list[str] = []

    def add(self, frame: AudioFrame) -> str | None:
        """Take a decoded frame. Returns what is wrong with its time, if anything."""
        wrong = None
        rate = frame.sample_rate or self._rate
        time = None if frame.pts is None else frame.pts * (frame.time_base or self._time_base)
        if self._at is None:
            self._begin(time or Fraction(0))
        elif time is not None:
            off = time - (self._start + self._heard)
            if off > _GAP:
                self._end_stretch()
                self._begin(time)
            elif off < -_GAP:
                # Counting goes on from where we are: sound, too, can be joined without care.
                wrong = f"sound times jump back by {float(-off):.3f} s; counted on from here"
                self._start, self._heard = time, Fraction(0)
        self._heard += Fraction(frame.samples, rate)
        self._resample(frame)
        if len(self._pending) >= 2 * self._rate:
            self._send()
        return wrong

    def finish(self) -> None:
        """Send what is left."""
        if self._at is not None:
            self._end_stretch()

    def _begin(self, time: Fraction) -> None:
        self._start, self._heard = time, Fraction(0)
        self._at = round(time * self._rate)

    def _resample(self, frame: AudioFrame) -> None:
        if self._resampler is not None:
            try:
                self._keep(self._resampler.resample(frame))
            except ValueError:  # rate, format or channels changed within the stream
                self._flush_resampler()
            else:
                return
        self._resampler, self._first_channel_of = AudioResampler("s16", "mono", self._rate), 0
        try:
            self._keep(self._resampler.resample(frame))
        except FFmpegError:  # channels without a known place cannot be mixed
            layout = frame.layout
            self._resampler = AudioResampler("s16", layout.name, self._rate)
            self._first_channel_of = layout.nb_channels
            self.notes.append(f"only the first of {layout.nb_channels} channels of sound was used")
            self._keep(self._resampler.resample(frame))

    def _keep(self, frames: list[AudioFrame]) -> None:
        for frame in frames:
            channels = max(1, self._first_channel_of)
            data = memoryview(frame.planes[0])[: 2 * frame.samples * channels]
            self._pending += data.cast("h")[::channels].tobytes() if channels > 1 else data

    def _flush_resampler(self) -> None:
        if self._resampler is not None:
            self._keep(self._resampler.resample(None))
            self._resampler = None

    def _end_stretch(self) -> None:
        self._flush_resampler()
        self._send()

    def _send(self) -> None:
        if self._at is not None and self._pending:
            self._sink(self._at, self._pending)
            self._at += len(self._pending) // 2
        self._pending = bytearray()
