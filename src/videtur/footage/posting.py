"""When an item was there, by the records of it: its postings as told, and its arrivals here."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from videtur.cases.models import Case
from videtur.engines.copies.records import Dated, first_posted
from videtur.engines.method.dates import days_of
from videtur.evidence.dates import edtf_of
from videtur.evidence.models import Capture, Publication

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})?")
_DOUBTED = re.compile(r"[?~%]")
_PARTS_OF_DAY: Mapping[str, tuple[int, int]] = {
    r"(?:in the )?morning|(?:в|у|з)?ранці|(?:з)?ранку|ранок|утром|утра|утро": (0, 12),
    r"(?:in the )?afternoon|після обіду|после обеда": (12, 24),
    r"(?:in the )?evening|(?:в|у)вечері|вечір|вечора|вечером|вечера|вечер": (16, 24),
}
"""Hours between which the words place a moment, wide enough for everybody's morning."""


@dataclass(frozen=True, slots=True)
class Posting:
    """The earliest posting that is told of an item."""

    words: str
    """As the place gave it, or as an EDTF date where that says as much."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of when an item was there."""

    posting: Posting | None
    records: tuple[Dated, ...]


def known_of(items: Iterable[str], case: Case | None = None) -> dict[str, Known]:
    """The records of each of these items (SHA-256); as told in one case, or in any."""
    wanted = set(items)
    told: dict[str, list[tuple[str, Dated | None]]] = defaultdict(list)
    arrived: dict[str, datetime] = {}
    captures = Capture.objects.order_by("entry_index")
    rows = Publication.objects.exclude(posted_at_original="").select_related("capture")
    if case is not None:
        captures, rows = captures.filter(case=case.thing), rows.filter(capture__case=case.thing)
    for sha256, at in captures.values_list("item_sha256", "recorded_at"):
        if sha256 in wanted:
            arrived.setdefault(sha256, at)
    for row in rows.order_by("entry_index"):
        if row.capture.item_sha256 in wanted:
            record = dated(row.posted_at_edtf, row.posted_at_original)
            words = row.posted_at_edtf or row.posted_at_original
            told[row.capture.item_sha256].append((words, record))
    return {sha256: _known(told[sha256], arrived.get(sha256)) for sha256 in wanted}


def dated(edtf: str, words: str = "") -> Dated | None:
    """Between which moments a posting lies, by its EDTF date or else by its words; None where neither says.

    A date that is told with doubt says nothing to rely on. A day without a time zone is told as such.
    """
    hours, told = None, edtf or words
    if not edtf:
        plain, hours = _part_of_day(words)
        edtf = edtf_of(plain)
    if not edtf or _DOUBTED.search(edtf):
        return None
    start, _, end = edtf.partition("/")
    try:
        first, zoned = _bounds(start)
        last, last_zoned = _bounds(end or start) if "/" not in edtf or end else ((None, None), zoned)
    except ValueError:
        return None
    if zoned is not None and last_zoned is not None and zoned != last_zoned:
        return None
    edges = _within(hours, first[0], last[1]) if hours else (first[0], last[1])
    named = bool(zoned if zoned is not None else last_zoned)
    return Dated(*edges, zoned=named, words=f"posted {told}, as told on arrival")


def _known(told: list[tuple[str, Dated | None]], arrived: datetime | None) -> Known:
    records = [record for _, record in told if record is not None]
    first = first_posted(records)
    words = next((text for text, record in told if record == first), told[0][0] if told else "")
    if arrived is not None:
        moment = f"received here {arrived:%Y-%m-%d %H:%M} UTC"
        records.append(Dated(None, arrived, zoned=True, words=moment, kind="received"))
    return Known(Posting(words) if words else None, tuple(records))


def _bounds(text: str) -> tuple[tuple[datetime | None, datetime | None], bool | None]:
    """First and last moment of one EDTF date, and whether it names its time zone; None where it is open."""
    if text in ("", ".."):
        return (None, None), None
    if found := _MOMENT.fullmatch(text):
        moment = datetime.fromisoformat(text)
        if found[1]:
            return (moment.astimezone(UTC), moment.astimezone(UTC)), True
        return (moment.replace(tzinfo=UTC), moment.replace(tzinfo=UTC)), False
    days = days_of(text)
    return (_start_of(days.earliest), _end_of(days.latest)), False


def _start_of(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), UTC) if day else None


def _end_of(day: date | None) -> datetime | None:
    try:
        return datetime.combine(day, time(), UTC) + timedelta(days=1) if day else None
    except OverflowError:  # the last day there is
        return None


def _within(
    hours: tuple[int, int], first: datetime | None, last: datetime | None
) -> tuple[datetime | None, datetime | None]:
    """A part of one day; of more than one it says nothing."""
    if first is None or last is None or last - first != timedelta(days=1):
        return first, last
    return first + timedelta(hours=hours[0]), first + timedelta(hours=hours[1])


def _part_of_day(words: str) -> tuple[str, tuple[int, int] | None]:
    """The words without their part of the day, and its hours."""
    for part, hours in _PARTS_OF_DAY.items():
        found = re.search(rf"[\s,]+(?:{part})\.?$", words.strip(), re.IGNORECASE)
        if found:
            return words.strip()[: found.start()], hours
    return words, None
