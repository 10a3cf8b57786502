"""What stands beside the status of a promise today, and why."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from videtur.accountability.pages.desk import Desk
from videtur.cases.words import term
from videtur.engines.method.accountability.board import CommitmentOnBoard, board
from videtur.engines.method.house_rules import house_rules


@dataclass(frozen=True, slots=True)
class Flag:
    """A state beside the status, and the reason for it."""

    word: str
    why: str


def today() -> date:
    """The day of whoever looks, in the time zone of the workbench."""
    return timezone.localdate()


def standings_of(desk: Desk) -> dict[str, CommitmentOnBoard]:
    """Where each promise stands today by what was recorded."""
    return {each.reference: each for each in board(desk.file, today()).commitments}


def flags_of(desk: Desk, standing: CommitmentOnBoard | None) -> list[Flag]:
    """The flags of a promise: contradicted by its own side, stale, withdrawn."""
    return [] if standing is None else [Flag(flag, _why(desk, standing, flag)) for flag in standing.flags]


def _why(desk: Desk, standing: CommitmentOnBoard, flag: str) -> str:
    if flag == "contradicted_by_same_side" and standing.contradicted_by:
        return _("The same side called staged what it promised to investigate: %(sources)s.") % {
            "sources": ", ".join(standing.contradicted_by)
        }
    if flag == "stale":
        return _(
            "No evidence since %(day)s."
            " After %(days)s days without evidence a promise is stale: a house rule."
        ) % {"day": standing.last_evidence or "–", "days": house_rules(desk.file).stale_after_days}
    basis = next((change for change in reversed(standing.basis) if change.becomes == flag), None)
    return basis.why if basis is not None else term(flag)
