"""Observations made in the player as the method knows them: at integer presentation times of one item."""

from collections.abc import Iterator, Mapping

from videtur.cases.case_file import Contribution
from videtur.cases.models import Case
from videtur.engines.method.case_file.model import Placed
from videtur.engines.method.entities import evidence, footage
from videtur.evidence.contributions import item_name, items_arrived, moment
from videtur.footage.models import FootageFamily, Observation

_SHORT = 8
SEALING_ACT = "sexual_violence_indicator"


def observation_name(row: Observation) -> str:
    """The name of an observation inside its case."""
    return f"OB-{row.thing.hex[-_SHORT:]}"


def observations_made(case: Case) -> Iterator[Contribution]:
    """Observations of items that are in a family; one of an item in none is of no footage yet.

    What shows an indication of sexual violence is sealed, and so is its item (domain model, F27).
    """
    families = _family_of_item(case)
    rows = list(
        Observation.present().filter(case=case.thing).select_related("item").order_by("entry_index", "id")
    )
    sealed = {item_name(row.item.sha256) for row in rows if row.act == SEALING_ACT}
    if sealed:
        yield from _sealed_items(case, sealed)
    for place, row in enumerate(rows):
        name = item_name(row.item.sha256)
        if name in families:
            entity = _observation(row, name, families[name])
            access = "sealed" if row.act == SEALING_ACT else "internal"
            yield Contribution((row.entry_index, place), Placed(entity.id, entity), access)


def _sealed_items(case: Case, sealed: set[str]) -> Iterator[Contribution]:
    for each in items_arrived(case):
        entity = each.placed.entity
        name = getattr(entity, "item", None) or each.placed.reference
        if name not in sealed:
            continue
        fields: dict[str, object] = {**entity.as_json(), "access": "sealed"}
        if isinstance(entity, evidence.Item):
            fields["sexual_violence_indicator"] = True
        closed = type(entity).model_validate(fields)
        yield Contribution(each.place, Placed(each.placed.reference, closed), "sealed")


def _family_of_item(case: Case) -> Mapping[str, str]:
    rows = FootageFamily.present().filter(case=case.thing)
    return {item: row.reference for row in rows for item in row.content.get("items", [])}


def _observation(row: Observation, item: str, family: str) -> footage.Observation:
    base = [row.time_base_numerator, row.time_base_denominator]
    fields: dict[str, object] = {
        "id": observation_name(row),
        "footage": family,
        "t": {
            "item": item,
            "start": {"pts": row.start_pts, "time_base": base},
            "end": {"pts": row.end_pts, "time_base": base},
        },
        "modality": row.modality,
        "role": row.role,
        "state": row.states,
        "act": row.act,
        "target": row.target,
        "text": row.text,
        "hedge": row.hedge,
        "by": row.observed_by,
        "at": moment(row.recorded_at),
        "lead_origin": "human",
        "withdrawn_because": row.withdrawn_because,
    }
    if row.injury_timing:
        injury = {"region": row.injury_region, "sign": row.injury_sign, "timing": row.injury_timing}
        fields["injury"] = {name: value for name, value in injury.items() if value}
    if row.count_minimum is not None or row.count_maximum is not None:
        counted = {"min": row.count_minimum, "max": row.count_maximum, "basis": row.count_basis}
        fields["count"] = {name: value for name, value in counted.items() if value is not None}
    return footage.Observation.model_validate({name: value for name, value in fields.items() if value})
