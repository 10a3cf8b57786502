"""Footage and what is seen and heard in it: segments, dates, wounds, sound, staging, derived status."""

from collections.abc import Iterator, Mapping
from datetime import date

from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.dates import days_of, first_moment, last_moment
from videtur.engines.method.entities.accountability import Statement
from videtur.engines.method.entities.evidence import Publication
from videtur.engines.method.entities.footage import DistanceCheck, FootageFamily, Observation, TimeClaim
from videtur.engines.method.entities.publication import Release
from videtur.engines.method.entities.verification import Claim, Finding, LaterClaim, Review
from videtur.engines.method.footage_status import footage_status, is_expert_evidence
from videtur.engines.method.membership import family_of, items_of
from videtur.engines.method.reviews import is_standing, reviews_of
from videtur.engines.method.rules.rule import Rule, Violation
from videtur.engines.method.rules.sentences import observations_of, sentences, standing_releases

_HEARD = {
    "discharge_heard_off_camera",
    "questioning",
    "ordering",
    "threatening",
    "insulting",
    "compelling_recital",
    "compelling_song",
    "compelling_call_home",
}
"""Acts that sound alone can show."""
_FROM_SIGHT = {"cause_of_injury", "intent"}


def _f03(case: CaseFile) -> Iterator[Violation]:
    for where, names in _uses(case):
        for name in dict.fromkeys(names):
            observation = case.get(Observation, name)
            if observation is not None and observation.t is None:
                yield Violation(
                    "F03",
                    f"{where} {name}",
                    f"It uses observation {name}, which has no time code",
                    f"Give {name} the segment in which it is seen or heard",
                )


def _uses(case: CaseFile) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, review in case.named(Review).items():
        if is_standing(review):
            yield name, review.evidence
    for name, finding in case.named(Finding).items():
        if finding.status == "approved":
            yield name, finding.observations
    releases: dict[str, Release] = {release.id: release for release in standing_releases(case)}
    for name, release in releases.items():
        yield name, release.observations
    for said in sentences(case):
        yield f"{said.release.id} sentence {said.sentence.id}", tuple(observations_of(case, said.sentence))


def _f11(case: CaseFile) -> Iterator[Violation]:
    uploads = case.once(_uploads)
    for name, family in case.named(FootageFamily).items():
        recorded = [(name, family.recording.edtf)] if family.recording else []
        recorded += case.once(_own_recording_times).get(name, [])
        for where, edtf in recorded:
            first = next((each for each in uploads.get(name, ()) if _may_be_later(edtf, each[1])), None)
            if first is not None:
                yield Violation(
                    "F11",
                    where,
                    f"The recording ({edtf}) may be later than its upload ({first[1]})",
                    f"Bound the recording by the upload, such as ../{first[0].isoformat()}",
                )


def _may_be_later(recorded: str, uploaded: str) -> bool:
    """Whether a recording may lie after an upload: by the moment where both have one, else by the day."""
    last, first = last_moment(recorded), first_moment(uploaded)
    if last is not None and first is not None:
        return last > first
    latest, earliest = days_of(recorded).latest, days_of(uploaded).earliest
    return earliest is not None and (latest is None or latest > earliest)


def _uploads(case: CaseFile) -> Mapping[str, list[tuple[date, str]]]:
    """The days from which each recording may have been seen, with the words that say so, earliest first."""
    seen: list[tuple[str, str]] = [
        (name, family.first_known_upload.edtf)
        for name, family in case.named(FootageFamily).items()
        if family.first_known_upload
    ]
    seen += [
        (claim.footage, claim.edtf)
        for claim in case.all(TimeClaim)
        if claim.kind in ("upload", "first_known_upload")
    ]
    families = {item: name for name in case.named(FootageFamily) for item in items_of(case, name)}
    seen += [
        (families[each.item], each.posted_at)
        for each in case.all(Publication)
        if each.posted_at and each.item in families
    ]
    found: dict[str, list[tuple[date, str]]] = {}
    for name, edtf in seen:
        earliest = days_of(edtf).earliest
        if earliest is not None:
            found.setdefault(name, []).append((earliest, edtf))
    return {name: sorted(days) for name, days in found.items()}


def _own_recording_times(case: CaseFile) -> Mapping[str, list[tuple[str, str]]]:
    """Times of recording that are ours. What others say of it may be false, and is kept as they say it."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name, claim in case.named(TimeClaim).items():
        if claim.kind == "recording" and claim.by is None:
            found.setdefault(claim.footage, []).append((name, claim.edtf))
    return found


def _f21(case: CaseFile) -> Iterator[Violation]:
    for name, observation in case.named(Observation).items():
        injury = observation.injury
        if injury is None or not (injury.cause or injury.consistency):
            continue
        review = case.get(Review, injury.medical_review)
        looked_at = review is not None and (
            review.of in (name, observation.footage) or name in review.evidence
        )
        if review is None or not _is_medical(review) or not looked_at:
            yield Violation(
                "F21",
                name,
                "The cause of a wound is given without a medical expert's review",
                "Describe the wound, and leave its cause to a medical expert's review in the Istanbul words",
            )
    for name, review in case.named(Review).items():
        if review.consistency and review.role != "medical_expert":
            yield Violation(
                "F21",
                name,
                "The Istanbul words are used by somebody who is no medical expert",
                "Leave the consistency of wounds to a medical expert",
            )
    for said in sentences(case):
        if "cause_of_injury" not in said.sentence.asserts or said.sentence.level == "H0_alleged":
            continue
        medical = any(
            isinstance(found := case.find(name), Review) and _is_medical(found)
            for name in (*said.sentence.evidence, *_medical_reviews(case, said.sentence.evidence))
        )
        if not medical and said.sentence.finding is None:
            yield said.breaks(
                "F21",
                "It gives the cause of a wound without a medical expert's review",
                "Rest it on a medical expert's review, or leave the cause out",
            )


def _medical_reviews(case: CaseFile, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        observation = case.get(Observation, name)
        if observation is not None and observation.injury and observation.injury.medical_review:
            yield observation.injury.medical_review


def _is_medical(review: Review) -> bool:
    return review.role == "medical_expert" and review.consistency is not None and is_standing(review)


def _f22(case: CaseFile) -> Iterator[Violation]:
    for name, observation in case.named(Observation).items():
        if observation.modality != "audible" or observation.withdrawn_because is not None:
            continue
        act, injury = observation.act, observation.injury
        off_camera = act == "discharge_heard_off_camera" and observation.target is not None
        if (act and act not in _HEARD) or off_camera or (injury and injury.timing == "seen_to_occur"):
            yield Violation(
                "F22",
                name,
                "It tells from sound alone what was done to whom",
                "Note what is heard, such as discharge_heard_off_camera, without target or wound",
            )
    for said in sentences(case):
        heard = [each.modality for each in observations_of(case, said.sentence).values()]
        inferred = sorted(_FROM_SIGHT.intersection(said.sentence.asserts))
        if inferred and heard and set(heard) == {"audible"}:
            yield said.breaks(
                "F22",
                f"It infers {', '.join(inferred).replace('_', ' ')} from sound alone",
                "Rest it on what is seen or on an expert's review, or leave it out",
            )


def _f24(case: CaseFile) -> Iterator[Violation]:
    staged = case.once(_staged_claims)
    for name, family in case.named(FootageFamily).items():
        words = [each for each in family.named_expert_evidence if not is_expert_evidence(case, each)]
        if words:
            yield Violation(
                "F24",
                name,
                f"{', '.join(words)} is taken for an expert's evidence of staging",
                "Name an expert's review or report; what a party says of a film is a claim",
            )
        elif is_set_by_words(case, name, family):
            yield Violation(
                "F24",
                name,
                "It is said to be staged with no expert's evidence",
                "Leave the status to the aspects, and keep the claim as a claim",
            )
        elif staged and family.aspect("event") == "contradicted" and not family.named_expert_evidence:
            reviews = reviews_of(case, name).values()
            if not any(review.aspects.get("event") == "contradicted" for review in reviews):
                yield Violation(
                    "F24",
                    name,
                    "Its event is contradicted by nothing but a claim of staging",
                    "Have it reviewed, or take the aspect back",
                )


def is_set_by_words(case: CaseFile, name: str, family: FootageFamily) -> bool:
    """Whether footage is written down as staged although no expert's evidence says so."""
    return (
        family.status_at_as_of == "staged_established" and footage_status(case, name) != "staged_established"
    )


def _staged_claims(case: CaseFile) -> frozenset[str]:
    return frozenset(
        name
        for kind in (Claim, LaterClaim, Statement)
        for name, claim in case.named(kind).items()
        if claim.kind == "staged_claim"
    )


def _f32(case: CaseFile) -> Iterator[Violation]:
    for name, check in case.named(DistanceCheck).items():
        for number, computed in enumerate(check.computed, 1):
            if not (computed.dataset or "").strip():
                yield Violation(
                    "F32",
                    name,
                    f"Distance {number} ({computed.km} km) names no boundary set",
                    "Name the set of boundaries and its vintage; two sets differ by kilometres",
                )


def i8(case: CaseFile) -> Iterator[Violation]:
    """The status written for footage is the derived one."""
    for name, family in case.named(FootageFamily).items():
        derived = footage_status(case, name)
        stated = family.status_at_as_of
        if stated is not None and stated != derived and not is_set_by_words(case, name, family):
            yield Violation(
                "I8",
                name,
                f"Its status is written as {stated}, and what is known of it makes it {derived}",
                f"Write {derived}, or leave it out: the status is derived from aspects and reviews",
            )


def _segments(case: CaseFile) -> Iterator[Violation]:
    for name, observation in case.named(Observation).items():
        carried = family_of(case, observation.t.item) if observation.t else None
        if observation.t is None or carried is None:
            continue
        item = observation.t.item
        if carried != observation.footage and item not in items_of(case, observation.footage):
            yield Violation(
                "M4.segment",
                name,
                f"Its segment is of {item}, which carries {carried} and not {observation.footage}",
                "Name the footage that the item carries, or an item of this footage",
            )


_MODEL = "domain model, sections 4 and 14"
FURTHER = (
    Rule(
        "M4.segment",
        "domain model, section 4",
        True,
        "An observation's segment is of its own footage",
        _segments,
    ),
)
RULES = (
    Rule(
        "F03",
        _MODEL,
        True,
        "An observation that is used has the time code at which it is seen or heard",
        _f03,
    ),
    Rule("F11", _MODEL, False, "Nothing is recorded after it was first uploaded", _f11),
    Rule(
        "F21",
        f"{_MODEL}; Istanbul Protocol",
        True,
        "The cause of a wound is for a medical expert to say",
        _f21,
    ),
    Rule("F22", _MODEL, True, "Sound alone shows neither the cause of a wound nor an intent", _f22),
    Rule(
        "F24",
        "domain model, sections 3 and 14",
        True,
        "That somebody calls a film staged changes no status by itself",
        _f24,
    ),
    Rule("F32", _MODEL, True, "A distance names the boundaries it was measured to", _f32),
)
