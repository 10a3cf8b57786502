"""Speech to text: what a machine makes of what is said. A lead, never a quotation: a person must listen.

The recogniser is never given names or words of the case: with them it writes what was not said.
"""

import importlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from videtur.engines.media.events import SOUND_RATE, SoundBlock
from videtur.engines.media.timecode import MediaTime
from videtur.errors import WrongUsage

ENGINE_VERSION = "1"
UNDETERMINED = "und"
MODEL_FILES = ("model.bin", "config.json", "tokenizer.json")
"""Without its tokenizer in the folder, the library would look for one on the network."""

SHORT_SECONDS = 12
"""Below this much speech a language is a guess: short Ukrainian is often heard as Russian."""
_CONFUSED = ("uk", "ru")
_PIECE_SECONDS, _QUIET_SEARCH_SECONDS = 300, 30
_VOICED_SHARE = Fraction(3, 10)
_BASE = Fraction(1, SOUND_RATE)

_BOILERPLATE = re.compile(
    r"редактор субтитр|субтитры (?:сделал|создавал|подогнал)|субтитрувальниця|корректор [а-я]\.|dimatorzok"
    r"|продолжение следует|далі буде|дякую за перегляд|спасибо за просмотр|подписывайтесь на|підписуйтесь на"
    r"|спокойная музыка|веселая музыка|thanks for watching|subtitles by|amara\.org|subscribe to",
    re.IGNORECASE,
)
"""What recognisers write on silence and music: it stood in the subtitles they were trained on."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """One stretch of speech as read by the machine."""

    start: MediaTime
    end: MediaTime
    text: str
    language: str
    confidence: Decimal
    flags: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The form kept in transcript.json."""
        return {
            "start": self.start.as_json(),
            "end": self.end.as_json(),
            "text": self.text,
            "language": self.language,
            "confidence": str(self.confidence),
            "flags": list(self.flags),
        }


@dataclass(frozen=True, slots=True)
class Transcript:
    """All that was read from one sound. `language` is "und" when there was too little to tell it from."""

    language: str
    language_confidence: Decimal
    segments: tuple[Spoken, ...]

    def as_json(self) -> dict[str, object]:
        """The form kept in transcript.json."""
        return {
            "language": self.language,
            "language_confidence": str(self.language_confidence),
            "segments": [segment.as_json() for segment in self.segments],
        }


class Transcriber(Protocol):
    """Turns sound into a transcript. Implementations MUST work without a network."""

    def transcribe(self, sound: Iterable[SoundBlock], language: str | None = None) -> Transcript:
        """Read all blocks, in presentation order. `language` forces one instead of telling it."""
        ...


class _Segment(Protocol):
    start: float
    end: float
    text: str
    avg_logprob: float
    compression_ratio: float
    no_speech_prob: float


class _Info(Protocol):
    language: str
    language_probability: float


class _Model(Protocol):
    def transcribe(
        self, audio: NDArray[np.float32], **options: object
    ) -> tuple[Iterable[_Segment], _Info]: ...


class _Library(Protocol):
    def WhisperModel(self, folder: str, **options: object) -> _Model: ...  # noqa: N802 -- their name


class _Voices(Protocol):
    def get_speech_timestamps(self, audio: NDArray[np.float32]) -> list[Mapping[str, int]]: ...


@dataclass
class _Tally:
    """Seconds of speech and weight of evidence, by language."""

    voiced: Fraction = Fraction(0)
    weights: dict[str, Fraction] = field(default_factory=dict[str, Fraction])

    def add(self, language: str, probability: float, voiced: Fraction) -> None:
        self.voiced += voiced
        weight = Fraction(round(probability * 1000), 1000) * max(voiced, Fraction(1))
        self.weights[language] = self.weights.get(language, Fraction(0)) + weight

    def answer(self, pieces: Fraction) -> tuple[str, Decimal]:
        if not self.weights or self.voiced < SHORT_SECONDS:
            return UNDETERMINED, Decimal("0.00")
        language = max(self.weights, key=lambda name: self.weights[name])
        return language, _decimal(float(self.weights[language] / pieces))


class WhisperTranscriber:
    """Whisper through faster-whisper, from a model folder; nothing is ever fetched."""

    def __init__(self, model_folder: Path, threads: int = 1) -> None:
        missing = [name for name in MODEL_FILES if not (model_folder / name).is_file()]
        if missing:
            raise WrongUsage(
                f"The speech model at {model_folder} is not complete",
                why=f"{', '.join(missing)} missing",
                remedy="Copy a faster-whisper model there whole",
            )
        try:
            library = cast("_Library", importlib.import_module("faster_whisper"))
            self._voices = cast("_Voices", importlib.import_module("faster_whisper.vad"))
        except ImportError as error:
            raise WrongUsage(
                "Speech cannot be read: faster-whisper is not installed",
                remedy="Install the extra: pip install 'videtur[speech]'",
            ) from error
        self._model = library.WhisperModel(
            str(model_folder), device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True
        )

    def transcribe(self, sound: Iterable[SoundBlock], language: str | None = None) -> Transcript:
        """Read all blocks. Pieces of some minutes are held at a time, cut where it is quiet."""
        tally = _Tally()
        segments: list[Spoken] = []
        weight = Fraction(0)
        for start, samples in pieces(sound):
            audio = samples.astype(np.float32) / np.float32(32768)
            voices = [(each["start"], each["end"]) for each in self._voices.get_speech_timestamps(audio)]
            voiced = sum((Fraction(end - begin, SOUND_RATE) for begin, end in voices), Fraction(0))
            told = self._read(audio, start, voices, language)
            segments += told[0]
            tally.add(told[1], told[2], voiced)
            weight += max(voiced, Fraction(1))
            other = _other_reading(told[1], voiced)
            if other and language is None and told[0]:
                segments += self._read(audio, start, voices, other, ("second reading",))[0]
        if language is not None:
            return Transcript(language, Decimal("1.00"), tuple(segments))
        return Transcript(*tally.answer(weight), tuple(segments))

    def _read(
        self,
        audio: NDArray[np.float32],
        start: MediaTime,
        voices: Sequence[tuple[int, int]],
        language: str | None,
        flags: tuple[str, ...] = (),
    ) -> tuple[list[Spoken], str, float]:
        found, info = self._model.transcribe(
            audio, language=language, beam_size=5, condition_on_previous_text=False, vad_filter=False
        )
        read: list[Spoken] = []
        for segment in found:
            first = max(0, round(segment.start * SOUND_RATE))
            last = min(len(audio), max(first, round(segment.end * SOUND_RATE)))
            begin, end = (MediaTime(start.pts + at, _BASE) for at in (first, last))
            doubts = (*flags, *_doubts(segment, _share((first, last), voices)))
            confidence = _decimal(float(np.exp(min(0.0, segment.avg_logprob))))
            read.append(Spoken(begin, end, segment.text.strip(), info.language, confidence, doubts))
        return read, info.language, info.language_probability


def pieces(sound: Iterable[SoundBlock]) -> Iterator[tuple[MediaTime, NDArray[np.int16]]]:
    """Stretches of at most some minutes, cut at the quietest place near the end, and at gaps."""
    held: list[NDArray[np.int16]] = []
    start: MediaTime | None = None
    length = 0
    for block in sound:
        if start is not None and abs(block.time.rescaled(_BASE).pts - (start.pts + length)) > SOUND_RATE:
            yield start, np.concatenate(held)
            held, start, length = [], None, 0
        start = start or block.time.rescaled(_BASE)
        held.append(block.samples)
        length += len(block.samples)
        if length >= _PIECE_SECONDS * SOUND_RATE:
            whole = np.concatenate(held)
            cut = _quietest(whole)
            yield start, whole[:cut]
            held, start, length = [whole[cut:]], MediaTime(start.pts + cut, _BASE), length - cut
    if start is not None and length:
        yield start, np.concatenate(held)


def _quietest(samples: NDArray[np.int16]) -> int:
    """The middle of the quietest fifth of a second in the last part."""
    step = SOUND_RATE // 5
    first = len(samples) - _QUIET_SEARCH_SECONDS * SOUND_RATE
    tail = samples[first:].astype(np.float32)
    loudness = np.square(tail[: len(tail) // step * step].reshape(-1, step)).mean(axis=1)
    return first + int(loudness.argmin()) * step + step // 2


def _other_reading(language: str, voiced: Fraction) -> str | None:
    """The language to read short speech in once more, when it is one of a pair that is taken for another."""
    if voiced >= SHORT_SECONDS or language not in _CONFUSED:
        return None
    return _CONFUSED[1 - _CONFUSED.index(language)]


def _share(span: tuple[int, int], voices: Sequence[tuple[int, int]]) -> Fraction:
    """How much of a span a detector of voices, which knows nothing of words, calls voice."""
    heard = sum(max(0, min(span[1], end) - max(span[0], begin)) for begin, end in voices)
    return Fraction(heard, max(1, span[1] - span[0]))


def _doubts(segment: _Segment, voiced: Fraction) -> tuple[str, ...]:
    tests = (
        ("known boilerplate", bool(_BOILERPLATE.search(segment.text))),
        ("no voice found here", voiced < _VOICED_SHARE),
        ("perhaps no speech", segment.no_speech_prob > 0.6),
        ("unsure", segment.avg_logprob < -1.0),
        ("repeats itself", segment.compression_ratio > 2.4),
    )
    return tuple(name for name, holds in tests if holds)


def _decimal(share: float) -> Decimal:
    return Decimal(round(share * 100)).scaleb(-2).quantize(Decimal("0.01"))
