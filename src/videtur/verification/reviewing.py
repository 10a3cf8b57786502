"""Reviews and their arbiter (domain model, section 8). Both reviews stay for ever."""

from collections.abc import Mapping, Sequence

from videtur.cases.access import clearance_of, get_visible, level_of, person_of, reader_of
from videtur.cases.blindness import seen_before
from videtur.cases.case_file import case_file_of
from videtur.cases.entities import Written, put_all
from videtur.cases.models import Case
from videtur.cases.reasons import required
from videtur.cases.revision import next_name, now, revised
from videtur.cases.roles import ANALYSTS, EXPERTS
from videtur.cases.rules import require_role
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.base import Entity
from videtur.engines.method.entities.footage import FootageFamily, Observation
from videtur.engines.method.entities.verification import Arbitration, Finding, Review
from videtur.errors import NotPermitted, WrongUsage
from videtur.ledger.services import exclusively
from videtur.people.models import User
from videtur.verification.disagreement import CONCURS, agreed_aspects, dissents
from videtur.verification.separation import refuse_barred, refuse_conflict_of_interest

REVIEWING = ANALYSTS | EXPERTS


def begin_review(user: User, case: Case, of: str, role: str) -> Review:
    """Open a review of footage, of a finding, or by an expert of an observation.

    From here on the reviewer sees no other review of it (`cases.blindness`). A review that the person
    began in that role is handed back.
    """
    if role not in REVIEWING:
        raise WrongUsage(f"{role!r} writes no reviews", remedy=f"Use one of: {', '.join(sorted(REVIEWING))}")
    require_role(user, case, {role}, f"review as {role.replace('_', ' ')}")
    person = person_of(user)
    with exclusively():
        whole = case_file_of(case)
        subject = whole.find(of)
        if not isinstance(subject, FootageFamily | Finding | Observation):
            raise WrongUsage(
                f"There is no {of!r} to review", remedy="Name footage, a finding or an observation"
            )
        _require_visible(user, case, type(subject), of)
        if isinstance(subject, Observation) and role in ANALYSTS:
            raise WrongUsage("Analysts review footage and findings; observations are for experts")
        for review in whole.all(Review):
            if (review.of, review.by, review.role) == (of, person, role) and not review.withdrawn_because:
                if review.submitted is None:
                    return review
                raise WrongUsage(
                    f"Your review {review.id} of {of} is in", remedy="Withdraw it to write another"
                )
        refuse_barred(whole, person, role, of)
        refuse_conflict_of_interest(whole, person, of)
        seen = seen_before(whole, reader_of(user, case), of, role)
        review = Review.model_validate(
            {
                "id": next_name("RV", whole.references),
                "of": of,
                "role": role,
                "by": person,
                "blind": not seen,
                **({"saw_before": list(seen)} if seen else {}),
            }
        )
        put_all(user.actor, case, "verification.review.begun", [Written(review)])
    return review


def submit_review(
    user: User,
    case: Case,
    reference: str,
    aspects: Mapping[str, str],
    reason: str,
    concurs: bool | None = None,
    evidence: Sequence[str] = (),
    consistency: str | None = None,
) -> Review:
    """Hand a review in. Nobody changes it any more; its author may withdraw it.

    The aspects of the footage follow the reviews: what two agree on, the weaker of two neighbours, and
    nothing where they are further apart, until the arbiter decides.
    """
    with exclusively():
        whole = case_file_of(case)
        review = _own(user, case, whole, reference)
        if review.submitted is not None:
            raise WrongUsage(f"{reference} is in already", remedy="Withdraw it and write another")
        require_role(user, case, {review.role}, f"review as {review.role.replace('_', ' ')}")
        refuse_barred(whole.without(reference), review.by, review.role, review.of)
        if isinstance(whole.find(review.of), Finding) and concurs is None:
            raise WrongUsage(
                "The review does not say whether you would make the finding", remedy="Say yes or no"
            )
        if isinstance(whole.find(review.of), FootageFamily) and review.role in ANALYSTS and not aspects:
            raise WrongUsage("The review judges no aspect", remedy="Judge at least one")
        submitted = revised(
            review,
            aspects=dict(aspects) or None,
            reason=required(reason, "A review needs a reason"),
            concurs=concurs,
            evidence=list(evidence) or None,
            consistency=consistency,
            submitted=now(),
        )
        written: list[Entity] = [submitted, *_family(whole.with_entity(submitted), review.of)]
        put_all(user.actor, case, "verification.review.submitted", map(Written, written))
    return submitted


def withdraw_review(user: User, case: Case, reference: str, because: str) -> Review:
    """Take a review back, with a reason. It stays readable; a finding that needed it goes back to review."""
    with exclusively():
        whole = case_file_of(case)
        review = _own(user, case, whole, reference)
        if review.withdrawn_because:
            raise WrongUsage(f"{reference} is withdrawn already")
        withdrawn = revised(review, withdrawn_because=required(because, "A withdrawal needs a reason"))
        written: list[Entity] = [withdrawn]
        if review.submitted is not None:
            written += _family(whole.with_entity(withdrawn), review.of)
        put_all(user.actor, case, "verification.review.withdrawn", map(Written, written))
    return withdrawn


def arbitrate(
    user: User,
    case: Case,
    of: str,
    between: tuple[str, str],
    aspects: Mapping[str, str],
    reason: str,
    concurs: bool | None = None,
) -> Arbitration:
    """Decide where two reviews are more than one step apart. Needs an arbiter who is no analyst on it."""
    require_role(user, case, {"arbiter"}, "arbitrate")
    person = person_of(user)
    with exclusively():
        whole = case_file_of(case)
        subject = whole.find(of)
        if not isinstance(subject, FootageFamily | Finding):
            raise WrongUsage(f"There is no {of!r} to arbitrate on")
        _require_visible(user, case, type(subject), of)
        refuse_barred(whole, person, "arbiter", of)
        refuse_conflict_of_interest(whole, person, of)
        open_ = [each for each in dissents(whole, of) if set(each.between) == set(between)]
        if not open_:
            raise WrongUsage(
                f"{' and '.join(between)} need no arbiter on {of}",
                "They are nowhere more than one step apart",
            )
        answered = {*aspects, *([CONCURS] if concurs is not None else [])}
        if left := [each.aspect for each in open_ if each.aspect not in answered]:
            raise WrongUsage("The decision leaves something open", remedy=f"Decide also: {', '.join(left)}")
        decision = Arbitration.model_validate(
            {
                "id": next_name("AR", whole.references),
                "of": of,
                "between": list(between),
                "by": person,
                **({"aspects": dict(aspects)} if aspects else {}),
                **({"concurs": concurs} if concurs is not None else {}),
                "reason": required(reason, "A decision needs a reason"),
                "at": now(),
            }
        )
        written: list[Entity] = [decision]
        if isinstance(subject, Finding):
            written.append(revised(subject, arbiter=person))
        else:
            written += _family(whole.with_entity(decision), of)
        put_all(user.actor, case, "verification.review.arbitrated", map(Written, written))
    return decision


def _family(whole: CaseFile, of: str) -> list[FootageFamily]:
    """The footage with the aspects that its reviews now come to; nothing where that changes nothing."""
    family = whole.get(FootageFamily, of)
    if family is None:
        return []
    aspects = {**family.aspects, **agreed_aspects(whole, of)}
    return [revised(family, aspects=aspects)] if aspects != family.aspects else []


def _own(user: User, case: Case, whole: CaseFile, reference: str) -> Review:
    review = whole.get(Review, reference)
    if review is None or (review.by != person_of(user) and not _sees(user, case, reference)):
        raise WrongUsage(f"There is no review {reference!r} in {case.slug}")
    if review.by != person_of(user):
        raise NotPermitted(f"{reference} is another person's review", remedy="Write your own")
    return review


def _sees(user: User, case: Case, reference: str) -> bool:
    try:
        get_visible(user, case, Review, reference)
    except WrongUsage:
        return False
    return True


def _require_visible(user: User, case: Case, kind: type[Entity], of: str) -> None:
    """What is sealed to a person is not there for them; what only blindness hides may be reviewed."""
    level = level_of(case, of)
    if level is not None and level not in clearance_of(user, case):
        raise WrongUsage(f"There is no {of!r} among the {kind.section.replace('_', ' ')} of {case.slug}")
