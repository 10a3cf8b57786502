"""Asking for comment: which party a request goes to, and whether it was asked."""

from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.accountability import RequestForComment
from videtur.engines.method.entities.case import Party


def party_named(case: CaseFile, text: str | None) -> str | None:
    """The party whose name, short or long, the text begins with; None where it begins with none."""
    if not text:
        return None
    return next(
        (
            reference
            for reference, name in case.once(_names_of_parties)
            if text.startswith(name) and not text[len(name) : len(name) + 1].isalnum()
        ),
        None,
    )


def sides_of(case: CaseFile) -> frozenset[str]:
    """The parties to the conflict: bodies and newsrooms are none."""
    return frozenset(reference for reference, party in case.named(Party).items() if party.in_conflict)


ASKED = (
    "sent",
    "acknowledged",
    "answered_full",
    "answered_part",
    "answered_off_point",
    "declined",
    "no_reply_by_deadline",
    "late_reply",
    "reflected_in_output",
)
"""Statuses of a request for comment that has left the house and did not come back undelivered."""


def is_comment_sought(request: RequestForComment) -> bool:
    """Whether the party was asked, or there is a reason why it was not."""
    if request.status == "not_sought_with_reason":
        return bool(request.reason or request.note)
    return request.status in ASKED


def _names_of_parties(case: CaseFile) -> tuple[tuple[str, str], ...]:
    """Short and long names, the longest first, so that no name hides another that begins with it."""
    pairs = [(ref, name) for ref, party in case.named(Party).items() for name in (ref, party.name)]
    return tuple(sorted(pairs, key=lambda pair: (-len(pair[1]), pair)))
