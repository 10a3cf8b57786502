"""Films held in memory, with what of a source they show and sound; read from files and written to them."""

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from tests.engines.copies.attacks import read_part

Picture = NDArray[np.uint8]
Sound = NDArray[np.int16]
Draw = np.random.Generator
SOUND_RATE = 44100
_CLOCK = 90000


@dataclass(frozen=True)
class Span:
    """Seconds of the query, and the seconds of the source that they carry."""

    query: tuple[float, float]
    reference: tuple[float, float]


@dataclass(frozen=True)
class Coding:
    """How a film is written."""

    codec: str = "libx264"
    quality: int = 27
    sound_bits: int = 96_000
    turned: int = 0


@dataclass(frozen=True)
class Film:
    """Pictures at their times, counted from nought, the sound beside them, what of the source they show."""

    times: NDArray[np.float64]
    end: float
    pictures: list[Picture]
    sound: Sound
    spans: tuple[Span, ...] = ()
    heard: tuple[Span, ...] = ()
    coding: Coding = Coding()

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.pictures[0].shape[1], self.pictures[0].shape[0]

    def at(self, second: float) -> Picture:
        """The picture that stands at a second; past the end the film starts again."""
        index = int(np.searchsorted(self.times, second % self.end, side="right")) - 1
        return self.pictures[max(0, index)]


def read(path: Path, first: float = 0.0, last: float = 1e9) -> Film:
    """A stretch of a file as a film that carries exactly that stretch."""
    part = read_part(path, first, last)
    begin = float(part.seconds[0])
    gaps = np.diff(part.seconds)
    end = float(part.seconds[-1] - begin + (np.median(gaps) if len(gaps) else 0.04))
    # Sound before the first picture or past the last is nobody's.
    sound = part.sound[: round(end * SOUND_RATE)]
    whole = Span((0.0, end), (begin, begin + end))
    heard = (whole,) if len(sound) else ()
    return Film(part.seconds - begin, end, part.pictures, sound, (whole,), heard)


def strange(film: Film) -> Film:
    """The same film as footage that the truth says nothing of."""
    return replace(film, spans=(), heard=())


def cut(film: Film, first: float, last: float) -> Film:
    """A stretch of a film."""
    inside = (film.times >= first - 1e-6) & (film.times < last - 1e-6)
    begin = float(film.times[inside][0])
    later = film.times[~inside & (film.times > begin)]
    end = float(later[0]) if len(later) else film.end
    pictures = [picture for picture, kept in zip(film.pictures, inside, strict=True) if kept]
    sound = film.sound[round(begin * SOUND_RATE) : round(end * SOUND_RATE)]
    return replace(
        film,
        times=film.times[inside] - begin,
        end=end - begin,
        pictures=pictures,
        sound=sound,
        spans=_clipped(film.spans, begin, end),
        heard=_clipped(film.heard, begin, end),
    )


def _clipped(spans: tuple[Span, ...], first: float, last: float) -> tuple[Span, ...]:
    found: list[Span] = []
    for span in spans:
        begin, end = max(first, span.query[0]), min(last, span.query[1])
        if end - begin > 0.02:
            rate = (span.reference[1] - span.reference[0]) / (span.query[1] - span.query[0])
            start = span.reference[0] + (begin - span.query[0]) * rate
            found.append(Span((begin - first, end - first), (start, start + (end - begin) * rate)))
    return tuple(found)


def joined(films: list[Film]) -> Film:
    """Films one after another, in the frame of the first that shows something of the source."""
    measure = next((film for film in films if film.spans), films[0])
    width, height = measure.size
    times: list[NDArray[np.float64]] = []
    pictures: list[Picture] = []
    sounds: list[Sound] = []
    spans: list[Span] = []
    heard: list[Span] = []
    begin = 0.0
    for film in films:
        times.append(film.times + begin)
        pictures += [fitted(picture, width, height) for picture in film.pictures]
        sounds.append(lasting(film.sound, film.end))
        spans += [_later(span, begin) for span in film.spans]
        heard += [_later(span, begin) for span in film.heard]
        begin += film.end
    any_sound = any(len(film.sound) for film in films)
    sound = np.concatenate(sounds) if any_sound else np.zeros(0, np.int16)
    return replace(
        measure,
        times=np.concatenate(times),
        end=begin,
        pictures=pictures,
        sound=sound,
        spans=tuple(spans),
        heard=tuple(heard),
    )


def _later(span: Span, seconds: float) -> Span:
    return Span((span.query[0] + seconds, span.query[1] + seconds), span.reference)


def lasting(sound: Sound, seconds: float) -> Sound:
    """A sound made as long as wanted: cut, or followed by silence."""
    found = np.zeros(round(seconds * SOUND_RATE), np.int16)
    found[: len(sound)] = sound[: len(found)]
    return found


def fitted(picture: Picture, width: int, height: int) -> Picture:
    """A picture that fills a frame of another shape: enlarged and cut, never squeezed."""
    if picture.shape[1] == width and picture.shape[0] == height:
        return picture
    scale = max(width / picture.shape[1], height / picture.shape[0])
    wide, high = max(width, round(picture.shape[1] * scale)), max(height, round(picture.shape[0] * scale))
    large = cv2.resize(picture, (wide, high), interpolation=cv2.INTER_AREA)
    left, top = (wide - width) // 2, (high - height) // 2
    return np.ascontiguousarray(large[top : top + height, left : left + width]).astype(np.uint8)


def at_rate(film: Film, rate: float) -> Film:
    """The film at another picture rate: every new picture is the last one that stood before it."""
    times = np.arange(max(2, int(film.end * rate + 1e-6))) / rate
    indices = np.clip(np.searchsorted(film.times, times + 1e-4, side="right") - 1, 0, None)
    return replace(film, times=times, pictures=[film.pictures[int(index)] for index in indices])


def paced(film: Film, speed: float, sound: Sound) -> Film:
    """The film played faster or slower, with the sound given for it."""

    def moved(spans: tuple[Span, ...]) -> tuple[Span, ...]:
        return tuple(Span((s.query[0] / speed, s.query[1] / speed), s.reference) for s in spans)

    return replace(
        film,
        times=film.times / speed,
        end=film.end / speed,
        sound=sound,
        spans=moved(film.spans),
        heard=moved(film.heard),
    )


def _options(coding: Coding) -> dict[str, str]:
    match coding.codec:
        case "libx264":
            return {"crf": str(coding.quality), "preset": "veryfast"}
        case "libx265":
            return {
                "crf": str(coding.quality),
                "preset": "ultrafast",
                "x265-params": "log-level=none:pools=1",
            }
        case "libvpx-vp9":
            return {"crf": str(coding.quality), "b:v": "0", "deadline": "realtime", "cpu-used": "8"}
        case _:
            return {"qscale": str(max(2, coding.quality // 4)), "flags": "+qscale"}


def write(target: Path, film: Film) -> None:
    """Encode a film into one file, by way of another name so that half a file is never taken for whole."""
    width, height = film.size[0] // 2 * 2, film.size[1] // 2 * 2
    coding = film.coding
    draft = target.with_suffix(".part")
    with av.open(str(draft), "w", format="matroska" if target.suffix == ".mkv" else "mp4") as output:
        stream = cast("av.VideoStream", output.add_stream(coding.codec, rate=30, options=_options(coding)))
        context: Any = stream.codec_context
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        clock = Fraction(1, 1000) if coding.codec == "mpeg4" else Fraction(1, _CLOCK)
        context.time_base, context.thread_count = clock, 1
        stream.time_base = clock
        if coding.codec == "mpeg4":
            context.qmin, context.qmax = 4, 14
            context.bit_rate = 500_000
        if coding.turned:
            stream.set_display_rotation(coding.turned)
        track = None
        if len(film.sound):
            track = output.add_stream("aac", rate=SOUND_RATE, layout="mono")
            track.bit_rate = coding.sound_bits
        for time, picture in zip(film.times, film.pictures, strict=True):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture[:height, :width]), format="rgb24")
            frame.pts, frame.time_base = round(float(time) / clock), clock
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
        if track is not None:
            for first in range(0, len(film.sound), 1024):
                piece = av.AudioFrame.from_ndarray(
                    np.ascontiguousarray(film.sound[None, first : first + 1024]), format="s16", layout="mono"
                )
                piece.sample_rate, piece.pts = SOUND_RATE, first
                piece.time_base = Fraction(1, SOUND_RATE)
                output.mux(track.encode(piece))
            output.mux(track.encode(None))
    draft.replace(target)
