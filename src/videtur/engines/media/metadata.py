"""Technical metadata: what containers, encoders and cameras wrote into the file, as they wrote it."""

from dataclasses import dataclass
from typing import BinaryIO

from videtur.engines.media.limits import Limits
from videtur.engines.media.probe import Probe
from videtur.engines.media.sandbox import DecodingSandbox

ENGINE_VERSION = "1"


@dataclass(frozen=True, slots=True)
class DateAsGiven:
    """A date found in the file, in its own words; it says what a clock or a person wrote, no more."""

    where: str
    text: str


@dataclass(frozen=True, slots=True)
class TechnicalMetadata:
    """Everything a file says about its own making. Strings are untrusted: escape them when shown."""

    probe: Probe
    dates: tuple[DateAsGiven, ...]
    encoder_traces: tuple[str, ...]
    brands: tuple[str, ...]
    boxes: tuple[tuple[str, int], ...]
    """Top-level boxes of an MP4 or QuickTime file with their sizes, in file order."""
    chapters: tuple[str, ...]

    @property
    def tag_count(self) -> int:
        """Tags of the container and of all streams."""
        return len(self.probe.tags) + sum(len(stream.tags) for stream in self.probe.streams)

    def as_json(self) -> dict[str, object]:
        """The form kept in metadata.json."""
        raise NotImplementedError


def read_metadata(
    source: BinaryIO, sandbox: DecodingSandbox, limits: Limits | None = None
) -> TechnicalMetadata:
    """Read all metadata without decoding the film."""
    raise NotImplementedError
