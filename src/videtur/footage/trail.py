"""The custody trail of an item: every ledger entry that names it, in order, in words."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from videtur.cases.models import Case
from videtur.cases.words import term
from videtur.evidence.models import Capture, Item, Publication
from videtur.footage.models import CopyDecision, Observation
from videtur.ledger.models import Entry
from videtur.ledger.services import entry_content
from videtur.people.queries import names_of
from videtur.pipeline.models import Derivation

VERBS: Mapping[str, str] = {
    "evidence.item.received": gettext_noop("Received, hashed and stored"),
    "evidence.item.received_again": gettext_noop("Arrived again"),
    "pipeline.derivations.recorded": gettext_noop("Examined by machine"),
    "footage.copy.decided": gettext_noop("Decided on a copy"),
    "footage.observation.added": gettext_noop("Observation added"),
    "footage.observation.withdrawn": gettext_noop("Observation withdrawn"),
}

SYSTEM: Mapping[str, str] = {"system:pipeline": gettext_noop("the pipeline, without a person")}


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """One entry of the ledger that names the item."""

    index: int
    at: datetime
    verb: str
    actor: str
    details: tuple[str, ...]

    @property
    def in_words(self) -> str:
        """What happened; the verb itself where we have no words for it."""
        return _(VERBS[self.verb]) if self.verb in VERBS else self.verb


def trail_of(item: Item, case: Case, may_be_named: Callable[[str], bool]) -> list[TrailEntry]:
    """Every entry that names the item and belongs to this case or to none, as machine work does.

    Why a copy was decided on speaks of the other item too: it is told where that one may be named.
    """
    details: dict[int, list[str]] = {item.entry_index: []}
    _note(details, Capture.objects.filter(item=item, case=case.thing).values_list("entry_index", "file_name"))
    published = Publication.objects.filter(capture__item=item, capture__case=case.thing)
    _note(details, published.values_list("entry_index", "url"))
    steps = Derivation.objects.filter(input_sha256=item.sha256).values_list("entry_index", "step")
    _note(details, ((index, term(step)) for index, step in steps))
    for side, other in (("item_a", "item_b"), ("item_b", "item_a")):
        decisions = CopyDecision.objects.filter(**{side: item})
        told = decisions.values_list("entry_index", "reason", f"{other}__sha256")
        _note(details, ((index, reason if may_be_named(twin) else "") for index, reason, twin in told))
    observed = Observation.objects.filter(item=item, case=case.thing)
    _note(details, observed.values_list("entry_index", "text"))
    every = [(entry, entry_content(entry)) for entry in Entry.objects.filter(index__in=details)]
    # The same bytes may have come in, and been decided on, in cases that this reader must not know of.
    entries = [(entry, content) for entry, content in every if content["case"] in (None, case.slug)]
    names = names_of(str(content["actor"]) for _entry, content in entries)
    return [
        TrailEntry(
            entry.index,
            datetime.strptime(str(content["at"]), "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC),
            str(content["verb"]),
            _actor(names[str(content["actor"])]),
            tuple(dict.fromkeys(filter(None, details[entry.index]))),
        )
        for entry, content in entries
    ]


def _note(details: dict[int, list[str]], rows: Iterable[tuple[int, str]]) -> None:
    for index, detail in rows:
        details.setdefault(index, []).append(detail)


def _actor(name: str) -> str:
    return _(SYSTEM[name]) if name in SYSTEM else name
