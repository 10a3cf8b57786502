"""The walk of the work on one page: what there is, where it stands, and what to do next."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from videtur.accountability.pages.desk import desk_for
from videtur.accountability.pages.due import due_things
from videtur.accountability.pages.stages import stages_of
from videtur.cases.saving import ROLES_OF_KIND
from videtur.engines.law.catalogue import CATALOGUE
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.check import check
from videtur.engines.method.comment import party_named
from videtur.engines.method.entities import accountability as acts
from videtur.engines.method.entities.case import Allegation, SymmetryGroup
from videtur.engines.method.entities.footage import FootageFamily
from videtur.engines.method.footage_status import footage_status
from videtur.engines.method.letters import sentence_of_state
from videtur.engines.method.standing import Task, tasks

TASKS: Mapping[str, object] = {
    "identify": gettext_lazy("Identify %(about)s, describe it, and take it in"),
    "ask": gettext_lazy("Ask %(about)s for comment, as every party is asked that an allegation concerns"),
    "record": gettext_lazy("Record the conflict of %(about)s that was found by comparison"),
    "decide": gettext_lazy("Decide what the follow-up %(about)s changes"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """An allegation beside its counterparts: the same lines for each."""

    reference: str
    allegation: Allegation
    footage: tuple[tuple[str, str], ...]
    calls: tuple[str, ...]
    commitments: tuple[str, ...]
    requests: tuple[str, ...]


@require_safe
def overview_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What stands in the case, what is overdue, what may not stay as it is."""
    desk = desk_for(request, slug)
    file = desk.file
    context = {
        "sentence": sentence_of_state(file),
        "due": due_things(desk),
        "tasks": [(words_of_task(task), task.about) for task in tasks(file)],
        "violations": check(file, CATALOGUE.provisions).violations,
        "stages": stages_of(desk),
        "families": [
            (name, family, footage_status(file, name)) for name, family in file.named(FootageFamily).items()
        ],
        "groups": groups_of(file),
        "may_allege": desk.has_one_of(ROLES_OF_KIND[Allegation]),
    }
    return desk.show("overview", "method", context)


def words_of_task(task: Task) -> str:
    """A standing task in the reader's language; one that the page has no words for keeps the engine's."""
    kind = task.id.partition(" ")[0]
    return str(TASKS[kind]) % {"about": task.about} if kind in TASKS else task.sentence


def groups_of(file: CaseFile) -> list[tuple[str, list[Column]]]:
    """Counterpart allegations side by side, in alphabetical order of the party concerned; the rest alone."""
    named = file.named(Allegation)
    groups = {name: list(group.allegations) for name, group in file.named(SymmetryGroup).items()}
    grouped = {reference for members in groups.values() for reference in members}
    groups |= {reference: [reference] for reference in named if reference not in grouped}
    return [
        (
            name if len(members) > 1 else "",
            sorted(
                (_column(file, reference, named[reference]) for reference in members if reference in named),
                key=lambda column: (column.allegation.against, column.reference),
            ),
        )
        for name, members in groups.items()
    ]


def _column(file: CaseFile, reference: str, allegation: Allegation) -> Column:
    party = allegation.against
    return Column(
        reference,
        allegation,
        tuple((name, footage_status(file, name)) for name in allegation.footage if file.find(name)),
        tuple(name for name, call in file.named(acts.Call).items() if party in call.to),
        tuple(name for name, made in file.named(acts.Commitment).items() if made.about == reference),
        tuple(
            name
            for name, asked in file.named(acts.RequestForComment).items()
            if asked.allegation == reference or party_named(file, asked.to) == party
        ),
    )
