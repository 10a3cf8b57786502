"""What is said of two films from everything that was found: outcome, score, stretches and reasons."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from videtur.engines.copies.decision import MATCH_THRESHOLD, SharedFootage, thousandths
from videtur.engines.copies.evidence import Told
from videtur.engines.copies.film import Film, Floats
from videtur.engines.copies.laid_over import Covered, covered
from videtur.engines.copies.registration import Proposal
from videtur.engines.copies.second_camera import Depth, depth
from videtur.engines.copies.verification import Found, transforms

_SCENE = 0.25
"""The strength of a map from which two pictures are said to show one scene."""
_WORTH_SAYING = 0.15
_OF_MOTION = 0.8
_OF_SCENE = 0.25
"""How far motion that does not suffice, and pictures that look alike, count in a score below one half."""
_SECOND_CAMERA = (0.25, 0.49)
"""The score of what only depth speaks against: the less depth, the higher."""
_DISPLACED = (0.25, 0.42)
_AGREEING_CELLS = (0.65, 0.85)
"""Pixels by which a quarter of the places may lie beside where one camera would show them: the more, the
better all places move alike. Two cameras never see quite the same movement; a bad copy shows it misplaced."""
_MANY_CELLS = 24
_MOMENTS = 3
_MOMENT_PICTURES = 5
_MOMENT_SECONDS = 1.2


def relation_of(
    found: Sequence[Found], proposals: Sequence[Proposal], source: Film, target: Film, *, swapped: bool
) -> SharedFootage | None:
    """Put into one answer what was found. `source` is the query unless `swapped`. None: nothing to say."""
    strength = max((proposal.registration.strength for proposal in proposals), default=0.0)
    chosen = _apart(sorted(found, key=rank))
    accepted = [entry for entry in chosen if entry.verdict.score >= float(MATCH_THRESHOLD)]
    shown = accepted or chosen[:1]
    told = Told(source, target, swapped=swapped)
    scene = SharedFootage(
        outcome="same_scene" if strength >= _SCENE else "unrelated",
        modality="picture",
        segments=(),
        transform=(),
        speed=Fraction(1),
        score=thousandths(_OF_SCENE * strength),
        reasons=("pictures look alike, but no stretch was found that moves alike",),
    )
    if not shown:
        if strength < _WORTH_SAYING:
            return None
        likeliest = max(proposals, key=lambda proposal: proposal.registration.strength)
        return replace(scene, evidence=told.of_proposal(likeliest))
    best = min(shown, key=rank)
    speed = best.line.speed if not swapped else 1 / best.line.speed
    near = replace(
        scene,
        segments=tuple(sorted(map(told.segment, shown), key=lambda segment: segment.query.start)),
        transform=transforms(best, source, target, swapped=swapped),
        speed=Fraction(round(speed * 1000), 1000),
        score=thousandths(max(_OF_MOTION * best.verdict.score, _OF_SCENE * strength)),
        reasons=best.verdict.reasons(),
        evidence=told.of_stretch(best),
    )
    if not accepted:
        return near
    moments = _moments(best, source, target)
    beside, allowed = depth(moments, best.registration.matrix), _allowed(best)
    over = covered(moments, best.registration.matrix)
    over = over.turned() if swapped else over
    near = replace(near, transform=(*near.transform, *_names_of(over)))
    weighs = beside.judged and not _thin(beside, best)
    reasons = (*near.reasons, _said_of(beside, allowed, weighs=weighs), *_said_of_cover(over))
    if weighs and beside.displaced > allowed:
        score = float(np.clip(allowed / beside.displaced / 2, *_SECOND_CAMERA))
        return replace(near, outcome="same_scene", score=thousandths(score), reasons=reasons)
    return replace(near, outcome="same_footage", score=thousandths(best.verdict.score), reasons=reasons)


def rank(found: Found) -> tuple[float, float, float]:
    """Best first: by score; where short stretches are equal, by length and by how well they agree."""
    verdict = found.verdict
    return -verdict.score, -verdict.windows, -verdict.median


def _moments(best: Found, source: Film, target: Film) -> list[tuple[Floats, Floats]]:
    """Aligned pictures of a few moments of the best stretch.

    Within a moment a slow drift of the picture, or a pace that is not quite right, is one smooth field.
    """
    first, last = best.source_span
    length = min(_MOMENT_SECONDS, last - first)
    moments: list[tuple[Floats, Floats]] = []
    for begin in np.linspace(first, last - length, _MOMENTS):
        times = float(begin) + (np.arange(_MOMENT_PICTURES) + 0.5) / _MOMENT_PICTURES * length
        # Pictures as they were taken: a mix of two would show everything twice while a camera moves.
        mine, taken = source.nearest(times)
        other, _ = target.nearest(best.line.speed * taken + best.line.offset)
        moments.append((mine, other))
    return moments


def _allowed(best: Found) -> float:
    return float(np.interp(best.verdict.cells, _AGREEING_CELLS, _DISPLACED))


def _thin(beside: Depth, best: Found) -> bool:
    """Whether a few places are all that speaks against motion that agrees nearly everywhere."""
    return beside.cells < _MANY_CELLS and best.verdict.cells >= _AGREEING_CELLS[1]


def _said_of(beside: Depth, allowed: float, *, weighs: bool) -> str:
    if not weighs:
        return "too little detail to rule out a second camera beside the first"
    return (
        f"a quarter of {beside.cells} places lie {beside.displaced:.2f} pixels or more beside where one "
        f"camera would show them ({allowed:.2f} allowed)"
    )


def _names_of(over: Covered) -> tuple[str, ...]:
    return (*(("overlay",) if over.source else ()), *(("uncovered",) if over.target else ()))


def _said_of_cover(over: Covered) -> tuple[str, ...]:
    if over.source:
        return (f"something seems to lie over {over.source:.0%} of this picture and not over the other",)
    if over.target:
        return (f"something seems to lie over {over.target:.0%} of the other picture and not over this one",)
    return ()


def _apart(found: Sequence[Found]) -> list[Found]:
    """Leave out what says again what a better stretch has said of the same parts of both films."""
    kept: list[Found] = []
    for entry in found:
        if not any(
            _share(entry.source_span, other.source_span) > 0.3
            and _share(entry.target_span, other.target_span) > 0.3
            for other in kept
        ):
            kept.append(entry)
    return kept


def _share(one: tuple[float, float], other: tuple[float, float]) -> float:
    together = min(one[1], other[1]) - max(one[0], other[0])
    return max(0.0, together) / max(1e-6, one[1] - one[0])
