"""When an item was posted, as told on its arrival."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from videtur.cases.models import Case
from videtur.evidence.models import Publication

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:Z|[+-]\d{2}:\d{2})")
_LATEST_ZONE = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Posting:
    """The earliest posting that is told of an item."""

    words: str
    """As the place gave it, or as an EDTF date."""
    no_later_than: datetime | None
    """The moment by which it was there, if the date gives one."""


def postings_of(items: Iterable[str], case: Case | None = None) -> dict[str, Posting]:
    """The earliest posting of each of these items (SHA-256) that has one; as told in one case, or in any."""
    wanted = set(items)
    earliest: dict[str, Posting] = {}
    rows = Publication.objects.exclude(posted_at_original="").select_related("capture")
    if case is not None:
        rows = rows.filter(capture__case=case.thing)
    for row in rows.order_by("entry_index"):
        sha256 = row.capture.item_sha256
        if sha256 not in wanted:
            continue
        posting = Posting(row.posted_at_edtf or row.posted_at_original, no_later_than(row.posted_at_edtf))
        known = earliest.get(sha256)
        if known is None or _is_earlier(posting, known):
            earliest[sha256] = posting
    return earliest


def no_later_than(edtf: str) -> datetime | None:
    """The latest moment that an EDTF date allows, when it is a day or a moment and said without doubt.

    A day without a zone lasts until it has ended everywhere.
    """
    last = edtf.rpartition("/")[2]
    try:
        if _MOMENT.fullmatch(last):
            return datetime.fromisoformat(last).astimezone(UTC)
        if _DAY.fullmatch(last):
            return datetime.fromisoformat(last).replace(tzinfo=UTC) + timedelta(days=1) + _LATEST_ZONE
    except (ValueError, OverflowError):  # no such day; or the last days there are
        return None
    return None


def _is_earlier(posting: Posting, known: Posting) -> bool:
    if posting.no_later_than is None or known.no_later_than is None:
        return known.no_later_than is None and posting.no_later_than is not None
    return posting.no_later_than < known.no_later_than
