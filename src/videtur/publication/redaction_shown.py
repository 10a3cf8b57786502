"""The plan of a masked copy as its page shows it: the unsure first, each track at its telling moments."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from videtur.cases.sentences import told
from videtur.engines.redaction.gate import Block
from videtur.engines.redaction.plan import KeyFrame, RedactionPlan, Track
from videtur.engines.redaction.review import unresolved
from videtur.people.queries import names_of
from videtur.pipeline.queries import State
from videtur.publication.models import RedactionDeed
from videtur.publication.redaction_standing import Standing

_NEAR_ENOUGH = 1.5
"""Pixels by which masks on the page may lie beside the plan's: key frames between others are left out."""
_WORST_OF = 400


def shown(standing: Standing, hindrances: Sequence[Block]) -> dict[str, Any]:
    """The document that the page reads. Times are presentation times, boxes pixels of the upright picture."""
    step = standing.finding
    state = None if step is None else {"state": step.state, "reason": told(step.reason)}
    plan = standing.plan
    if plan is None:
        return {"finding": state, "plan": None}
    names = names_of(
        [name for track in plan.tracks for name in track.decided_by]
        + [shot.signed_by for shot in plan.shots if shot.signed_by]
        + [row.done_by for row in standing.deeds]
    )
    return {
        "finding": state,
        "plan": _plan(plan, names),
        "deeds": _deeds(standing, names),
        "faint": [list(each) for each in standing.faint],
        "blocks": [
            {"code": each.code, "why": f"{told(each.what)}. {told(each.remedy)}.", "track": each.track}
            for each in hindrances
        ],
        "copy": _copy(standing),
    }


def _copy(standing: Standing) -> dict[str, Any] | None:
    step = standing.rendering
    if step is None:
        return None
    return {"state": step.state, "reason": told(step.reason), "done": step.state is State.DONE}


def _plan(plan: RedactionPlan, names: Mapping[str, str]) -> dict[str, Any]:
    base = plan.picture.time_base
    waiting = {track.id for track in unresolved(plan)}
    return {
        "width": plan.picture.width,
        "height": plan.picture.height,
        "time_base": [base.numerator, base.denominator],
        "fill": plan.fill,
        "voice": plan.voice,
        "detectors": list(plan.detectors),
        "tracks": [_track(track, track.id in waiting, names) for track in _unsure_first(plan, waiting)],
        "shots": [
            {
                "start": shot.start,
                "end": shot.end,
                "signed_by": names[shot.signed_by] if shot.signed_by else None,
            }
            for shot in plan.shots
        ],
        "sound": [
            {"start": each.start, "end": each.end, "voice": each.voice, "reason": each.reason}
            for each in plan.sound
        ],
    }


def _unsure_first(plan: RedactionPlan, waiting: Iterable[str]) -> list[Track]:
    first = set(waiting)
    return sorted(plan.tracks, key=lambda track: (track.id not in first, track.start, track.id))


def _track(track: Track, waits: bool, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": track.id,
        "kind": track.kind,
        "drawn": track.origin.startswith("person:"),
        "unsure": list(track.unsure),
        "waits": waits,
        "decision": track.decision,
        "shown": track.shown,
        "reason": track.reason,
        "decided_by": [names[name] for name in track.decided_by],
        "start": track.start,
        "end": track.end,
        "key_frames": [_key_frame(each) for each in thinned(track.key_frames)],
        "strip": [each.pts for each in telling(track)],
    }


def _key_frame(each: KeyFrame) -> list[object]:
    corners = (round(corner, 1) for corner in each.box.corners)
    return [each.pts, *corners, each.outside]


def telling(track: Track) -> tuple[KeyFrame, ...]:
    """The first moment of a track, the one that the machine was least sure of, and the last."""
    frames = [each for each in track.key_frames if not each.outside] or list(track.key_frames)
    scored = [each for each in frames if each.score is not None] or frames[len(frames) // 2 :][:1]
    worst = min(scored, key=lambda each: (each.score or 0.0, each.pts))
    return tuple(dict.fromkeys((frames[0], worst, frames[-1])))


def thinned(frames: tuple[KeyFrame, ...]) -> list[KeyFrame]:
    """Key frames without those that lie on the straight line between the ones kept."""
    kept = [frames[0]]
    at = 0
    while at < len(frames) - 1:
        reach = at + 1
        while reach + 1 < len(frames) and reach - at < _WORST_OF and _on_line(frames, at, reach + 1):
            reach += 1
        kept.append(frames[reach])
        at = reach
    return kept


def _on_line(frames: tuple[KeyFrame, ...], first: int, last: int) -> bool:
    one, two = frames[first], frames[last]
    inside = frames[first + 1 : last]
    if one.outside or two.outside or any(each.outside for each in inside):
        return False
    for each in inside:
        straight = one.box.between(two.box, (each.pts - one.pts) / (two.pts - one.pts))
        if any(abs(a - b) > _NEAR_ENOUGH for a, b in zip(straight.corners, each.box.corners, strict=True)):
            return False
    return True


def _deeds(standing: Standing, names: Mapping[str, str]) -> list[dict[str, Any]]:
    return [_deed(row, names, standing.undone) for row in standing.deeds if row.undoes is None]


def _deed(row: RedactionDeed, names: Mapping[str, str], undone: Iterable[int]) -> dict[str, Any]:
    told_of = {name: row.deed.get(name) for name in ("deed", "track", "other", "start", "at", "reason")}
    return {
        "number": row.number,
        "by": names[row.done_by],
        "undone": row.number in set(undone),
        **{name: value for name, value in told_of.items() if value is not None},
    }
