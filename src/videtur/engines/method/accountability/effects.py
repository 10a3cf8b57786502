"""What moves the calls and commitments of a case: every dated event, each with what it rests on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, cast

from videtur.engines.method import vocabulary
from videtur.engines.method.accountability.readings import readings_of
from videtur.engines.method.accountability.sides import concern_the_same, side_of
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.dates import days_of
from videtur.engines.method.entities.accountability import Action, Call, Commitment, FollowUp, Statement
from videtur.engines.method.entities.verification import Claim, LaterClaim

REACTIONS = (
    "acknowledgement",
    "response",
    "legal_step",
    "call",
    "condemnation",
    "conditional_condemnation",
    "commitment",
    "refers_elsewhere",
    "no_comment",
)
"""Kinds of statement by which a party shows that the matter of a call has reached it. A denial or a word of
staging is left out: it speaks of the film, not of what is asked."""
SIDE_STATES = ("contradicted_by_same_side", "stale", "withdrawn")
OTHERS = ("standard", "hedge", "symmetry")
Basis = Literal["recorded", "said", "effect", "reading", "action"]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that an event does to a call, for one party, or to a commitment."""

    on: str
    party: str | None
    becomes: str | None
    outcome: str | None
    earliest: date | None
    latest: date | None
    source: str
    """Reference of the event."""
    kind: Basis
    confirmed: bool
    why: str

    def as_json(self) -> dict[str, Any]:
        """What a page shows as the basis."""
        return {
            "source": self.source,
            "date": self.latest.isoformat() if self.latest else None,
            "becomes": self.becomes,
            "outcome": self.outcome,
            "kind": self.kind,
            "confirmed": self.confirmed,
            "why": self.why,
        }


@dataclass(frozen=True, slots=True)
class StatedByOther:
    """A standard, hedge or the like that another body states. It is shown as theirs and never set as ours."""

    date: str
    source: str
    what: str
    value: str
    fact: str
    certainty: str | None

    def as_json(self) -> dict[str, Any]:
        """What a page shows."""
        return {
            "date": self.date,
            "source": self.source,
            "what": self.what,
            "value": self.value,
            "fact": self.fact,
            "certainty": self.certainty,
        }


def changes(case: CaseFile) -> tuple[Change, ...]:
    """Every change, in the order of the days on which it was known; on one day a person's act comes last."""
    return case.once(_changes)


def _changes(case: CaseFile) -> tuple[Change, ...]:
    order: tuple[Basis, ...] = ("recorded", "said", "reading", "effect", "action")
    found = [*_reactions(case), *_repetitions(case), *_follow_ups(case), *_readings(case), *_actions(case)]
    return tuple(
        sorted(found, key=lambda each: (each.latest or date.max, order.index(each.kind), each.source))
    )


def stated_by_others(case: CaseFile) -> tuple[StatedByOther, ...]:
    """What other bodies stated, by date."""
    found = [
        StatedByOther(follow_up.date, reference, key, str(value), follow_up.fact, follow_up.certainty)
        for reference, follow_up in case.named(FollowUp).items()
        for key, value in (follow_up.effect or {}).items()
        if _is_of_others(case, key)
    ]
    return tuple(sorted(found, key=lambda each: (str(days_of(each.date).latest), each.source)))


def _is_of_others(case: CaseFile, key: str) -> bool:
    name, _, field = key.partition(".")
    if name in OTHERS:
        return True
    return not isinstance(case.find(name), Call | Commitment) or field in OTHERS


Said = tuple[str, Claim | Statement, str]


def said_by_a_side(case: CaseFile) -> tuple[Said, ...]:
    """Claims and statements with their references and the party for which each speaks."""
    return case.once(_said_by_a_side)


def _said_by_a_side(case: CaseFile) -> tuple[Said, ...]:
    said: dict[str, Claim | Statement] = {}
    for kind in (Claim, LaterClaim, Statement):
        said.update(case.named(kind))
    sides = ((reference, each, side_of(case, each)) for reference, each in said.items())
    return tuple((reference, each, side) for reference, each, side in sides if side is not None)


def _reactions(case: CaseFile) -> Iterator[Change]:
    """What a party says on or after the day of a call to it shows that the call's matter has reached it."""
    for reference, said, side in said_by_a_side(case):
        if said.kind not in REACTIONS:
            continue
        days = days_of(said.date)
        for name, call in case.named(Call).items():
            if side not in call.to or call.date is None:
                continue
            issued = days_of(call.date).earliest
            if issued is None or days.earliest is None or days.earliest < issued:
                continue
            about = said.about if isinstance(said, Claim) else next(iter(said.about), None)
            if call.about and not any(concern_the_same(case, about, each) for each in call.about):
                continue
            why = (
                f"{side} spoke on the matter ({said.kind.replace('_', ' ')}) on or after the day of the call"
            )
            yield Change(
                name,
                side,
                "acknowledged",
                None,
                days.earliest,
                days.latest,
                reference,
                "said",
                about is not None,
                why,
            )


def _repetitions(case: CaseFile) -> Iterator[Change]:
    """A later promise of the same side on the same matter repeats a commitment and does not raise it."""
    for reference, said, side in said_by_a_side(case):
        if said.kind != "commitment":
            continue
        days = days_of(said.date)
        for name, commitment in case.named(Commitment).items():
            announced = days_of(commitment.announced).latest
            if side != commitment.by or announced is None or days.earliest is None:
                continue
            if days.earliest <= announced or not _of_commitment(case, said, name, commitment):
                continue
            why = f"{side} promised it again; a promise is not yet a step"
            yield Change(
                name, None, "repeated", None, days.earliest, days.latest, reference, "said", True, why
            )


def _of_commitment(case: CaseFile, said: Claim | Statement, name: str, commitment: Commitment) -> bool:
    if isinstance(said, Statement):
        if said.commitment is not None:
            return said.commitment == name
        return not said.about or any(concern_the_same(case, each, commitment.about) for each in said.about)
    return said.about == name or concern_the_same(case, said.about, commitment.about)


def _follow_ups(case: CaseFile) -> Iterator[Change]:
    for reference, follow_up in case.named(FollowUp).items():
        for key, value in (follow_up.effect or {}).items():
            if not _is_of_others(case, key):
                days = days_of(follow_up.date)
                for party, becomes, outcome in _told(case, key, value):
                    yield Change(
                        key.partition(".")[0],
                        party,
                        becomes,
                        outcome,
                        days.earliest,
                        days.latest,
                        reference,
                        "effect",
                        True,
                        follow_up.fact,
                    )


def _told(case: CaseFile, key: str, value: Any) -> Iterator[tuple[str | None, str | None, str | None]]:
    """Party, status, outcome: `CM1: repeated`, `CM1.outcome: charged`, `C1.UA: accepted`, `C1: {UA: ...}`."""
    name, _, field = key.partition(".")
    if isinstance(case.find(name), Call):
        table = cast("Mapping[str, Any]", value) if isinstance(value, dict) else {field: value}
        for party, status in table.items():
            if str(status) in vocabulary.words("call_status"):
                yield party or None, str(status), None
        return
    parts = cast("Mapping[str, Any]", value) if isinstance(value, dict) else {field or "status": value}
    status, outcome = parts.get("status"), parts.get("outcome")
    known = str(status) if status in vocabulary.words("commitment_status") else None
    if known or outcome in vocabulary.words("outcome"):
        yield None, known, str(outcome) if outcome in vocabulary.words("outcome") else None


def _readings(case: CaseFile) -> Iterator[Change]:
    for reading in readings_of(case):
        days = days_of(reading.date)
        yield Change(
            reading.on,
            None,
            reading.becomes,
            reading.outcome,
            days.earliest,
            days.latest,
            reading.follow_up,
            "reading",
            reading.accepted_by is not None,
            reading.why,
        )


def _actions(case: CaseFile) -> Iterator[Change]:
    for reference, action in case.named(Action).items():
        if action.becomes and isinstance(case.find(action.on), Call | Commitment):
            days = days_of(action.date)
            outcome = action.becomes if action.becomes in vocabulary.words("outcome") else None
            yield Change(
                action.on,
                action.party,
                None if outcome else action.becomes,
                outcome,
                days.earliest,
                days.latest,
                reference,
                "action",
                True,
                action.because,
            )
