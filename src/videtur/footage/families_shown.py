"""Families and copy relations as pages and the API show them."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.urls import reverse
from django.utils.translation import gettext as _

from videtur.cases.models import Case
from videtur.cases.sentences import told
from videtur.engines.media.timecode import MediaInterval
from videtur.evidence.models import Capture, Item
from videtur.footage.models import CopyDecision
from videtur.footage.queries import ItemFamily, decisions_among, families_of_case, items_of_case
from videtur.footage.relations import CopyRelation, SharedStretch, pair_of, relations_of
from videtur.ledger.models import Entry
from videtur.ledger.services import entry_content, size
from videtur.people.queries import names_of


@dataclass(frozen=True, slots=True)
class FamilyLabel:
    """What a card says about its family."""

    id: str
    name: str
    size: int


def labels_of(case: Case) -> dict[str, FamilyLabel]:
    """The family of each item that is not alone in it, by SHA-256."""
    names = file_names(case)
    labels: dict[str, FamilyLabel] = {}
    for family in shared_families(case):
        label = FamilyLabel(family.name, label_of(family, names), len(family.items))
        labels.update(dict.fromkeys(family.items, label))
    return labels


def family_document(case: Case, item: Item) -> dict[str, object] | None:
    """The item's family in the API's form; None when it stands alone."""
    family = family_of(case, item)
    if family is None:
        return None
    names = file_names(case)
    relations = relations_of(item.sha256, family.items)
    reasons = [_with_names(told(reason), names) for reason in family.family.why]
    return {
        "id": family.name,
        "name": label_of(family, names),
        "why": "; ".join(reasons),
        "reasons": reasons,
        "earliest": family.family.earliest,
        "most_complete": family.family.most_complete,
        "items": [
            {
                "item": member.name,
                "url": reverse("item", args=[case.slug, member.name]),
                "pair_url": reverse("pair", args=[case.slug, item.sha256, member.name]),
                "label": names[member.name],
                "is_this": member.name == item.sha256,
                "earliest": member.name == family.family.earliest,
                "most_complete": member.name == family.family.most_complete,
                "posted_at": family.posted_at(member.name),
                "transform": list(member.transform),
                "segments": [stretch.as_json() for stretch in _shared(relations, member.name)],
                "parts": [in_seconds(each.this, each.other) for each in _shared(relations, member.name)],
            }
            for member in family.family.members
        ],
    }


def proposals_of(case: Case, item: Item) -> list[dict[str, object]]:
    """What searches found between the item and others of the case, and what people decided about each."""
    names = file_names(case)
    decided = decisions_among(items_of_case(case))
    mine = {pair: row for pair, row in decided.items() if item.sha256 in pair}
    found = relations_of(item.sha256, list(names))
    people = names_of(row.decided_by for row in mine.values())
    entries = Entry.objects.filter(index__in=[row.entry_index for row in mine.values()])
    told_here = {entry.index for entry in entries if entry_content(entry)["case"] == case.slug}
    shown = [_proposal(case, item, relation, names) for relation in found]
    related = {relation.other for relation in found}
    for pair in mine:
        other = pair[0] if pair[1] == item.sha256 else pair[1]
        if other not in related:
            shown.append(_named(case, item, other, names))
    for proposal in shown:
        row = mine.get(pair_of(item.sha256, str(proposal["other"])))
        proposal.update(_decision(row, people, told_here))
    return sorted(shown, key=lambda proposal: bool(proposal["decision"]))


def file_names(case: Case) -> dict[str, str]:
    """The name under which each item of the case first came in, by SHA-256."""
    rows = Capture.objects.filter(case=case.thing).order_by("-entry_index")
    return dict(rows.values_list("item_sha256", "file_name"))


def shared_families(case: Case) -> list[ItemFamily]:
    """The families of at least two items."""
    return _shared_families(case, size())


def family_of(case: Case, item: Item) -> ItemFamily | None:
    """The family of an item; None when it stands alone."""
    return next((each for each in shared_families(case) if item.sha256 in each.items), None)


@lru_cache(maxsize=8)
def _shared_families(case: Case, ledger_size: int) -> list[ItemFamily]:
    """Families of at least two. Rows are only ever added, so the ledger's size says whether this is stale."""
    return [family for family in families_of_case(case) if len(family.items) > 1]


def label_of(family: ItemFamily, names: Mapping[str, str]) -> str:
    """A family bears the name of the file that holds most of it."""
    return _("footage of %(name)s") % {"name": names[family.family.most_complete]}


def _with_names(reason: str, names: Mapping[str, str]) -> str:
    """A reason of the engine, which knows items by their digests alone."""
    return re.sub(r"[0-9a-f]{64}", lambda found: names.get(found[0], found[0]), reason)


def _shared(relations: Sequence[CopyRelation], other: str) -> tuple[SharedStretch, ...]:
    """Where the two share the picture; the sound where they share nothing else."""
    ours = [relation for relation in relations if relation.other == other and relation.accepted]
    ours.sort(key=lambda relation: relation.modality != "picture")
    return ours[0].stretches if ours else ()


def _proposal(case: Case, item: Item, relation: CopyRelation, names: Mapping[str, str]) -> dict[str, object]:
    return {
        **_named(case, item, relation.other, names),
        "modality": relation.modality,
        "outcome": relation.outcome,
        "score": str(relation.score),
        "parts": [in_seconds(each.this, each.other) for each in relation.stretches],
        "transform": list(relation.transform),
        "reasons": [told(reason) for reason in relation.reasons],
    }


def _named(case: Case, item: Item, other: str, names: Mapping[str, str]) -> dict[str, object]:
    return {
        "other": other,
        "pair_url": reverse("pair", args=[case.slug, item.sha256, other]),
        "url": reverse("item", args=[case.slug, other]),
        "label": names.get(other, other),
    }


def _decision(
    row: CopyDecision | None, people: Mapping[str, str], told_here: Collection[int]
) -> dict[str, object]:
    """A decision counts wherever it was made; who made it and why is told in the case it was made in."""
    if row is None:
        return {"decision": "", "decided_by": "", "reason": ""}
    if row.entry_index not in told_here:
        return {"decision": row.decision, "decided_by": _("decided in another case"), "reason": "–"}
    return {"decision": row.decision, "decided_by": people[row.decided_by], "reason": row.reason}


def in_seconds(this: MediaInterval, other: MediaInterval) -> str:
    """A shared stretch, for reading."""
    ours, theirs = (f"{part.start.seconds}–{part.end.seconds} s" for part in (this, other))
    return _("%(ours)s here, %(theirs)s there") % {"ours": ours, "theirs": theirs}
