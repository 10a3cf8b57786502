"""What a reviewer does with a plan, deed by deed. The plan as it stands is the machine's with all deeds done.

Deeds are kept, never the plan they led to: so each of them can be undone, and the record says who did what.
Nothing here makes a mask smaller without a name: to show what was found takes a reason and two people, and
whatever may expose somebody takes back the sign-off of the shots that it touches.
"""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from videtur.engines.redaction.plan import (
    Fill,
    KeyFrame,
    Kind,
    RedactionPlan,
    Shot,
    SoundSegment,
    Track,
    Voice,
)


@dataclass(frozen=True, slots=True)
class Confirm:
    """The track is to be masked as it is; what was unsure is settled."""

    track: str


@dataclass(frozen=True, slots=True)
class Show:
    """The track need not be masked. Counts when two people have said so."""

    track: str
    reason: str


@dataclass(frozen=True, slots=True)
class Mask:
    """Whatever was said before: mask it."""

    track: str


@dataclass(frozen=True, slots=True)
class Add:
    """A mask that a person drew, with the key frames it was followed through."""

    track: str
    kind: Kind
    key_frames: tuple[KeyFrame, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """The mask of a track lies here at this time. Beyond its ends, this lengthens it."""

    track: str
    key_frame: KeyFrame


@dataclass(frozen=True, slots=True)
class Merge:
    """Two tracks are one thing: it is masked in between as well."""

    track: str
    other: str


@dataclass(frozen=True, slots=True)
class Split:
    """From this time on the track is another thing, with a decision of its own."""

    track: str
    at: int


@dataclass(frozen=True, slots=True)
class SignShot:
    """I have looked at the whole shot, and nobody is exposed in it."""

    start: int


@dataclass(frozen=True, slots=True)
class TakeBackSignature:
    """The shot has to be looked at again."""

    start: int


@dataclass(frozen=True, slots=True)
class Sound:
    """What is done with the sound between two times; of stretches that overlap the later word counts."""

    start: int
    end: int
    voice: Voice
    reason: str


@dataclass(frozen=True, slots=True)
class Style:
    """How masks look, and what is done with sound elsewhere."""

    fill: Fill
    voice: Voice


@dataclass(frozen=True, slots=True)
class AcceptDamage:
    """I have looked at the places that could not be decoded, as far as they can be seen."""


Deed: TypeAlias = (
    Confirm
    | Show
    | Mask
    | Add
    | Place
    | Merge
    | Split
    | SignShot
    | TakeBackSignature
    | Sound
    | Style
    | AcceptDamage
)


class NotPossible(Exception):
    """A deed makes no sense on the plan as it stands. Its text says why, in one sentence."""


@dataclass(frozen=True, slots=True)
class Done:
    """A deed, its number, and who did it."""

    number: int
    by: str
    deed: Deed


def reviewed(
    plan: RedactionPlan, done: Sequence[Done], undone: Mapping[int, int] | None = None
) -> RedactionPlan:
    """The plan with all deeds done but those that were undone: number of the deed, number of its undoing.

    A deed that has lost its ground (the mask it was about came with a deed that is undone) is passed over.
    An undoing takes back the signatures that were given before it to shots whose masks it changes.
    """
    left_out: set[int] = set()
    for number, at in sorted((undone or {}).items(), key=lambda each: each[1]):
        before = [each for each in done if each.number < at]
        old, new = (_folded(plan, before, out) for out in (left_out, left_out | {number}))
        changed = {shot.start for shot in plan.shots if _masks_in(old, shot) != _masks_in(new, shot)}
        left_out.add(number)
        left_out |= {
            each.number for each in before if isinstance(each.deed, SignShot) and each.deed.start in changed
        }
    return _folded(plan, done, left_out)


def _masks_in(plan: RedactionPlan, shot: Shot) -> set[tuple[KeyFrame, ...]]:
    return {track.key_frames for track in plan.tracks if in_shot(track, shot) and not track.shown}


def _folded(plan: RedactionPlan, done: Iterable[Done], left_out: Container[int]) -> RedactionPlan:
    for each in done:
        if each.number in left_out:
            continue
        try:
            plan = carry_out(plan, each.deed, each.by)
        except NotPossible:
            continue
    return plan


def carry_out(plan: RedactionPlan, deed: Deed, by: str) -> RedactionPlan:
    """The plan after one more deed. Raises NotPossible."""
    match deed:
        case Confirm(name):
            return _changed(plan, name, lambda track: _confirmed(track, by))
        case Mask(name):
            return _changed(plan, name, lambda track: replace(_masked(track), decided_by=(by,)))
        case Show(name, reason):
            return _shown(plan, name, reason, by)
        case Add():
            return _added(plan, deed, by)
        case Place(name, key_frame):
            moved = _changed(plan, name, lambda track: _placed(track, key_frame))
            return _unsigned(moved, _track(plan, name), _track(moved, name))
        case Merge(name, other):
            return _merged(plan, name, other, by)
        case Split(name, at):
            return _split(plan, name, at)
        case SignShot(start) | TakeBackSignature(start):
            return _signed(plan, start, by if isinstance(deed, SignShot) else None)
        case Sound():
            return _heard(plan, deed)
        case Style(fill, voice):
            return replace(plan, fill=fill, voice=voice)
        case AcceptDamage():
            return plan


def decided_on_sound(
    plan: RedactionPlan, done: Iterable[Done], undone: Container[int] = ()
) -> tuple[str, ...]:
    """Who stands by the sound as it is now: who changed it last, and who said the same again after that."""
    people: list[str] = []
    now = plan.voice, plan.sound
    for each in done:
        if each.number in undone or not isinstance(each.deed, Sound | Style):
            continue
        plan = reviewed(plan, [each])
        after = plan.voice, plan.sound
        people = [each.by] if after != now else [*people, each.by]
        now = after
    return tuple(dict.fromkeys(people))


def unresolved(plan: RedactionPlan) -> tuple[Track, ...]:
    """The tracks that wait for a person: unsure ones nobody decided, and those that one person would show."""
    return tuple(
        track
        for track in plan.tracks
        if (track.unsure and not track.decided_by) or (track.decision == "show" and not track.shown)
    )


def in_shot(track: Track, shot: Shot) -> bool:
    """Whether any of the track lies in the shot."""
    return track.start < shot.end and track.end >= shot.start


def _track(plan: RedactionPlan, name: str) -> Track:
    found = next((track for track in plan.tracks if track.id == name), None)
    if found is None:
        raise NotPossible(f"There is no track {name}.")
    return found


def _changed(plan: RedactionPlan, name: str, change: Callable[[Track], Track]) -> RedactionPlan:
    before = _track(plan, name)
    return replace(plan, tracks=tuple(change(track) if track is before else track for track in plan.tracks))


def _masked(track: Track) -> Track:
    return replace(track, decision="mask", reason="")


def _confirmed(track: Track, by: str) -> Track:
    names = track.decided_by if track.decision == "mask" else ()
    return replace(_masked(track), decided_by=tuple(dict.fromkeys((*names, by))))


def _shown(plan: RedactionPlan, name: str, reason: str, by: str) -> RedactionPlan:
    if not reason.strip():
        raise NotPossible("To show what was found needs a reason.")

    def show(track: Track) -> Track:
        before = track.decided_by if track.decision == "show" else ()
        if by in before:
            raise NotPossible("You have said so already; it takes a second person.")
        told = track.reason if before else reason.strip()
        return replace(track, decision="show", reason=told, decided_by=(*before, by))

    after = _changed(plan, name, show)
    track = _track(after, name)
    return _unsigned(after, track) if track.shown else after


def _added(plan: RedactionPlan, deed: Add, by: str) -> RedactionPlan:
    if any(track.id == deed.track for track in plan.tracks):
        raise NotPossible(f"There is a track {deed.track} already.")
    if not deed.key_frames:
        raise NotPossible("A mask needs a place.")
    drawn = Track(deed.track, deed.kind, deed.key_frames, f"person:{by}", decided_by=(by,))
    return replace(plan, tracks=(*plan.tracks, drawn))


def _placed(track: Track, key_frame: KeyFrame) -> Track:
    others = [each for each in track.key_frames if each.pts != key_frame.pts]
    frames = tuple(sorted([*others, key_frame], key=lambda each: each.pts))
    return replace(track, key_frames=frames)


def _merged(plan: RedactionPlan, name: str, other: str, by: str) -> RedactionPlan:
    one, two = _track(plan, name), _track(plan, other)
    if one is two:
        raise NotPossible("A track cannot be merged with itself.")
    if one.decision == "show" or two.decision == "show":
        raise NotPossible("Tracks are merged while both are masked.")
    first, last = sorted((one, two), key=lambda track: (track.start, track.id))
    if first.end >= last.start:
        raise NotPossible("The two are there at the same time: they are two things.")
    both = Track(
        one.id,
        one.kind,
        (*first.key_frames, *last.key_frames),
        one.origin,
        tuple(dict.fromkeys((*one.unsure, *two.unsure))),
        decided_by=(by,),
    )
    kept = (both if track is one else track for track in plan.tracks if track is not two)
    return replace(plan, tracks=tuple(kept))


def _split(plan: RedactionPlan, name: str, at: int) -> RedactionPlan:
    track = _track(plan, name)
    box = track.box_at(at)
    if not track.start < at <= track.end:
        raise NotPossible("A track is split inside, not at its beginning.")
    before = tuple(each for each in track.key_frames if each.pts < at)
    after = tuple(each for each in track.key_frames if each.pts >= at)
    if box is not None:
        if not after or after[0].pts != at:
            after = (KeyFrame(at, box), *after)
        # Up to the moment of the split the first part stays masked, whichever picture lies before it.
        edge = track.box_at(at - 1)
        if edge is not None and before[-1].pts != at - 1:
            before = (*before, KeyFrame(at - 1, edge))
    rest = f"{name}/{at}"
    if any(each.id == rest for each in plan.tracks) or not after:
        raise NotPossible("It is split there already.")
    parts = replace(track, key_frames=before), replace(track, id=rest, key_frames=after)
    split: list[Track] = []
    for each in plan.tracks:
        split += parts if each is track else (each,)
    return replace(plan, tracks=tuple(split))


def _signed(plan: RedactionPlan, start: int, by: str | None) -> RedactionPlan:
    shot = next((each for each in plan.shots if each.start == start), None)
    if shot is None:
        raise NotPossible("There is no shot that begins there.")
    waiting = [track.id for track in unresolved(plan) if in_shot(track, shot)] if by else []
    if waiting:
        raise NotPossible(f"Decide first on {', '.join(waiting)}.")
    return replace(
        plan, shots=tuple(replace(each, signed_by=by) if each is shot else each for each in plan.shots)
    )


def _heard(plan: RedactionPlan, deed: Sound) -> RedactionPlan:
    if deed.end <= deed.start:
        raise NotPossible("The stretch of sound ends before it begins.")
    if deed.voice == "keep" and not deed.reason.strip():
        raise NotPossible("To keep a voice needs a reason.")
    segment = SoundSegment(deed.start, deed.end, deed.voice, deed.reason.strip())
    return replace(plan, sound=(*plan.sound, segment))


def _unsigned(plan: RedactionPlan, *touched: Track) -> RedactionPlan:
    shots: Sequence[Shot] = [
        replace(shot, signed_by=None) if any(in_shot(track, shot) for track in touched) else shot
        for shot in plan.shots
    ]
    return replace(plan, shots=tuple(shots))
