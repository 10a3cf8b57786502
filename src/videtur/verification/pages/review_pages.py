"""Reviews: blind, side by side once they are in, and what an arbiter decides."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods, require_safe

from videtur.cases.access import person_of
from videtur.engines.method import vocabulary
from videtur.engines.method.agreement import agreement
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.base import Entity
from videtur.engines.method.entities.footage import FootageFamily, Observation
from videtur.engines.method.entities.verification import Arbitration, Finding, Review
from videtur.people.queries import names_of
from videtur.verification.disagreement import dissents
from videtur.verification.facts import Fact, facts_of
from videtur.verification.pages.opened import Opened, open_case
from videtur.verification.pages.review_deeds import deeds_of, kept_from
from videtur.verification.queries import blind_view
from videtur.verification.titles import title_of


@dataclass
class SubjectLine:
    """Something to review, in the list."""

    reference: str
    kind: str
    title: str
    submitted: int
    waiting_for_arbiter: int
    mine_open: bool


@dataclass
class Column:
    """One review beside the others."""

    reference: str
    review: Review
    by: str


@dataclass
class CompareRow:
    """One aspect in all the reviews."""

    aspect: str
    said: list[str]
    differs: bool
    decided: str


@require_safe
def reviews(request: HttpRequest, slug: str) -> HttpResponseBase:
    """What there is to review, and how far reviewers agree."""
    opened = open_case(request, slug)
    context = {"subjects": [_line(opened, name, each) for name, each in _subjects(opened)]}
    if not any(line.mine_open for line in context["subjects"]):
        told = agreement(opened.file)
        context |= {"overall": told.overall, "by_aspect": told.by_aspect, "by_party": told.by_party}
    return opened.answer("reviews.html", "reviews", context)


@require_http_methods(["GET", "HEAD", "POST"])
def review_subject(request: HttpRequest, slug: str, reference: str) -> HttpResponseBase:
    """Footage, a finding or an observation: the reviews of it, and one's own."""
    opened = open_case(request, slug)
    mine = _mine(opened, reference)
    case = blind_view(opened.user, opened.case, reference) if _is_blind(opened, mine) else opened.file
    subject = case.find(reference)
    if not isinstance(subject, FootageFamily | Finding | Observation):
        raise Http404
    deeds = deeds_of(opened, subject, reference, mine)
    if opened.done(deeds, case):
        return opened.go("review_subject", reference)
    columns = [] if _is_blind(opened, mine) else _columns(opened, reference)
    context = {
        "reference": reference,
        "kind": type(subject).section,
        "title": title_of(subject),
        "facts": _facts(opened, case, subject),
        "mine": mine,
        "kept": kept_from(mine) if mine and not mine.submitted else [],
        "columns": columns,
        "rows": _rows(opened, reference, columns),
        "arbitrations": [each for each in opened.file.all(Arbitration) if each.of == reference]
        if columns
        else [],
        "dissents": dissents(opened.file, reference) if columns else [],
        "observed": _observed(case, reference, subject),
        "deeds": deeds,
    }
    return opened.answer("review.html", "reviews", context, deeds=deeds)


def _subjects(opened: Opened) -> list[tuple[str, Entity]]:
    file = opened.file
    return [*file.named(FootageFamily).items(), *file.named(Finding).items()]


def _line(opened: Opened, name: str, each: Entity) -> SubjectLine:
    found = [
        review for review in opened.file.all(Review) if review.of == name and not review.withdrawn_because
    ]
    person = person_of(opened.user)
    return SubjectLine(
        name,
        each.section,
        title_of(each),
        sum(bool(review.submitted) for review in found),
        len({each.aspect for each in dissents(opened.file, name)}),
        any(review.by == person and not review.submitted for review in found),
    )


def _mine(opened: Opened, reference: str) -> Review | None:
    """The person's own review: the one not yet in, else the last that is."""
    person = person_of(opened.user)
    own = [
        each
        for each in opened.file.all(Review)
        if each.of == reference and each.by == person and not each.withdrawn_because
    ]
    return next((each for each in own if not each.submitted), own[-1] if own else None)


def _is_blind(opened: Opened, mine: Review | None) -> bool:
    return mine is not None and not mine.submitted and not isinstance(opened.file.find(mine.of), Observation)


def _columns(opened: Opened, reference: str) -> list[Column]:
    found = {
        name: each
        for name, each in opened.file.named(Review).items()
        if each.of == reference and each.submitted
    }
    names = names_of(each.by for each in found.values())
    return [Column(name, each, names[each.by]) for name, each in found.items()]


def _rows(opened: Opened, reference: str, columns: list[Column]) -> list[CompareRow]:
    decided: dict[str, str] = {}
    for each in opened.file.all(Arbitration):
        if each.of == reference:
            decided |= each.aspects
    far = {each.aspect for each in dissents(opened.file, reference)}
    rows: list[CompareRow] = []
    for aspect in vocabulary.words("aspects"):
        said = [column.review.aspects.get(aspect, "") for column in columns]
        if any(said):
            rows.append(CompareRow(aspect, said, aspect in far, decided.get(aspect, "")))
    return rows


def _facts(opened: Opened, case: CaseFile, subject: Entity) -> list[Fact]:
    return [each for each in facts_of(opened.case.slug, case, subject) if each.name != "aspects"]


def _observed(case: CaseFile, reference: str, subject: Entity) -> list[tuple[str, str]]:
    families = subject.footage if isinstance(subject, Finding) else (reference,)
    return [
        (name, title_of(each))
        for name, each in case.named(Observation).items()
        if each.footage in families and not each.withdrawn_because
    ]
