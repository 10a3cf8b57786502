"""Finding what must not be shown: one streamed pass of detectors over a film, then the linking.

A plan is made of what comes out. It is never enough by itself: what is unsure is listed for a person.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import BinaryIO, Literal, Protocol

from videtur.engines.media.events import (
    AnalysisFrame,
    Damage,
    PassEnd,
    PictureStream,
    PresentationTimes,
    ProxyFrame,
)
from videtur.engines.media.frames import every_frame
from videtur.engines.media.limits import Limits
from videtur.engines.media.sandbox import DecodingSandbox
from videtur.engines.media.shots import ShotFinder
from videtur.engines.media.timecode import MediaTime
from videtur.engines.redaction.detectors import Detectors
from videtur.engines.redaction.flow import small_grey
from videtur.engines.redaction.looking import CAREFUL, QUICK, Looker
from videtur.engines.redaction.masking import Persons
from videtur.engines.redaction.plan import PictureFacts, Shot, Track, digest_of_times
from videtur.engines.redaction.sightings import Looked, Sightings
from videtur.engines.redaction.tracks import tracks_of
from videtur.errors import Refused

ENGINE_VERSION = "1"

_NOTICE_SECONDS = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class FindRequest:
    """What is looked for."""

    persons: Persons = "heads"
    """How much of a person is masked: the face with a margin, the whole head, or the whole body. The body is
    reckoned from the head (no detector of bodies comes in a package): a first proposal, no more."""
    text: bool = False
    """Also boxes of writing: names, plates, unit marks, documents, marks of uploaders."""
    pace: Literal["careful", "quick"] = "careful"
    """How many pictures are given to the detectors; between them boxes are followed."""


@dataclass(frozen=True, slots=True)
class Unsure:
    """A stretch of time that a person has to look at, first and last presentation time, and why."""

    start: int
    end: int
    reason: str
    """A code of `UNSURE`."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a plan needs."""

    picture: PictureFacts
    tracks: tuple[Track, ...]
    shots: tuple[Shot, ...]
    detectors: tuple[str, ...]
    """Each as `<name> <version> <sha256>`."""
    unsure: tuple[Unsure, ...]
    frames: int
    """Pictures that were shown: all are covered by a look or by following between two."""
    detections: int
    """Boxes the detectors gave, before linking."""
    damage: str | None
    """The first thing that could not be decoded; None when all could."""


class Checkpoint(Protocol):
    """Where boxes are kept as they are found, so that a run that was ended goes on and not from the start.

    One checkpoint is for one file: whoever opens it sees to that.
    """

    def append(self, record: bytes) -> None:
        """Keep one more record, behind the others."""
        ...

    def records(self) -> Iterator[bytes]:
        """Those kept, in order; one cut off at the end is left out."""
        ...


def _told_nobody(_: Fraction) -> None:
    pass


def find(
    source: BinaryIO,
    sandbox: DecodingSandbox,
    detectors: Detectors,
    request: FindRequest | None = None,
    *,
    limits: Limits | None = None,
    checkpoint: Checkpoint | None = None,
    told: Callable[[Fraction], None] = _told_nobody,
) -> Found:
    """Look at every picture of a film and link what is seen into tracks.

    `told` gets seconds of film done. Raises Refused when there is no picture, when one cannot be converted,
    when a detector fails, or when the checkpoint is of another run: never a plan that lacks what was not
    looked at. Damage of the film itself is told in `Found.damage`.
    """
    request = request or FindRequest()
    if request.text and detectors.text is None:
        raise Refused(
            "There is no detector for text", remedy="Install requirements/models.txt, or leave text out"
        )
    run = _Run(detectors, request, checkpoint, told)
    for event in every_frame(source, sandbox, limits=limits):
        match event:
            case PictureStream():
                run.begin(event)
            case AnalysisFrame():
                run.look(event)
            case PresentationTimes():
                run.times += len(event.pts)
            case Damage():
                run.damage = run.damage or event.what
            case PassEnd():
                run.end = event
            case _:
                pass
    return run.found()


class _Run:
    """One pass over one film."""

    def __init__(
        self,
        detectors: Detectors,
        request: FindRequest,
        checkpoint: Checkpoint | None,
        told: Callable[[Fraction], None],
    ) -> None:
        self._detectors = detectors
        self._request = request
        self._checkpoint = checkpoint
        self._told = told
        self._sightings = Sightings()
        self._shots = ShotFinder()
        self._known: Iterator[bytes] = iter(())
        self._looker: Looker | None = None
        self._picture: PictureStream | None = None
        self._first: int | None = None
        self._told_at = Fraction(0)
        self.times = 0
        self.damage: str | None = None
        self.end: PassEnd | None = None

    def begin(self, picture: PictureStream) -> None:
        """Before the first picture."""
        self._picture = picture
        pace = CAREFUL if self._request.pace == "careful" else QUICK
        self._looker = Looker(self._detectors, picture.time_base, pace, text=self._request.text)
        if self._checkpoint is None:
            return
        header = self._header(picture)
        self._known = self._checkpoint.records()
        found = next(self._known, None)
        if found is None:
            self._checkpoint.append(header)
        elif found != header:
            raise _other_run("It was begun with other detectors, another request or another file")

    def _header(self, picture: PictureStream) -> bytes:
        told = {
            "engine": ENGINE_VERSION,
            "detectors": self._detectors.described(),
            "request": asdict(self._request),
            "picture": [picture.width, picture.height, str(picture.time_base)],
        }
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).digest()

    def look(self, frame: AnalysisFrame) -> None:
        """The next picture."""
        assert self._looker is not None  # noqa: S101 -- a stream is announced before its pictures
        number, pts = len(self._sightings.times), frame.time.pts
        known = self._recorded(number, pts)
        looked = self._looker.look(number, pts, frame.image, known)
        self._sightings.add(looked)
        if known is None and self._checkpoint is not None:
            self._checkpoint.append(looked.as_record())
        self._shots.add(ProxyFrame(frame.time, small_grey(frame.image).grey))
        self._first = pts if self._first is None else self._first
        done = (pts - self._first) * frame.time.time_base
        if done - self._told_at >= _NOTICE_SECONDS:
            self._told_at = done
            self._told(done)

    def _recorded(self, number: int, pts: int) -> Looked | None:
        record = next(self._known, None)
        if record is None:
            return None
        try:
            known = Looked.from_record(record)
        except ValueError as problem:
            raise _other_run(str(problem)) from problem
        if (known.number, known.pts) != (number, pts):
            raise _other_run("Its presentation times are not those of the film")
        return known

    def found(self) -> Found:
        """What came of it all."""
        times = self._sightings.times
        if self._picture is None or not times:
            raise Refused("No picture could be looked at", self.damage or "the file holds none")
        if len(times) != self.times:
            missing = self.times - len(times)
            raise Refused(
                f"{missing} pictures could not be looked at",
                self.damage or "they cannot be converted",
                "Convert the film first, or mask by hand",
            )
        duration = self.end.duration if self.end else None
        base = self._picture.time_base
        last = (
            times[-1] + 1 if duration is None else max(times[-1] + 1, times[0] + duration.rescaled(base).pts)
        )
        shots = self._shots.finish(MediaTime(last, base))
        assert shots is not None  # noqa: S101 -- there was a picture
        edges = tuple(Shot(each.start_pts, each.end_pts) for each in shots.shots)
        facts = PictureFacts(
            self._picture.width, self._picture.height, base, len(times), digest_of_times(times)
        )
        tracks, faint = tracks_of(self._sightings, edges, facts, self._request.persons, self._detectors)
        doubts = [Unsure(track.start, track.end, reason) for track in tracks for reason in track.unsure]
        doubts += [Unsure(start, end, "faint") for start, end in faint]
        return Found(
            picture=facts,
            tracks=tracks,
            shots=edges,
            detectors=self._detectors.described(),
            unsure=tuple(sorted(doubts, key=lambda each: (each.start, each.end, each.reason))),
            frames=len(times),
            detections=self._sightings.detections,
            damage=self.damage,
        )


def _other_run(why: str) -> Refused:
    return Refused("The checkpoint is of another run", why, "Remove it, and find from the start")
