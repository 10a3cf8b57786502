"""The conditions of the gates, one function each (domain model, section 7). All are house rules.

They are built around the phrase of the UN; no standard prescribes them, and pages say so.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.comment import is_comment_sought, party_named
from videtur.engines.method.entities.accountability import RequestForComment
from videtur.engines.method.entities.case import Allegation
from videtur.engines.method.entities.evidence import Source, SourceGrade
from videtur.engines.method.entities.footage import FootageFamily
from videtur.engines.method.entities.verification import Finding
from videtur.engines.method.footage_status import WHERE_AND_WHAT, footage_status, is_preserved
from videtur.engines.method.grounds import grounds_of_finding, unsettled_conflicts
from videtur.engines.method.hypotheses import lacks
from videtur.engines.method.independence import are_independent, independent_origins, origin_of
from videtur.engines.method.reviews import analysts_of, concurring_blind, reviews_of, standing_dissent

OF_ANOTHER_KIND = (
    "interview",
    "site_visit",
    "medical_opinion",
    "satellite",
    "official_record",
    "other_camera",
)
"""Kinds of sources that corroborate footage; reports and statements about it do not."""
NO_RECORD = ("footage", "machine", "media_report", "official_statement")
"""Kinds of sources that are no record from outside: the footage itself, and what people say of it."""
_GOOD_LETTERS = ("A", "B")
_GOOD_DIGIT = 3


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a gate: whether it holds, what is missing, and what would meet it."""

    id: str
    sentence: str
    met: bool
    missing: str
    remedy: str
    house_rule: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """How a condition stands for one finding; nothing missing means that it is met."""

    missing: str = ""
    remedy: str = ""


Check = Callable[[CaseFile, str, Finding], Answer]
_MET = Answer()


def _footage_held(case: CaseFile, reference: str, finding: Finding) -> Answer:
    if any(is_preserved(case, family) for family in finding.footage):
        return _MET
    return Answer(
        "no footage of it is preserved", "Take the footage in, so that its bytes are kept and checked"
    )


def _integrity(case: CaseFile, reference: str, finding: Finding) -> Answer:
    contradicted = [
        name
        for name in finding.footage
        if (family := case.get(FootageFamily, name)) and family.aspect("integrity") == "contradicted"
    ]
    if not contradicted or _sound(case, finding):
        return _MET
    return Answer(f"the integrity of {', '.join(contradicted)} is contradicted", "Rest it on other footage")


def _probable(case: CaseFile, reference: str, finding: Finding) -> Answer:
    if any(
        family.aspect(name) in ("probable", "established")
        for family in _sound(case, finding)
        for name in WHERE_AND_WHAT
    ):
        return _MET
    return Answer("neither date nor place nor event is probable", "Examine when, where and what it shows")


def _sound(case: CaseFile, finding: Finding) -> list[FootageFamily]:
    """The footage of a finding that is preserved and whose integrity nothing contradicts."""
    return [
        family
        for name in finding.footage
        if (family := case.get(FootageFamily, name))
        and is_preserved(case, name)
        and family.aspect("integrity") != "contradicted"
    ]


def _checked(case: CaseFile, reference: str, finding: Finding) -> Answer:
    standing = [
        review for subject in (reference, *finding.footage) for review in reviews_of(case, subject).values()
    ]
    analysts = {review.by for review in standing if review.role == "analyst_1"}
    if any(review.by != analyst for analyst in analysts for review in standing):
        return _MET
    missing = (
        "no second person has checked the analyst's review" if analysts else "no analyst has reviewed it"
    )
    return Answer(missing, "Have an analyst review it and another person check that review")


def _basis(case: CaseFile, reference: str, finding: Finding) -> Answer:
    if any(_corroborated(case, family, finding) for family in finding.footage):
        return _MET
    graded = [name for name in finding.sources if _is_graded_well(case, name)]
    if len(independent_origins(case, graded)) >= 2:
        return _MET
    verified = [name for name in finding.footage if _status(case, name) == "verified"]
    missing = (
        f"{', '.join(verified)} stands alone: no independent origin of another kind corroborates it"
        if verified
        else "it rests on no verified footage, and on fewer than two independent sources graded B3 or better"
    )
    return Answer(
        missing,
        "Add an interview, site visit, medical opinion, satellite image, official record or other camera "
        "recorded as independent of the footage, or two independent sources graded B3 or better",
    )


def _corroborated(case: CaseFile, family: str, finding: Finding) -> bool:
    if _status(case, family) != "verified":
        return False
    return any(
        source.kind in OF_ANOTHER_KIND and are_independent(case, family, name)
        for name in finding.sources
        if (source := case.get(Source, name))
    )


def _status(case: CaseFile, family: str) -> str:
    return footage_status(case, family) if case.get(FootageFamily, family) else "received"


def _is_graded_well(case: CaseFile, name: str) -> bool:
    """Whether the last grades of a source are B3 or better; footage is the other way to the standard."""
    source, grade = case.get(Source, name), case.once(grades_in_force).get(name)
    return (
        source is not None
        and source.kind not in ("footage", "machine")
        and grade is not None
        and grade.source_reliability in _GOOD_LETTERS
        and grade.information_credibility <= _GOOD_DIGIT
    )


def grades_in_force(case: CaseFile) -> Mapping[str, SourceGrade]:
    """The last grades of each source."""
    return MappingProxyType({grade.source: grade for grade in case.all(SourceGrade)})


def _reviews(case: CaseFile, reference: str, finding: Finding) -> Answer:
    if concurring_blind(case, reference):
        return _MET
    standing = reviews_of(case, reference)
    concurring = sum(bool(review.concurs) for review in standing.values())
    return Answer(
        f"two analysts have not concurred blind ({len(standing)} reviews submitted, {concurring} concurring)",
        "Have analyst 1 and analyst 2, two people, each submit a blind review that concurs",
    )


def _dissent(case: CaseFile, reference: str, finding: Finding) -> Answer:
    against = standing_dissent(case, reference)
    if not against:
        return _MET
    return Answer(
        f"{', '.join(against)} dissents and no arbiter has decided", "Bring the dissent to an arbiter"
    )


def _hypotheses(case: CaseFile, reference: str, finding: Finding) -> Answer:
    found = lacks(case, reference)
    if not found:
        return _MET
    return Answer("; ".join(each.missing for each in found), "; ".join(each.remedy for each in found))


def _conflicts(case: CaseFile, reference: str, finding: Finding) -> Answer:
    unsettled = unsettled_conflicts(case, grounds_of_finding(case, finding))
    hidden = [
        conflict.id
        for conflict in unsettled
        if conflict.status == "open" or conflict.id not in finding.conflicts_shown
    ]
    if not hidden:
        return _MET
    return Answer(
        f"material conflicts are open: {', '.join(hidden)}",
        "Settle each with its result, or report it as irreducible and show it with the finding",
    )


def _comment(case: CaseFile, reference: str, finding: Finding) -> Answer:
    allegation = case.get(Allegation, finding.allegation)
    party = allegation.against if allegation is not None else None
    request = case.get(RequestForComment, finding.comment)
    asked = (
        request is not None
        and is_comment_sought(request)
        and party_named(case, request.to) == party
        and request.allegation in (None, finding.allegation)
    )
    if asked or finding.comment_not_sought_because:
        return _MET
    return Answer(f"{party} has not been asked for comment", f"Ask {party}, or say why nobody was asked")


def _legal_reviewer(case: CaseFile, reference: str, finding: Finding) -> Answer:
    if not finding.legal_reviewer:
        return Answer("no legal reviewer is named", "Name a legal reviewer who is no analyst on it")
    if finding.legal_reviewer in analysts_of(case, (reference, *finding.footage)):
        return Answer(f"{finding.legal_reviewer} is an analyst on it", "Name a legal reviewer who is none")
    return _MET


def _external_record(case: CaseFile, reference: str, finding: Finding) -> Answer:
    record = case.get(Source, finding.external_record)
    if record is not None and record.kind not in NO_RECORD:
        own = {origin_of(case, name) for name in finding.footage}
        if origin_of(case, record.id) not in own:
            return _MET
    return Answer(
        "no external record shows unit, place and time",
        "Name a record from outside the footage, such as a satellite image; a claim is none",
    )


def _arbiter(case: CaseFile, reference: str, finding: Finding) -> Answer:
    if not finding.arbiter:
        return Answer("no arbiter has looked at it", "Name an arbiter who is no analyst on it")
    if finding.arbiter in analysts_of(case, (reference, *finding.footage)):
        return Answer(f"{finding.arbiter} is an analyst on it", "Name an arbiter who is none")
    return _MET


def _sealed(case: CaseFile, reference: str, finding: Finding) -> Answer:
    if finding.access == "sealed":
        return _MET
    return Answer("the finding is not sealed", "Set its access to sealed")


def _mandated(case: CaseFile, reference: str, finding: Finding) -> Answer:
    if finding.mandated_body:
        return _MET
    return Answer(
        "no mandated body is named", "Name the body with a mandate that is to receive it, and no other"
    )


def _courts_only(case: CaseFile, reference: str, finding: Finding) -> Answer:
    return Answer("only a court finds this", "Quote the court's record with its reference instead")


def _within_scope(needed: Mapping[str, str]) -> Check:
    def check(case: CaseFile, reference: str, finding: Finding) -> Answer:
        standard = needed.get(finding.scope)
        if standard is None:
            return _MET
        words = finding.scope.replace("_", " ")
        return Answer(
            f"{words} needs {standard.replace('_', ' ')}", "Raise the standard, or narrow the scope"
        )

    return check


_UNIT = {
    "attribution_to_unit": "balance_of_probabilities",
    "individual_responsibility": "clear_and_convincing",
}
_INDIVIDUAL = {"individual_responsibility": "clear_and_convincing"}
_PARTY_SCOPE = ("scope", "It goes no further than a party", _within_scope(_UNIT))
_UNIT_SCOPE = ("scope", "It goes no further than a unit", _within_scope(_INDIVIDUAL))

_Row = tuple[str, str, Check]
_SUSPECT: tuple[_Row, ...] = (
    ("preserved_footage", "At least one recording is preserved", _footage_held),
    ("integrity", "Its integrity is not contradicted", _integrity),
    ("date_place_or_event", "Date, place or event is probable or established", _probable),
    ("checked_by_another", "An analyst reviewed it and another person checked that", _checked),
)
_BELIEVE: tuple[_Row, ...] = (
    (
        "basis",
        "It rests on verified footage with an independent origin of another kind, or on two sources at B3",
        _basis,
    ),
    ("blind_reviews", "Two blind reviews concur", _reviews),
    ("dissent", "No dissent stands without an arbiter's decision", _dissent),
    (
        "hypotheses",
        "At least two hypotheses are weighed, staging and a mix-up of parties among them",
        _hypotheses,
    ),
    ("conflicts", "No material conflict is open, or each is reported as irreducible and shown", _conflicts),
    ("comment", "The party concerned was asked for comment, or there is a reason why not", _comment),
    ("legal_reviewer", "A legal reviewer who is no analyst on it has looked at it", _legal_reviewer),
)
_BALANCE: tuple[_Row, ...] = (
    *_BELIEVE,
    ("external_record", "A record from outside the footage supports the attribution", _external_record),
    ("arbiter", "An arbiter who is no analyst on it has looked at it", _arbiter),
)
_CLEAR: tuple[_Row, ...] = (
    *_BALANCE,
    ("sealed", "The finding is sealed", _sealed),
    ("mandated_body", "It goes to a body with a mandate and to nobody else", _mandated),
)

CONDITIONS: Mapping[str, tuple[_Row, ...]] = MappingProxyType(
    {
        "none": (),
        "reasonable_grounds_to_suspect": (*_SUSPECT, _PARTY_SCOPE),
        "reasonable_grounds_to_believe": (*_BELIEVE, _PARTY_SCOPE),
        "balance_of_probabilities": (*_BALANCE, _UNIT_SCOPE),
        "clear_and_convincing": _CLEAR,
        "beyond_reasonable_doubt": (
            ("courts_only", "Only a court finds something beyond reasonable doubt", _courts_only),
        ),
    }
)
"""What each standard asks before a finding at it may be approved."""


def conditions_of(case: CaseFile, reference: str, finding: Finding, standard: str) -> Iterator[Condition]:
    """Each condition of a standard with how it stands for a finding."""
    for name, sentence, check in CONDITIONS[standard]:
        answer = check(case, reference, finding)
        yield Condition(name, sentence, not answer.missing, answer.missing, answer.remedy)
