"""The pages on copies: two items side by side, and a family with its time line, lineage, split and merger."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from videtur.cases.models import Case
from videtur.cases.pages import case_for, permissions, signed_in
from videtur.cases.sentences import told
from videtur.errors import NotPermitted, Refused, WrongUsage
from videtur.evidence.models import Item
from videtur.footage import services
from videtur.footage.blind_viewing import Shown
from videtur.footage.families_shown import family_of, file_names, label_of, shared_families
from videtur.footage.item_access import item_open_to
from videtur.footage.lineage_shown import family_shown
from videtur.footage.models import CopyDecision
from videtur.footage.pair_shown import pair_shown
from videtur.footage.queries import ItemFamily, items_of_case
from videtur.footage.words import VERDICTS
from videtur.people.models import User

_SHORT = 12


@require_safe
def pair_page(request: HttpRequest, slug: str, sha256: str, other: str) -> HttpResponse:
    """Two items side by side, at the moments that are the same by the comparison."""
    case, user = case_for(request, slug), signed_in(request)
    item, twin = item_open_to(user, case, sha256), item_open_to(user, case, other)
    if item == twin:
        raise Http404
    context = {
        "case": case,
        "may": permissions(user, case),
        "pair": pair_shown(user, case, item, twin),
        "decisions": CopyDecision.DECISIONS,
        "has_family": family_of(case, item) is not None,
    }
    return render(request, "footage/pair.html", context)


@require_POST
def decide_pair(request: HttpRequest, slug: str, sha256: str, other: str) -> HttpResponse:
    """Say whether two items show the same footage, and come back to them."""
    case, user = case_for(request, slug), signed_in(request)
    item, twin = item_open_to(user, case, sha256), item_open_to(user, case, other)
    _need(user, case)
    decision = request.POST.get("decision", "")
    if decision not in CopyDecision.DECISIONS:
        raise Http404
    try:
        services.decide_copy(user.actor, case, item, twin, decision, request.POST.get("reason", "").strip())
    except (Refused, WrongUsage) as problem:
        messages.error(request, told(problem.explain()))
    else:
        messages.success(request, _("Your decision is recorded."))
    return redirect("pair", slug=slug, sha256=sha256, other=other)


@require_safe
def family_page(request: HttpRequest, slug: str, sha256: str) -> HttpResponse:
    """The family of copies that an item is in. It bears the item's address: families split and merge."""
    case, user = case_for(request, slug), signed_in(request)
    item = item_open_to(user, case, sha256)
    family = family_of(case, item)
    if family is None:
        raise Http404
    context = {
        "case": case,
        "item": item,
        "may": permissions(user, case),
        "family": family_shown(user, case, family),
        "verdicts": {verdict: _(words) for verdict, words in VERDICTS.items()},
        "others": _others(user, case, family),
    }
    return render(request, "footage/family.html", context)


@require_POST
def split(request: HttpRequest, slug: str, sha256: str) -> HttpResponse:
    """Set the chosen items apart from the others of the family."""
    case, user = case_for(request, slug), signed_in(request)
    item = item_open_to(user, case, sha256)
    _need(user, case)
    family = family_of(case, item)
    chosen = set(request.POST.getlist("apart"))
    if family is None or not chosen <= set(family.items):
        raise Http404
    members = _open_members(user, case, family)
    apart = [each for each in members if each.sha256 in chosen]
    rest = [each for each in members if each.sha256 not in chosen]
    try:
        services.split_family(user.actor, case, apart, rest, request.POST.get("reason", "").strip())
    except (Refused, WrongUsage) as problem:
        messages.error(request, told(problem.explain()))
        return redirect("family", slug=slug, sha256=sha256)
    messages.success(request, _("The family is split. It stays so when more comes in."))
    return _to_family(case, item)


@require_POST
def merge(request: HttpRequest, slug: str, sha256: str) -> HttpResponse:
    """Say that the family and that of another item are one recording."""
    case, user = case_for(request, slug), signed_in(request)
    item = item_open_to(user, case, sha256)
    other = item_open_to(user, case, request.POST.get("with", ""))
    _need(user, case)
    ours, theirs = (_family_or_alone(user, case, each) for each in (item, other))
    try:
        services.merge_families(user.actor, case, ours, theirs, request.POST.get("reason", "").strip())
    except (Refused, WrongUsage) as problem:
        messages.error(request, told(problem.explain()))
    else:
        messages.success(request, _("The two are one family now."))
    return _to_family(case, item)


def _need(user: User, case: Case) -> None:
    if not permissions(user, case)["decide_copies"]:
        raise NotPermitted("Your role in this case does not allow that")


def _to_family(case: Case, item: Item) -> HttpResponse:
    name = "family" if family_of(case, item) is not None else "item"
    return redirect(name, slug=case.slug, sha256=item.sha256)


def _open_members(user: User, case: Case, family: ItemFamily) -> list[Item]:
    """The items of a family, all of them; somebody to whom one is closed does not decide on the family."""
    shown = Shown(user, case)
    if not all(shown.opens(each) for each in family.items):
        raise NotPermitted(
            "Part of this family is closed to you", remedy="Decide on the pairs that are open to you"
        )
    return list(Item.objects.filter(sha256__in=family.items).order_by("entry_index", "id"))


def _family_or_alone(user: User, case: Case, item: Item) -> list[Item]:
    """The item first, then the rest of its family."""
    family = family_of(case, item)
    members = _open_members(user, case, family) if family else [item]
    return [item, *(each for each in members if each != item)]


def _others(user: User, case: Case, family: ItemFamily) -> list[tuple[str, str]]:
    """What the family may be merged with: the other families, and items that stand alone."""
    shown, names = Shown(user, case), file_names(case)
    inside = set(family.items)
    found: list[tuple[str, str]] = []
    for each in shared_families(case):
        if inside.isdisjoint(each.items) and all(shown.opens(name) for name in each.items):
            told_in_full = all(shown.names(name) for name in each.items)
            found.append((each.family.most_complete, label_of(each, names) if told_in_full else each.name))
            inside |= set(each.items)
    alone = [each for each in items_of_case(case) if each not in inside and shown.opens(each)]
    return found + [(each, names[each] if shown.names(each) else each[:_SHORT]) for each in alone]
