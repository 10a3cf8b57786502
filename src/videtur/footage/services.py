"""The only writer of observations and of people's decisions on copies."""

import uuid

from django.conf import settings

from videtur.cases.models import Case
from videtur.errors import Refused, WrongUsage
from videtur.evidence.models import Capture, Item
from videtur.footage.drafts import ObservationDraft, ObservationRefused, Problem
from videtur.footage.extent import extent_of
from videtur.footage.models import CopyDecision, Observation
from videtur.ledger.services import exclusively, record
from videtur.storage.object_store import open_object_store

_LONGEST_REASON = 2000


def add_observation(actor: str, case: Case, item: Item, draft: ObservationDraft) -> Observation:
    """Record what a person saw or heard. Raises ObservationRefused with every problem at once.

    Only preserved bytes may be observed: recorded, in this case, and still there in their full length.
    """
    problems = [*draft.problems(), *_problems_of_item(case, item), *_problems_of_extent(item, draft)]
    if problems:
        raise ObservationRefused(problems)
    observation = Observation(
        case=case.thing,
        item=item,
        start_pts=draft.start.pts,
        end_pts=draft.end.pts,
        time_base_numerator=draft.start.time_base.numerator,
        time_base_denominator=draft.start.time_base.denominator,
        modality=draft.modality,
        role=draft.role,
        states=list(draft.states),
        act=draft.act,
        target=draft.target,
        injury_region=draft.injury.region if draft.injury else "",
        injury_sign=draft.injury.sign if draft.injury else "",
        injury_timing=draft.injury.timing if draft.injury else "",
        count_minimum=draft.count.minimum if draft.count else None,
        count_maximum=draft.count.maximum if draft.count else None,
        count_basis=draft.count.basis if draft.count else "",
        hedge=draft.hedge,
        text=draft.text.strip(),
        language=draft.language,
        observed_by=actor,
    )
    record("footage.observation.added", actor, [observation], case=case.slug)
    return observation


def withdraw_observation(
    actor: str, case: Case, item: Item, thing: uuid.UUID | str, reason: str
) -> Observation:
    """Withdraw an observation: a new version with the reason; what was said stays readable."""
    reason = _reason(reason, "A withdrawal needs a reason")
    with exclusively():
        present = _present_observation(case, item, thing)
        if present.withdrawn_because:
            raise WrongUsage("The observation is withdrawn already")
        withdrawn = Observation(
            **{
                field.attname: getattr(present, field.attname)
                for field in Observation._meta.concrete_fields
                if field.attname not in ("id", "recorded_at", "entry_index", "version", "withdrawn_because")
            },
            version=present.version + 1,
            withdrawn_because=reason,
        )
        record("footage.observation.withdrawn", actor, [withdrawn], case=case.slug)
    return withdrawn


def decide_copy(actor: str, case: Case, item: Item, other: Item, decision: str, reason: str) -> CopyDecision:
    """Record a person's word on whether two items show the same footage. The latest word counts."""
    if decision not in CopyDecision.DECISIONS:
        raise WrongUsage(
            f"{decision!r} is no decision", remedy=f"Use one of: {', '.join(CopyDecision.DECISIONS)}"
        )
    if item.pk == other.pk:
        raise WrongUsage("An item is not a copy of itself")
    reason = _reason(reason, "A decision needs a reason")
    for each in (item, other):
        _require_in_case(case, each)
    first, second = sorted((item, other), key=lambda each: each.id)
    row = CopyDecision(item_a=first, item_b=second, decision=decision, reason=reason, decided_by=actor)
    record("footage.copy.decided", actor, [row], case=case.slug)
    return row


def _present_observation(case: Case, item: Item, thing: uuid.UUID | str) -> Observation:
    try:
        identity = thing if isinstance(thing, uuid.UUID) else uuid.UUID(thing)
    except ValueError:
        raise WrongUsage(f"{thing!r} names no observation") from None
    found = Observation.present().filter(thing=identity, case=case.thing, item=item).first()
    if found is None:
        raise WrongUsage("There is no such observation of this item in this case")
    return found


def _reason(text: str, what: str) -> str:
    text = text.strip()
    if not text:
        raise Refused(what, remedy="Say why, in a sentence")
    if len(text) > _LONGEST_REASON:
        raise Refused(f"The reason is longer than {_LONGEST_REASON} characters")
    return text


def _require_in_case(case: Case, item: Item) -> None:
    if not Capture.objects.filter(case=case.thing, item=item).exists():
        raise WrongUsage(f"{item.sha256[:12]} is not an item of the case {case.slug}")


def _problems_of_item(case: Case, item: Item) -> list[Problem]:
    if not Capture.objects.filter(case=case.thing, item=item).exists():
        return [Problem("item", f"is not in the case {case.slug}: take it in there first")]
    workspace = settings.WORKSPACE
    store = open_object_store(workspace.objects, workspace.root)
    if not store.exists(item.object_key) or store.size(item.object_key) != item.size:
        return [Problem("item", "is not preserved: its bytes are missing or cut. Run: videtur verify")]
    return []


def _problems_of_extent(item: Item, draft: ObservationDraft) -> list[Problem]:
    extent = extent_of(item.sha256)
    if extent is None:
        return [Problem("start", "cannot be checked: the item is not examined yet, or could not be decoded")]
    problems: list[Problem] = []
    if draft.start.instant < extent.start.instant:
        problems.append(Problem("start", f"lies before the item begins ({extent.start.seconds} s)"))
    if draft.end.instant > extent.end.instant:
        problems.append(Problem("end", f"lies after the item ends ({extent.end.seconds} s)"))
    return problems
