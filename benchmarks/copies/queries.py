"""The queries: which are made, how, and the truth that is written beside each."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from benchmarks.copies.films import Film, Span, cut, read, write
from benchmarks.copies.kinds import BY_NAME, KINDS, Kind
from benchmarks.copies.sounds import level
from benchmarks.copies.sources import ROOM, Source, halves, path_of, seed_of

GENERATOR = 1
"""Raised when the same plan would make other files."""
PER_KIND = 6
LONGEST = 6.0
LONGEST_HEARD = 9.0
LONG_ENOUGH = 8.0
"""Sound alone is asked for on clips of so many seconds or more."""
SILENT = -50.0
"""A carried track below this loudness counts neither as found nor as missed."""
_NEGATIVE_KINDS = (
    "re-encode",
    "crop",
    "mirror",
    "screen filming",
    "overlay and subtitles",
    "speed",
    "vertical re-frame",
    "picture rate",
)
_DISTRACTOR_KINDS = ("re-encode", "overlay and subtitles", "fade", "letterbox or pillarbox", "blur")


@dataclass(frozen=True)
class Planned:
    """A query that is to be made."""

    name: str
    kind: str
    source: Source
    other: Source
    half: str


@dataclass(frozen=True)
class Query:
    """A query that is there, with its truth."""

    name: str
    kind: str
    listed: bool
    source: str
    group: str
    relation: str
    half: str
    host: str
    host_group: str
    seconds: float
    spans: tuple[Span, ...]
    heard: tuple[Span, ...]
    sound_level: float
    heard_level: float
    coding: dict[str, Any] = field(default_factory=dict[str, Any])

    @staticmethod
    def load(path: Path) -> "Query":
        """Read the truth beside a query."""
        told = json.loads(path.read_text(encoding="utf-8"))
        told.pop("generator")
        for axis in ("spans", "heard"):
            told[axis] = tuple(Span(tuple(s["query"]), tuple(s["reference"])) for s in told[axis])
        return Query(**told)


def _slug(text: str) -> str:
    return text.replace(", ", "-").replace(" ", "-")


def _dealt(groups: dict[str, list[Source]], *words: object) -> Iterator[Source]:
    """Sources in an order of their own: every group once before any comes again."""
    order = sorted(groups, key=lambda name: seed_of("order", *words, name))
    number = 0
    while order:
        for name in order:
            members = sorted(groups[name], key=lambda source: seed_of("member", *words, source.name))
            yield members[number % len(members)]
        number += 1


def _grouped(sources: Iterable[Source]) -> dict[str, list[Source]]:
    found: dict[str, list[Source]] = {}
    for source in sources:
        found.setdefault(source.group, []).append(source)
    return found


def _fits(source: Source, kind: Kind, audible: set[str]) -> bool:
    """Whether a query of a kind may be made of a source."""
    if source.relation != "copy" or (kind.needs_sound and source.name not in audible):
        return False
    if not kind.name.startswith("sound only"):
        return not source.group.startswith("heard")
    return source.look is None or source.look.seconds >= LONG_ENOUGH


def plan(sources: list[Source], audible: set[str]) -> list[Planned]:
    """Every query of both halves, in an order in which a part of them is a fair sample."""
    half_of = halves(sources)
    found: list[Planned] = []
    for half in ("tuning", "sealed"):
        mine = [source for source in sources if half_of[source.group] == half]
        others = [s for s in mine if (s.real and s.gallery and s.group != ROOM) or s.relation == "host"]

        def planned(kind: str, source: Source, half: str = half, others: list[Source] = others) -> Planned:
            name = f"{_slug(source.name)}.{_slug(kind)}"
            apart = [other for other in others if other.group != source.group]
            other = min(apart, key=lambda entry: seed_of("other", name, entry.name))
            return Planned(name, kind, source, other, half)

        for kind in KINDS:
            fit = [s for s in mine if _fits(s, kind, audible)]
            for real in (True, False):
                wanted = PER_KIND // 2 if not kind.name.startswith("sound only") else PER_KIND
                groups = _grouped(source for source in fit if source.real is real)
                dealt = islice(_dealt(groups, kind.name), wanted)
                found += [planned(kind.name, source) for source in dealt]
        for source in mine:
            copies = 3 if source.relation in ("other take", "other part", "second camera") else 0
            kinds: tuple[str, ...] = _NEGATIVE_KINDS
            if source.relation == "copy" and source.group == ROOM:
                copies = 2
            if source.relation == "host":
                copies, kinds = 3, _DISTRACTOR_KINDS
            order = sorted(kinds, key=lambda kind: seed_of("negative", source.name, kind))
            found += [planned(kind, source) for kind in order[:copies]]
    unique = {entry.name: entry for entry in found}
    return sorted(unique.values(), key=lambda entry: seed_of("turn", entry.name))


def make(planned: Planned, clips: Path, work: Path) -> None:
    """Make one query and write its truth, unless both are there."""
    truth = work / "queries" / f"{planned.name}.json"
    if truth.exists() and json.loads(truth.read_text(encoding="utf-8"))["generator"] == GENERATOR:
        return
    kind = BY_NAME[planned.kind]
    draw = np.random.default_rng(seed_of("query", planned.name))
    film = _part(planned, kind, draw, clips, work)
    other = _other(planned, draw, clips, work) if kind.uses_other else film
    if kind.name not in ("re-encode", "other codec"):
        film = replace(film, coding=replace(film.coding, quality=int(draw.integers(23, 31))))
    made = kind.make(draw, film, other)
    suffix = ".mkv" if made.coding.codec == "libvpx-vp9" else ".mp4"
    write(truth.with_suffix(suffix), made)
    heard_levels = [
        level(made.sound[round(s.query[0] * 44100) : round(s.query[1] * 44100)]) for s in made.heard
    ]
    real_copy = planned.source.relation == "copy"
    query = Query(
        planned.name,
        planned.kind,
        kind.listed,
        planned.source.name,
        planned.source.group,
        planned.source.relation,
        planned.half,
        planned.other.name if kind.uses_other else "",
        planned.other.group if kind.uses_other else "",
        made.end,
        made.spans if real_copy else (),
        made.heard if real_copy else (),
        level(made.sound),
        max(heard_levels, default=-120.0),
        asdict(made.coding),
    )
    draft = truth.with_suffix(".draft")
    draft.write_text(json.dumps({"generator": GENERATOR, **asdict(query)}, indent=1), encoding="utf-8")
    draft.replace(truth)


def _part(planned: Planned, kind: Kind, draw: np.random.Generator, clips: Path, work: Path) -> Film:
    """The stretch of the source that the query is made of; a cut is drawn from the whole clip."""
    source = planned.source
    longest = LONGEST_HEARD if kind.name.startswith("sound only") else LONGEST
    if kind.name == "cut":
        longest = 12.0
    path = path_of(source, clips, work)
    last = source.last
    if last > 1e8:
        last = _length(path)
    length = min(longest, last - source.first)
    first = source.first + float(draw.uniform(0, max(0.0, last - source.first - length)))
    return read(path, first, first + length)


def _other(planned: Planned, draw: np.random.Generator, clips: Path, work: Path) -> Film:
    """Other footage, about six seconds of it."""
    path = path_of(planned.other, clips, work)
    last = min(planned.other.last, _length(path))
    first = float(draw.uniform(0, max(0.0, last - 6.0)))
    film = read(path, first, first + 6.0)
    return cut(film, 0, film.end)


def _length(path: Path) -> float:
    with av.open(str(path)) as container:
        return float(container.duration or 0) / 1_000_000


def ready() -> None:
    """Settings of a process that makes queries."""
    cv2.setNumThreads(1)
