"""The masked copy of an item, from the question for it to its review: the only writer of deeds on a plan."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import ceil, floor
from typing import Any, cast

from videtur.cases.case_file import case_file_of
from videtur.cases.entities import Written, put_all
from videtur.cases.models import Case
from videtur.cases.revision import next_name
from videtur.cases.rules import REDACTING_ROLES, require_role
from videtur.engines.method.entities.publication import Redaction
from videtur.engines.redaction.finding import Persons
from videtur.engines.redaction.following import Followed, follow
from videtur.engines.redaction.plan import Box, KeyFrame, Kind, RedactionPlan
from videtur.engines.redaction.review import (
    Add,
    Deed,
    NotPossible,
    Place,
    carry_out,
)
from videtur.engines.redaction.review_form import deed_as_json, deed_from_json
from videtur.errors import WrongUsage
from videtur.evidence.contributions import item_name
from videtur.evidence.models import Item
from videtur.footage.derived import open_store
from videtur.ledger.services import exclusively, record
from videtur.people.models import User
from videtur.pipeline.asking import ask_for_examination
from videtur.pipeline.decoding import sandbox
from videtur.pipeline.jobs import Job
from videtur.pipeline.models import OutputRecord
from videtur.pipeline.redaction_files import COPY_FILE, FIND, PLAN_FILE, RENDER
from videtur.pipeline.services import request_step
from videtur.publication.models import RedactionDeed
from videtur.publication.redaction_standing import (
    Standing,
    against,
    context_of,
    plan_bytes,
    seen_again_in,
    standing_of,
)
from videtur.storage.derivatives import put_derivative

_MASK_OF: Mapping[str, str] = {
    "face": "face",
    "head": "face",
    "person": "face",
    "text": "name",
    "unit_mark": "unit_number",
    "tattoo": "tattoo",
    "document": "document",
}
_DOING = "work on masked copies"


def ask_for_plan(user: User, case: Case, item: Item, *, persons: Persons, text: bool) -> None:
    """Ask the machine to look for what must not be shown. What it looks for is part of what it makes."""
    require_role(user, case, REDACTING_ROLES, _DOING)
    asked: Mapping[str, object] = {"persons": persons, "text": text}
    request_step(user.actor, item.sha256, FIND, asked, case=(case.thing, case.slug))
    ask_for_examination([Job(item.sha256, item.object_key)], again=True)


def do(user: User, case: Case, item: Item, value: object) -> Standing:
    """Do one deed, given as JSON. Raises Refused or WrongUsage when it makes no sense on the plan now."""
    require_role(user, case, REDACTING_ROLES, _DOING)
    return _recorded(user, case, item, _whole_pixels(deed_from_json(value)))


def ask_for_copy(user: User, case: Case, item: Item) -> None:
    """Ask for the masked copy of the plan as it is. Raises WrongUsage with all that stands against it."""
    require_role(user, case, REDACTING_ROLES, _DOING)
    standing = _under_review(case, item)
    assert standing.plan is not None  # noqa: S101 - under review there is one
    assert standing.finding is not None  # noqa: S101
    assert standing.finding.derivation is not None  # noqa: S101
    if hindrances := against(standing, item):
        told = dict.fromkeys(f"{each.what}. {each.remedy}" for each in hindrances)
        raise WrongUsage("There can be no masked copy yet", ". ".join(told))
    context = context_of(standing, item)
    key, digest, size = put_derivative(open_store(), plan_bytes(standing.plan))
    asked = standing.finding.derivation.parameters
    parameters: dict[str, object] = {
        "plan_sha256": digest,
        "persons": asked.get("persons", "heads"),
        "text": asked.get("text", False),
        "voice_decided_by": list(context.voice_decided_by),
        "damage_accepted_by": context.damage_accepted_by or "",
        "reviewers": len({row.done_by for row in standing.deeds}),
    }
    handed: OutputRecord = {"key": key, "sha256": digest, "size": size, "media_type": "application/json"}
    of = case.thing, case.slug
    request_step(user.actor, item.sha256, RENDER, parameters, {PLAN_FILE: handed}, of)
    ask_for_examination([Job(item.sha256, item.object_key)], again=True)


def mask_seen_again(user: User, case: Case, item: Item) -> Standing:
    """Mask all that was still seen on the copy: a deed each, to be looked at like any other track."""
    require_role(user, case, REDACTING_ROLES, _DOING)
    with exclusively():
        before = _under_review(case, item)
        found = seen_again_in(before)
        if not found:
            raise WrongUsage("Nothing was seen on the copy that the plan does not have")
        rows = [
            _row(
                user,
                case,
                item,
                before,
                deed_as_json(_whole_pixels(Add(each.id, each.kind, each.key_frames))),
            )
            for each in found
        ]
        for place, row in enumerate(rows):
            row.number += place
        record("publication.redaction.reviewed", user.actor, rows, case=case.slug)
    return standing_of(case, item)


def enter_copy(user: User, case: Case, item: Item) -> Redaction:
    """Enter the masked copy into the case, where two people sign for it before any release can hold it."""
    require_role(user, case, REDACTING_ROLES, _DOING)
    with exclusively():
        standing = _under_review(case, item)
        derivation = standing.rendering.derivation if standing.rendering is not None else None
        if derivation is None or COPY_FILE not in derivation.outputs or standing.plan is None:
            raise WrongUsage("There is no masked copy of the plan as it stands", remedy="Ask for one first")
        whole, digest = case_file_of(case), derivation.outputs[COPY_FILE]["sha256"]
        if any(each.sha256 == digest for each in whole.all(Redaction)):
            raise WrongUsage("This masked copy is entered already")
        entered = Redaction.model_validate(
            {
                "id": next_name("RD", whole.references),
                "item": item_name(item.sha256),
                "sha256": digest,
                "masks": _masks_of(standing.plan),
                "method": standing.plan.fill,
                "access": "restricted",
            }
        )
        put_all(user.actor, case, "publication.redaction.entered", [Written(entered)])
    return entered


def undo(user: User, case: Case, item: Item, number: int) -> Standing:
    """Take a deed back. It stays in the record."""
    require_role(user, case, REDACTING_ROLES, _DOING)
    with exclusively():
        before = _under_review(case, item)
        known = {row.number for row in before.deeds if row.undoes is None}
        if number not in known or number in before.undone:
            raise WrongUsage(f"There is no deed {number} to undo")
        _write(user, case, item, before, {}, undoes=number)
    return standing_of(case, item)


def draw(
    user: User, case: Case, item: Item, kind: Kind, pts: int, corners: Sequence[float]
) -> tuple[Standing, Followed]:
    """A mask that a person drew on one picture, followed both ways through its shot."""
    require_role(user, case, REDACTING_ROLES, _DOING)
    before = _under_review(case, item)
    assert before.plan is not None  # noqa: S101 - under review there is one
    shot = next((each for each in before.plan.shots if each.start <= pts < each.end), None)
    if shot is None or len(corners) != 4:
        raise WrongUsage("There is no picture at that time")
    drawn = cast("Add", deed_from_json(_drawn(kind, pts, corners)))
    with sandbox() as box, open_store().open(item.object_key) as source:
        found = follow(source, box, drawn.key_frames[0], (shot.start, shot.end))
    name = f"drawn-{len(before.deeds) + 1}"
    standing = _recorded(user, case, item, _whole_pixels(Add(name, kind, found.key_frames)))
    return standing, found


def _drawn(kind: str, pts: int, corners: Sequence[float]) -> dict[str, Any]:
    return {"deed": "add", "track": "drawn", "kind": kind, "key_frames": [{"pts": pts, "box": list(corners)}]}


def _recorded(user: User, case: Case, item: Item, deed: Deed) -> Standing:
    with exclusively():
        before = _under_review(case, item)
        assert before.plan is not None  # noqa: S101 - under review there is one
        try:
            carry_out(before.plan, deed, user.actor)
        except NotPossible as problem:
            raise WrongUsage(str(problem).rstrip(".")) from problem
        _write(user, case, item, before, deed_as_json(deed))
    return standing_of(case, item)


def _write(
    user: User, case: Case, item: Item, before: Standing, deed: dict[str, Any], undoes: int | None = None
) -> None:
    row = _row(user, case, item, before, deed, undoes)
    record("publication.redaction.reviewed", user.actor, [row], case=case.slug)


def _row(
    user: User, case: Case, item: Item, before: Standing, deed: dict[str, Any], undoes: int | None = None
) -> RedactionDeed:
    return RedactionDeed(
        case=case.thing,
        item=item,
        plan_sha256=before.plan_sha256,
        number=len(before.deeds) + 1,
        deed=deed,
        undoes=undoes,
        done_by=user.actor,
    )


def _under_review(case: Case, item: Item) -> Standing:
    found = standing_of(case, item)
    if found.plan is None:
        raise WrongUsage("There is no plan of a masked copy yet", remedy="Ask for one first")
    return found


def _masks_of(plan: RedactionPlan) -> list[str]:
    kinds = {track.kind for track in plan.tracks if not track.shown}
    masks = {_MASK_OF[kind] for kind in kinds if kind in _MASK_OF}
    if plan.voice != "keep" and all(each.voice != "keep" for each in plan.sound):
        masks.add("voice")
    return sorted({*masks, "metadata"})


def _whole_pixels(deed: Deed) -> Deed:
    """Boxes rounded outwards: a record holds whole numbers, and no mask gets smaller by rounding."""
    match deed:
        case Add():
            return replace(deed, key_frames=tuple(_outwards(each) for each in deed.key_frames))
        case Place():
            return replace(deed, key_frame=_outwards(deed.key_frame))
        case _:
            return deed


def _outwards(each: KeyFrame) -> KeyFrame:
    box = each.box
    return KeyFrame(
        each.pts,
        Box(floor(box.left), floor(box.top), ceil(box.right), ceil(box.bottom)),
        outside=each.outside,
    )
