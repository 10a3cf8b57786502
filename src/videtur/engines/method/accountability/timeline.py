"""Everything dated in a case, in one line of time: what was filmed, said, called for, promised and learnt."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from videtur.engines.method.accountability.sides import side_of, side_of_words
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.dates import days_of
from videtur.engines.method.entities.accountability import (
    Action,
    Call,
    Commitment,
    FollowUp,
    RequestForComment,
    Statement,
)
from videtur.engines.method.entities.footage import FootageFamily
from videtur.engines.method.entities.publication import Release
from videtur.engines.method.entities.verification import Claim, Finding, LaterClaim


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, on a date as uncertain as its source has it."""

    date: str
    kind: str
    reference: str
    text: str
    party: str | None = None
    """The party to the conflict that spoke or acted, where one did."""
    certainty: str | None = None

    @property
    def latest(self) -> dt.date | None:
        """The last day on which it may have been; by it the line is ordered."""
        return days_of(self.date).latest

    def as_json(self) -> dict[str, Any]:
        """What a page shows."""
        return {
            "date": self.date,
            "kind": self.kind,
            "reference": self.reference,
            "text": self.text,
            "party": self.party,
            "certainty": self.certainty,
        }


def timeline(case: CaseFile) -> tuple[Event, ...]:
    """The events by the last day on which each may have been, then in the order of the case."""
    found = list(_events(case))
    order = {placed.reference: number for number, placed in enumerate(case.placed)}
    return tuple(
        sorted(
            found,
            key=lambda each: (each.latest or dt.date.max, order.get(each.reference, 0), each.kind),
        )
    )


def _events(case: CaseFile) -> Iterator[Event]:
    for name, family in case.named(FootageFamily).items():
        for kind, dated in (
            ("recording", family.recording),
            ("first_known_upload", family.first_known_upload),
        ):
            if dated is not None:
                words = dated.weekday_original or dated.basis or ""
                yield Event(dated.edtf, kind, name, words)
    for kind in (Claim, LaterClaim):
        for name, claim in case.named(kind).items():
            text = f"{claim.by}: {claim.gist}"
            yield Event(claim.date, claim.kind, name, text, side_of(case, claim), claim.certainty)
    for name, statement in case.named(Statement).items():
        if statement.commitment is None or statement.kind != "commitment":
            text = f"{statement.speaker}, {statement.body}" + (
                f": {statement.gist}" if statement.gist else ""
            )
            yield Event(statement.date, statement.kind, name, text, side_of(case, statement))
    yield from _accountability(case)
    for name, finding in case.named(Finding).items():
        if finding.at is not None:
            yield Event(finding.at, f"finding_{finding.status}", name, finding.text)
    for name, release in case.named(Release).items():
        if release.at is not None:
            yield Event(release.at, f"release_{release.status}", name, release.title)


def _accountability(case: CaseFile) -> Iterator[Event]:
    for name, call in case.named(Call).items():
        if call.date is not None:
            asks = ", ".join(each.replace("_", " ") for each in call.asks)
            text = f"{call.from_} to {' and '.join(sorted(call.to))}" + (f": {asks}" if asks else "")
            yield Event(call.date, "call", name, text)
    for name, commitment in case.named(Commitment).items():
        role = commitment.speaker_role or "no role given"
        text = f"{commitment.by} ({role}): {commitment.what}"
        yield Event(commitment.announced, "commitment", name, text, commitment.by)
        step = commitment.legal_step
        if step is not None and step.date is not None:
            told = f"{step.authority} {step.number or step.notice or ''}".strip()
            yield Event(step.date, "legal_step", name, told, commitment.by)
    for name, request in case.named(RequestForComment).items():
        party = side_of_words(case, request.to)
        if request.sent is not None:
            yield Event(request.sent, "request_for_comment", name, f"{request.by} asks {request.to}")
        if request.replied is not None:
            yield Event(request.replied, "response", name, request.reply_gist or "", party)
    for name, action in case.named(Action).items():
        text = f"{action.on} becomes {action.becomes}" if action.becomes else action.on
        yield Event(action.date, "action", name, f"{text}: {action.because}", action.party)
    for name, follow_up in case.named(FollowUp).items():
        yield Event(follow_up.date, "follow_up", name, follow_up.fact, None, follow_up.certainty)
