"""The only writer of observations and of people's decisions on copies."""

import uuid
from collections.abc import Sequence

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
_MOST_PAIRS = 2500


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
    return _decide(actor, case, [(item, other)], decision, reason)[0]


def split_family(
    actor: str, case: Case, apart: Sequence[Item], rest: Sequence[Item], reason: str
) -> list[CopyDecision]:
    """Set items of a family apart from its others: each pair across the cut is decided, in one entry.

    So the cut lasts: what arrives later and looks like both sides cannot bring them together again.
    """
    if not apart or not rest:
        raise WrongUsage("A split has two sides", remedy="Choose some of the items, and not all of them")
    pairs = [(one, other) for one in apart for other in rest]
    return _decide(actor, case, pairs, "not_the_same_footage", reason)


def merge_families(
    actor: str, case: Case, ours: Sequence[Item], theirs: Sequence[Item], reason: str
) -> list[CopyDecision]:
    """Say that two families are one recording: the first of each, and every pair that was set apart."""
    if not ours or not theirs:
        raise WrongUsage("A merger has two sides", remedy="Choose an item of the other family")
    chosen = [(ours[0], theirs[0])]
    for one in ours:
        for other in theirs:
            latest = _latest_decision(one, other)
            if (one, other) not in chosen and latest and latest.decision == "not_the_same_footage":
                chosen.append((one, other))
    return _decide(actor, case, chosen, "same_footage", reason)


def _decide(
    actor: str, case: Case, pairs: Sequence[tuple[Item, Item]], decision: str, reason: str
) -> list[CopyDecision]:
    if decision not in CopyDecision.DECISIONS:
        raise WrongUsage(
            f"{decision!r} is no decision", remedy=f"Use one of: {', '.join(CopyDecision.DECISIONS)}"
        )
    if any(one.pk == other.pk for one, other in pairs):
        raise WrongUsage("An item is not a copy of itself")
    if len(pairs) > _MOST_PAIRS:
        raise Refused(
            f"That would decide {len(pairs)} pairs at once", remedy=f"Decide at most {_MOST_PAIRS} in a step"
        )
    reason = _reason(reason, "A decision needs a reason")
    for each in {each for pair in pairs for each in pair}:
        _require_in_case(case, each)
    rows: list[CopyDecision] = []
    for pair in pairs:
        first, second = sorted(pair, key=lambda each: each.id)
        rows.append(
            CopyDecision(item_a=first, item_b=second, decision=decision, reason=reason, decided_by=actor)
        )
    record("footage.copy.decided", actor, rows, case=case.slug)
    return rows


def _latest_decision(one: Item, other: Item) -> CopyDecision | None:
    first, second = sorted((one, other), key=lambda each: each.id)
    return CopyDecision.objects.filter(item_a=first, item_b=second).order_by("-entry_index").first()


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
