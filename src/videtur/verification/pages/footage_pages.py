"""Footage families: the nine aspects, the derived status with what is missing, members, versions, sources."""

from dataclasses import dataclass, field

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from videtur.engines.method import vocabulary
from videtur.engines.method.entities.evidence import Item, Source
from videtur.engines.method.entities.footage import (
    FootageFamily,
    Observation,
    PlaceClaim,
    PlaceMatch,
    TimeClaim,
)
from videtur.engines.method.entities.verification import Review
from videtur.engines.method.independence import independent_source_count
from videtur.engines.method.membership import items_of
from videtur.evidence.models import Capture
from videtur.footage.blind_viewing import Shown, Viewing
from videtur.footage.families_shown import shared_families
from videtur.verification.facts import Told, address_of, facts_of
from videtur.verification.next_step import NextStep, next_step
from videtur.verification.pages.entity_pages import history, naming, why_not
from videtur.verification.pages.footage_deeds import deeds_of
from videtur.verification.pages.opened import Opened, open_case
from videtur.verification.titles import title_of

_IN_MATRIX = ("id", "aspects", "members_reported_elsewhere", "items", "status_at_as_of")


@dataclass
class FamilyLine:
    """A family in the list."""

    reference: str
    family: FootageFamily
    step: NextStep
    items: int
    observations: int


@dataclass
class AspectRow:
    """One aspect: what it asks, where it stands, and what each review in sight says of it."""

    aspect: str
    status: str
    said: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])


@dataclass
class MemberLine:
    """An item that carries the recording."""

    reference: str
    address: str
    item_page: str
    item: Item | None
    name: str


@require_safe
def footage_families(request: HttpRequest, slug: str) -> HttpResponseBase:
    """All families with their derived status and what each lacks for the next one."""
    opened = open_case(request, slug)
    observations = opened.file.all(Observation)
    lines = [
        FamilyLine(
            name,
            family,
            next_step(opened.file, name),
            len(items_of(opened.file, name)),
            sum(each.footage == name for each in observations),
        )
        for name, family in opened.file.named(FootageFamily).items()
    ]
    context = {"lines": lines, "may_add": not why_not(opened, FootageFamily)}
    return opened.answer("families.html", "footage_families", context)


@require_http_methods(["GET", "HEAD", "POST"])
def footage_family(request: HttpRequest, slug: str, reference: str) -> HttpResponseBase:
    """One family: one recording, however many items carry it."""
    opened = open_case(request, slug)
    family = opened.entity(FootageFamily, reference)
    deeds = deeds_of(opened, family, reference)
    if opened.done(deeds):
        return opened.go("footage_family", reference)
    step = next_step(opened.file, reference)
    context = {
        "reference": reference,
        "family": family,
        "step": step,
        "verified_of": _verified_of(family) if step.status == "verified" else [],
        "aspects": aspect_rows(opened, reference, family),
        "members": (members := _members(opened, reference)),
        "copies_page": _copies_page(opened, members),
        "reported": family.members_reported_elsewhere,
        "facts": [each for each in facts_of(slug, opened.file, family) if each.name not in _IN_MATRIX],
        "source_count": independent_source_count(opened.file, reference),
        "sources": _about(opened, Source, reference),
        "observations": _observations(opened, reference),
        "claims_of_place": [*_about(opened, PlaceClaim, reference), *_about(opened, PlaceMatch, reference)],
        "claims_of_time": _about(opened, TimeClaim, reference),
        "named_by": naming(opened, reference),
        "deeds": deeds,
        **history(opened, family, reference),
        "section": FootageFamily.section,
    }
    return opened.answer("family.html", "footage_families", context, deeds=deeds)


def aspect_rows(opened: Opened, reference: str, family: FootageFamily) -> list[AspectRow]:
    """The nine aspects of a family, with what the reviews that this person may see say of each."""
    reviews = [
        (name, review)
        for name, review in opened.file.named(Review).items()
        if review.of == reference and review.submitted and not review.withdrawn_because
    ]
    return [
        AspectRow(
            aspect,
            family.aspect(aspect),
            [(name, review.aspects[aspect]) for name, review in reviews if aspect in review.aspects],
        )
        for aspect in vocabulary.words("aspects")
    ]


def _verified_of(family: FootageFamily) -> list[str]:
    """ "Verified" is never said without what was verified."""
    return [aspect for aspect in vocabulary.words("aspects") if family.aspect(aspect) == "established"]


def _members(opened: Opened, reference: str) -> list[MemberLine]:
    captures = Capture.objects.filter(case=opened.case.thing).order_by("-entry_index")
    names = dict(captures.values_list("item_sha256", "file_name"))
    viewing = Viewing(opened.user, opened.case)
    found: list[MemberLine] = []
    for name in items_of(opened.file, reference):
        item = opened.file.get(Item, name)
        sha256 = item.sha256 if item and item.sha256 in names else None
        page = reverse("item", args=[opened.case.slug, sha256]) if sha256 else ""
        address = address_of(opened.case.slug, opened.file, name)
        told = sha256 is not None and not viewing.of(sha256).captions_kept
        found.append(MemberLine(name, address, page, item, str(names[sha256]) if told else name))
    return found


def _copies_page(opened: Opened, members: list[MemberLine]) -> str:
    """Where the copies of it are laid over one another; empty when none of its files has a copy here."""
    held = {each.item.sha256 for each in members if each.item and each.item_page}
    shown = Shown(opened.user, opened.case)
    for family in shared_families(opened.case):
        open_here = [name for name in family.items if name in held and shown.opens(name)]
        if open_here:
            return reverse("family", args=[opened.case.slug, open_here[0]])
    return ""


def _about(
    opened: Opened, kind: type[Source | PlaceClaim | PlaceMatch | TimeClaim], reference: str
) -> list[Told]:
    return [
        Told(name, address_of(opened.case.slug, opened.file, name), title_of(entity))
        for name, entity in opened.file.named(kind).items()
        if entity.footage == reference
    ]


def _observations(opened: Opened, reference: str) -> list[dict[str, object]]:
    captured = set(Capture.objects.filter(case=opened.case.thing).values_list("item_sha256", flat=True))
    found: list[dict[str, object]] = []
    for name, each in opened.file.named(Observation).items():
        if each.footage != reference:
            continue
        item = opened.file.get(Item, each.t.item) if each.t else None
        page = ""
        if each.t and item and item.sha256 in captured:
            page = f"{reverse('item', args=[opened.case.slug, item.sha256])}#t={each.t.start.pts}"
        found.append(
            {
                "reference": name,
                "address": address_of(opened.case.slug, opened.file, name),
                "entity": each,
                "page": page,
                "told": title_of(each) or _("see the record"),
            }
        )
    return found
