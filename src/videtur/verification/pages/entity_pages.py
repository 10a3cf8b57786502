"""Every kind of entity: its list, one of them with its history, and the form to add or change one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.http import Http404, HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from pydantic import ValidationError

from videtur.cases.access import history_of, person_of
from videtur.cases.labels import label
from videtur.cases.models import CaseEntity
from videtur.cases.saving import MOVED_BY_STEPS, SIGNED_BY, STARTS_AS, require_kind, save
from videtur.cases.words import term
from videtur.engines.method.case_file.model import KINDS, CaseFile
from videtur.engines.method.case_file.references import names_in
from videtur.engines.method.entities.base import Entity
from videtur.engines.method.entities.case import Allegation
from videtur.engines.method.entities.footage import Observation
from videtur.errors import NotPermitted
from videtur.people.queries import names_of
from videtur.verification.facts import Change, Told, address_of, changes_between, facts_of
from videtur.verification.forms.reading import read_form
from videtur.verification.forms.shown import boxes_of, errors_of
from videtur.verification.pages.entity_deeds import deeds_of
from videtur.verification.pages.opened import Opened, Problem, kind_of, open_case
from videtur.verification.titles import title_of

FORM = require_http_methods(["GET", "HEAD", "POST"])
_STATES = ("status", "kind", "relation", "grade", "match", "overall")


@dataclass
class Line:
    """An entity in a list."""

    reference: str
    address: str
    title: str
    state: str
    access: str


@dataclass
class Version:
    """One version of an entity: who wrote it, when, and what it changed."""

    number: int
    at: object
    by: str
    entry: int
    changes: list[Change]


@require_safe
def records(request: HttpRequest, slug: str) -> HttpResponseBase:
    """All kinds of record of the case, and how many there are of each."""
    opened = open_case(request, slug)
    counts = [(kind.section, len(opened.file.all(kind))) for kind in KINDS]
    return opened.answer("records.html", "records", {"counts": counts})


@require_safe
def entities(request: HttpRequest, slug: str, section: str) -> HttpResponseBase:
    """The entities of a kind."""
    opened, kind = open_case(request, slug), kind_of(section)
    context = {
        "section": section,
        "lines": lines_of(opened, kind),
        "may_add": not why_not(opened, kind),
    }
    return opened.answer("entities.html", section, context)


@FORM
def entity(request: HttpRequest, slug: str, section: str, reference: str) -> HttpResponseBase:
    """One entity: what it says, what names it, and its history."""
    opened, kind = open_case(request, slug), kind_of(section)
    found = opened.entity(kind, reference)
    deeds = deeds_of(opened, found, reference)
    if opened.done(deeds):
        return opened.go("entity", section, reference)
    context = {
        "section": section,
        "reference": reference,
        "deeds": deeds,
        "is_reviewed": isinstance(found, Observation),
        "has_law": isinstance(found, Allegation),
        "title": title_of(found),
        "entity": found,
        "facts": facts_of(slug, opened.file, found),
        "named_by": naming(opened, reference),
        **history(opened, found, reference),
    }
    return opened.answer("entity.html", section, context, deeds=deeds)


@FORM
def add_entity(request: HttpRequest, slug: str, section: str) -> HttpResponseBase:
    """A form for a new entity of a kind."""
    opened, kind = open_case(request, slug), kind_of(section)
    if kind.single and (there := next(iter(opened.file.named(kind)), None)):
        return opened.go("edit_entity", section, there)
    return _form(opened, kind, "", _first(opened, kind))


@FORM
def edit_entity(request: HttpRequest, slug: str, section: str, reference: str) -> HttpResponseBase:
    """A form for the next version of an entity."""
    opened, kind = open_case(request, slug), kind_of(section)
    found = opened.entity(kind, reference)
    if not history(opened, found, reference)["may_edit"]:
        raise Http404
    return _form(opened, kind, reference, found.as_json())


def lines_of(opened: Opened, kind: type[Entity]) -> list[Line]:
    """A kind's entities as lines of a list."""
    found: list[Line] = []
    for reference, each in opened.file.named(kind).items():
        state = next((told for name in _STATES if (told := _state(getattr(each, name, None)))), "")
        address = address_of(opened.case.slug, opened.file, reference)
        found.append(Line(reference, address, title_of(each), state, each.access or ""))
    return found


def _state(value: object) -> str:
    """A state, or one for each party."""
    if isinstance(value, dict):
        return ", ".join(f"{party}: {term(word)}" for party, word in cast("dict[str, str]", value).items())
    return value if isinstance(value, str) else ""


def history(opened: Opened, found: Entity, reference: str) -> dict[str, object]:
    """The versions of an entity, newest first, and whether this person may write the next one here."""
    rows = history_of(opened.user, opened.case, reference)
    names = names_of(row.written_by for row in rows)
    versions: list[Version] = []
    for place, row in enumerate(rows):
        older = rows[place + 1] if place + 1 < len(rows) else None
        before: Mapping[str, Any] = older.content if older else {}
        changes = changes_between(type(found), before, row.content) if older else []
        by = names[row.written_by]
        versions.append(Version(row.version, row.recorded_at, by, row.entry_index, changes))
    refusal = why_not(opened, type(found))
    whole = bool(rows) and not _masked(rows)
    return {"versions": versions, "may_edit": whole and not refusal, "why_not": refusal if whole else ""}


def why_not(opened: Opened, kind: type[Entity]) -> str:
    """Why this person writes none of a kind by its form; empty where they may."""
    try:
        require_kind(opened.user, opened.case, kind)
    except NotPermitted as problem:
        return problem.explain()
    return ""


def naming(opened: Opened, reference: str) -> list[Told]:
    """What refers to an entity by name."""
    return [
        Told(
            placed.reference,
            address_of(opened.case.slug, opened.file, placed.reference),
            title_of(placed.entity),
        )
        for placed in opened.file.placed
        if reference in names_in(placed.entity)
    ]


def save_typed(
    opened: Opened, kind: type[Entity], given: dict[str, Any], reference: str, told: str
) -> tuple[dict[str, list[str]], Problem | None]:
    """Save what a form gave; the errors by field, or the refusal, when it was not saved."""
    try:
        written = kind.model_validate(given)
    except ValidationError as problem:
        return errors_of(problem, given), None
    return {}, opened.attempt(lambda: save(opened.user, opened.case, written, reference), told)


def _form(opened: Opened, kind: type[Entity], reference: str, start: dict[str, Any]) -> HttpResponseBase:
    posted: QueryDict = opened.request.POST
    given, errors, refused, more = start, {}, None, str(posted.get("more", ""))
    steps = MOVED_BY_STEPS.get(kind, {})
    fixed = [*(["id"] if reference else []), SIGNED_BY.get(kind, "")]
    if opened.request.method == "POST":
        typed = read_form(kind, posted, start)
        # What moves by steps, and whose name stands below it, no form decides.
        kept = {name: start[name] for name in (*steps, *fixed) if name in start}
        given = {name: value for name, value in typed.items() if name not in steps} | kept
        if not more:
            told = _("Saved, as a new version in the ledger.")
            errors, refused = save_typed(opened, kind, given, reference, told)
            if not errors and refused is None:
                return opened.go("entities", kind.section)
    boxes = boxes_of(kind, opened.file, given, errors, fixed=fixed, more=more)
    context = {
        "section": kind.section,
        "reference": reference,
        "boxes": [box for box in boxes if box.name not in steps],
        "by_steps": [label(name) for name in steps],
        "errors": errors,
        "whole_errors": errors.get("", []),
    }
    page = opened.answer("entity_form.html", kind.section, context, refused)
    if errors:
        page.status_code = 422
    return page


def _first(opened: Opened, kind: type[Entity]) -> dict[str, Any]:
    """What a new entity begins with: a free name of the kind's own pattern, so that after O5 comes O6."""
    start: dict[str, Any] = {name: words[0] for name, words in STARTS_AS.get(kind, {}).items()}
    if (author := SIGNED_BY.get(kind)) is not None:
        start[author] = person_of(opened.user)
    if "id" in kind.model_fields:
        start["id"] = free_name(opened.file, kind)
    known = kind.model_fields
    return start | {name: value for name, value in opened.request.GET.items() if value and name in known}


def free_name(case: CaseFile, kind: type[Entity]) -> str:
    """A name that nothing in sight bears yet."""
    names = list(case.named(kind))
    stem = names[-1].rstrip("0123456789") if names else (kind.prefix or kind.section[:2].upper())
    number = 1
    while f"{stem}{number}" in case.references:
        number += 1
    return f"{stem}{number}"


def _masked(rows: list[CaseEntity]) -> bool:
    """Whether something of the present version is kept from this person."""
    present = type(rows[0]).present().get(thing=rows[0].thing)
    return present.content != rows[0].content
