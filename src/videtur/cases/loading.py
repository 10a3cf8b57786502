"""Loading a case file: everything that is in it, or nothing."""

from dataclasses import dataclass

from videtur.cases.case_file import case_file_of
from videtur.cases.entities import first_rows
from videtur.cases.models import Case, Membership
from videtur.cases.parties import LONGEST_CODE, LONGEST_NAME, party_rows
from videtur.cases.queries import case_with_slug_of, find_case
from videtur.cases.slugs import slug_of
from videtur.engines.law.catalogue import CATALOGUE
from videtur.engines.method.case_file.model import CaseFile, Placed
from videtur.engines.method.case_file.reading import CaseFileRefused, FileProblem, Reading
from videtur.engines.method.check import check
from videtur.engines.method.entities import case as entities
from videtur.errors import WrongUsage
from videtur.ledger.models import RecordedRow
from videtur.ledger.services import exclusively, record
from videtur.people.models import User

_LONGEST_ID = 300


@dataclass(frozen=True, slots=True)
class Loaded:
    """A case that was loaded, or was there already with the same content."""

    case: Case
    new: bool
    entities: int


def load_case(actor: str, user: User | None, reading: Reading) -> Loaded:
    """Open the case of a file, in one entry; `user` leads it. What is sealed has an entry of its own.

    Raises CaseFileRefused with every problem of the file and every rule its content breaks, and WrongUsage
    where there is another case of that name. The same file again writes nothing.
    """
    problems = (*reading.problems, *_problems_of_tables(reading), *_broken_rules(reading))
    if problems:
        raise CaseFileRefused(tuple(sorted(problems, key=lambda each: (each.line, each.column))))
    told = reading.case
    with exclusively():
        there = find_case(told.id) or case_with_slug_of(told.id)
        if there is not None:
            if not _same(case_file_of(there), told):
                raise WrongUsage(
                    f"There is a case {there.slug} already, and it holds something else than the file",
                    "A case that is recorded is never replaced",
                    f"Look at it with: videtur case show {there.slug}; change it in the workbench, or give "
                    "the file another id",
                )
            return Loaded(there, new=False, entities=len(told.placed))
        case = Case(slug=slug_of(told.id), title=told.id)
        rows: list[RecordedRow] = [case]
        if user is not None:
            rows.append(Membership(case=case.thing, user_id=user.id, role="case_lead"))
        rows += party_rows(case, told.all(entities.Party))
        if told.as_of is not None:
            dated = entities.CaseDate.model_validate({"as_of": told.as_of})
            (row,) = first_rows(actor, case, [Placed("as_of", dated)])
            rows.append(row)
        written = first_rows(actor, case, told.placed)
        record(
            "cases.case.loaded",
            actor,
            [*rows, *(row for row in written if row.access != "sealed")],
            case=case.slug,
        )
        if sealed := [row for row in written if row.access == "sealed"]:
            # An evidence package leaves out entries that hold anything sealed; the rest must not go with it.
            record("cases.case.loaded", actor, sealed, case=case.slug)
    return Loaded(case, new=True, entities=len(told.placed))


def _same(there: CaseFile, told: CaseFile) -> bool:
    if there.as_of != told.as_of:
        return False
    return {each.reference: each.entity.as_json() for each in there.placed} == {
        each.reference: each.entity.as_json() for each in told.placed
    }


def _problems_of_tables(reading: Reading) -> list[FileProblem]:
    """What a file may say and a workspace has no room for."""
    told, problems = reading.case, list[FileProblem]()
    if told.id and (
        told.id != " ".join(told.id.split()) or len(told.id) > _LONGEST_ID or not told.id.isprintable()
    ):
        hint = f"Use 1 to {_LONGEST_ID} printable letters, without blanks at the ends"
        problems.append(FileProblem(1, 1, "id", f"{told.id[:40]!r} cannot be the name of a case", hint))
    for party in told.all(entities.Party):
        line = reading.lines.get(party.id, 0)
        for field, length, most in (
            ("id", len(party.id), LONGEST_CODE),
            ("name", len(party.name), LONGEST_NAME),
        ):
            if length > most:
                what = f"has {length} letters"
                problems.append(
                    FileProblem(line, 1, f"parties {party.id[:20]} {field}", what, f"At most {most}")
                )
    return problems


def _broken_rules(reading: Reading) -> list[FileProblem]:
    """What `case check` finds in the content, at the line of what it names first."""
    if not reading.parsed:
        return []
    found = check(reading.case, list(CATALOGUE.provisions))
    return [
        FileProblem(
            _line(each.where, reading), 1, each.where, f"{each.rule}: {each.why}", each.remedy, each.rule
        )
        for each in found.violations
    ]


def _line(where: str, reading: Reading) -> int:
    names = (where, *where.replace(",", " ").split())
    return next((reading.lines[name] for name in names if name in reading.lines), 0)
