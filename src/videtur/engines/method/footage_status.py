"""The status of footage, derived from what is known of it (domain model, section 3). Nobody sets it."""

from collections.abc import Mapping

from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.evidence import Item, Source
from videtur.engines.method.entities.footage import FootageFamily
from videtur.engines.method.entities.verification import Review
from videtur.engines.method.independence import independent_source_count
from videtur.engines.method.membership import items_of
from videtur.engines.method.reviews import concurrence, is_standing
from videtur.errors import WrongUsage

WHERE_AND_WHAT = ("date", "location", "event")
UNSEEN = ("not_examined", "in_progress")
_LIKELY = ("probable", "established")
_NO_EXPERTS = ("official_statement", "media_report", "machine", "footage")


def footage_status(case: CaseFile, family: str) -> str:
    """The status of a footage family. Raises WrongUsage when the case has no such family.

    Footage that a case knows from others' words alone, with no bytes of its own, is in process at most
    (house rule): nobody here has looked at it.
    """
    found = case.get(FootageFamily, family)
    if found is None:
        raise WrongUsage(
            f"There is no footage {family!r} in the case", "", "Name one of its footage families"
        )
    if found.set_status is not None:
        return found.set_status
    if found.kind == "placeholder_set":
        return "in_process"
    examined = any(status != "not_examined" for status in found.aspects.values())
    preserved = is_preserved(case, family)
    if not preserved:
        known_from_words = preserved is None and examined
        return "in_process" if known_from_words else "received"
    return _refuted(case, found) or _confirmed(case, family, found, examined)


def is_preserved(case: CaseFile, family: str) -> bool | None:
    """Whether bytes of it are hashed, in the ledger and checked; None where it is known from words alone.

    One sound copy preserves the recording; one altered copy puts that in doubt until somebody looks.
    """
    items = [item for name in items_of(case, family) if (item := case.get(Item, name)) is not None]
    if items:
        return not any(is_altered(item) for item in items) and any(_is_kept(item) for item in items)
    found = case.get(FootageFamily, family)
    return found.preserved if found is not None else False


def is_altered(item: Item) -> bool:
    """Whether a check ever found other bytes than those received."""
    return item.sha256 is not None and any(check.sha256 != item.sha256 for check in item.fixity)


def is_expert_evidence(case: CaseFile, reference: str) -> bool:
    """Whether it is an expert's own work. What an official or a newspaper says of a film is none."""
    found = case.find(reference)
    if isinstance(found, Review):
        return is_standing(found) and found.role in ("medical_expert", "weapons_expert")
    return isinstance(found, Source) and found.kind not in _NO_EXPERTS


def restated(case: CaseFile) -> tuple[FootageFamily, ...]:
    """New versions of the families whose written status or count of sources is no longer the derived one."""
    return tuple(
        family.model_copy(update=changes)
        for reference, family in case.named(FootageFamily).items()
        if (changes := _changes(case, reference, family))
    )


def _changes(case: CaseFile, reference: str, family: FootageFamily) -> dict[str, object]:
    changes: dict[str, object] = {}
    status, count = footage_status(case, reference), independent_source_count(case, reference)
    if family.status_at_as_of not in (None, status):
        changes["status_at_as_of"] = status
    if family.independent_source_count not in (None, count if count is not None else "unknown"):
        changes["independent_source_count"] = count if count is not None else "unknown"
    return changes


def _refuted(case: CaseFile, family: FootageFamily) -> str | None:
    if family.aspect("integrity") == "contradicted":
        return "manipulated"
    experts = any(is_expert_evidence(case, name) for name in family.named_expert_evidence)
    if family.aspect("event") == "contradicted" and experts:
        return "staged_established"
    if "contradicted" in (family.aspect("date"), family.aspect("location")):
        return "false_context"
    return None


def _confirmed(case: CaseFile, reference: str, family: FootageFamily, examined: bool) -> str:
    if meets_the_bar(family.aspects):
        agreed = concurrence(case, reference)
        if agreed is not None and meets_the_bar(agreed.aspects):
            return "verified"
    if any(family.aspect(name) == "established" for name in WHERE_AND_WHAT):
        return "partly_verified"
    if family.review_closed and "contradicted" not in family.aspects.values():
        return "inconclusive"
    return "in_process" if examined else "preserved"


def meets_the_bar(aspects: Mapping[str, str]) -> bool:
    """Whether these aspects are enough for `verified`; affiliation is none of them."""
    return (
        all(aspects.get(name) == "established" for name in WHERE_AND_WHAT)
        and all(aspects.get(name) in _LIKELY for name in ("integrity", "provenance"))
        and aspects.get("completeness", "not_examined") not in UNSEEN
    )


def _is_kept(item: Item) -> bool:
    return item.sha256 is not None and item.ledger_index is not None and bool(item.fixity)
