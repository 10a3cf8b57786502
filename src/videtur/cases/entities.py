"""The one way to write an entity of the method: the case is looked at as it would then be."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from videtur.cases.case_file import case_file_of, model_of
from videtur.cases.consequences import consequences
from videtur.cases.models import DEFAULT_ACCESS, Case, CaseEntity
from videtur.engines.method.case_file.model import CaseFile, Placed
from videtur.engines.method.case_file.references import problems_of_references
from videtur.engines.method.entities.base import Entity
from videtur.engines.method.entities.evidence import Item
from videtur.engines.method.entities.publication import ExposureLog
from videtur.engines.method.rules.catalogue import violations_of
from videtur.engines.method.rules.rule import Violation
from videtur.errors import Refused
from videtur.ledger.models import RecordedRow
from videtur.ledger.services import exclusively, record


class ForbiddenState(Refused):
    """A write that would bring the case into a state that may not be. `violations` says all of them."""

    def __init__(self, violations: Sequence[Violation]) -> None:
        self.violations = tuple(violations)
        super().__init__(
            "This was not saved",
            "; ".join(f"{each.rule}: {each.why}" for each in self.violations),
            " ".join(dict.fromkeys(each.remedy for each in self.violations)),
        )


@dataclass(frozen=True, slots=True)
class Written:
    """An entity to write; `reference` names it where it has no name of its own."""

    entity: Entity
    reference: str = ""


def put(
    actor: str, case: Case, verb: str, entity: Entity, reference: str = "", extra: Sequence[RecordedRow] = ()
) -> CaseEntity:
    """Write an entity, or its next version. Raises ForbiddenState with everything that stands against it.

    A case that was in a forbidden state before (it was loaded, or the rules grew) may be put right step
    by step: only what the write adds is refused.
    """
    return put_all(actor, case, verb, [Written(entity, reference)], extra)[0]


def put_all(
    actor: str,
    case: Case,
    verb: str,
    written: Iterable[Written],
    extra: Sequence[RecordedRow] = (),
    *,
    noticed: bool = False,
) -> list[CaseEntity]:
    """Write several entities and `extra` rows as one entry; all or none.

    What follows from them is written in the same entry: a finding whose gate no longer holds goes back
    to review, and what left the house on it is flagged (`cases.consequences`). What somebody only
    `noticed`, such as bytes that changed, is recorded whatever rule it breaks: refusing would hide it.
    """
    with exclusively():
        before = case_file_of(case)
        after = before
        names: list[str] = []
        for each in written:
            known = {placed.reference for placed in after.placed}
            after = after.with_entity(each.entity, each.reference or None)
            name = each.reference or each.entity.reference
            names.append(name or next(p.reference for p in after.placed if p.reference not in known))
        for follows in consequences(before, after):
            after = after.with_entity(follows)
            name = follows.reference or type(follows).section
            if name not in names:
                names.append(name)
        if not noticed:
            refuse_new_violations(before, after, names)
        rows = [_row(actor, case, after, name, place) for place, name in enumerate(names)]
        record(verb, actor, [*rows, *extra], case=case.slug)
    return rows


def refuse_new_violations(before: CaseFile, after: CaseFile, names: Sequence[str] = ()) -> None:
    """Raise ForbiddenState for what `after` has and `before` had not."""
    old = set(violations_of(before))
    new = [each for each in violations_of(after) if each not in old]
    new += [
        Violation("reference", problem.reference, problem.what, problem.hint)
        for problem in problems_of_references(after)
        if problem.reference in names
    ]
    if new:
        raise ForbiddenState(new)


def first_rows(actor: str, case: Case, placed: Sequence[Placed]) -> list[CaseEntity]:
    """Rows of entities that a case does not have yet, in order."""
    return [
        model_of(type(each.entity))(
            case=case.thing,
            reference=each.reference,
            position=position,
            access=access_of(each.entity),
            content=each.entity.as_json(),
            written_by=actor,
        )
        for position, each in enumerate(placed)
    ]


def access_of(entity: Entity) -> str:
    """Who may see an entity: what it says; else sexual violence and hours of watching are sealed."""
    if entity.access is not None:
        return entity.access
    closed = isinstance(entity, ExposureLog) or (
        isinstance(entity, Item) and entity.sexual_violence_indicator
    )
    return "sealed" if closed else DEFAULT_ACCESS


def _row(actor: str, case: Case, after: CaseFile, name: str, position: int) -> CaseEntity:
    entity = after.find(name)
    assert entity is not None  # noqa: S101 - it was put there a moment ago
    (row,) = first_rows(actor, case, [Placed(name, entity)])
    row.position = position
    present = type(row).present().filter(case=case.thing, reference=name).first()
    if present is not None:
        row.thing, row.version, row.position = present.thing, present.version + 1, present.position
    return row
