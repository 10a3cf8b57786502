"""All sightings of a film, shot by shot, made into the tracks of a plan."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from videtur.engines.redaction.detectors import Detector, Detectors
from videtur.engines.redaction.linking import Chain, joined, link
from videtur.engines.redaction.looking import LOOKED, READ
from videtur.engines.redaction.masking import (
    PERSON_ENDS,
    TEXT_ENDS,
    Persons,
    Stretch,
    believed,
    key_frames,
    mask,
    trimmed,
)
from videtur.engines.redaction.plan import Kind, PictureFacts, Shot, Track
from videtur.engines.redaction.sightings import FOLLOWED, TEXTS, Sightings, Source

_GAP_SECONDS, _TEXT_GAP_SECONDS = 0.5, 1.5
_BRIDGED_SECONDS = 2.0
_FAINT_SIGHTINGS = 3
_KINDS: dict[str, Kind] = {"faces": "face", "heads": "head", "bodies": "person"}


def tracks_of(
    sightings: Sightings,
    shots: Sequence[Shot],
    picture: PictureFacts,
    persons: Persons,
    detectors: Detectors,
) -> tuple[tuple[Track, ...], list[tuple[int, int]]]:
    """The tracks, and the stretches of time in which something too faint to be masked was seen thrice.

    No track goes over a cut: linking, following and lengthening all end there.
    """
    times = np.frombuffer(sightings.times, np.int64)
    how = np.frombuffer(sightings.how, np.uint8)
    seconds = times.astype(np.float64) * float(picture.time_base)
    found: list[Track] = []
    faint: list[tuple[int, int]] = []
    edges = np.searchsorted(times, [shots[0].start, *(shot.end for shot in shots)])
    for first, behind in pairwise(edges.tolist()):
        if first == behind:
            continue
        stretch = Stretch(first, behind, seconds[first:behind], picture.width, picture.height)
        numbers, rows = sightings.between(first, behind)
        for texts in (False, True):
            mine = np.isin(rows[:, 5], TEXTS) == texts
            gap = _TEXT_GAP_SECONDS if texts else _GAP_SECONDS
            ends = TEXT_ENDS if texts else PERSON_ENDS
            for chain in joined(
                link(numbers[mine], seconds[numbers[mine]], rows[mine], gap), _BRIDGED_SECONDS
            ):
                looked = how[chain.numbers[0] : chain.numbers[-1] + 1] & (READ if texts else LOOKED)
                looks = int(np.count_nonzero(looked))
                if not believed(chain, looks):
                    if _sightings_in(chain) >= _FAINT_SIGHTINGS:
                        faint.append((int(times[chain.numbers[0]]), int(times[chain.numbers[-1]])))
                    continue
                whole = trimmed(chain, ends)
                masked = mask(whole, stretch, "text" if texts else persons, ends)
                kind = "text" if texts else _KINDS[persons]
                frames = key_frames(masked, times[masked.first : masked.first + len(masked.boxes)])
                origin = _origin(whole, detectors)
                found.append(Track(f"{kind}-{len(found) + 1}", kind, frames, origin, masked.unsure))
    return tuple(found), faint


def _sightings_in(chain: Chain) -> int:
    return sum(int(row[5]) not in FOLLOWED for row in chain.rows)


def _origin(chain: Chain, detectors: Detectors) -> str:
    """The detector that saw most of it."""
    sources = [int(row[5]) for row in chain.rows if int(row[5]) not in FOLLOWED]
    most = max(sorted(set(sources)), key=sources.count)
    by: dict[int, Detector | None] = {
        Source.FACE: detectors.faces,
        Source.SECOND: detectors.second,
        Source.TEXT: detectors.text,
    }
    detector = by[most]
    assert detector is not None  # noqa: S101 -- it saw this
    return f"{detector.name}@{detector.sha256[:12]}"
