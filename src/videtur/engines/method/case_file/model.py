"""A case as one frozen value: what every rule, gate and derivation of the method reads."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import TypeVar, cast

from videtur.engines.method.entities import accountability, case, evidence, footage, publication, verification
from videtur.engines.method.entities.base import Entity

SCHEMA = "videtur-gold-case/0.1"
_E = TypeVar("_E", bound=Entity)
_D = TypeVar("_D")
_NONE: Mapping[str, Entity] = MappingProxyType({})

KINDS: tuple[type[Entity], ...] = (
    # In the order of the file: from the parties to what left the house.
    case.Neutrality,
    case.SourceArticle,
    case.CalendarCheck,
    case.HouseRules,
    case.Party,
    case.Allegation,
    case.SymmetryGroup,
    case.Assignment,
    evidence.Item,
    evidence.Capture,
    evidence.Publication,
    evidence.Source,
    evidence.SourceGrade,
    evidence.Independence,
    footage.FootageFamily,
    case.Lead,
    footage.Observation,
    footage.Utterance,
    footage.PersonMark,
    footage.Indicator,
    footage.Affiliation,
    footage.PlaceClaim,
    footage.PlaceMatch,
    footage.DistanceCheck,
    footage.TimeClaim,
    verification.Claim,
    accountability.Statement,
    accountability.Call,
    accountability.Commitment,
    verification.CitedObligation,
    accountability.RequestForComment,
    verification.Review,
    verification.Arbitration,
    verification.Hypothesis,
    verification.Finding,
    verification.ProvisionMapping,
    case.VerificationState,
    case.OpenQuestions,
    case.ExpectedSentences,
    verification.LaterClaim,
    verification.Conflict,
    accountability.Deadline,
    accountability.Action,
    accountability.FollowUp,
    accountability.Correction,
    publication.Redaction,
    publication.Release,
    publication.ExposureLog,
    case.Deletion,
    case.LedgerState,
    case.ExpectedBoard,
)
"""Every kind of entity."""

KIND_OF_SECTION: Mapping[str, type[Entity]] = MappingProxyType({kind.section: kind for kind in KINDS})


@dataclass(frozen=True)
class Placed:
    """An entity with the name by which the case knows it."""

    reference: str
    entity: Entity


@dataclass(frozen=True)
class CaseFile:
    """A case. `placed` is in the order of the file; every reference stands once."""

    id: str
    as_of: str | None = None
    placed: tuple[Placed, ...] = ()
    schema: str = SCHEMA

    @staticmethod
    def of_entities(id: str, entities: Iterable[Entity], as_of: str | None = None) -> "CaseFile":  # noqa: A002
        """A case of these entities, named as a file would name them."""
        return CaseFile(id, as_of, tuple(named(entities)))

    def all(self, kind: type[_E]) -> tuple[_E, ...]:
        """The entities of exactly that kind, in order."""
        return tuple(self.named(kind).values())

    def named(self, kind: type[_E]) -> Mapping[str, _E]:
        """The entities of exactly that kind by reference, in order."""
        return cast("Mapping[str, _E]", self._by_kind.get(kind, _NONE))

    def once(self, derive: "Callable[[CaseFile], _D]") -> _D:
        """What `derive` makes of the case, computed once: rules share their indices instead of searching."""
        if derive not in self._derived:
            self._derived[derive] = derive(self)
        return cast("_D", self._derived[derive])

    def one(self, kind: type[_E]) -> _E | None:
        """The entity of a kind of which a case has one at most."""
        return next(iter(self.all(kind)), None)

    def find(self, reference: str) -> Entity | None:
        """The entity of that name."""
        return self._by_reference.get(reference)

    def get(self, kind: type[_E], reference: str | None) -> _E | None:
        """The entity of that name, if it is of that kind."""
        found = self._by_reference.get(reference) if reference else None
        return found if isinstance(found, kind) else None

    def with_entity(self, entity: Entity, reference: str | None = None) -> "CaseFile":
        """The case with one more entity, or with a new version of the one of that name."""
        name = reference or entity.reference
        new = Placed(name or _next_name(type(entity), [each.reference for each in self.placed]), entity)
        if new.reference in self._by_reference:
            return replace(
                self, placed=tuple(new if each.reference == new.reference else each for each in self.placed)
            )
        return replace(self, placed=(*self.placed, new))

    def without(self, reference: str) -> "CaseFile":
        """The case without the entity of that name."""
        return replace(self, placed=tuple(each for each in self.placed if each.reference != reference))

    @property
    def claims(self) -> tuple[verification.Claim, ...]:
        """All claims, those of others afterwards among them."""
        return (*self.all(verification.Claim), *self.all(verification.LaterClaim))

    @property
    def parties(self) -> tuple[case.Party, ...]:
        """The parties and bodies in the one order they are ever shown in: alphabetical."""
        return tuple(sorted(self.all(case.Party), key=lambda party: party.id))

    @cached_property
    def references(self) -> frozenset[str]:
        """Every name that something in the case may refer to, reported versions of footage among them."""
        versions = (
            version.ref
            for family in self.all(footage.FootageFamily)
            for version in family.members_reported_elsewhere
        )
        return frozenset(self._by_reference) | frozenset(versions)

    @cached_property
    def _derived(self) -> dict[object, object]:
        return {}

    @cached_property
    def _by_reference(self) -> Mapping[str, Entity]:
        return {each.reference: each.entity for each in self.placed}

    @cached_property
    def _by_kind(self) -> Mapping[type[Entity], Mapping[str, Entity]]:
        groups: dict[type[Entity], dict[str, Entity]] = {}
        for each in self.placed:
            groups.setdefault(type(each.entity), {})[each.reference] = each.entity
        return {kind: MappingProxyType(group) for kind, group in groups.items()}


def named(entities: Iterable[Entity]) -> Iterator[Placed]:
    """Entities with their names; one without a name of its own gets one by its kind and place."""
    taken: list[str] = []
    for entity in entities:
        name = entity.reference or _next_name(type(entity), taken)
        taken.append(name)
        yield Placed(name, entity)


def _next_name(kind: type[Entity], taken: Iterable[str]) -> str:
    if kind.single:
        return kind.section
    used = set(taken)
    number = 1
    while f"{kind.prefix or kind.section}{number}" in used:
        number += 1
    return f"{kind.prefix or kind.section}{number}"
