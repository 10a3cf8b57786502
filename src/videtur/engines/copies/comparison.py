"""Compares two fingerprints: registration, alignment, and the decision by motion; sound beside it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from videtur.engines.copies.alignment import FAR_SPEEDS, SPEEDS, Hit, Meeting, Support, lines, meeting, search
from videtur.engines.copies.decision import MATCH_THRESHOLD, SharedFootage
from videtur.engines.copies.film import RATE, Film, NegativeFilm
from videtur.engines.copies.fingerprint import Fingerprints
from videtur.engines.copies.motion import WINDOW_FRAMES
from videtur.engines.copies.registration import (
    HashSupport,
    Proposal,
    Registration,
    hash_registrations,
    point_registrations,
)
from videtur.engines.copies.relation import relation_of
from videtur.engines.copies.sound_match import Sound, compare_sounds
from videtur.engines.copies.verification import Found, along

COMPARISON_VERSION = "3"
"""Part of every search's key: any change of what two fingerprints are said to share raises it."""

_MOST_SUPPORT = 400
_MOST_HASH_MAPS = 3
_MOST_POINT_MAPS = 3
_MAPS_AT_OTHER_SPEEDS = 2
_CHUNKS_AT_OTHER_SPEEDS = 4
_WORTH_ANOTHER_SPEED = 0.03
_CHUNKS_AT_FAR_SPEEDS = 2
_WORTH_A_FAR_SPEED = 0.5
_SURE_OF_THE_SCENE = 0.3
"""Slow and fast motion are sought only where the pictures surely show one scene."""
_CLEAR_LIKENESS = 0.8
_CLIP_SECONDS = 12.0
_SURE_OF_THE_PLACE = 0.2
"""A weaker map than this may be none: then the negative is tried too."""
_STILLS_OF_A_NEGATIVE = (3, 2)
"""Negatives are rare: fewer pictures of both films are tried."""
_LINES_OF_A_CLIP = 2
_WORTH_A_SECOND_LINE = 0.5
_LINES_OF_A_FILM = 4
_CONVINCING = (0.92, 0.88)
"""Median likeness that ends the search for a better map or pace: of a short stretch, of a longer one."""
_CONVINCING_WINDOWS = 5


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
    if not len(source.coarse):
        return None
    found, proposals = _compare(source, target, _maps(source, target))
    if max((proposal.registration.strength for proposal in proposals), default=0.0) < _SURE_OF_THE_PLACE:
        turned = NegativeFilm(source)
        more, further = _compare(turned, target, _maps_of_negative(turned, target))
        found, proposals = found + more, proposals + further
    return relation_of(found, proposals, source, target, swapped=swapped)


def _compare(
    source: Film, target: Film, maps: Iterable[tuple[Registration, Support]]
) -> tuple[list[Found], list[Proposal]]:
    """Everything found under any map, and the maps that were tried."""
    found: list[Found] = []
    proposals: list[Proposal] = []
    tried: list[tuple[Meeting, Registration, Support, float]] = []
    for registration, support in maps:
        moments = float(support.source_seconds[0]), float(support.target_seconds[0])
        proposals.append(Proposal(registration, *moments))
        met = meeting(source, target, registration)
        if met is None:
            continue
        hits = search(met, (1.0,), support)
        found += _along(source, target, registration, hits)
        if _enough(found, source):
            return found, proposals
        tried.append((met, registration, support, max((hit.likeness for hit in hits), default=0.0)))
    tried.sort(key=lambda entry: -entry[3])
    for met, registration, support, plain in tried[:_MAPS_AT_OTHER_SPEEDS]:
        hits = search(met, SPEEDS[1:], support, _CHUNKS_AT_OTHER_SPEEDS)
        better = [hit for hit in hits if hit.likeness > min(plain + _WORTH_ANOTHER_SPEED, _CLEAR_LIKENESS)]
        found += _along(source, target, registration, better)
        if _enough(found, source):
            return found, proposals
    if tried and tried[0][1].strength >= _SURE_OF_THE_SCENE and not any(map(_accepted, found)):
        met, registration, support, _ = tried[0]
        hits = search(met, FAR_SPEEDS, support, _CHUNKS_AT_FAR_SPEEDS)
        found += _along(
            source, target, registration, [hit for hit in hits if hit.likeness > _WORTH_A_FAR_SPEED]
        )
    return found, proposals


def _maps(source: Film, target: Film) -> Iterator[tuple[Registration, Support]]:
    """Maps worth trying, the likeliest first; points are matched only when hashes have not sufficed."""
    for by_hash in hash_registrations(source, target)[:_MOST_HASH_MAPS]:
        yield by_hash.registration, _support(by_hash)
    for registration, here, there in point_registrations(source, target)[:_MOST_POINT_MAPS]:
        yield registration, Support(np.array([here]), np.array([there]))


def _maps_of_negative(turned: Film, target: Film) -> Iterator[tuple[Registration, Support]]:
    for registration, here, there in point_registrations(turned, target, _STILLS_OF_A_NEGATIVE)[
        :_MOST_POINT_MAPS
    ]:
        yield replace(registration, negative=True), Support(np.array([here]), np.array([there]))


def _accepted(entry: Found) -> bool:
    return entry.verdict.score >= float(MATCH_THRESHOLD)


def _enough(found: Sequence[Found], source: Film) -> bool:
    """Whether what was accepted covers most of the shorter film, so that no further map need be tried."""
    windows = sum(
        entry.verdict.last - entry.verdict.first
        for entry in found
        # A wrong speed can pass for a second or two, but then motion agrees only nearly.
        if _accepted(entry)
        and entry.verdict.median >= _CONVINCING[entry.verdict.windows >= _CONVINCING_WINDOWS]
    )
    return windows * WINDOW_FRAMES / RATE > 0.6 * source.seconds


def _support(by_hash: HashSupport) -> Support:
    order = np.argsort(by_hash.bits, axis=None, kind="stable")[:_MOST_SUPPORT]
    rows, columns = np.unravel_index(order, by_hash.bits.shape)
    return Support(by_hash.source_seconds[rows], by_hash.target_seconds[columns])


def _along(source: Film, target: Film, registration: Registration, hits: Sequence[Hit]) -> list[Found]:
    most = _LINES_OF_A_CLIP if source.seconds < _CLIP_SECONDS else _LINES_OF_A_FILM
    found: list[Found] = []
    for number, line in enumerate(lines(hits, most)):
        if number and line.likeness < _WORTH_A_SECOND_LINE:
            break
        found += along(source, target, registration, line)
    return found
