"""What is observed and alleged, put beside the catalogue of law: candidates, never conclusions."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

from videtur.engines.law.candidates import Candidate, Observed, Shown, candidates
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.dates import days_of
from videtur.engines.method.entities.case import Allegation
from videtur.engines.method.entities.evidence import Publication
from videtur.engines.method.entities.footage import FootageFamily, Observation
from videtur.engines.method.entities.verification import Finding, ProvisionMapping
from videtur.engines.method.membership import items_of
from videtur.errors import WrongUsage


def candidates_of(case: CaseFile, subject: str) -> tuple[Candidate, ...]:
    """The provisions that footage, an allegation or a finding may concern, with what each still needs.

    Needs that a mapping of the same subject shows count as shown. Parties are those to the conflict.
    """
    found = case.find(subject)
    match found:
        case FootageFamily():
            families, alleged = (subject,), [each for each in case.all(Allegation) if subject in each.footage]
        case Allegation():
            families, alleged = found.footage, [found]
        case Finding():
            told = case.get(Allegation, found.allegation)
            families, alleged = found.footage, [told] if told else []
        case _:
            raise WrongUsage(f"{subject!r} is neither footage, an allegation nor a finding")
    facts = [
        *(
            _observed(case, name, each)
            for name, each in case.named(Observation).items()
            if _counts(each, families)
        ),
        *_alleged(alleged),
    ]
    parties = [party.id for party in case.parties if party.in_conflict]
    return candidates(facts, _day(case, families, alleged), parties, _shown(case, subject))


def _counts(observation: Observation, families: tuple[str, ...]) -> bool:
    return observation.footage in families and not observation.withdrawn_because


def _observed(case: CaseFile, name: str, observation: Observation) -> Observed:
    injury = observation.injury
    return Observed(
        reference=name,
        footage=observation.footage,
        modality=observation.modality,
        act=observation.act or "",
        role=observation.role or "",
        target=observation.target or "",
        states=frozenset(observation.state),
        injury_region=injury.region if injury else "",
        injury_sign=(injury.sign or "") if injury else "",
        injury_timing=injury.timing if injury else "",
        identifiable=observation.act == "showing_face_close_up",
        published=_is_published(case, observation.footage),
    )


def _alleged(allegations: list[Allegation]) -> Iterator[Observed]:
    """An allegation of injury asks for an investigation by itself, if it rests on something."""
    for each in allegations:
        if each.alleged_victims_side is not None:
            yield Observed(reference=each.id, alleges="serious_injury", has_basis=bool(each.footage))


def _is_published(case: CaseFile, family: str) -> bool:
    known = case.get(FootageFamily, family)
    items = set(items_of(case, family))
    return bool(known and known.first_known_upload) or any(
        each.item in items for each in case.all(Publication)
    )


def _day(case: CaseFile, families: tuple[str, ...], alleged: list[Allegation]) -> date:
    """The latest day by which it happened, by what is known; the law of that day is asked."""
    dated = [
        each.edtf
        for name in families
        if (family := case.get(FootageFamily, name))
        for each in (family.recording, family.first_known_upload)
        if each is not None
    ]
    dated += [each.first_known for each in alleged if each.first_known]
    if case.as_of:
        dated.append(case.as_of)
    for edtf in dated:
        if (latest := days_of(edtf).latest) is not None:
            return latest
    return datetime.now(UTC).date()


def _shown(case: CaseFile, subject: str) -> dict[str, Shown]:
    return {
        need.need: Shown(need.evidence, need.why or "")
        for mapping in case.all(ProvisionMapping)
        if mapping.of == subject and mapping.status != "rejected"
        for need in mapping.needs
        if need.met == "yes" and need.evidence
    }
