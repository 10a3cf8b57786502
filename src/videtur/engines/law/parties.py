"""Whether an instrument bound a party on a day, as far as the catalogue's data tells; else "unknown"."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from videtur.engines.law.catalogue import Instrument, PartyFacts, instrument

State = Literal["party", "not_party", "bound_as_custom", "unknown"]

_DAY = re.compile(r"\b([0-9]{4}-[0-9]{2}-[0-9]{2})\b")
_ENTRY_INTO_FORCE = timedelta(days=366)
"""A treaty binds some time after its ratification, and the data gives no day for it: for that long we
do not say."""


@dataclass(frozen=True, slots=True)
class PartyStatus:
    """The answer for one party, one instrument and one day, with what it rests on."""

    instrument: str
    party: str
    on: date
    state: State
    basis: str
    """The data it was read from, and how."""
    certainty: str
    """How sure the catalogue's drafter was; "not given" where the data has no word on it."""
    declarations: str = ""
    derogation: str = ""

    @property
    def bound(self) -> bool | None:
        """Whether the party was bound; None when the data does not tell."""
        return None if self.state == "unknown" else self.state != "not_party"


def status_at(instrument_id: str, party: str, on: date) -> PartyStatus:
    """How `party` stood to the instrument on a day. Raises WrongUsage for an unknown instrument."""
    law = instrument(instrument_id)
    facts = law.parties.get(party)
    if facts is None:
        state, basis = _unlisted(law)
        return PartyStatus(instrument_id, party, on, state, basis, "not given")
    state, basis = _read(facts, on)
    return PartyStatus(
        instrument_id,
        party,
        on,
        state,
        basis,
        facts.certainty or "not given",
        facts.declarations,
        facts.derogation,
    )


def _unlisted(law: Instrument) -> tuple[State, str]:
    """Custom binds whoever is a party to the conflict; of treaties the data says nothing."""
    if law.id == "CIHL":
        return "bound_as_custom", f"The catalogue names no party here; it binds: {law.binds}"
    return "unknown", "The catalogue has no data on this party and instrument"


def _read(facts: PartyFacts, on: date) -> tuple[State, str]:
    told = f'The catalogue says "{facts.status}"'
    match facts.status.split():
        case ["bound", "as", "custom"]:
            return "bound_as_custom", told
        case ["not", "party"]:
            return "not_party", told
        case ["party", "since", day]:
            return _since(date.fromisoformat(day), on, told)
        case ["party", "until", day]:
            return _until(facts, date.fromisoformat(day), on, told)
        case ["party"]:
            return _ratified(facts, on, told)
        case _:
            return "unknown", f"{told}, which no rule reads"


def _since(first: date, on: date, told: str) -> tuple[State, str]:
    return ("party" if on >= first else "not_party"), told


def _until(facts: PartyFacts, last: date, on: date, told: str) -> tuple[State, str]:
    if on > last:
        return "not_party", told
    if on == last:
        return "party", f"{told}; that day is counted in, so have a lawyer look at acts of that very day"
    return _ratified(facts, on, told)


def _ratified(facts: PartyFacts, on: date, told: str) -> tuple[State, str]:
    found = _DAY.search(facts.entry_into_force or facts.ratified)
    if found is None:
        return "unknown", f"{told}, without a day from which"
    day = date.fromisoformat(found.group(1))
    if facts.entry_into_force:
        return _since(day, on, f"{told}, in force from {day}")
    if on < day:
        return "not_party", f"{told}, ratified {day}, which is later"
    if on < day + _ENTRY_INTO_FORCE:
        return "unknown", f"{told}, ratified {day}; the data does not say from which day it bound"
    return "party", f"{told}, ratified {day}" + (f" by {facts.by}" if facts.by else "")
