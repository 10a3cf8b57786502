"""The one decode pass, and everything that is fed by it while it runs."""

from collections.abc import Generator
from contextlib import ExitStack, closing
from dataclasses import replace
from fractions import Fraction
from typing import cast

from videtur.engines.copies.picture import PictureFingerprinter
from videtur.engines.copies.sound import SoundFingerprinter
from videtur.engines.media.events import (
    AnalysisFrame,
    Damage,
    PassEnd,
    PassEvent,
    PictureStream,
    PresentationTimes,
    ProxyFrame,
    SoundBlock,
    SoundStream,
)
from videtur.engines.media.filmstrip import Filmstrip
from videtur.engines.media.first_pass import decode
from videtur.engines.media.peaks import Peaks
from videtur.engines.media.shots import ShotFinder
from videtur.engines.media.timecode import MediaTime
from videtur.errors import StorageFailed
from videtur.pipeline.picture_descriptor import STEP as DESCRIPTOR
from videtur.pipeline.picture_descriptor import Describing, describes
from videtur.pipeline.services import Result
from videtur.pipeline.steps import REQUEST
from videtur.pipeline.tools import Run, json_bytes
from videtur.storage.object_store import Staged

PICTURE_STEPS = ("picture_fingerprint", "shots", "filmstrip")
SOUND_STEPS = ("sound_fingerprint", "peaks")
MOST_DAMAGE_LISTED = 1000


def first_look(run: Run) -> list[Result]:
    """Decode once; return a result for every step wanted. Raises Refused when nothing can be decoded."""
    wanted = run.wanted.keys()
    if set(wanted) == {DESCRIPTOR} and not describes(run):
        return Describing(run).results(pictures=False)  # nothing to decode it for
    request = replace(
        REQUEST,
        picture=not wanted.isdisjoint(("decode", *PICTURE_STEPS)) or describes(run),
        sound=not wanted.isdisjoint(("decode", *SOUND_STEPS)),
    )
    with ExitStack() as stack:
        source = stack.enter_context(run.open_input())
        batch = stack.enter_context(run.tools.store.batch())
        times = stack.enter_context(batch.stage())
        # An iterator that is left half-way must end its child at once.
        events = cast("Generator[PassEvent]", decode(source, run.tools.sandbox, request))
        look = _FirstLook(replace(run, tools=replace(run.tools, store=batch)), times)
        for event in stack.enter_context(closing(events)):
            look.take(event)
        return look.results()


class _FirstLook:
    """Hands each event to those who want it. Holds no more than they keep."""

    def __init__(self, run: Run, times: Staged) -> None:
        self._run = run
        self._times = times
        wanted = run.wanted
        self._picture = PictureFingerprinter() if "picture_fingerprint" in wanted else None
        self._sound = SoundFingerprinter() if "sound_fingerprint" in wanted else None
        self._shots = ShotFinder() if "shots" in wanted else None
        self._filmstrip = Filmstrip() if "filmstrip" in wanted else None
        self._peaks = Peaks() if "peaks" in wanted else None
        self._describing = Describing(run)
        self._picture_stream: PictureStream | None = None
        self._sound_stream: SoundStream | None = None
        self._span: tuple[int, int] | None = None
        self._damage: list[Damage] = []
        self._end: PassEnd | None = None

    def take(self, event: PassEvent) -> None:
        match event:
            case AnalysisFrame():
                if self._picture:
                    self._picture.add(event)
                if self._filmstrip:
                    self._filmstrip.add(event)
                self._describing.add(event)
            case ProxyFrame():
                if self._picture:
                    self._picture.add(event)
                if self._shots:
                    self._shots.add(event)
            case SoundBlock():
                self._take_sound(event)
            case PresentationTimes():
                self._take_times(event)
            case _:
                self._take_fact(event)

    def results(self) -> list[Result]:
        if self._end is None:
            raise StorageFailed("The decoder stopped without saying why", remedy="Examine the item again")
        results = [self._decode_result(self._end)] if "decode" in self._run.wanted else []
        described = self._describing.results(pictures=self._end.picture_frames > 0)
        return [*results, *self._picture_results(self._end), *described, *self._sound_results()]

    def _take_sound(self, block: SoundBlock) -> None:
        if self._sound:
            self._sound.add(block)
        if self._peaks:
            self._peaks.add(block)

    def _take_times(self, chunk: PresentationTimes) -> None:
        if not len(chunk.pts):
            return
        self._times.write(chunk.pts.astype("<i8").tobytes())
        first = int(chunk.pts[0]) if self._span is None else self._span[0]
        self._span = (first, int(chunk.pts[-1]))

    def _take_fact(self, event: PictureStream | SoundStream | Damage | PassEnd) -> None:
        match event:
            case PictureStream():
                self._picture_stream = event
            case SoundStream():
                self._sound_stream = event
            case Damage():
                if len(self._damage) < MOST_DAMAGE_LISTED:
                    self._damage.append(event)
            case PassEnd():
                self._end = event

    def _decode_result(self, end: PassEnd) -> Result:
        first, last = end.first, end.last
        base = first.time_base if first else Fraction(1)
        span = self._span or (first.pts if first else None, last.rescaled(base).pts if last else None)
        summary: dict[str, object] = {
            "time_base": [base.numerator, base.denominator],
            "frame_count": end.picture_frames,
            "first_pts": span[0],
            "last_pts": span[1],
            "damage_count": end.damage_count,
            "sound_seconds": end.sound_seconds,
            "sound_first": _time_json(end.sound_first),
            "duration": _time_json(end.duration),
            "times_from_order": end.times_from_order,
            "notes": list(end.notes),
        }
        damage: dict[str, object] = {
            "count": end.damage_count,
            "damage": [each.as_json() for each in self._damage],
        }
        files = {"presentation_times.bin": self._times, "damage.json": json_bytes(damage)}
        return self._run.keep("decode", summary, files)

    def _picture_results(self, end: PassEnd) -> list[Result]:
        if not end.picture_frames:
            return self._run.skip(PICTURE_STEPS, "no picture")
        results: list[Result] = []
        if self._picture:
            frames = self._picture.finish()
            files = {"fingerprint.bin": frames.to_bytes()}
            summary = {
                "frame_count": len(frames.pts),
                "size": list(frames.size),
                "content": list(frames.content),
            }
            results.append(self._run.keep("picture_fingerprint", summary, files))
        if self._shots:
            results.append(self._shots_result(self._shots, end))
        if self._filmstrip:
            results.append(self._filmstrip_result(self._filmstrip))
        return results

    def _shots_result(self, finder: ShotFinder, end: PassEnd) -> Result:
        closing_time = None
        if end.first and end.duration:
            base = end.first.time_base
            closing_time = MediaTime(end.first.pts + end.duration.rescaled(base).pts, base)
        shots = finder.finish(closing_time)
        if shots is None:
            return self._run.skip(("shots",), "no picture")[0]
        return self._run.keep(
            "shots", {"shot_count": len(shots.shots)}, {"shots.json": json_bytes(shots.as_json())}
        )

    def _filmstrip_result(self, filmstrip: Filmstrip) -> Result:
        strip = filmstrip.finish()
        if strip is None:
            return self._run.skip(("filmstrip",), "no picture")[0]
        files = {
            "filmstrip.jpg": strip.sprite,
            "filmstrip.json": json_bytes(strip.layout.as_json()),
            "poster.jpg": strip.poster,
        }
        return self._run.keep("filmstrip", {"tile_count": len(strip.layout.pts)}, files)

    def _sound_results(self) -> list[Result]:
        if self._sound_stream is None or not (self._end and self._end.sound_samples):
            return self._run.skip(SOUND_STEPS, "no sound")
        results: list[Result] = []
        if self._sound:
            files = {"fingerprint.bin": self._sound.finish().to_bytes()}
            results.append(self._run.keep("sound_fingerprint", {}, files))
        if self._peaks:
            peaks = self._peaks.finish()
            if peaks is None:
                return [*results, *self._run.skip(("peaks",), "no sound")]
            results.append(self._run.keep("peaks", {}, {"peaks.json": json_bytes(peaks.as_json())}))
        return results


def _time_json(time: MediaTime | None) -> dict[str, object] | None:
    return time.as_json() if time else None
