"""Compares two fingerprints: registration, alignment, and the decision by motion; sound beside it."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import numpy as np

from videtur.engines.copies.alignment import SPEEDS, Support, lines, search
from videtur.engines.copies.decision import MATCH_THRESHOLD, SharedFootage, SharedSegment
from videtur.engines.copies.film import RATE, Film
from videtur.engines.copies.fingerprint import Fingerprints
from videtur.engines.copies.motion import WINDOW_FRAMES
from videtur.engines.copies.registration import (
    HashSupport,
    Registration,
    hash_registrations,
    point_registrations,
)
from videtur.engines.copies.sound_match import Sound, compare_sounds
from videtur.engines.copies.verification import Found, along, transforms
from videtur.engines.media.timecode import MediaInterval

_MOST_SUPPORT = 400
_MOST_POINT_MAPS = 4
_WORTH_SAYING = 0.3
_CONVINCING = (0.955, 0.92)
"""Median likeness that ends the search for a better map or pace: of a short stretch, of a longer one."""
_CONVINCING_WINDOWS = 5
_PROPOSAL_ONLY = 0.4
"""The most a proposal alone can score: a like picture is not yet the same recording."""


class Prepared:
    """Fingerprints of one file made ready for comparing many times."""

    def __init__(self, fingerprints: Fingerprints) -> None:
        self.film = Film(fingerprints.picture) if fingerprints.picture else None
        self.sound = Sound(fingerprints.sound) if fingerprints.sound else None


def compare(query: Fingerprints, reference: Fingerprints) -> tuple[SharedFootage, ...]:
    """What two files share, by picture and by sound apart; what is not shown but hinted at is in it too."""
    return compare_prepared(Prepared(query), Prepared(reference))


def compare_prepared(query: Prepared, reference: Prepared) -> tuple[SharedFootage, ...]:
    """As `compare`, for files made ready before."""
    picture = compare_pictures(query.film, reference.film) if query.film and reference.film else None
    sound = compare_sounds(query.sound, reference.sound) if query.sound and reference.sound else None
    return tuple(shared for shared in (picture, sound) if shared is not None)


def compare_pictures(query: Film, reference: Film) -> SharedFootage | None:
    """What two films share by picture: None when nothing even points to it."""
    swapped = query.seconds > reference.seconds
    source, target = (reference, query) if swapped else (query, reference)
    if not len(source.pictures):
        return None
    found, strength = _compare(source, target)
    if not found and strength < _WORTH_SAYING:
        return None
    return _answer(found, strength, source, target, swapped=swapped)


def _compare(source: Film, target: Film) -> tuple[list[Found], float]:
    """Everything found under any map, and how strong the strongest map was as a proposal."""
    by_hash = hash_registrations(source, target)
    by_points: list[tuple[Registration, float, float]] = []
    strength = max((support.registration.strength for support in by_hash), default=0.0)
    found: list[Found] = []
    for speeds in ((1.0,), SPEEDS[1:]):
        for support in by_hash[:4]:
            found += _under(source, target, support.registration, speeds, _support(support))
            if _enough(found, source):
                return found, strength
        if speeds == (1.0,):
            by_points = point_registrations(source, target)
            strength = max([strength, *(entry[0].strength for entry in by_points)])
        for registration, here, there in by_points[:_MOST_POINT_MAPS]:
            near = Support(np.array([here]), np.array([there]))
            found += _under(source, target, registration, speeds, near)
            if _enough(found, source):
                return found, strength
        if not by_hash and not by_points:
            break
    return found, strength


def _enough(found: Sequence[Found], source: Film) -> bool:
    """Whether what was accepted covers most of the shorter film, so that no further map need be tried."""
    windows = sum(
        entry.verdict.last - entry.verdict.first
        for entry in found
        # A wrong speed can pass for a second or two, but then motion agrees only nearly.
        if entry.verdict.score >= float(MATCH_THRESHOLD)
        and entry.verdict.median >= _CONVINCING[entry.verdict.windows >= _CONVINCING_WINDOWS]
    )
    return windows * WINDOW_FRAMES / RATE > 0.6 * source.seconds


def _support(by_hash: HashSupport) -> Support:
    order = np.argsort(by_hash.bits, axis=None, kind="stable")[:_MOST_SUPPORT]
    rows, columns = np.unravel_index(order, by_hash.bits.shape)
    return Support(by_hash.source_seconds[rows], by_hash.target_seconds[columns])


def _under(
    source: Film, target: Film, registration: Registration, speeds: Sequence[float], support: Support
) -> list[Found]:
    hits = search(source, target, registration, speeds, support)
    found: list[Found] = []
    for line in lines(hits):
        found += along(source, target, registration, line)
    return found


def _answer(
    found: Sequence[Found], strength: float, source: Film, target: Film, *, swapped: bool
) -> SharedFootage:
    chosen = _apart(sorted(found, key=_rank))
    accepted = [entry for entry in chosen if entry.verdict.score >= float(MATCH_THRESHOLD)]
    shown = accepted or chosen[:1]
    segments = tuple(
        sorted(
            (_segment(entry, source, target, swapped=swapped) for entry in shown),
            key=lambda segment: segment.query.start,
        )
    )
    if not shown:
        return SharedFootage(
            "unrelated",
            "picture",
            (),
            (),
            Fraction(1),
            _decimal(_PROPOSAL_ONLY * strength),
            ("pictures look alike, but no stretch was found that moves alike",),
        )
    best = min(shown, key=_rank)
    speed = best.line.speed if not swapped else 1 / best.line.speed
    score = max(best.verdict.score, _PROPOSAL_ONLY * strength if not accepted else 0.0)
    return SharedFootage(
        outcome="same_footage" if accepted else "unrelated",
        modality="picture",
        segments=segments,
        transform=transforms(best, source, target, swapped=swapped),
        speed=Fraction(round(speed * 1000), 1000),
        score=_decimal(score),
        reasons=best.verdict.reasons(),
    )


def _rank(found: Found) -> tuple[float, float, float]:
    """Best first: by score; where short stretches are equal, by length and by how well they agree."""
    verdict = found.verdict
    return -verdict.score, -verdict.windows, -verdict.median


def _apart(found: Sequence[Found]) -> list[Found]:
    """Leave out what says again what a better stretch has said of the same part of the source."""
    kept: list[Found] = []
    for entry in found:
        first, last = entry.source_span
        others = [
            max(0.0, min(last, other.source_span[1]) - max(first, other.source_span[0])) for other in kept
        ]
        if max(others, default=0.0) <= 0.3 * (last - first):
            kept.append(entry)
    return kept


def _segment(entry: Found, source: Film, target: Film, *, swapped: bool) -> SharedSegment:
    first, last = entry.source_span
    mine = MediaInterval(source.time_of(first), source.time_of(last))
    line = entry.line
    other = MediaInterval(
        target.time_of(line.speed * first + line.offset), target.time_of(line.speed * last + line.offset)
    )
    query, reference = (other, mine) if swapped else (mine, other)
    return SharedSegment(query, reference, _decimal(entry.verdict.score))


def _decimal(score: float) -> Decimal:
    return Decimal(round(score * 1000)).scaleb(-3)
