"""The redaction plan as JSON: what a person may edit by hand, `redact --plan` reads, and the record keeps."""

from collections.abc import Mapping
from dataclasses import asdict
from fractions import Fraction
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from videtur.engines.redaction.plan import (
    UNSURE,
    Box,
    Decision,
    Fill,
    KeyFrame,
    Kind,
    PictureFacts,
    RedactionPlan,
    Shot,
    SoundSegment,
    Track,
    Voice,
)
from videtur.errors import Refused

PLAN_VERSION = 1
_SHA256 = Field(pattern=r"^[0-9a-f]{64}$")


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class _KeyFrame(_Form):
    pts: int
    box: tuple[float, float, float, float]
    score: float | None = Field(default=None, ge=0, le=1)
    outside: bool = False


class _Track(_Form):
    id: str = Field(min_length=1, max_length=80)
    kind: Kind
    key_frames: tuple[_KeyFrame, ...] = Field(min_length=1)
    origin: str
    unsure: tuple[str, ...] = ()
    decision: Decision = "mask"
    reason: str = ""
    decided_by: tuple[str, ...] = ()


class _Shot(_Form):
    start: int
    end: int
    signed_by: str | None = None


class _Picture(_Form):
    width: int = Field(gt=0)
    height: int = Field(gt=0)
    time_base: tuple[int, int]
    frames: int = Field(gt=0)
    times_sha256: str = _SHA256


class _Sound(_Form):
    start: int
    end: int
    voice: Voice
    reason: str = ""


class _Plan(_Form):
    version: Literal[1]
    input_sha256: str = _SHA256
    picture: _Picture
    tracks: tuple[_Track, ...]
    shots: tuple[_Shot, ...]
    fill: Fill = "solid"
    voice: Voice = "mute"
    sound: tuple[_Sound, ...] = ()
    detectors: tuple[str, ...] = ()


def plan_as_json(plan: RedactionPlan) -> dict[str, Any]:
    """The plan for JSON."""
    base = plan.picture.time_base
    whole = asdict(plan)
    whole["picture"]["time_base"] = [base.numerator, base.denominator]
    whole["tracks"] = [_track_as_json(track) for track in plan.tracks]
    return {"version": PLAN_VERSION, **whole}


def _track_as_json(track: Track) -> dict[str, Any]:
    told = asdict(track)
    told["key_frames"] = [
        {
            "pts": each.pts,
            "box": list(each.box.corners),
            **({} if each.score is None else {"score": each.score}),
            **({"outside": True} if each.outside else {}),
        }
        for each in track.key_frames
    ]
    return told


def plan_from_json(value: Mapping[str, Any]) -> RedactionPlan:
    """Read what `plan_as_json` writes. Raises Refused, naming the first fault and its place."""
    try:
        form = _Plan.model_validate(value, strict=False)
        top, bottom = form.picture.time_base
        picture = PictureFacts(
            form.picture.width,
            form.picture.height,
            Fraction(top, bottom),
            form.picture.frames,
            form.picture.times_sha256,
        )
        return RedactionPlan(
            input_sha256=form.input_sha256,
            picture=picture,
            tracks=tuple(_track(each) for each in form.tracks),
            shots=tuple(Shot(each.start, each.end, each.signed_by) for each in form.shots),
            fill=form.fill,
            voice=form.voice,
            sound=tuple(SoundSegment(each.start, each.end, each.voice, each.reason) for each in form.sound),
            detectors=form.detectors,
        )
    except ValidationError as problem:
        first = problem.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise _refused(f"{place}: {first['msg']}") from problem
    except (ValueError, ZeroDivisionError) as problem:
        raise _refused(str(problem)) from problem


def _refused(why: str) -> Refused:
    return Refused("The redaction plan cannot be used", why, "Mend it, or make it anew from the file")


def _track(form: _Track) -> Track:
    if unknown := set(form.unsure) - set(UNSURE):
        raise ValueError(f"track {form.id} has unknown reasons to be unsure: {', '.join(sorted(unknown))}")
    return Track(
        id=form.id,
        kind=form.kind,
        key_frames=tuple(
            KeyFrame(each.pts, Box(*each.box), each.score, each.outside) for each in form.key_frames
        ),
        origin=form.origin,
        unsure=form.unsure,
        decision=form.decision,
        reason=form.reason,
        decided_by=form.decided_by,
    )
