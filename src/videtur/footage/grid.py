"""A case's items as cards: what the grid shows, sifts and sorts. Reads whole cases in a few queries."""

import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from django.utils.translation import gettext as _

from videtur.cases.models import Case
from videtur.evidence.models import Capture, Publication
from videtur.footage.families_shown import FamilyLabel, labels_of
from videtur.footage.words import STATES as STATE_WORDS
from videtur.ledger.services import size
from videtur.pipeline.queries import Progress, State, live_executors, progress

STATES = (State.PENDING, State.RUNNING, State.DONE, State.FAILED)
LENGTHS: Mapping[str, tuple[Decimal, Decimal]] = {
    "under-30s": (Decimal(0), Decimal(30)),
    "30s-3min": (Decimal(30), Decimal(180)),
    "3-15min": (Decimal(180), Decimal(900)),
    "over-15min": (Decimal(900), Decimal("Infinity")),
}


@dataclass(slots=True)
class Card:
    """One item of a case, as the grid shows it."""

    sha256: str
    file_name: str
    source_name: str
    received: int
    """Index of the ledger entry of the first arrival in this case."""
    arrivals: int = 1
    state: str = State.PENDING
    failure: str = ""
    finished_steps: int = 0
    duration: str | None = None
    poster: bool = False
    damage: int = 0
    posted_at: str = ""
    family: FamilyLabel | None = None

    @property
    def state_in_words(self) -> str:
        """The state in the reader's language."""
        return _(STATE_WORDS[self.state])

    @property
    def seconds(self) -> Decimal | None:
        """The duration as a number to compare by."""
        try:
            return Decimal(self.duration) if self.duration else None
        except InvalidOperation:
            return None


@dataclass(frozen=True, slots=True)
class Sieve:
    """What the person wants to see."""

    state: str = ""
    family: str = ""
    length: str = ""
    source: str = ""
    text: str = ""
    sort: str = "received"

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "Sieve":
        """Read a query string; a value that is not offered counts as none."""
        state, length, sort = (query.get(name, "") for name in ("state", "length", "sort"))
        return cls(
            state=state if state in STATES else "",
            family=query.get("family", "")[:200],
            length=length if length in LENGTHS else "",
            source=query.get("source", "")[:300],
            text=query.get("text", "")[:300],
            sort=sort if sort in SORTS else "received",
        )

    def as_query(self) -> dict[str, str]:
        """The query string's values that differ from the defaults."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in values.items() if value and value != "received"}

    def lets_through(self, card: Card) -> bool:
        """Whether the card is wanted."""
        if self.length:
            least, most = LENGTHS[self.length]
            if card.seconds is None or not least <= card.seconds < most:
                return False
        return (
            (not self.state or card.state == self.state)
            and (not self.family or (card.family is not None and card.family.id == self.family))
            and (not self.source or card.source_name == self.source)
            and (not self.text or self.text.casefold() in f"{card.file_name} {card.sha256}".casefold())
        )


SORTS: Mapping[str, Callable[[Card], tuple[object, ...]]] = {
    "received": lambda card: (card.received, card.sha256),
    "newest": lambda card: (-card.received, card.sha256),
    "name": lambda card: (card.file_name.casefold(), card.sha256),
    "length": lambda card: (card.seconds is None, -(card.seconds or 0), card.sha256),
    "family": lambda card: (card.family is None, card.family.name if card.family else "", card.received),
}


def cards_of(case: Case) -> list[Card]:
    """Every item of the case.

    Rows are only ever added, so the answer stays the same until the ledger grows or a worker turns to
    something else; that is what it is remembered by.
    """
    running = tuple((beat.working_on, beat.group) for beat in live_executors())
    return _cards(case, size(), running)


@lru_cache(maxsize=8)
def _cards(case: Case, ledger_size: int, running: tuple[tuple[str, str], ...]) -> list[Card]:
    cards = _received(case.thing)
    _add_publications(case.thing, cards)
    for each in progress(list(cards)):
        _add_progress(cards[each.input_sha256], each)
    for sha256, label in labels_of(case).items():
        if sha256 in cards:
            cards[sha256].family = label
    return list(cards.values())


def sift(cards: Sequence[Card], sieve: Sieve) -> list[Card]:
    """The cards that are wanted, in the order that is wanted."""
    return sorted(filter(sieve.lets_through, cards), key=SORTS[sieve.sort])


def progress_of(cards: Sequence[Card]) -> dict[str, int]:
    """How many items are in each state, in the states' order."""
    counts = Counter(card.state for card in cards)
    return {state: counts[state] for state in STATES}


def _received(case: uuid.UUID) -> dict[str, Card]:
    cards: dict[str, Card] = {}
    captures = Capture.objects.filter(case=case).order_by("entry_index")
    for sha256, name, source, index in captures.values_list(
        "item_sha256", "file_name", "source_name", "entry_index"
    ):
        if card := cards.get(sha256):
            card.arrivals += 1
            card.source_name = card.source_name or source
        else:
            cards[sha256] = Card(sha256, name, source, index)
    return cards


def _add_publications(case: uuid.UUID, cards: Mapping[str, Card]) -> None:
    publications = Publication.objects.filter(capture__case=case).order_by("entry_index")
    rows = publications.values_list("capture__item_sha256", "posted_at_edtf", "posted_at_original")
    for sha256, edtf, original in rows:
        card = cards[sha256]
        card.posted_at = card.posted_at or edtf or original


def _add_progress(card: Card, told: Progress) -> None:
    card.state, card.failure, card.finished_steps = told.state, told.failure, told.finished_steps
    done = {each.step: each.derivation for each in told.steps if each.derivation and each.state is State.DONE}
    card.poster = "filmstrip" in done and "poster.jpg" in done["filmstrip"].outputs
    if probe := done.get("probe"):
        duration = probe.summary.get("duration_seconds")
        card.duration = duration if isinstance(duration, str) else None
    if decode := done.get("decode"):
        damage = decode.summary.get("damage_count")
        card.damage = damage if isinstance(damage, int) else 0
