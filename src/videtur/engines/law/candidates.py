"""From plain observed facts to provisions that may be concerned, with what each would still need.

Nothing is concluded here. A candidate says only: should these needs be shown, a lawyer may look at this
provision. What is not known stays in view as a gap, and intent is never met: it is for courts.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Literal

from videtur.engines.law.catalogue import CATALOGUE, ObservationMap, Provision, provision
from videtur.engines.law.parties import PartyStatus, status_at

CAPTIVE = "apparent_captive"
FOR_COURTS = "intent is for courts"
WOUND_SIGNS = frozenset(
    {
        "blood_visible",
        "heavy_blood_visible",
        "wound_visible",
        "limb_deformity",
        "burn_visible",
        "missing_part",
    }
)
FORCE_OR_THREAT = frozenset(
    {
        "firing_at_person",
        "firing_near_person",
        "striking_hand",
        "striking_foot",
        "striking_object",
        "stabbing_cutting",
        "electric_device_use",
        "choking",
        "dragging",
        "throwing_down",
        "threatening",
        "burning",
        "mutilating",
    }
)
COVERING_OR_RECITAL = frozenset({"covering_head", "stripping", "compelling_recital", "compelling_song"})
COVERED_STATES = frozenset({"head_covered", "partly_stripped", "stripped"})


@dataclass(frozen=True, slots=True)
class Observed:
    """What a person saw, heard or was told, in plain words of the vocabularies; no legal word among them."""

    reference: str
    footage: str = ""
    """What belongs to one footage is looked at together."""
    modality: str = ""
    act: str = ""
    role: str = ""
    target: str = ""
    states: frozenset[str] = frozenset()
    injury_region: str = ""
    injury_sign: str = ""
    injury_timing: str = ""
    untreated_span: bool = False
    """A stretch without care was seen and measured."""
    identifiable: bool = False
    published: bool = False
    alleges: Literal["", "death", "serious_injury"] = ""
    """What is alleged to have befallen a prisoner."""
    has_basis: bool = False
    """Whether the allegation rests on something: footage, a witness, a report."""
    pleads_breach_of_other_side: bool = False

    @property
    def of_captive(self) -> bool:
        """Whether it concerns an apparent captive."""
        return CAPTIVE in (self.role, self.target)

    @property
    def wound(self) -> bool:
        """Whether a wound is apparent."""
        return self.injury_sign in WOUND_SIGNS or "bleeding" in self.states


@dataclass(frozen=True, slots=True)
class Shown:
    """A need that somebody has shown, by evidence."""

    evidence: tuple[str, ...]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """A fact that would have to be shown. `unknown` is a gap, never a no."""

    need: str
    met: Literal["met", "unknown"]
    evidence: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A provision that may be concerned: a question for a legal reviewer, never an answer."""

    provision: Provision
    map_id: str
    observed: str
    """The catalogue's words for what leads to it."""
    because: tuple[str, ...]
    """References of the observed facts."""
    needs: tuple[Need, ...]
    party_status: tuple[PartyStatus, ...]
    """How each party stood to the instrument on the day, parties in alphabetical order."""
    effect: str = ""

    @property
    def gaps(self) -> tuple[str, ...]:
        """What has not been shown."""
        return tuple(need.need for need in self.needs if need.met == "unknown")


def candidates(
    observed: Sequence[Observed],
    on: date,
    parties: Sequence[str] = (),
    shown: Mapping[str, Shown] = MappingProxyType({}),
) -> tuple[Candidate, ...]:
    """The provisions that these facts may concern, in the order of the catalogue's maps.

    A provision that several maps lead to stands once for each, since each asks for other facts. `shown` names
    needs that people have shown, with evidence; `intent is for courts` stays a gap whatever is given.
    """
    found: list[Candidate] = []
    for each in CATALOGUE.maps:
        hits = _TRIGGERS[each.id](observed)
        if hits:
            needs = tuple(_need(need, hits, observed, on, parties, shown) for need in each.needs)
            found.extend(_of_map(each, hits, needs, on, parties))
    return tuple(found)


def _of_map(
    each: ObservationMap, hits: Sequence[Observed], needs: tuple[Need, ...], on: date, parties: Sequence[str]
) -> list[Candidate]:
    out: list[Candidate] = []
    for provision_id in each.candidates:
        row = provision(provision_id)
        statuses = tuple(status_at(row.instrument, party, on) for party in sorted(parties))
        because = tuple(dict.fromkeys(hit.reference for hit in hits))
        out.append(Candidate(row, each.id, each.observed, because, needs, statuses, each.effect))
    return out


Facts = Sequence[Observed]


def _firing_at_captive(facts: Facts) -> list[Observed]:
    return [fact for fact in facts if fact.act == "firing_at_person" and fact.target == CAPTIVE]


def _untreated(facts: Facts) -> list[Observed]:
    """A wound, and on the same footage a stretch without care."""
    left = {fact.footage for fact in facts if fact.untreated_span or fact.act == "leaving_unattended"}
    return [fact for fact in facts if fact.wound and fact.footage in left]


def _questioned_under_force(facts: Facts) -> list[Observed]:
    force = [fact for fact in facts if fact.act in FORCE_OR_THREAT and fact.target == CAPTIVE]
    asked = [fact for fact in facts if fact.act == "questioning" and fact.target == CAPTIVE]
    places = {fact.footage for fact in force} & {fact.footage for fact in asked}
    return [fact for fact in (*asked, *force) if fact.footage in places]


def _shown_to_the_public(facts: Facts) -> list[Observed]:
    return [
        fact
        for fact in facts
        if fact.of_captive and fact.published and (fact.identifiable or fact.act == "showing_face_close_up")
    ]


def _covered_or_reciting(facts: Facts) -> list[Observed]:
    return [
        fact
        for fact in facts
        if fact.of_captive and (fact.act in COVERING_OR_RECITAL or fact.states & COVERED_STATES)
    ]


def _death_or_injury_alleged(facts: Facts) -> list[Observed]:
    return [fact for fact in facts if fact.alleges]


def _breach_pleaded(facts: Facts) -> list[Observed]:
    return [fact for fact in facts if fact.pleads_breach_of_other_side]


_TRIGGERS: Mapping[str, Callable[[Facts], list[Observed]]] = MappingProxyType(
    {
        "M1": _firing_at_captive,
        "M2": _untreated,
        "M3": _questioned_under_force,
        "M4": _shown_to_the_public,
        "M5": _covered_or_reciting,
        "M6": _death_or_injury_alleged,
        "M7": _breach_pleaded,
    }
)

_MET_BY: Mapping[str, Callable[[Observed], bool]] = MappingProxyType(
    {
        # Only what can be seen or heard is met by an observation; everything else a person has to show.
        "wound apparent": lambda fact: fact.wound,
        "duration seen": lambda fact: fact.untreated_span,
        "question heard": lambda fact: fact.act == "questioning" and fact.modality == "audible",
        "coercion seen or heard": lambda fact: fact.act in FORCE_OR_THREAT,
        "identifiable": lambda fact: fact.identifiable,
        "seen act": lambda fact: bool(fact.act or fact.states) and fact.modality in ("", "visual"),
        "captive status apparent": lambda fact: fact.of_captive,
        "allegation with some basis": lambda fact: bool(fact.alleges) and fact.has_basis,
    }
)


def _need(
    need: str,
    hits: Sequence[Observed],
    observed: Sequence[Observed],
    on: date,
    parties: Sequence[str],
    shown: Mapping[str, Shown],
) -> Need:
    if need == FOR_COURTS:
        return Need(need, "unknown", (), "No observation shows what somebody intended; courts decide it")
    given = shown.get(need)
    if given is not None and given.evidence:
        return Need(need, "met", given.evidence, given.why)
    if need == "IAC in force":
        return _conflict(need, on, parties)
    met_by = _MET_BY.get(need)
    footage = {hit.footage for hit in hits}
    related = [*hits, *(fact for fact in observed if fact.footage and fact.footage in footage)]
    evidence = tuple(dict.fromkeys(fact.reference for fact in related if met_by and met_by(fact)))
    if evidence:
        return Need(need, "met", evidence, "Observed")
    return Need(need, "unknown", (), "Nothing given shows it")


def _conflict(need: str, on: date, parties: Sequence[str]) -> Need:
    """The catalogue's classification, when it names both of two parties and the day is not before it."""
    for title, words in CATALOGUE.conflict_classification.items():
        pair, day, *_ = title.split()
        if set(pair.split("-")) <= set(parties) and on >= date.fromisoformat(day):
            return Need(need, "met", (), f"The catalogue's classification: {title}: {words}")
    return Need(need, "unknown", (), "The catalogue classifies no conflict between these parties on that day")
