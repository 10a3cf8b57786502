"""Impartiality measured for each alleged party: the method must be equal, the outcome is free (section 11).

The numbers are shown side by side, parties in alphabetical order, and nothing is done with them: no quota, no
target, no gate reads them. A difference is a question for the people on the case.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any

from videtur.engines.method import vocabulary
from videtur.engines.method.agreement import pair_of_reviews
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.comment import ASKED, party_named
from videtur.engines.method.deadlines import first_look_at
from videtur.engines.method.entities.accountability import (
    Call,
    Commitment,
    FollowUp,
    RequestForComment,
    Statement,
)
from videtur.engines.method.entities.case import Allegation
from videtur.engines.method.entities.evidence import Item, Source, SourceGrade
from videtur.engines.method.entities.footage import Observation
from videtur.engines.method.entities.publication import Release
from videtur.engines.method.entities.verification import Conflict, Finding
from videtur.engines.method.membership import items_of

METHOD_EQUAL = (
    "Every party has the same gates, vocabulary, templates and deadlines, and stands in alphabetical order. "
    "The method is equal; the outcome is free."
)


@dataclass(frozen=True, slots=True)
class AccessStated:
    """What a source in the case says of the access that a party granted; read by rule, in its own words."""

    granted: str
    """yes, no or unknown."""
    source: str | None = None
    words: str | None = None

    def as_json(self) -> dict[str, Any]:
        """What a page shows."""
        return {"granted": self.granted, "source": self.source, "words": self.words}


@dataclass(frozen=True, slots=True)
class Measures:
    """The measures for one alleged party. None is "nothing to measure yet", and no zero."""

    party: str
    allegations: int
    families: int
    items_in: int
    first_look_hours: float | None
    """The median from receipt to the first logged observation."""
    share_reviewed_twice: float | None
    grades: Mapping[str, int]
    hedges_at_release: Mapping[str, int]
    conflicts_open: int
    comment_sought: int
    allegations_without_comment: int
    calls_issued: int
    redaction_rate: float | None
    """The share of released pictures and sounds that are masked copies."""
    access: AccessStated

    def as_json(self) -> dict[str, Any]:
        """What a page shows."""
        return {
            "party": self.party,
            "allegations": self.allegations,
            "families": self.families,
            "items_in": self.items_in,
            "first_look_hours": self.first_look_hours,
            "share_reviewed_twice": self.share_reviewed_twice,
            "grades": dict(self.grades),
            "hedges_at_release": dict(self.hedges_at_release),
            "conflicts_open": self.conflicts_open,
            "comment_sought": self.comment_sought,
            "allegations_without_comment": self.allegations_without_comment,
            "calls_issued": self.calls_issued,
            "redaction_rate": self.redaction_rate,
            "access": self.access.as_json(),
        }


def measures(case: CaseFile) -> tuple[Measures, ...]:
    """The measures for every party to the conflict, in alphabetical order; one without allegations too."""
    return tuple(_of_party(case, party.id) for party in case.parties if party.in_conflict)


def access_asymmetry(case: CaseFile) -> str:
    """One sentence on the access that each side granted, or that nothing in the case says so."""
    stated = [(each.party, each.access) for each in measures(case)]
    told = [f"{party}: {access.granted}" for party, access in stated]
    if not told or all(access.granted == "unknown" for _, access in stated):
        return "What access each side granted to independent monitors is not known from this case."
    same = len({access.granted for _, access in stated}) == 1
    unequal = (
        ""
        if same
        else " Access was not the same on both sides, so fewer findings on one side may mean less access."
    )
    return f"Confidential access for independent monitors, as stated by others: {', '.join(told)}.{unequal}"


def _of_party(case: CaseFile, party: str) -> Measures:
    allegations = {name: each for name, each in case.named(Allegation).items() if each.against == party}
    families = tuple(dict.fromkeys(film for each in allegations.values() for film in each.footage))
    items = [name for film in families for name in items_of(case, film)]
    twice = [film for film in families if pair_of_reviews(case, film) is not None]
    requests = [
        each
        for each in case.all(RequestForComment)
        if each.status in ASKED and party_named(case, each.to) == party
    ]
    unasked = [name for name in allegations if not any(each.allegation in (None, name) for each in requests)]
    return Measures(
        party=party,
        allegations=len(allegations),
        families=len(families),
        items_in=len(items),
        first_look_hours=_first_look(case, items),
        share_reviewed_twice=len(twice) / len(families) if families else None,
        grades=_grades(case, {*families, *items, *allegations}),
        hedges_at_release=_hedges(case, party),
        conflicts_open=_open_conflicts(case, party, {*allegations, *families, *items}),
        comment_sought=len(requests),
        allegations_without_comment=len(unasked),
        calls_issued=sum(party in call.to and call.date is not None for call in case.all(Call)),
        redaction_rate=_redaction(case, set(items)),
        access=_access(case, party),
    )


def _first_look(case: CaseFile, items: list[str]) -> float | None:
    hours: list[float] = []
    for name in items:
        item = case.get(Item, name)
        if item is not None and item.received is not None:
            seen = first_look_at(case, name)
            if seen is not None:
                hours.append((seen - datetime.fromisoformat(item.received)).total_seconds() / 3600)
    return median(hours) if hours else None


def _grades(case: CaseFile, matter: set[str]) -> Mapping[str, int]:
    """Grades of sources that are this footage, are about it, or carry a finding on it."""
    cited = {
        source for finding in case.all(Finding) if finding.allegation in matter for source in finding.sources
    }
    found: Counter[str] = Counter()
    for grade in case.all(SourceGrade):
        source = case.get(Source, grade.source)
        concerned = {grade.about, source.footage if source else None} & matter
        if concerned or grade.source in cited:
            found[f"{grade.source_reliability}{grade.information_credibility}"] += 1
    return dict(sorted(found.items()))


def _hedges(case: CaseFile, party: str) -> Mapping[str, int]:
    levels = Counter(
        sentence.level
        for release in case.all(Release)
        if release.status == "released"
        for sentence in release.sentences
        if sentence.level is not None and party in sentence.parties_named
    )
    return {level: levels[level] for level in vocabulary.words("hedge") if levels[level]}


def _open_conflicts(case: CaseFile, party: str, matter: set[str]) -> int:
    """Open conflicts that touch the allegations against a party, their footage, or its own commitments."""
    near = set(matter)
    near |= {name for name, each in case.named(Observation).items() if each.footage in matter}
    near |= {name for name, each in case.named(Commitment).items() if each.by == party}
    near |= {
        version.ref
        for name in matter
        for version in getattr(case.find(name), "members_reported_elsewhere", ())
    }
    return sum(each.status == "open" and bool(near & set(each.between)) for each in case.all(Conflict))


def _redaction(case: CaseFile, items: set[str]) -> float | None:
    exposed = [
        media
        for release in case.all(Release)
        if release.status == "released"
        for media in release.media
        if media.item in items
    ]
    return sum(media.redaction is not None for media in exposed) / len(exposed) if exposed else None


def _access(case: CaseFile, party: str) -> AccessStated:
    """The last thing that a statement or follow-up says of access to people held by a party.

    Read are words such as "held by RU (..., no confidential access)": the party's code or name after
    "held by", and in its parentheses whether access is denied.
    """
    texts = [(name, each.fact) for name, each in case.named(FollowUp).items()]
    texts += [(name, each.gist or "") for name, each in case.named(Statement).items()]
    labels = "|".join(
        re.escape(label) for each in case.parties if each.id == party for label in (each.id, each.name)
    )
    found = AccessStated("unknown")
    for name, text in texts:
        held = re.search(rf"\bheld by (?:{labels}) \(([^)]*\baccess\b[^)]*)\)", text)
        if held is not None:
            denied = re.search(r"\b(?:no|without|denied|refused)\b[^,;]*\baccess\b", held.group(1))
            found = AccessStated("no" if denied else "yes", name, held.group(0))
    return found
