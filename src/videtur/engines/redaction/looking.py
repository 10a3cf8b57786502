"""Looking at a film's pictures one by one: which detectors, at which scales, and when.

Not every picture is given to a detector: between two looks boxes are carried along by what moves in them.
A look is due after a set time, at once behind a cut or when somebody is lost, and in the very next picture
when one found somebody elsewhere than following had put him, or new. Every so often a deep look adds what
costs more: an enlarged copy for small faces, a lightened one in the dark, turned ones for people who lie, a
second detector's opinion.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

import cv2
import numpy as np

from videtur.engines.media.shots import Look, change, look_at
from videtur.engines.redaction.detectors import Boxes, Detector, Detectors, Picture
from videtur.engines.redaction.flow import SmallGrey, follow, small_grey
from videtur.engines.redaction.overlap import one_of_each, overlaps
from videtur.engines.redaction.sightings import CARRIED, EARLIER, SEEN, TEXTS, Looked, Rows, Source, no_rows

LOOKED, DEEP, READ, CUT, ASTRAY = 1, 2, 4, 8, 16
"""Bits of `Looked.how`."""

_SAME = 0.45
_THE_SAME_THING = 0.3
_LARGEST = 1920
_SMALL_ENOUGH = 400
_ENLARGED_BELOW = 480
_DARK = 80
_LIGHTENED = (255 * (np.arange(256) / 255) ** 0.5).astype(np.uint8)
_TURNED_SIDE = 320
_CARRIED_FROM = 0.15
_BACK_FROM = 0.2
_BLIND_SECONDS = 0.3
_SURE = 0.5
_WELL_FOLLOWED = 0.4
_KEPT_IN_MIND = 64
_USUAL = 8


@dataclass(frozen=True, slots=True)
class Pace:
    """How often pictures are looked at, in seconds of film."""

    look: float
    deep: float
    read: float = 0.5


CAREFUL = Pace(look=0.1, deep=1.5)
QUICK = Pace(look=0.2, deep=3.0)


def _seconds_carried(score: float) -> float:
    """For how long a thing is believed to be there still, by how sure it was."""
    return 2.0 if score >= 0.3 else 0.7 if score >= 0.2 else 0.3


class Looker:
    """Looks at pictures in order of time."""

    def __init__(self, detectors: Detectors, time_base: Fraction, pace: Pace, *, text: bool) -> None:
        self._detectors = detectors
        self._time_base = time_base
        self._pace = pace
        self._text = text and detectors.text is not None
        self._before: SmallGrey | None = None
        self._coarse: Look | None = None
        self._changes: list[float] = []
        self._recent: list[tuple[Looked, SmallGrey]] = []
        self._carried = no_rows(CARRIED)
        self._last: dict[int, float] = {}
        self._astray = False
        self._time = 0.0

    def look(self, number: int, pts: int, picture: Picture, known: Looked | None = None) -> Looked:
        """Look at the next picture; or, with what is known of it already, only go on from there."""
        time = float(pts * self._time_base)
        passed, self._time = time - self._time, time
        small = small_grey(picture)
        cut = self._is_cut(small)
        if cut:
            self._recent = []
            self._carried = no_rows(CARRIED)
        if known is None:
            known = self._looked(number, pts, picture, small, passed, cut=cut)
        self._carried = known.carried
        self._astray = bool(known.how & ASTRAY)
        for kind in (LOOKED, DEEP, READ):
            if known.how & kind:
                self._last[kind] = time
        self._recent = [*self._recent[1 - _KEPT_IN_MIND :], (replace(known, earlier=no_rows(EARLIER)), small)]
        self._before = small
        return known

    def _looked(
        self, number: int, pts: int, picture: Picture, small: SmallGrey, passed: float, *, cut: bool
    ) -> Looked:
        if self._before is not None:
            self._carry_on(self._before, small, passed)
        how = self._due(passed, cut=cut)
        seen = no_rows(SEEN)
        if how & LOOKED:
            seen = np.concatenate([seen, *self._faces(picture, deep=bool(how & DEEP))])
            seen = one_of_each(seen, _SAME)
        if how & READ and self._detectors.text is not None:
            seen = np.concatenate([seen, _by(Source.TEXT, self._detectors.text(picture))])
        how |= ASTRAY if how & LOOKED and self._is_astray(seen) else 0
        earlier = self._take(seen, number, small)
        still = self._carried[self._carried[:, 5] > 0]
        followed = np.where(np.isin(still[:, 7], TEXTS), Source.FOLLOWED_TEXT, Source.FOLLOWED)
        rows = np.column_stack([still[:, :5], followed]).astype(np.float32)
        seen = np.concatenate([seen, rows])
        return Looked(number, pts, how | (CUT if cut else 0), seen, self._carried, earlier)

    def _is_cut(self, small: SmallGrey) -> bool:
        """By the measure of `media.shots`, without the pictures to come."""
        coarse, before = look_at(small.grey), self._coarse
        self._coarse = coarse
        if before is None:
            return True
        now = change(before, coarse)
        usual = sum(self._changes) / len(self._changes) if self._changes else 0.0
        self._changes = [*self._changes[1 - _USUAL :], now]
        return now > 0.15 and now > 2.5 * usual + 0.06

    def _is_astray(self, seen: Rows) -> bool:
        """Somebody surely seen is not where following had put him: what moves so is looked at every time."""
        sure = seen[(seen[:, 4] >= _SURE) & ~np.isin(seen[:, 5], TEXTS)]
        return bool((overlaps(sure, self._carried).max(axis=1, initial=0) < _WELL_FOLLOWED).any())

    def _carry_on(self, before: SmallGrey, small: SmallGrey, passed: float) -> None:
        rows = self._carried.copy()
        moved, sure = follow(before, small, rows)
        rows[:, :4] = moved[:, :4]
        rows[:, 5] += passed
        rows[:, 6] = np.where(sure, 0, rows[:, 6] + passed)
        height, width = (side / small.scale for side in small.grey.shape)
        middle_x, middle_y = (rows[:, 0] + rows[:, 2]) / 2, (rows[:, 1] + rows[:, 3]) / 2
        there = (middle_x > 0) & (middle_x < width) & (middle_y > 0) & (middle_y < height)
        most = np.array([_seconds_carried(float(score)) for score in rows[:, 4]], np.float32)
        self._carried = rows[there & (rows[:, 5] <= most) & (rows[:, 6] <= _BLIND_SECONDS)]

    def _due(self, passed: float, *, cut: bool) -> int:
        blind = self._carried[:, 6]
        lost = bool(((self._carried[:, 4] >= _SURE) & (blind > 0) & (blind < 1.5 * passed)).any())
        how = LOOKED if cut or self._astray or lost or self._passed(LOOKED, self._pace.look) else 0
        if cut or (how and self._passed(DEEP, self._pace.deep)):
            how |= LOOKED | DEEP
        if self._text and (cut or self._passed(READ, self._pace.read)):
            how |= READ
        return how

    def _passed(self, kind: int, seconds: float) -> bool:
        # A little early is better than a whole picture late.
        return kind not in self._last or self._time - self._last[kind] >= seconds - 0.01

    def _faces(self, picture: Picture, *, deep: bool) -> Iterator[Rows]:
        find, side = self._detectors.faces, max(picture.shape[:2])
        scale = min(1.0, _LARGEST / side)
        scales = [scale]
        while scales[-1] * side > _SMALL_ENOUGH:
            scales.append(scales[-1] / 2)
        for each in scales:
            yield _by(Source.FACE, _at(find, picture, each))
        if deep:
            yield from self._deep_looks(picture, scales)

    def _deep_looks(self, picture: Picture, scales: list[float]) -> Iterator[Rows]:
        find = self._detectors.faces
        if min(picture.shape[:2]) <= _ENLARGED_BELOW:
            yield _by(Source.FACE, _at(find, picture, 2.0))
        if picture.mean() < _DARK:
            lighter = _LIGHTENED[picture]
            for each in scales[:2]:
                yield _by(Source.FACE, _at(find, lighter, each))
        scale = min(1.0, _TURNED_SIDE / max(picture.shape[:2]))
        for turns in (1, 2, 3):
            yield _by(Source.FACE, _turned(find, picture, turns, scale))
        if self._detectors.second is not None:
            yield _by(Source.SECOND, _at(self._detectors.second, picture, scales[0]))

    def _take(self, seen: Rows, number: int, small: SmallGrey) -> Rows:
        """Carry what was seen, and follow what is new back to before it was seen."""
        kept: list[Rows] = []
        earlier: list[Rows] = [no_rows(EARLIER)]
        for texts in (False, True):
            mine = self._carried[np.isin(self._carried[:, 7], TEXTS) == texts]
            new = seen[np.isin(seen[:, 5], TEXTS) == texts]
            over = overlaps(new, mine)
            for at, row in enumerate(new):
                known = over[at] >= _THE_SAME_THING
                before = float(mine[known, 4].max(initial=0))
                score = max(float(row[4]), 0.9 * before)
                if score >= _CARRIED_FROM:
                    kept.append(np.array([[*row[:4], score, 0, 0, row[5]]], np.float32))
                if not known.any() and row[4] >= _BACK_FROM:
                    earlier.append(self._back(row, number, small))
            kept.append(mine[~(over >= _THE_SAME_THING).any(axis=0)] if len(new) else mine)
        self._carried = np.concatenate(kept) if kept else no_rows(CARRIED)
        return np.concatenate(earlier)

    def _back(self, row: Rows, number: int, small: SmallGrey) -> Rows:
        found: list[Rows] = []
        box = row[None].copy()
        text = row[5] in TEXTS
        after, source = small, Source.FOLLOWED_TEXT if text else Source.FOLLOWED
        most = _seconds_carried(float(row[4]))
        for looked, before in reversed(self._recent):
            box, sure = follow(after, before, box)
            passed = self._time - float(looked.pts * self._time_base)
            same = np.isin(looked.seen[:, 5], TEXTS) == text
            known = (overlaps(box, looked.seen[same]) >= _THE_SAME_THING).any()
            if not sure[0] or known or passed > most:
                break
            box[0, 5] = source
            found.append(np.concatenate([[[number - looked.number]], box], axis=1).astype(np.float32))
            after = before
        return np.concatenate(found) if found else no_rows(EARLIER)


def _by(source: Source, boxes: Boxes) -> Rows:
    return np.column_stack([boxes, np.full(len(boxes), source)]).astype(np.float32)


def _at(find: Detector, picture: Picture, scale: float) -> Boxes:
    """What a detector finds at another size, in pixels of the picture."""
    if scale == 1:
        return find(picture)
    height, width = picture.shape[:2]
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    boxes = find(np.asarray(cv2.resize(picture, size, interpolation=how), np.uint8)).copy()
    boxes[:, 0:4:2] *= width / size[0]
    boxes[:, 1:4:2] *= height / size[1]
    return boxes


def _turned(find: Detector, picture: Picture, turns: int, scale: float) -> Boxes:
    """What a detector finds in the picture turned by quarter turns, in the picture as it stands."""
    height, width = picture.shape[:2]
    boxes = _at(find, np.ascontiguousarray(np.rot90(picture, turns)), scale)
    left, top, right, bottom, score = boxes.T
    match turns:  # np.rot90 turns against the clock
        case 1:
            corners = (width - bottom, left, width - top, right)
        case 2:
            corners = (width - right, height - bottom, width - left, height - top)
        case _:
            corners = (top, height - right, bottom, height - left)
    return np.stack([*corners, score], axis=1).astype(np.float32)
