"""What a reviewer does not see until the review is in (domain model, section 8).

Nobody who is still to review a thing sees another's review of it. The second analyst does not see either
what the uploader wrote, nor which party is claimed to be shown, nor who promised, denied or was called
on. An analyst who only analyses is kept blind to everything that still waits for a second review, so that
no log of looks is needed to call the review blind. Whoever has another role that needs the whole case
(house rule: `SEES_ALL`) is kept blind to what they are assigned to, or have begun to review, from that
moment on; `seen_before` says what they may have seen until then.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from videtur.cases.roles import ANALYSTS
from videtur.engines.method.case_file.model import CaseFile, Placed
from videtur.engines.method.entities import accountability, evidence, footage, verification
from videtur.engines.method.entities import case as cases
from videtur.engines.method.entities.base import Entity
from videtur.engines.method.membership import items_of

SEES_ALL = frozenset(
    {
        "case_lead", "arbiter", "auditor", "legal_reviewer", "protection_officer", "publication_approver",
        "medical_expert", "weapons_expert", "linguist",
    }
)  # fmt: skip
"""Roles whose work needs the reviews (house rule)."""
REVIEWS_NEEDED = 2
_CLAIMS_OF_PARTY = ("uploader_caption", "official_claim")
_TELLS_OF_PARTIES = (
    cases.SourceArticle,
    cases.ExpectedSentences,
    cases.ExpectedBoard,
    verification.CitedObligation,
    verification.ProvisionMapping,
    accountability.Statement,
    accountability.Call,
    accountability.Commitment,
    accountability.RequestForComment,
    accountability.FollowUp,
    accountability.Action,
)
"""Who promised, denied or was called on says who is accused: closed as a whole, since texts name parties
wherever they like."""
_CLAIMS_OF_PLACE = ("uploader_caption", "official_claim", "media_claim")


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, for the rules of blind review."""

    person: str
    roles: frozenset[str]
    administrator: bool = False

    @property
    def only_analyses(self) -> bool:
        """Whether nothing but the work of an analyst brings this person into the case."""
        return not self.administrator and bool(self.roles & ANALYSTS) and not self.roles & SEES_ALL


def for_reader(case: CaseFile, reader: Reader) -> CaseFile:
    """The case without what the reader's own reviews still to come must not know."""
    blind = {name: second for name in _reviewable(case) if (second := blindness(case, reader, name))}
    if not blind:
        return case
    hidden = {
        placed.reference
        for placed in case.placed
        if isinstance(placed.entity, verification.Review | verification.Arbitration)
        and placed.entity.of in blind
        and placed.entity.by != reader.person
    }
    kept = [placed for placed in case.placed if placed.reference not in hidden]
    reviewed = {
        case_review.of for name, case_review in case.named(verification.Review).items() if name in hidden
    }
    masked = [Placed(each.reference, _without_results(each.entity, reviewed)) for each in kept]
    second = {name for name, kind in blind.items() if kind == "second"}
    families = _with_counterparts(case, _footage_of(case, second))
    items = {item for name in families for item in items_of(case, name)}
    claims = _claims_about(case, families, items, reader) - _to_review(case, second)
    shown = tuple(
        Placed(each.reference, _without_claims(each.entity, families, items))
        for each in masked
        if each.reference not in claims
    )
    return CaseFile(case.id, case.as_of, shown, case.schema)


def unclaimed_footage(case: CaseFile, reader: Reader) -> frozenset[str]:
    """The footage of which a reader meets no claim and no caption: their second review of it is to come."""
    second = {name for name in _reviewable(case) if blindness(case, reader, name) == "second"}
    return frozenset(_footage_of(case, second))


def _footage_of(case: CaseFile, second: set[str]) -> set[str]:
    """What is to be reviewed, and the footage on which a finding rests that is to be reviewed."""
    findings = case.named(verification.Finding)
    rest = {
        name for of in second if of in findings and _is_open(findings[of]) for name in findings[of].footage
    }
    return rest | second & set(case.named(footage.FootageFamily))


def _to_review(case: CaseFile, second: set[str]) -> set[str]:
    """Findings that the reader has to see for their review: those whose footage they have reviewed."""
    findings = case.named(verification.Finding)
    return {
        of
        for of in second
        if of in findings and _is_open(findings[of]) and not second & set(findings[of].footage)
    }


def _is_open(finding: verification.Finding) -> bool:
    """Whether a review of it is still awaited."""
    return finding.status in ("drafted", "under_review")


def _with_counterparts(case: CaseFile, families: set[str]) -> set[str]:
    """With the footage of the counterpart allegations: whom that accuses tells whom this does not."""
    accused = {name for name, each in case.named(cases.Allegation).items() if families & set(each.footage)}
    groups = [set(group.allegations) for group in case.all(cases.SymmetryGroup)]
    together = set[str]().union(*(group for group in groups if group & accused))
    told = case.named(cases.Allegation)
    return families | {name for each in together if each in told for name in told[each].footage}


def blindness(case: CaseFile, reader: Reader, of: str) -> str:
    """What is kept from a reader about a thing: "" nothing, "first" reviews, "second" claims too."""
    reviews = [each for each in case.all(verification.Review) if each.of == of]
    if any(each.by == reader.person and each.submitted and not each.withdrawn_because for each in reviews):
        return ""
    taken = {
        *(each.role for each in reviews if each.by == reader.person and not each.withdrawn_because),
        *(
            each.role
            for each in case.all(cases.Assignment)
            if each.on == of and each.person == reader.person and not each.ended_because
        ),
    } & ANALYSTS
    if not taken and reader.only_analyses:
        others = {
            each.by
            for each in reviews
            if each.role in ANALYSTS and each.submitted and not each.withdrawn_because
        }
        taken = set(reader.roles & ANALYSTS) if len(others) < REVIEWS_NEEDED else set[str]()
    if not taken:
        return ""
    return "second" if "analyst_1" not in taken else "first"


def seen_before(case: CaseFile, reader: Reader, of: str, role: str) -> tuple[str, ...]:
    """What a person who now begins a review may have seen of it: that which was not kept from them."""
    kept = blindness(case, reader, of)
    seen: list[str] = []
    others = [each for each in case.all(verification.Review) if each.of == of and each.by != reader.person]
    assigned = [
        each.at
        for each in case.all(cases.Assignment)
        if each.on == of and each.person == reader.person and not each.ended_because and each.at
    ]
    since = min(map(_moment, assigned), default=None) if kept else None
    in_sight = [each for each in others if each.submitted and not (kept and reader.only_analyses)]
    if any(since is None or _moment(each.submitted or "") < since for each in in_sight):
        seen.append("first_review")
    if role == "analyst_2" and kept != "second" and case.get(footage.FootageFamily, of):
        seen += ["uploader_caption", "claimed_party"]
    return tuple(seen)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _reviewable(case: CaseFile) -> Iterator[str]:
    """Footage that there is to see, and findings; a place kept for footage not yet seen has no review."""
    for name, family in case.named(footage.FootageFamily).items():
        if family.kind == "footage_family" or family.items:
            yield name
    yield from case.named(verification.Finding)


def _without_results(entity: Entity, reviewed: set[str]) -> Entity:
    """Aspects are what the first review came to."""
    if isinstance(entity, footage.FootageFamily) and entity.id in reviewed:
        given = entity.as_json()
        return footage.FootageFamily.model_validate(
            {key: value for key, value in given.items() if key not in ("aspects", "status_at_as_of")}
        )
    return entity


def _claims_about(case: CaseFile, families: set[str], items: set[str], reader: Reader) -> set[str]:
    """Names of what says to which party, or where, the footage is claimed to belong."""
    if not families:
        return set()
    allegations = {
        name for name, each in case.named(cases.Allegation).items() if families & set(each.footage)
    }
    own = {each.of for each in case.all(verification.Review) if each.by == reader.person}
    found = allegations | {
        placed.reference
        for placed in case.placed
        if _tells_of_the_claim(placed.entity, families, allegations)
        or (isinstance(placed.entity, evidence.Publication) and placed.entity.item in items)
    }
    told_by = {
        name
        for name, each in case.named(evidence.Source).items()
        if name in found or each.footage in families
    }
    found |= {name for name, each in case.named(evidence.SourceGrade).items() if each.source in told_by}
    found |= {name for name, each in case.named(evidence.Independence).items() if told_by & set(each.between)}
    found -= {name for name in own if case.get(verification.Finding, name)}
    found |= {name for name, each in case.named(verification.Hypothesis).items() if each.finding in found}
    conflicts = case.named(verification.Conflict).items()
    return found | {name for name, each in conflicts if found & set(each.between)}


def _tells_of_the_claim(entity: Entity, families: set[str], allegations: set[str]) -> bool:
    match entity:
        case cases.SymmetryGroup() as group:
            return bool(allegations & set(group.allegations))
        case footage.Indicator() as indicator:
            return indicator.footage in families and indicator.kind in _CLAIMS_OF_PARTY
        case footage.PlaceClaim() as claim:
            return claim.footage in families and claim.kind in _CLAIMS_OF_PLACE
        case evidence.Source() as source:
            return source.party is not None or source.kind == "official_statement"
        case verification.Claim() as claim:
            return claim.about is None or claim.about in families | allegations
        case verification.Finding() as finding:
            return bool(families & set(finding.footage))
        case _:
            return isinstance(entity, _TELLS_OF_PARTIES)


_CLAIMED: dict[type[Entity], tuple[str, ...]] = {
    footage.FootageFamily: ("claimed_setting", "claimed_content", "by", "note"),
    footage.Observation: ("indicator_claim", "note"),
    footage.Affiliation: ("side_claimed", "basis_in_article", "rendering", "note"),
    evidence.Capture: ("url", "note"),
    evidence.Source: ("description", "private_name", "relays", "note"),
}


def _without_claims(entity: Entity, families: set[str], items: set[str]) -> Entity:
    fields = _CLAIMED.get(type(entity), ())
    given = entity.as_json() if fields and _is_concerned(entity, families, items) else {}
    if not any(field in given for field in fields):
        return entity
    return type(entity).model_validate({key: value for key, value in given.items() if key not in fields})


def _is_concerned(entity: Entity, families: set[str], items: set[str]) -> bool:
    match entity:
        case footage.Affiliation():
            return bool(families)
        case footage.FootageFamily() as family:
            return family.id in families
        case evidence.Capture() as capture:
            return capture.item in items
        case _:
            return getattr(entity, "footage", None) in families
