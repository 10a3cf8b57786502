"""Observations as pages and the API show them."""

from fractions import Fraction

from videtur.cases.models import Case
from videtur.engines.media.timecode import MediaTime
from videtur.evidence.models import Item
from videtur.footage.models import Observation
from videtur.people.queries import names_of


def observations_of(case: Case, item: Item) -> list[dict[str, object]]:
    """The present version of each observation of the item in the case, by time; withdrawn ones say so."""
    rows = list(Observation.present().filter(case=case.thing, item=item))
    names = names_of(row.observed_by for row in rows)
    rows.sort(key=lambda row: (start_of(row).instant, row.entry_index))
    return [observation_document(row, names[row.observed_by]) for row in rows]


def start_of(row: Observation) -> MediaTime:
    """When it begins."""
    return MediaTime(row.start_pts, Fraction(row.time_base_numerator, row.time_base_denominator))


def observation_document(row: Observation, observer: str) -> dict[str, object]:
    """One observation in the API's form."""
    base = start_of(row).time_base
    injury = {"region": row.injury_region, "sign": row.injury_sign, "timing": row.injury_timing}
    counted = row.count_minimum is not None or row.count_maximum is not None
    return {
        "id": str(row.thing),
        "version": row.version,
        "ledger_index": row.entry_index,
        "start": start_of(row).as_json(),
        "end": MediaTime(row.end_pts, base).as_json(),
        "modality": row.modality,
        "role": row.role,
        "states": row.states,
        "act": row.act,
        "target": row.target,
        "injury": injury if any(injury.values()) else None,
        "count": {"min": row.count_minimum, "max": row.count_maximum, "basis": row.count_basis}
        if counted
        else None,
        "hedge": row.hedge,
        "text": row.text,
        "language": row.language,
        "observed_by": observer,
        "recorded_at": row.recorded_at.isoformat(),
        "withdrawn_because": row.withdrawn_because,
    }
