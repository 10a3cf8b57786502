"""Sources: their grades, letter and digit judged apart, and how each stands to the others."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from videtur.cases.access import person_of
from videtur.cases.saving import save
from videtur.engines.method.entities.evidence import Independence, Source, SourceGrade
from videtur.engines.method.independence import are_independent, independent_origins, origin_of
from videtur.people.queries import names_of
from videtur.verification.caps import caps_of
from videtur.verification.facts import facts_of
from videtur.verification.forms.deed import Deed, pick
from videtur.verification.pages.entity_pages import free_name, history, naming, why_not
from videtur.verification.pages.opened import Opened, open_case
from videtur.verification.titles import title_of

MOST_PAIRS = 400
_FORM = require_http_methods(["GET", "HEAD", "POST"])


@dataclass
class SourceLine:
    """A source in the list, with its last grade."""

    reference: str
    source: Source
    title: str
    grade: SourceGrade | None


@dataclass
class Pair:
    """Two sources, how they were said to stand to one another, and what that counts as."""

    first: str
    second: str
    relation: str
    reason: str
    record: str
    independent: bool


@_FORM
def sources(request: HttpRequest, slug: str) -> HttpResponseBase:
    """All sources with their grades, and the pairs of them."""
    opened = open_case(request, slug)
    known = opened.file.named(Source)
    deeds = [] if why_not(opened, Independence) or len(known) < 2 else [_relate(opened)]
    if opened.done(deeds):
        return opened.go("sources")
    grades = {each.source: each for each in opened.file.all(SourceGrade)}
    pairs = list(_pairs(opened))
    context = {
        "lines": [SourceLine(name, each, title_of(each), grades.get(name)) for name, each in known.items()],
        "pairs": pairs[:MOST_PAIRS],
        "left_out": max(0, len(pairs) - MOST_PAIRS),
        "origins": len(independent_origins(opened.file, known)) if known else 0,
        "may_add": not why_not(opened, Source),
        "deeds": deeds,
    }
    return opened.answer("sources.html", "sources", context, deeds=deeds)


@_FORM
def source(request: HttpRequest, slug: str, reference: str) -> HttpResponseBase:
    """One source, its grades, and the form to grade it."""
    opened = open_case(request, slug)
    found = opened.entity(Source, reference)
    deeds = [] if why_not(opened, SourceGrade) else [_grade(opened, reference)]
    if opened.done(deeds):
        return opened.go("source", reference)
    grades = {name: each for name, each in opened.file.named(SourceGrade).items() if each.source == reference}
    context = {
        "reference": reference,
        "source": found,
        "title": title_of(found),
        "facts": facts_of(slug, opened.file, found),
        "grades": grades,
        "graders": names_of(each.by for each in grades.values()),
        "caps": list(caps_of(opened.file, reference, found)),
        "origin": origin_of(opened.file, reference),
        "pairs": [pair for pair in _pairs(opened) if reference in (pair.first, pair.second)],
        "named_by": naming(opened, reference),
        "deeds": deeds,
        **history(opened, found, reference),
        "section": Source.section,
    }
    return opened.answer("source.html", "sources", context, deeds=deeds)


def _pairs(opened: Opened) -> Iterator[Pair]:
    """Every two sources. What nobody judged is unknown, and counts as dependent."""
    recorded = {
        frozenset(each.between): (name, each) for name, each in opened.file.named(Independence).items()
    }
    for first, second in combinations(opened.file.named(Source), 2):
        name, found = recorded.get(frozenset((first, second)), ("", None))
        yield Pair(
            first,
            second,
            found.relation if found else "unknown",
            (found.reason or "") if found else "",
            name,
            are_independent(opened.file, first, second),
        )


def _grade(opened: Opened, reference: str) -> Deed:
    def perform(given: dict[str, Any]) -> object:
        return save(opened.user, opened.case, SourceGrade.model_validate(given))

    fields = (
        "about",
        "source_reliability",
        "information_credibility",
        "independent_origins",
        "against_own_interest",
        "reason",
    )
    return Deed(
        "grade",
        _("Grade this source"),
        _("Record the grade"),
        _("The grade is recorded."),
        perform,
        pick(SourceGrade, *fields),
        {
            "id": free_name(opened.file, SourceGrade),
            "source": reference,
            "by": person_of(opened.user),
            "at": datetime.now(UTC).date().isoformat(),
        },
        SourceGrade,
        _("Judge the letter by the origin alone, and the digit by the information alone: a good source may "
          "say something doubtful."),
    )  # fmt: skip


def _relate(opened: Opened) -> Deed:
    def perform(given: dict[str, Any]) -> object:
        return save(opened.user, opened.case, Independence.model_validate(given))

    return Deed(
        "relate",
        _("Say how two sources stand to one another"),
        _("Record the relation"),
        _("The relation is recorded."),
        perform,
        pick(Independence, "between", "relation", "reason"),
        {"id": free_name(opened.file, Independence), "by": person_of(opened.user)},
        Independence,
        _("Only “independent” counts. What nobody judged is unknown, and counts as dependent."),
    )
