"""What a finding or a release rests on, and which open conflicts touch that (model, sections 7 and 9)."""

from collections.abc import Iterable, Mapping

from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.accountability import Commitment, Statement
from videtur.engines.method.entities.base import Entity
from videtur.engines.method.entities.case import Allegation
from videtur.engines.method.entities.evidence import Item, Source
from videtur.engines.method.entities.footage import FootageFamily, Observation, PlaceClaim, TimeClaim
from videtur.engines.method.entities.publication import Release
from videtur.engines.method.entities.verification import Claim, Conflict, Finding, LaterClaim
from videtur.engines.method.membership import family_of, items_of

_UNSETTLED = ("open", "irreducible_reported")


def grounds_of_finding(case: CaseFile, finding: Finding) -> frozenset[str]:
    """Names of everything that the finding rests on: its allegation, footage, observations and sources."""
    footage = {
        *finding.footage,
        *_footage_of(case, finding.observations),
        *_footage_of(case, finding.sources),
    }
    found = {finding.id, finding.allegation, *footage, *finding.observations, *finding.sources}
    if finding.external_record:
        found.add(finding.external_record)
    return _with_all_about_footage(case, found, footage)


def grounds_of_release(case: CaseFile, release: Release) -> frozenset[str]:
    """Names of everything that the release rests on, what its findings rest on among it."""
    found = {*release.findings, *release.observations, *(media.item for media in release.media)}
    for sentence in release.sentences:
        found.update(sentence.evidence, sentence.says_verified, sentence.sources_counted)
        found.update(name for count in sentence.counts for name in count.observations)
        single = (
            sentence.place,
            sentence.utterance,
            sentence.commitment,
            sentence.statement,
            sentence.finding,
        )
        found.update(name for name in single if name)
    for name in tuple(found):
        finding = case.get(Finding, name)
        if finding is not None:
            found |= grounds_of_finding(case, finding)
        allegation = case.get(Allegation, name)
        if allegation is not None:
            found.update(allegation.footage)
    return _with_all_about_footage(case, found, _footage_of(case, found))


def unsettled_conflicts(case: CaseFile, grounds: frozenset[str]) -> tuple[Conflict, ...]:
    """Material conflicts that touch these grounds and are open, or reported as irreducible.

    A claim that does not say what it is about may be about this: it counts (house rule).
    """
    touching = case.once(_conflicts_by_name)
    found: dict[str, Conflict] = {}
    for name in (*sorted(grounds), _ANYTHING):
        for conflict in touching.get(name, ()):
            found.setdefault(conflict.id, conflict)
    return tuple(found[name] for name in sorted(found))


_ANYTHING = ""


def _conflicts_by_name(case: CaseFile) -> Mapping[str, list[Conflict]]:
    """Unsettled material conflicts by each name that they touch; `_ANYTHING` where it may be any."""
    found: dict[str, list[Conflict]] = {}
    for conflict in case.all(Conflict):
        if conflict.material and conflict.status in _UNSETTLED:
            for name in conflict.between:
                for touched in _touched(case, name):
                    found.setdefault(touched, []).append(conflict)
    return found


def _touched(case: CaseFile, name: str) -> Iterable[str]:
    entity = case.find(name)
    yield name
    if isinstance(entity, Claim | LaterClaim):
        yield entity.about or _ANYTHING
        if entity.source:
            yield entity.source
    elif isinstance(entity, Commitment):
        if entity.about:
            yield entity.about
    elif isinstance(entity, Statement):
        yield from entity.about


def _footage_of(case: CaseFile, names: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for name in names:
        entity = case.find(name)
        if isinstance(entity, FootageFamily):
            found.add(name)
        elif isinstance(entity, Item):
            found.update(filter(None, (family_of(case, name),)))
        elif isinstance(entity, Observation | Source | PlaceClaim | TimeClaim) and entity.footage:
            found.add(entity.footage)
    return found


def _with_all_about_footage(case: CaseFile, found: set[str], footage: Iterable[str]) -> frozenset[str]:
    about = case.once(_about_footage)
    whole = set(found)
    for name in footage:
        whole.add(name)
        whole.update(items_of(case, name), about.get(name, ()))
    return frozenset(whole)


def _about_footage(case: CaseFile) -> Mapping[str, set[str]]:
    """What is noted about each recording: observations, utterances, places, times, versions of others."""
    found: dict[str, set[str]] = {}
    for reference, family in case.named(FootageFamily).items():
        versions = (version.ref for version in family.members_reported_elsewhere)
        found.setdefault(reference, set()).update(versions)
    kinds: tuple[type[Entity], ...] = (Observation, PlaceClaim, TimeClaim)
    for kind in kinds:
        for reference, entity in case.named(kind).items():
            footage = getattr(entity, "footage", None)
            if isinstance(footage, str):
                found.setdefault(footage, set()).add(reference)
                spoken = getattr(entity, "utterance", None)
                if isinstance(spoken, str):
                    found[footage].add(spoken)
    return found
