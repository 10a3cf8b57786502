"""Whether everything that a case names is in it."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.case_file.nodes import Path
from videtur.engines.method.entities import accountability, case, evidence, footage, publication, verification
from videtur.engines.method.entities.base import Entity

_SHORT_NAME = re.compile(r"[A-Z]{1,4}[0-9]{1,4}")
_ANY: tuple[type[Entity], ...] = ()
_PARTY = (case.Party,)
_FOOTAGE = (footage.FootageFamily,)
_CLAIMS = (verification.Claim, verification.LaterClaim)

TABLE: dict[type[Entity], dict[str, tuple[type[Entity], ...]]] = {
    # Field, with dots and no indices -> the kinds it may name; an empty tuple stands for any kind.
    case.Allegation: {"against": _PARTY, "alleged_victims_side": _PARTY, "footage": _FOOTAGE},
    case.SymmetryGroup: {"allegations": (case.Allegation,)},
    case.Assignment: {"on": _ANY},
    case.Deletion: {"what": _ANY},
    case.Lead: {"about": _ANY, "accepted_as": _ANY},
    case.VerificationState: {"findings": (verification.Finding,)},
    evidence.Item: {"footage": _FOOTAGE},
    evidence.Capture: {"item": (evidence.Item,)},
    evidence.Publication: {"item": (evidence.Item,)},
    evidence.Source: {"footage": _FOOTAGE, "relays": (evidence.Source,), "party": _PARTY},
    evidence.SourceGrade: {
        "source": (evidence.Source,),
        "about": _ANY,
        "independent_origins": (evidence.Source,),
    },
    evidence.Independence: {"between": (evidence.Source,)},
    footage.FootageFamily: {"items": (evidence.Item,), "named_expert_evidence": _ANY},
    footage.Observation: {
        "footage": _FOOTAGE,
        "t.item": (evidence.Item,),
        "utterance": (footage.Utterance,),
        "indicator_claim": _PARTY,
        "same_persons_as": (footage.Observation,),
        "injury.medical_review": (verification.Review,),
    },
    footage.PersonMark: {"footage": _FOOTAGE, "distinct_from": (footage.PersonMark,)},
    footage.Indicator: {
        "footage": _FOOTAGE,
        "points_to": _PARTY,
        "observation": _ANY,
        "external_record": _ANY,
    },
    footage.Affiliation: {"side_claimed": _PARTY, "indicators": (footage.Indicator,)},
    footage.PlaceClaim: {"footage": _FOOTAGE, "utterance": (footage.Utterance,)},
    footage.PlaceMatch: {"claim": (footage.PlaceClaim,), "footage": _FOOTAGE},
    footage.DistanceCheck: {"from": (footage.PlaceClaim, footage.PlaceMatch)},
    footage.TimeClaim: {"footage": _FOOTAGE},
    verification.Claim: {"about": _ANY, "side": _PARTY, "source": (evidence.Source,)},
    verification.LaterClaim: {"about": _ANY, "side": _PARTY, "source": (evidence.Source,)},
    verification.Hypothesis: {
        "finding": (verification.Finding,),
        "evidence_for.evidence": _ANY,
        "evidence_against.evidence": _ANY,
    },
    verification.Review: {"of": _ANY, "evidence": _ANY},
    verification.Arbitration: {"of": _ANY, "between": (verification.Review,)},
    verification.Finding: {
        "allegation": (case.Allegation,),
        "footage": _FOOTAGE,
        "sources": (evidence.Source,),
        "observations": (footage.Observation,),
        "external_record": (evidence.Source,),
        "comment": (accountability.RequestForComment,),
        "conflicts_shown": (verification.Conflict,),
    },
    verification.ProvisionMapping: {
        "of": (verification.Finding, case.Allegation),
        "party": _PARTY,
        "needs.evidence": _ANY,
    },
    verification.CitedObligation: {"of": _PARTY},
    accountability.Statement: {
        "body": _PARTY,
        "capture": (evidence.Capture,),
        "call": (accountability.Call,),
        "commitment": (accountability.Commitment,),
        "to": _PARTY,
        "about": _ANY,
    },
    accountability.Call: {"from": _PARTY, "to": _PARTY, "about": _ANY},
    accountability.Commitment: {"by": _PARTY, "about": _ANY, "legal_step.notice": _ANY},
    accountability.RequestForComment: {"allegation": (case.Allegation,)},
    accountability.Deadline: {"about": _ANY},
    accountability.Action: {"on": _ANY, "party": _PARTY, "evidence": _ANY},
    accountability.Correction: {"release": (publication.Release,), "finding": (verification.Finding,)},
    publication.Redaction: {"item": (evidence.Item,)},
    publication.Release: {
        "findings": (verification.Finding,),
        "observations": (footage.Observation,),
        "conflicts_shown": (verification.Conflict,),
        "names_parties": _PARTY,
        "comment": (accountability.RequestForComment,),
        "media.item": (evidence.Item,),
        "media.redaction": (publication.Redaction,),
        "sentences.evidence": _ANY,
        "sentences.says_verified": _FOOTAGE,
        "sentences.counts.observations": (footage.Observation,),
        "sentences.counts.distinctness": _ANY,
        "sentences.sources_counted": _ANY,
        "sentences.statement": _ANY,
        "sentences.commitment": (accountability.Commitment,),
        "sentences.parties_named": _PARTY,
        "sentences.utterance": (footage.Utterance,),
        "sentences.capture": (evidence.Capture,),
        "sentences.finding": (verification.Finding,),
        "sentences.place": (footage.PlaceClaim, footage.PlaceMatch),
    },
    publication.ExposureLog: {"item": (evidence.Item,)},
}


@dataclass(frozen=True, slots=True)
class ReferenceProblem:
    """A name that leads nowhere, or to something else than it should."""

    reference: str
    path: Path
    what: str
    hint: str


def problems_of_references(whole: CaseFile, broken: Collection[str] = ()) -> Iterator[ReferenceProblem]:
    """Names that are not in the case. Those in `broken` are in the file but could not be read."""
    for placed in whole.placed:
        given = placed.entity.as_json()
        for field, kinds in TABLE.get(type(placed.entity), {}).items():
            for path, name in _values(given, tuple(field.split(".")), ()):
                if name not in broken:
                    yield from _problem(whole, placed.reference, path, name, kinds)
        if isinstance(placed.entity, verification.Conflict):
            for place, name in enumerate(placed.entity.between):
                if _SHORT_NAME.fullmatch(name) and name not in broken:
                    yield from _problem(whole, placed.reference, ("between", place), name, _ANY)


def names_in(entity: Entity) -> frozenset[str]:
    """Every name by which an entity refers to others."""
    given = entity.as_json()
    fields = TABLE.get(type(entity), {})
    found = {name for field in fields for _, name in _values(given, tuple(field.split(".")), ())}
    return frozenset(found | set(entity.between if isinstance(entity, verification.Conflict) else ()))


def _problem(
    whole: CaseFile, reference: str, path: Path, name: str, kinds: tuple[type[Entity], ...]
) -> Iterator[ReferenceProblem]:
    if name not in whole.references:
        known = ", ".join(sorted(name for kind in kinds for name in whole.named(kind))[:12])
        hint = f"There are: {known}" if known else f"Add an entry with id: {name}"
        yield ReferenceProblem(reference, path, f"{name!r} is not in the file", hint)
    elif kinds and not any(whole.get(kind, name) for kind in kinds):
        wanted = " or ".join(kind.section.replace("_", " ") for kind in kinds)
        yield ReferenceProblem(reference, path, f"{name!r} is something else", f"It must be one of: {wanted}")


def _values(value: Any, parts: tuple[str, ...], path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, list):
        for place, part in enumerate(value):  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
            yield from _values(part, parts, (*path, place))
    elif not parts:
        if isinstance(value, str):
            yield path, value
    elif isinstance(value, dict):
        yield from _values(value.get(parts[0]), parts[1:], (*path, parts[0]))
