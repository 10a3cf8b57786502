"""Readings of follow-ups that come without an effect: what a fact's words seem to say of a commitment.

The rule is small and shows the words it read. It looks for a party's code or name beside words of inquiry or
outcome. A reading is a proposal: a person accepts it, or it stays marked as read by rule.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.dates import days_of
from videtur.engines.method.entities.accountability import Action, Commitment, FollowUp

_SENTENCE_PART = re.compile(r"[;:.]\s")
_NOT = re.compile(r"\b(?:no|not|never|none|without|denied|refused|failed|lack of)\b", re.IGNORECASE)
_OPENED = r"(?:has |had )?(?:opened|started|began|launched)"
_CASES = r"(?:investigations?|inquir(?:y|ies)|proceedings|cases?)"
_COUNT = r"(?:(?:at least |about |some )?\w+ )?"

PATTERNS: tuple[tuple[str, str, str | None], ...] = (
    # What is read -> the commitment's status and outcome. {party} stands for a code or a name.
    (
        r"\bunder (?:an? )?(?:\w+ )?{party}(?:['’]s)? (?:criminal )?investigation\b",
        "in_progress_evidenced",
        None,
    ),
    (r"\bunder (?:an? )?(?:criminal )?investigation (?:by|in) {party}(?!\w)", "in_progress_evidenced", None),
    (
        rf"(?<!\w){{party}} {_OPENED} {_COUNT}(?:criminal |pre-trial )?{_CASES}\b",
        "in_progress_evidenced",
        None,
    ),
    (r"(?<!\w){party} courts? (?:has |had |have )?convicted\b", "outcome_reported", "convicted"),
    (r"\bconvicted by (?:an? )?{party} court\b", "outcome_reported", "convicted"),
    (r"(?<!\w){party} courts? (?:has |had |have )?acquitted\b", "outcome_reported", "acquitted"),
    (
        r"(?<!\w){party} (?:has |had )?(?:repeated|reiterated|renewed) \w+ (?:promise|commitment)\b",
        "repeated",
        None,
    ),
)


@dataclass(frozen=True, slots=True)
class ReadEffect:
    """What the rule reads out of one follow-up for one commitment."""

    follow_up: str
    on: str
    date: str
    becomes: str
    outcome: str | None
    words: str
    """The words that were read."""
    why: str
    certainty: str | None
    accepted_by: str | None
    """Who accepted it; None while it is a proposal."""

    @property
    def effect(self) -> dict[str, object]:
        """The effect as the follow-up would hold it."""
        return {self.on: {"status": self.becomes, "outcome": self.outcome} if self.outcome else self.becomes}


def readings_of(case: CaseFile) -> tuple[ReadEffect, ...]:
    """The proposed effects of every follow-up that has none, in the order of the case."""
    return case.once(_readings)


def _readings(case: CaseFile) -> tuple[ReadEffect, ...]:
    return tuple(
        reading
        for reference, follow_up in case.named(FollowUp).items()
        if follow_up.effect is None
        for reading in _read(case, reference, follow_up)
    )


def _read(case: CaseFile, reference: str, follow_up: FollowUp) -> Iterator[ReadEffect]:
    day = days_of(follow_up.date).latest
    read = {
        party: _words(case, follow_up.fact, party)
        for party in {commitment.by for commitment in case.all(Commitment)}
    }
    for name, commitment in case.named(Commitment).items():
        announced = days_of(commitment.announced).earliest
        if day is not None and announced is not None and day < announced:
            continue
        found = read[commitment.by]
        if found is not None:
            becomes, outcome, words = found
            yield ReadEffect(
                follow_up=reference,
                on=name,
                date=follow_up.date,
                becomes=becomes,
                outcome=outcome,
                words=words,
                why=f'The fact says "{words}" of the side that made {name}; '
                "whether it is about this very matter a person has to say",
                certainty=follow_up.certainty,
                accepted_by=follow_up.reading_accepted_by or _accepted(case, reference, name),
            )


def _words(case: CaseFile, fact: str, party: str) -> tuple[str, str | None, str] | None:
    """The first pattern that stands in the fact and is not denied in its own clause."""
    labels = "|".join(
        re.escape(label) for each in case.parties if each.id == party for label in (each.id, each.name)
    )
    if not labels:
        return None
    for pattern, becomes, outcome in PATTERNS:
        found = re.search(pattern.replace("{party}", f"(?:{labels})"), fact)
        if found is not None and not _denied(fact, found.start()):
            return becomes, outcome, found.group(0)
    return None


def _denied(fact: str, start: int) -> bool:
    """Whether a word of denial stands before it in its own part of the sentence."""
    begins = max((mark.end() for mark in _SENTENCE_PART.finditer(fact, 0, start)), default=0)
    return _NOT.search(fact, begins, start) is not None


def _accepted(case: CaseFile, follow_up: str, commitment: str) -> str | None:
    """Who recorded an action on the commitment that rests on this follow-up."""
    return next(
        (
            action.by
            for action in case.all(Action)
            if action.on == commitment and action.evidence == follow_up and action.becomes
        ),
        None,
    )
