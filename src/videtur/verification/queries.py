"""Reading the work of verification, as far as a person may see it."""

from videtur.cases.access import case_file_for, clearance_of, reader_of
from videtur.cases.blindness import Reader, for_reader
from videtur.cases.case_file import case_file_of
from videtur.cases.models import Case
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities import evidence, footage
from videtur.engines.method.entities.base import Entity
from videtur.engines.method.entities.case import Assignment
from videtur.engines.method.entities.verification import Finding, Hypothesis, Review
from videtur.errors import WrongUsage
from videtur.people.models import User
from videtur.verification.candidates import candidates_of

__all__ = ["blind_view", "candidates_of", "reviews_visible_to"]

_OF_FOOTAGE = (
    footage.Observation, footage.PersonMark, footage.Indicator, footage.PlaceClaim, footage.TimeClaim,
)  # fmt: skip


def reviews_visible_to(user: User, case: Case, of: str) -> dict[str, Review]:
    """The reviews of a thing that the person may see: of others none, before their own is in."""
    reviews = case_file_for(user, case).named(Review)
    return {name: review for name, review in reviews.items() if review.of == of}


def blind_view(user: User, case: Case, of: str) -> CaseFile:
    """What a second reviewer may see of footage or of a finding: the thing itself and what is observed in it.

    No review of another, no caption of an uploader, no claimed party, whoever the person is otherwise.
    """
    whole = case_file_of(case, clearance_of(user, case))
    subject = whole.find(of)
    if not isinstance(subject, footage.FootageFamily | Finding):
        raise WrongUsage(f"There is no {of!r} to review in {case.slug}")
    families = {of} if isinstance(subject, footage.FootageFamily) else set(subject.footage)
    reader = reader_of(user, case)
    for name in sorted({of, *families}):
        whole = whole.with_entity(
            Assignment(id=f"blind view of {name}", person=reader.person, role="analyst_2", on=name)
        )
    masked = for_reader(_without_own(whole, reader), reader)
    kept = tuple(
        each for each in masked.placed if _belongs(masked, each.reference, each.entity, of, families)
    )
    if isinstance(subject, Finding) and masked.get(Finding, of) is None:
        return CaseFile(masked.id, masked.as_of, kept, masked.schema).with_entity(subject)
    return CaseFile(masked.id, masked.as_of, kept, masked.schema)


def _without_own(case: CaseFile, reader: Reader) -> CaseFile:
    for name, review in case.named(Review).items():
        if review.by == reader.person:
            case = case.without(name)
    return case


def _belongs(case: CaseFile, name: str, entity: Entity, of: str, families: set[str]) -> bool:
    if name == of or name in families:
        return True
    if isinstance(entity, _OF_FOOTAGE):
        return entity.footage in families
    if isinstance(entity, evidence.Item):
        held = {
            item
            for each in families
            if (found := case.get(footage.FootageFamily, each))
            for item in found.items
        }
        return name in held or entity.footage in families
    if isinstance(entity, footage.Utterance):
        return any(
            each.utterance == name and each.footage in families for each in case.all(footage.Observation)
        )
    return isinstance(entity, Hypothesis) and entity.finding == of
