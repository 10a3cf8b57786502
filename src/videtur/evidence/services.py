"""The only writer of items, captures, publications and refusals."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from videtur.cases.models import Case
from videtur.errors import StorageFailed, WrongUsage
from videtur.evidence.dates import edtf_of
from videtur.evidence.models import Capture, Item, Publication, Refusal
from videtur.evidence.names import printable_name
from videtur.evidence.sources import UnfitFile
from videtur.ledger.models import RecordedRow
from videtur.ledger.services import exclusively, record
from videtur.storage.object_store import Digests

_LONGEST_TEXT = 10_000


@dataclass(frozen=True, slots=True)
class CaptureFacts:
    """What a person tells about how files were come by; the same for all files of one command."""

    url: str = ""
    posted_at: str = ""
    source: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        for what, text in (("url", self.url), ("posting time", self.posted_at), ("source", self.source)):
            if not text.isprintable():
                raise WrongUsage(f"The {what} holds characters that cannot be shown")
        for text in (self.url, self.posted_at, self.source, self.note):
            if len(text) > _LONGEST_TEXT or "\0" in text or _has_surrogates(text):
                raise WrongUsage(f"{text[:40]!r} cannot be recorded", "It is too long or not UTF-8 text")
        if self.url and not self.url.lower().startswith(("http://", "https://")):
            raise WrongUsage(
                f"{self.url[:80]!r} is no web address", remedy="Give all of it, from https:// onwards"
            )


@dataclass(frozen=True, slots=True)
class Arrival:
    """One file's coming in. `place` tells arrivals apart (see `Capture.place`)."""

    how: Literal["file", "upload", "import"]
    name: bytes
    place: str
    modified_at: datetime | None = None
    facts: CaptureFacts = field(default_factory=CaptureFacts)


@dataclass(frozen=True, slots=True)
class Received:
    """Bytes that are durable in the object store under `object_key`, and how they came."""

    digests: Digests
    object_key: str
    arrival: Arrival


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of an arrival. `new`: these bytes were never here before."""

    item: Item
    capture: Capture
    new: bool
    again: bool
    """The very same arrival was recorded before; nothing was added."""


def take_in(actor: str, case: Case, received: Sequence[Received]) -> list[TakenIn]:
    """Record arrivals, one ledger entry each, all durable on return; the bytes must be durable before.

    The same arrival told again (place, bytes, case, facts) is the same capture. Known bytes that come
    another way, or are told of with other facts, are a further capture of the same item.
    """
    with exclusively():
        return [_take_in_one(actor, case, one) for one in received]


def refuse(actor: str, case: Case, refused: Iterable[UnfitFile]) -> None:
    """Record inputs that were not taken in. The same refusal of the same place is recorded once."""
    with exclusively():
        for unfit in refused:
            known = Refusal.objects.filter(case=case.thing, place=unfit.place, reason=unfit.reason)
            if known.exists():
                continue
            row = Refusal(
                case=case.thing,
                file_name=printable_name(unfit.name),
                place=unfit.place,
                reason=unfit.reason,
                explanation=f"It {unfit.why}.",
                attempted_by=actor,
            )
            record("evidence.input.refused", actor, [row], case=case.slug)


def _take_in_one(actor: str, case: Case, one: Received) -> TakenIn:
    item = Item.objects.filter(sha256=one.digests.sha256).first()
    new = item is None
    if item is None:
        item = Item(
            sha256=one.digests.sha256,
            sha512=one.digests.sha512,
            size=one.digests.size,
            object_key=one.object_key,
        )
    elif (item.sha512, item.size) != (one.digests.sha512, one.digests.size):
        raise StorageFailed(
            f"Two different files have the SHA-256 {item.sha256}",
            "That is a deliberate collision, or the record was altered",
            "Run: videtur verify",
        )
    elif (known := _same_capture(case, item, one.arrival)) is not None:
        return TakenIn(item, known, new=False, again=True)
    capture = _capture(actor, case, item, one.arrival)
    rows: list[RecordedRow] = [item, capture] if new else [capture]
    facts = one.arrival.facts
    if facts.url or facts.posted_at:
        rows.append(
            Publication(
                capture=capture,
                url=facts.url,
                posted_at_original=facts.posted_at,
                posted_at_edtf=edtf_of(facts.posted_at),
            )
        )
    verb = "evidence.item.received" if new else "evidence.item.received_again"
    record(verb, actor, rows, case=case.slug)
    return TakenIn(item, capture, new=new, again=False)


def _capture(actor: str, case: Case, item: Item, arrival: Arrival) -> Capture:
    return Capture(
        item=item,
        item_sha256=item.sha256,
        case=case.thing,
        how=arrival.how,
        file_name=printable_name(arrival.name),
        file_name_bytes=arrival.name,
        place=arrival.place,
        file_modified_at=arrival.modified_at,
        source_name=arrival.facts.source,
        note=arrival.facts.note,
        captured_by=actor,
    )


def _same_capture(case: Case, item: Item, arrival: Arrival) -> Capture | None:
    facts = arrival.facts
    candidates = Capture.objects.filter(
        case=case.thing,
        item=item,
        place=arrival.place,
        how=arrival.how,
        source_name=facts.source,
        note=facts.note,
    )
    for capture in candidates:
        seen = Publication.objects.filter(capture=capture).values_list("url", "posted_at_original")
        told = set(seen) or {("", "")}
        if (facts.url, facts.posted_at) in told:
            return capture
    return None


def _has_surrogates(text: str) -> bool:
    return any("\ud800" <= letter <= "\udfff" for letter in text)
