"""Deeds of a review as JSON: what the page sends, and what the record keeps."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from videtur.engines.redaction.plan import Box, Fill, KeyFrame, Kind, Voice
from videtur.engines.redaction.review import (
    AcceptDamage,
    Add,
    Confirm,
    Deed,
    Mask,
    Merge,
    Place,
    Show,
    SignShot,
    Sound,
    Split,
    Style,
    TakeBackSignature,
)
from videtur.errors import Refused

_MOST_KEY_FRAMES = 200_000
_Name = Annotated[str, Field(min_length=1, max_length=80)]
_Reason = Annotated[str, Field(max_length=1000)]
_Time = Annotated[int, Field(ge=-(2**62), le=2**62)]
_Pixels = Annotated[float, Field(ge=-100_000, le=100_000)]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class _KeyFrame(_Form):
    pts: _Time
    box: tuple[_Pixels, _Pixels, _Pixels, _Pixels]
    score: float | None = None
    outside: bool = False

    def value(self) -> KeyFrame:
        return KeyFrame(self.pts, Box(*self.box), self.score, self.outside)


class _Confirm(_Form):
    deed: Literal["confirm"]
    track: _Name

    def value(self) -> Deed:
        return Confirm(self.track)


class _Show(_Form):
    deed: Literal["show"]
    track: _Name
    reason: _Reason

    def value(self) -> Deed:
        return Show(self.track, self.reason)


class _Mask(_Form):
    deed: Literal["mask"]
    track: _Name

    def value(self) -> Deed:
        return Mask(self.track)


class _Add(_Form):
    deed: Literal["add"]
    track: _Name
    kind: Kind
    key_frames: Annotated[tuple[_KeyFrame, ...], Field(min_length=1, max_length=_MOST_KEY_FRAMES)]

    def value(self) -> Deed:
        frames = tuple(each.value() for each in self.key_frames)
        return Add(self.track, self.kind, tuple(sorted(frames, key=lambda each: each.pts)))


class _Place(_Form):
    deed: Literal["place"]
    track: _Name
    key_frame: _KeyFrame

    def value(self) -> Deed:
        return Place(self.track, self.key_frame.value())


class _Merge(_Form):
    deed: Literal["merge"]
    track: _Name
    other: _Name

    def value(self) -> Deed:
        return Merge(self.track, self.other)


class _Split(_Form):
    deed: Literal["split"]
    track: _Name
    at: _Time

    def value(self) -> Deed:
        return Split(self.track, self.at)


class _SignShot(_Form):
    deed: Literal["sign_shot"]
    start: _Time

    def value(self) -> Deed:
        return SignShot(self.start)


class _TakeBackSignature(_Form):
    deed: Literal["take_back_signature"]
    start: _Time

    def value(self) -> Deed:
        return TakeBackSignature(self.start)


class _Sound(_Form):
    deed: Literal["sound"]
    start: _Time
    end: _Time
    voice: Voice
    reason: _Reason = ""

    def value(self) -> Deed:
        return Sound(self.start, self.end, self.voice, self.reason)


class _Style(_Form):
    deed: Literal["style"]
    fill: Fill
    voice: Voice

    def value(self) -> Deed:
        return Style(self.fill, self.voice)


class _AcceptDamage(_Form):
    deed: Literal["accept_damage"]

    def value(self) -> Deed:
        return AcceptDamage()


_AnyDeed = Annotated[
    _Confirm
    | _Show
    | _Mask
    | _Add
    | _Place
    | _Merge
    | _Split
    | _SignShot
    | _TakeBackSignature
    | _Sound
    | _Style
    | _AcceptDamage,
    Field(discriminator="deed"),
]
_READER: TypeAdapter[_AnyDeed] = TypeAdapter(_AnyDeed)
_NAMES: Mapping[type, str] = {
    Confirm: "confirm",
    Show: "show",
    Mask: "mask",
    Add: "add",
    Place: "place",
    Merge: "merge",
    Split: "split",
    SignShot: "sign_shot",
    TakeBackSignature: "take_back_signature",
    Sound: "sound",
    Style: "style",
    AcceptDamage: "accept_damage",
}


def deed_from_json(value: object) -> Deed:
    """Read a deed. Raises Refused with the first fault and its place."""
    try:
        return _READER.validate_python(value).value()
    except ValidationError as problem:
        first = problem.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the deed"
        raise Refused("This cannot be done", f"{place}: {first['msg']}") from problem
    except ValueError as problem:
        raise Refused("This cannot be done", str(problem)) from problem


def deed_as_json(deed: Deed) -> dict[str, Any]:
    """The form that `deed_from_json` reads."""
    told = asdict(deed)
    if isinstance(deed, Add):
        told["key_frames"] = [_key_frame(each) for each in deed.key_frames]
    elif isinstance(deed, Place):
        told["key_frame"] = _key_frame(deed.key_frame)
    return {"deed": _NAMES[type(deed)], **told}


def _key_frame(each: KeyFrame) -> dict[str, Any]:
    return {"pts": each.pts, "box": list(each.box.corners), "score": each.score, "outside": each.outside}
