"""Readiness for release: whatever is unsure, unreviewed or broken stands in the way, and each thing says why.

The gate knows the plan and what was made of it. Who may release, with whose consent, is asked elsewhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from videtur.engines.redaction.checking import Checked
from videtur.engines.redaction.plan import PictureFacts, RedactionPlan, Track
from videtur.engines.redaction.rendering import UnsignedShots
from videtur.engines.redaction.review import unresolved

ENGINE_VERSION = "1"
CHECKS_NEEDED = frozenset({"stream", "hidden", "times", "size", "damage", "mask", "exposed"})


@dataclass(frozen=True, slots=True)
class ReleaseContext:
    """What the plan does not know of itself."""

    input_sha256: str
    """Of the file that is to be released in masked form."""
    picture: PictureFacts | None = None
    """Of that file, as decoded; None before it was."""
    unsigned_shots: UnsignedShots = "cover"
    """A shot that nobody signed is covered whole, or stands in the way."""
    voice_decided_by: tuple[str, ...] = ()
    """Who decided that voices may be heard: two people."""
    damage: tuple[str, ...] = ()
    """What of the file could not be decoded."""
    damage_accepted_by: str | None = None
    """Who looked at the damaged places."""
    rendered: bool = False
    """A masked copy was made, so its check counts as well."""
    checked: Checked | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """One thing that stands in the way of release."""

    code: str
    what: str
    remedy: str
    track: str | None = None
    pts: int | None = None
    """Where to look, in ticks of the plan's time base."""

    def as_json(self) -> dict[str, object]:
        """For pages and records."""
        return {
            "code": self.code,
            "what": self.what,
            "remedy": self.remedy,
            "track": self.track,
            "pts": self.pts,
        }


def blocks(plan: RedactionPlan, context: ReleaseContext) -> tuple[Block, ...]:
    """All that stands in the way; empty when the copy may go on to those who decide on release."""
    return (
        *_of_the_file(plan, context),
        *_of_tracks(plan),
        *_of_shots(plan, context),
        *_of_style(plan, context),
        *_of_the_copy(context),
    )


def _of_the_file(plan: RedactionPlan, context: ReleaseContext) -> Iterator[Block]:
    if plan.input_sha256 != context.input_sha256:
        yield Block("other_file", "The plan is for another file", "Make the plan from this file")
    if context.picture is not None and context.picture != plan.picture:
        yield Block(
            "other_times",
            "The pictures of the file have another size, count or times than the plan says",
            "Make the plan anew from this file",
        )
    if not plan.detectors:
        yield Block(
            "no_detector",
            "No detector has looked at every picture",
            "Add the model of a detector, and make the plan anew",
        )
    if context.damage and not context.damage_accepted_by:
        yield Block(
            "damage",
            "Parts of the file could not be decoded, so nobody can say who is in them",
            "Look at the damaged places, and say that you did",
        )


def _of_tracks(plan: RedactionPlan) -> Iterator[Block]:
    waiting = {track.id for track in unresolved(plan)}
    for track in plan.tracks:
        if track.decision == "show":
            yield from _of_shown(track)
        elif track.id in waiting:
            yield Block(
                "unresolved",
                "What was found here is unsure, and nobody has decided on it",
                "Mask it, or say with a reason that it is no person",
                track.id,
                track.start,
            )


def _of_shown(track: Track) -> Iterator[Block]:
    if not track.reason.strip():
        yield Block(
            "no_reason",
            "Somebody is to be shown without a reason",
            "Write down why, or mask the person",
            track.id,
            track.start,
        )
    if len(set(track.decided_by)) < 2:
        yield Block(
            "one_person",
            "To show somebody takes two people, and only one has decided",
            "Ask a second person, or mask the person",
            track.id,
            track.start,
        )


def _of_shots(plan: RedactionPlan, context: ReleaseContext) -> Iterator[Block]:
    if context.unsigned_shots == "cover" and any(shot.signed_by for shot in plan.shots):
        return  # what nobody signed is black
    for shot in plan.shots:
        if not shot.signed_by:
            yield Block(
                "unsigned_shot",
                "Nobody has signed this shot",
                "Look at the whole shot and sign it, or have it covered whole",
                pts=shot.start,
            )
    if not plan.shots or any(one.end < two.start for one, two in pairwise(plan.shots)):
        yield Block(
            "shots_missing",
            "The shots of the plan do not cover the whole film",
            "Make the plan anew from this file",
        )


def _of_style(plan: RedactionPlan, context: ReleaseContext) -> Iterator[Block]:
    if plan.fill != "solid":
        yield Block(
            "weak_fill",
            "Blur and mosaic can be reversed or matched: in tests most faces were still named",
            "Use the solid fill",
        )
    heard = [each for each in plan.sound if each.voice != "mute"]
    if (plan.voice != "mute" or heard) and len(set(context.voice_decided_by)) < 2:
        yield Block(
            "voice",
            "Voices are kept or disguised, and two people have not decided so",
            "Mute the sound, or have two people decide",
        )
    for each in heard:
        if not each.reason.strip():
            yield Block(
                "voice_reason",
                "A stretch of sound is kept or disguised without a reason",
                "Write down why, or mute it",
                pts=each.start,
            )


def _of_the_copy(context: ReleaseContext) -> Iterator[Block]:
    if not context.rendered:
        return
    checked = context.checked
    if checked is None:
        yield Block("unchecked", "The masked copy has not been checked", "Check the copy")
    elif not checked.ok:
        yield Block(
            "check_failed",
            "The masked copy failed its check",
            "Mend the plan, and render it again",
            pts=checked.faults[0].pts,
        )
    elif not set(checked.done) >= CHECKS_NEEDED or not checked.detectors or checked.unverified:
        yield Block(
            "check_incomplete",
            "The masked copy was not checked in full",
            "Let the detectors look at the copy again, and use the solid fill, whose masks can be verified",
        )
