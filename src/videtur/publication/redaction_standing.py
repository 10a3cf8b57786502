"""Where the masked copy of an item stands in a case: what was found, what people did, what was made."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from videtur.cases.models import Case
from videtur.engines.redaction.gate import Block, ReleaseContext, blocks
from videtur.engines.redaction.plan import RedactionPlan, Track
from videtur.engines.redaction.plan_form import plan_as_json, plan_from_json
from videtur.engines.redaction.review import Done, decided_on_sound, reviewed
from videtur.engines.redaction.review_form import deed_from_json
from videtur.evidence.models import Item
from videtur.footage.derived import open_store
from videtur.pipeline.derivations import DONE
from videtur.pipeline.models import Derivation, StepRequest
from videtur.pipeline.queries import State, StepProgress, progress_of
from videtur.pipeline.redaction_files import COPY_FILE, FIND, PLAN_FILE, RENDER, SEEN_AGAIN_FILE, UNSURE_FILE
from videtur.pipeline.steps import BY_NAME
from videtur.pipeline.tools import json_bytes
from videtur.publication.models import RedactionDeed


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the masked copy of an item stands in a case."""

    finding: StepProgress | None
    """The machine's part; None when nobody asked for it."""
    plan: RedactionPlan | None
    """As it stands, with every deed done; None while there is none."""
    plan_sha256: str
    """Of the machine's plan."""
    deeds: tuple[RedactionDeed, ...]

    machine_plan: RedactionPlan | None = None
    faint: tuple[tuple[int, int], ...] = ()
    """Stretches in which something was seen again and again, too dimly for a mask."""
    rendering: StepProgress | None = None
    """The masked copy of exactly this plan; None when nobody asked for it since."""

    @property
    def undone(self) -> dict[int, int]:
        """Numbers of the deeds that are undone, and of what undid them."""
        return {row.undoes: row.number for row in self.deeds if row.undoes is not None}


def standing_of(case: Case, item: Item) -> Standing:
    """Where the masked copy of an item stands."""
    step = _step_of(case, item, FIND)
    derivation = step.derivation if step is not None else None
    if derivation is None or PLAN_FILE not in derivation.outputs:
        return Standing(step, None, "", ())
    base = _machine_plan(derivation)
    digest = derivation.outputs[PLAN_FILE]["sha256"]
    rows = tuple(
        RedactionDeed.objects.filter(case=case.thing, item=item, plan_sha256=digest).order_by("number")
    )
    found = Standing(step, base, digest, rows, base, _faint(derivation))
    plan = reviewed(base, _done(rows), found.undone)
    rendering = _step_of(case, item, RENDER, plan_sha256=_digest_of(plan))
    return replace(found, plan=plan, rendering=rendering)


def against(standing: Standing, item: Item) -> tuple[Block, ...]:
    """All that stands against a masked copy for release, as the plan is now."""
    if standing.plan is None:
        return ()
    return blocks(standing.plan, context_of(standing, item))


def context_of(standing: Standing, item: Item) -> ReleaseContext:
    """What the plan does not know of itself: damage that somebody looked at, and who stands by the sound."""
    derivation = standing.finding.derivation if standing.finding is not None else None
    damage = str(derivation.summary.get("damage", "")) if derivation is not None else ""
    accepted = [
        row.done_by
        for row in standing.deeds
        if row.number not in standing.undone and row.deed.get("deed") == "accept_damage"
    ]
    decided: tuple[str, ...] = ()
    if standing.machine_plan is not None:
        decided = decided_on_sound(standing.machine_plan, _done(standing.deeds), standing.undone)
    return ReleaseContext(
        item.sha256,
        voice_decided_by=decided,
        damage=(damage,) if damage else (),
        damage_accepted_by=accepted[-1] if accepted else None,
    )


def seen_again_in(standing: Standing) -> tuple[Track, ...]:
    """What the detectors still saw on the copy that was thrown away, and that the plan does not have yet."""
    derivation = standing.rendering.derivation if standing.rendering is not None else None
    if derivation is None or SEEN_AGAIN_FILE not in derivation.outputs or standing.plan is None:
        return ()
    known = {track.id for track in standing.plan.tracks}
    with open_store().open(derivation.outputs[SEEN_AGAIN_FILE]["key"]) as file:
        return tuple(each for each in plan_from_json(json.load(file)).tracks if each.id not in known)


def copy_in(standing: Standing) -> str:
    """Digest of the masked copy of the plan as it stands; empty while there is none."""
    derivation = standing.rendering.derivation if standing.rendering is not None else None
    found = derivation.outputs.get(COPY_FILE) if derivation is not None else None
    return found["sha256"] if found is not None else ""


def derivation_of_copy(sha256: str | None) -> Derivation | None:
    """What made the masked copy with that digest here, in whichever case; None when it was made elsewhere."""
    made = Derivation.objects.filter(step=RENDER, outcome=DONE).order_by("-entry_index")
    found = (row for row in (made if sha256 else ()) if COPY_FILE in row.outputs)
    return next((row for row in found if row.outputs[COPY_FILE]["sha256"] == sha256), None)


def plan_bytes(plan: RedactionPlan) -> bytes:
    """The plan as it is handed to who renders it."""
    return json_bytes(plan_as_json(plan))


def _step_of(case: Case, item: Item, name: str, **like: object) -> StepProgress | None:
    """How a step stands that this case asked for, with parameters like these; None when it never did.

    What was done stays, whatever came after: another case may ask something else of the item, and a newer
    engine may look again, while people are at work on what the older one found.
    """
    asked = StepRequest.objects.filter(input_sha256=item.sha256, step=name, case=case.thing)
    found = [row for row in asked.order_by("entry_index") if row.parameters.items() >= like.items()]
    if not found:
        return None
    request = found[-1]
    made = [
        row
        for row in Derivation.objects.filter(input_sha256=item.sha256, step=name).order_by("entry_index")
        if row.parameters == request.parameters
    ]
    done = [row for row in made if row.outcome == DONE]
    if done:
        row = _under_work(case, item, done)
        return StepProgress(name, BY_NAME[name].group, State.DONE, derivation=row, request=request)
    now = next((each for each in progress_of(item.sha256).steps if each.step == name), None)
    if now is not None and now.request == request:
        return now
    if made:
        last = made[-1]
        return StepProgress(name, BY_NAME[name].group, State(last.outcome), last.reason, last, request)
    return StepProgress(name, BY_NAME[name].group, State.PENDING, request=request)


def _under_work(case: Case, item: Item, done: Sequence[Derivation]) -> Derivation:
    """Of several results of one question, the one that people worked on last; else the newest."""
    deeds = RedactionDeed.objects.filter(case=case.thing, item=item).order_by("-entry_index")
    for digest in dict.fromkeys(deeds.values_list("plan_sha256", flat=True)):
        for row in done:
            if row.outputs.get(PLAN_FILE, {"sha256": ""})["sha256"] == digest:
                return row
    return done[-1]


def _done(rows: Sequence[RedactionDeed]) -> list[Done]:
    return [Done(row.number, row.done_by, deed_from_json(row.deed)) for row in rows if row.undoes is None]


def _machine_plan(derivation: Derivation) -> RedactionPlan:
    with open_store().open(derivation.outputs[PLAN_FILE]["key"]) as file:
        return plan_from_json(json.load(file))


def _faint(derivation: Derivation) -> tuple[tuple[int, int], ...]:
    if UNSURE_FILE not in derivation.outputs:
        return ()
    with open_store().open(derivation.outputs[UNSURE_FILE]["key"]) as file:
        return tuple((start, end) for start, end, reason in json.load(file) if reason == "faint")


def _digest_of(plan: RedactionPlan) -> str:
    return sha256(plan_bytes(plan)).hexdigest()
