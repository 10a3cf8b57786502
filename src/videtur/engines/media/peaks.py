"""Loudest and lowest sample of each short stretch of sound, for drawing a waveform."""

from dataclasses import dataclass

from videtur.engines.media.events import SoundBlock
from videtur.engines.media.timecode import MediaTime

ENGINE_VERSION = "1"


@dataclass(frozen=True, slots=True)
class SoundPeaks:
    """(lowest, highest) of each stretch, -128..127, `per_second` of them a second from `start`."""

    start: MediaTime
    per_second: int
    peaks: tuple[tuple[int, int], ...]

    def as_json(self) -> dict[str, object]:
        """The form kept in peaks.json."""
        return {
            "per_second": self.per_second,
            "start": self.start.as_json(),
            "peaks": [list(pair) for pair in self.peaks],
        }


class Peaks:
    """Collects peaks; their number is bounded whatever the length of the sound."""

    def add(self, block: SoundBlock) -> None:
        """Take the next block, in presentation order."""
        raise NotImplementedError

    def finish(self) -> SoundPeaks | None:
        """Return the peaks; None when there was no sound."""
        raise NotImplementedError
