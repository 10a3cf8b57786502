"""Calls, commitments, requests for comment and deadlines (domain model, sections 9, 10 and 11)."""

from collections.abc import Iterator

from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.comment import ASKED
from videtur.engines.method.dates import days_of
from videtur.engines.method.deadlines import hours_lacking
from videtur.engines.method.entities.accountability import (
    Call,
    Commitment,
    Deadline,
    Investigation,
    LegalStep,
    RequestForComment,
)
from videtur.engines.method.entities.case import Allegation, SymmetryGroup
from videtur.engines.method.entities.verification import Conflict
from videtur.engines.method.house_rules import house_rules
from videtur.engines.method.rules.rule import Rule, Violation
from videtur.engines.method.rules.sentences import sentences

_WITH_A_STEP = ("legal_step_evidenced", "in_progress_evidenced", "outcome_reported")
_NO_STEP = (None, "no_case_opened", "unknown")
_NOT_ISSUED = ("drafted", "approved")


def _f15(case: CaseFile) -> Iterator[Violation]:
    for name, commitment in case.named(Commitment).items():
        if is_evidenced(commitment.legal_step):
            continue
        if commitment.status in _WITH_A_STEP or commitment.outcome not in _NO_STEP:
            what = commitment.status if commitment.status in _WITH_A_STEP else str(commitment.outcome)
            yield Violation(
                "F15",
                name,
                f"It is shown as {what.replace('_', ' ')}, and no legal step is evidenced",
                "Name the authority and the number of its case or its published notice, or keep it announced",
            )
    for said in sentences(case):
        commitment = case.get(Commitment, said.sentence.commitment)
        if said.sentence.says_opened and not is_evidenced(commitment.legal_step if commitment else None):
            yield said.breaks(
                "F15",
                "It says that an investigation was opened where there is a promise",
                "Say that an investigation was announced, until a legal step is evidenced",
            )


def is_evidenced(step: LegalStep | None) -> bool:
    """Whether a legal step names its authority and a number or published notice (predicate I10)."""
    return step is not None and bool(step.authority.strip()) and bool(step.number or step.notice)


def _f16(case: CaseFile) -> Iterator[Violation]:
    for name, call in case.named(Call).items():
        reached = {party for party in call.to if _is_issued(call, party)}
        for group in case.all(SymmetryGroup):
            wanted = parties_of(case, group) - {call.from_}
            missing = sorted(wanted - reached)
            concerned = not call.about or bool(set(call.about) & _members(case, group))
            if concerned and reached & wanted and missing and not call.reason_for_one_side:
                yield Violation(
                    "F16",
                    name,
                    f"It was issued to {', '.join(sorted(reached))} and not to {', '.join(missing)}",
                    f"Address {', '.join(missing)} as well, or give the reason for one side",
                )


def parties_of(case: CaseFile, group: SymmetryGroup) -> set[str]:
    """The parties against whom the allegations of a group stand."""
    allegations = (case.get(Allegation, name) for name in group.allegations)
    return {allegation.against for allegation in allegations if allegation is not None}


def _members(case: CaseFile, group: SymmetryGroup) -> set[str]:
    found = {group.id, *group.allegations}
    for name in group.allegations:
        allegation = case.get(Allegation, name)
        found.update(allegation.footage if allegation is not None else ())
    return found


def _is_issued(call: Call, party: str) -> bool:
    status = call.status.get(party, "issued" if call.date else "drafted")
    return status not in _NOT_ISSUED


def _addressees(case: CaseFile) -> Iterator[Violation]:
    for name, call in case.named(Call).items():
        strangers = sorted(set(call.status) - set(call.to))
        if strangers:
            yield Violation(
                "M10.addressee",
                name,
                f"It has a status for {', '.join(strangers)}, to whom it does not go",
                "Add them to the addressees, or take their status out",
            )
        unaddressed = sorted(set(call.texts) - set(call.to))
        if unaddressed:
            yield Violation(
                "M10.addressee",
                name,
                f"It has a text for {', '.join(unaddressed)}, to whom it does not go",
                "Add them to the addressees, or take their text out",
            )


def _commitments(case: CaseFile) -> Iterator[Violation]:
    for name, commitment in case.named(Commitment).items():
        if commitment.status == "outcome_reported" and commitment.outcome in (None, "unknown"):
            yield Violation(
                "M10.commitment", name, "An outcome is reported and not named", "Name the outcome"
            )
        if commitment.status == "withdrawn" and not commitment.withdrawn_because:
            yield Violation(
                "M10.commitment", name, "It is withdrawn without a reason", "Say who withdrew it and why"
            )
        judged = commitment.investigation
        lacking = _without_evidence(judged) if judged is not None else []
        if lacking:
            yield Violation(
                "M10.commitment",
                name,
                f"The investigation is judged without evidence on: {', '.join(lacking).replace('_', ' ')}",
                "Name the evidence for each answer, or leave it unknown",
            )


CHECKLIST = ("prompt", "effective", "thorough", "independent", "impartial", "transparent", "victims_involved")


def _without_evidence(judged: Investigation) -> list[str]:
    return [
        name for name in CHECKLIST if getattr(judged, name) != "unknown" and not judged.evidence.get(name)
    ]


def _requests(case: CaseFile) -> Iterator[Violation]:
    for name, request in case.named(RequestForComment).items():
        if request.status == "not_sought_with_reason" and not (request.reason or request.note):
            yield _request(name, "Comment was not sought and no reason is given", "Give the reason")
        if request.unredacted_image:
            yield _request(name, "It shows an unmasked image", "Describe the image, or send a masked copy")
        if request.source_identity:
            yield _request(name, "It tells who the source is", "Leave the source out")
        if _is_before(request.replied, request.sent):
            yield _request(name, "It was answered before it was sent", "Look at the two dates")
        told = request.about or request.text or request.allegation or request.source
        if request.status in ASKED and not told:
            yield _request(name, "It does not say what it asks about", "Say enough that it can be answered")


def _is_before(first: str | None, second: str | None) -> bool:
    """Whether one date lies wholly before another."""
    if first is None or second is None:
        return False
    latest, earliest = days_of(first).latest, days_of(second).earliest
    return latest is not None and earliest is not None and latest < earliest


def _request(where: str, why: str, remedy: str) -> Violation:
    return Violation("M10.comment", where, why, remedy)


def _deadlines(case: CaseFile) -> Iterator[Violation]:
    for name, deadline in case.named(Deadline).items():
        if deadline.done is not None and not deadline.done_because:
            yield Violation(
                "M10.deadline",
                name,
                "It is closed and nobody says what was done",
                "Say what was done; nothing overdue closes itself",
            )
    rules = house_rules(case)
    for name, request in case.named(RequestForComment).items():
        lacking = hours_lacking(case, request, rules) if request.status in ASKED else None
        if lacking == rules.comment_shortest_hours:
            yield Violation(
                "M10.deadline",
                name,
                f"It gives less than {lacking} hours to answer",
                f"Give at least {lacking} hours; where nobody can wait so long, say why nobody was asked",
            )
        elif lacking is not None:
            yield Violation(
                "M10.deadline",
                name,
                f"It gives less than {lacking} hours to answer, and no reason",
                "Give more time, or say why the deadline is short",
            )


def _conflicts(case: CaseFile) -> Iterator[Violation]:
    for name, conflict in case.named(Conflict).items():
        if len(set(conflict.between)) < 2:
            yield Violation(
                "M9.conflict", name, "It names fewer than two things that differ", "Name both of them"
            )
        if conflict.status == "resolved" and not conflict.result:
            yield Violation("M9.conflict", name, "It is resolved without a result", "Say what resolved it")


_MODEL = "domain model, sections 10 and 14"
RULES = (
    Rule("F15", _MODEL, True, "A promise is not an opened investigation", _f15),
    Rule(
        "F16",
        f"{_MODEL} and 11",
        True,
        "A call on counterpart allegations goes to every side, or says why not",
        _f16,
    ),
)
FURTHER = (
    Rule(
        "M9.conflict",
        "domain model, section 9",
        True,
        "A conflict has two ends, and a result once resolved",
        _conflicts,
    ),
    Rule(
        "M10.addressee",
        _MODEL,
        True,
        "A call has a status for its addressees and for nobody else",
        _addressees,
    ),
    Rule(
        "M10.commitment",
        f"{_MODEL}; Minnesota Protocol",
        True,
        "Outcome, withdrawal and judgement of a commitment rest on something",
        _commitments,
    ),
    Rule(
        "M10.comment",
        _MODEL,
        True,
        "A request for comment can be answered and exposes nobody; a missing one has its reason",
        _requests,
    ),
    Rule(
        "M10.deadline",
        _MODEL,
        True,
        "Nothing overdue closes itself, and time to answer is given or its lack explained",
        _deadlines,
    ),
)
