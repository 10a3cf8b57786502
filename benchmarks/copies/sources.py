"""The films of the benchmark: the real clips, drawn footage, and the halves they are split into by group."""

import csv
import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import av
import numpy as np

from benchmarks.copies import sounds
from benchmarks.copies.cameras import filmed
from benchmarks.copies.films import Coding, Film, Span, write
from benchmarks.copies.looks import Look, Stand, look_of

SEED = 20221122
SPLIT = Path(__file__).with_name("split.json")
CUT_AT = {
    "one-by-one-person-detection.mp4": 62.0,
    "bottle-detection.mp4": 18.0,
    "demo.mp4": 27.0,
    "demo.3gp": 27.0,
    "earth-at-night.avi": 13.5,
}
"""The gallery's copy of a long recording ends here; what comes later serves as another part."""
OTHER_PARTS = {
    "one-by-one-person-detection.mp4": ((66.0, 72.0), (80.0, 85.0), (110.0, 115.0), (130.0, 135.0)),
    "bottle-detection.mp4": ((19.0, 24.0), (28.0, 33.0), (34.0, 39.0)),
    "demo.mp4": ((28.0, 34.0), (40.0, 45.0), (52.0, 57.0)),
    "earth-at-night.avi": ((15.0, 20.0), (24.0, 29.0)),
}
PLAIN, TAKES, CAMERAS, HEARD, HOSTS = 12, 8, 8, 12, 6
ROOM = "room-takes"


@dataclass(frozen=True)
class Source:
    """A film that queries are made of, and which is in the gallery unless it only serves as a negative.

    `relation` says what it is to the gallery's films of its group: copy, other take, other part,
    second camera; a host is nobody's.
    """

    name: str
    group: str
    relation: str = "copy"
    gallery: bool = True
    clip: str = ""
    first: float = 0.0
    last: float = 1e9
    look: Look | None = None
    take: int = 0
    stand: Stand = field(default_factory=Stand)
    since: float = 0.0

    @property
    def real(self) -> bool:
        """Whether it is one of the clips."""
        return bool(self.clip)


def seed_of(*words: object) -> int:
    """A seed out of names."""
    text = "|".join(str(word) for word in (SEED, *words))
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16)


def real_sources(clips: Path) -> list[Source]:
    """The clips, and the later parts of the long ones."""
    with (clips / "MANIFEST.csv").open(encoding="utf-8") as listing:
        rows = list(csv.DictReader(listing))
    found: list[Source] = []
    for row in rows:
        name = row["file"]
        found.append(Source(name, row["group"], clip=name, last=CUT_AT.get(name, 1e9)))
        for number, (first, last) in enumerate(OTHER_PARTS.get(name, ())):
            part = f"{name}#{number + 1}"
            found.append(Source(part, row["group"], "other part", False, name, first, last))
    return found


def _plain(number: int) -> list[Source]:
    group = f"drawn-{number:02}"
    look = look_of(seed_of("plain", number), number)
    found = [Source(group, group, look=look)]
    if number % 2:
        later = replace(look, seconds=4.5)
        found.append(Source(f"{group}-later", group, "other part", False, look=later, since=look.seconds + 1))
    return found


def _takes(number: int) -> list[Source]:
    group = f"takes-{number:02}"
    look = look_of(seed_of("takes", number), number + 3)
    look = replace(look, figures=max(1, look.figures), vigour=max(0.7, look.vigour))
    short = replace(look, seconds=min(look.seconds, 5.0))
    found = [Source(group, group, look=look)]
    for take in range(1, 4):
        name = f"{group}-take{take}"
        found.append(
            Source(name, group, "copy" if take == 1 else "other take", take == 1, look=short, take=take)
        )
    return found


def _cameras(number: int) -> list[Source]:
    """One scene seen from several stands, from side by side to some metres apart."""
    group = f"cameras-{number:02}"
    look = look_of(seed_of("cameras", number), number + 6)
    look = replace(look, vigour=max(0.7, look.vigour), figures=max(1, look.figures))
    short = replace(look, seconds=min(look.seconds, 5.0))
    found = [Source(group, group, look=look)]
    for which, aside in enumerate((0.1, 0.35, 1.0)):
        side = -1 if seed_of(group, which) % 2 else 1
        stand = Stand(
            side * aside, aside / 5, 1 + which * 0.06, side * which * 1.2, 1.05, 0.04 * side, which + 1, 0.013
        )
        found.append(
            Source(f"{group}-beside{which + 1}", group, "second camera", False, look=short, stand=stand)
        )
    return found


def _heard(number: int) -> Source:
    """Twelve seconds whose sound matters: the other drawn films are mostly too short for that."""
    group = f"heard-{number:02}"
    look = look_of(seed_of("heard", number), number + 2)
    kind = sounds.KINDS[number % len(sounds.KINDS)]
    return Source(
        group, group, look=replace(look, width=480, height=270, rate=24.0, seconds=12.0, sound=kind)
    )


def audible(sources: list[Source], clips: Path) -> set[str]:
    """Names of the films that have sound."""
    with (clips / "MANIFEST.csv").open(encoding="utf-8") as listing:
        heard = {row["file"] for row in csv.DictReader(listing) if row["has_audio"] == "1"}
    return {s.name for s in sources if (s.look is not None and s.look.sound) or s.clip in heard}


def drawn_sources() -> list[Source]:
    """All drawn footage."""
    found: list[Source] = []
    for number in range(PLAIN):
        found += _plain(number)
    for number in range(TAKES):
        found += _takes(number)
    for number in range(CAMERAS):
        found += _cameras(number)
    for number in range(HEARD):
        found.append(_heard(number))
    for number in range(HOSTS):
        look = replace(look_of(seed_of("host", number), number + 1), seconds=6.0)
        found.append(Source(f"host-{number}", f"host-{number}", "host", False, look=look))
    return found


def all_sources(clips: Path) -> list[Source]:
    """Every film, real and drawn."""
    return [*real_sources(clips), *drawn_sources()]


def halves(sources: list[Source]) -> dict[str, str]:
    """The half of each group: groups of one sort in the order of their hashes, dealt in turn."""
    found: dict[str, str] = {}
    sorts: dict[str, list[str]] = {}
    for source in sources:
        sort = "real" if source.real else source.group.split("-")[0]
        groups = sorts.setdefault(sort, [])
        if source.group not in groups:
            groups.append(source.group)
    for groups in sorts.values():
        for number, group in enumerate(sorted(groups, key=lambda name: seed_of("half", name))):
            found[group] = ("tuning", "sealed")[number % 2]
    return found


def split_record(sources: list[Source], clips: Path) -> dict[str, object]:
    """The list of sources with their halves, and its digest."""
    half = halves(sources)
    rows: list[dict[str, str]] = []
    for source in sorted(sources, key=lambda entry: entry.name):
        row = {"name": source.name, "group": source.group, "half": half[source.group], "is": source.relation}
        if source.real:
            row["sha256"] = hashlib.sha256((clips / source.clip).read_bytes()).hexdigest()
        else:
            row["drawn"] = hashlib.sha256(repr(asdict(source)).encode()).hexdigest()[:16]
        rows.append(row)
    listed = json.dumps(rows, sort_keys=True, separators=(",", ":"))
    return {"seed": SEED, "sha256": hashlib.sha256(listed.encode()).hexdigest(), "sources": rows}


def path_of(source: Source, clips: Path, work: Path) -> Path:
    """Where a source's film lies: a clip as it came, unless the gallery has only its beginning."""
    if not source.real:
        return work / "films" / f"{source.name}.mp4"
    return clips / source.clip


def gallery_path(source: Source, clips: Path, work: Path) -> Path:
    """The file that the gallery holds for a source."""
    if source.clip in CUT_AT:
        name = f"begins-{source.clip}"
        # An AVI does not take a copied AAC track; Matroska does, and keeps the times.
        return work / "films" / (f"{name}.mkv" if name.endswith(".avi") else name)
    return path_of(source, clips, work)


def prepare(source: Source, clips: Path, work: Path) -> None:
    """Draw the film, or copy the beginning of a long clip without encoding it anew."""
    if source.look is not None:
        target = path_of(source, clips, work)
        if not target.exists():
            write(target, drawn_film(source))
    elif source.gallery and source.clip in CUT_AT:
        target = gallery_path(source, clips, work)
        if not target.exists():
            _beginning(clips / source.clip, target, CUT_AT[source.clip])


def drawn_film(source: Source) -> Film:
    """The pictures and the sound of a drawn source."""
    look = source.look
    assert look is not None
    pictures, times = filmed(look, source.take, source.stand, source.since), look.times()
    # A second camera hears the same event; another take or part has a sound of its own.
    seed = seed_of("sound", source.group, source.take, source.since)
    sound = sounds.drawn(look.sound, seed, look.seconds) if look.sound else np.zeros(0, np.int16)
    whole = Span((0.0, look.seconds), (0.0, look.seconds))
    return Film(times, look.seconds, pictures, sound, (whole,), (), Coding(quality=20))


def _beginning(clip: Path, target: Path, until: float) -> None:
    draft = target.with_suffix(".part")
    with (
        av.open(str(clip)) as source,
        av.open(str(draft), "w", format=target.suffix[1:].replace("mkv", "matroska")) as output,
    ):
        streams = [*source.streams.video[:1], *source.streams.audio[:1]]
        copies = {stream.index: output.add_stream_from_template(stream) for stream in streams}
        for packet in source.demux(streams):
            if packet.dts is None or float(packet.dts * packet.time_base) >= until:
                continue
            packet.stream = copies[packet.stream.index]
            output.mux(packet)
    draft.replace(target)
