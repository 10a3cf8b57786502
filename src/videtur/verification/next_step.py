"""What a footage family still lacks for its next status, which is derived and never set (section 3)."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from videtur.cases.words import term
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.footage import FootageFamily
from videtur.engines.method.footage_status import UNSEEN, WHERE_AND_WHAT, footage_status, is_preserved
from videtur.engines.method.reviews import concurrence

_LIKELY = ("probable", "established")


@dataclass(frozen=True, slots=True)
class NextStep:
    """Where a family stands, what comes next, and what is missing until then."""

    status: str
    next: str = ""
    """Empty where nothing comes by more work of the same kind."""
    missing: tuple[str, ...] = ()


def next_step(case: CaseFile, reference: str) -> NextStep:
    """The derived status of a family and the way to the next one."""
    status = footage_status(case, reference)
    family = case.get(FootageFamily, reference)
    if family is None or family.kind == "placeholder_set":
        told = _("The footage itself: find it, take it in, and describe it as a family of its own.")
        return NextStep(status, "received", (told,))
    match status:
        case "received":
            told = _("A stored item with its digest, its entry in the ledger, and a check of its bytes.")
            return NextStep(status, "preserved", (told,))
        case "preserved":
            return NextStep(status, "in_process", (_("One aspect that somebody has begun to examine."),))
        case "in_process" if is_preserved(case, reference) is not None:
            told = _("At least one of date, location and event, established by review.")
            return NextStep(status, "partly_verified", (told,))
        case "in_process":
            told = _("The footage itself, stored here: so far it is known from the words of others alone.")
            return NextStep(status, "partly_verified", (told,))
        case "partly_verified" | "inconclusive":
            return NextStep(status, "verified", _until_verified(case, reference, family))
        case _:
            return NextStep(status)


def _until_verified(case: CaseFile, reference: str, family: FootageFamily) -> tuple[str, ...]:
    missing = [
        _("%(aspect)s: established (it is: %(status)s)") % _said(family, name)
        for name in WHERE_AND_WHAT
        if family.aspect(name) != "established"
    ]
    missing += [
        _("%(aspect)s: at least probable (it is: %(status)s)") % _said(family, name)
        for name in ("integrity", "provenance")
        if family.aspect(name) not in _LIKELY
    ]
    if family.aspect("completeness") in UNSEEN:
        missing.append(_("completeness: examined"))
    if concurrence(case, reference) is None:
        missing.append(_("Two concurring reviews by two persons, the second of them blind"))
    return tuple(missing)


def _said(family: FootageFamily, aspect: str) -> dict[str, str]:
    return {"aspect": term(aspect), "status": term(family.aspect(aspect))}
