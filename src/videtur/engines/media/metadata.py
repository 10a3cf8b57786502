"""Technical metadata: what containers, encoders and cameras wrote into the file, as they wrote it."""

import re
from dataclasses import dataclass
from typing import BinaryIO

from videtur.engines.media.limits import Limits
from videtur.engines.media.probe import Probe, probe
from videtur.engines.media.sandbox import DecodingSandbox

ENGINE_VERSION = "1"
_DATE_NAMES = ("date", "time", "year", "recorded", "created", "modified", "encoded", "tagged")
_ENCODER_NAMES = ("encoder", "handler", "software", "writing", "muxer", "vendor", "tool", "version")
_CAMERA_NAMES = ("make", "model", "device", "camera", "manufacturer", "com.apple", "com.android", "location")
_HAS_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class TagAsGiven:
    """A tag found in the file, in its own words; it says what a clock, a program or a person wrote."""

    where: str
    text: str


@dataclass(frozen=True, slots=True)
class TechnicalMetadata:
    """Everything a file says about its own making. Strings are untrusted: escape them when shown."""

    probe: Probe
    dates: tuple[TagAsGiven, ...]
    encoder_traces: tuple[TagAsGiven, ...]
    device_traces: tuple[TagAsGiven, ...]
    brands: tuple[str, ...]

    @property
    def tag_count(self) -> int:
        """Tags of the container and of all streams."""
        return len(self.probe.tags) + sum(len(stream.tags) for stream in self.probe.streams)

    def as_json(self) -> dict[str, object]:
        """The form kept in metadata.json."""

        def given(tags: tuple[TagAsGiven, ...]) -> list[dict[str, str]]:
            return [{"where": tag.where, "text": tag.text} for tag in tags]

        return {
            "container": self.probe.container,
            "tags": dict(self.probe.tags),
            "streams": [stream.as_json() for stream in self.probe.streams],
            "dates_as_given": given(self.dates),
            "encoder_traces": given(self.encoder_traces),
            "device_traces": given(self.device_traces),
            "brands": list(self.brands),
            "boxes": [list(box) for box in self.probe.boxes],
            "chapters": list(self.probe.chapters),
            "tag_count": self.tag_count,
        }


def read_metadata(
    source: BinaryIO, sandbox: DecodingSandbox, limits: Limits | None = None
) -> TechnicalMetadata:
    """Read all metadata without decoding the film."""
    return metadata_of(probe(source, sandbox, limits))


def metadata_of(facts: Probe) -> TechnicalMetadata:
    """The metadata of a file that was probed already."""
    places = [("container", facts.tags)]
    places += [(f"stream {stream.index}", stream.tags) for stream in facts.streams]
    all_tags = [TagAsGiven(f"{place}: {name}", text) for place, tags in places for name, text in tags]

    def named(*words: str) -> tuple[TagAsGiven, ...]:
        return tuple(tag for tag in all_tags if any(word in tag.where.lower() for word in words))

    tags = dict(facts.tags)
    compatible = tags.get("compatible_brands", "")
    brands = [tags.get("major_brand", ""), *(compatible[at : at + 4] for at in range(0, len(compatible), 4))]
    return TechnicalMetadata(
        probe=facts,
        dates=tuple(tag for tag in named(*_DATE_NAMES) if _HAS_DIGIT.search(tag.text)),
        encoder_traces=(
            *named(*_ENCODER_NAMES),
            *(TagAsGiven("picture stream", trace) for trace in facts.encoder_traces),
        ),
        device_traces=named(*_CAMERA_NAMES),
        brands=tuple(brand for brand in brands if brand),
    )
