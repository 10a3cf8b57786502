"""The catalogue of law: provisions and instruments as data, with marks that say how far each was checked.

The data is `catalogue.yaml`, in our own words. No row was compared with the treaty by a lawyer unless its
`text_checked` says so, and every page that shows a provision shows that mark.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, cast

import yaml

from videtur.errors import WrongUsage


@dataclass(frozen=True, slots=True)
class Provision:
    """One article or rule, in our words."""

    id: str
    instrument: str
    article: str
    title: str
    paraphrase: str
    protects: str
    binds: str
    applies: tuple[str, ...]
    nature: str
    tags: tuple[str, ...]
    certainty: str
    text_checked: bool | str
    """False, or in words how far: a lawyer has yet to compare the row with the original."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class PartyFacts:
    """What the catalogue knows about one party and one instrument, in the words of its data."""

    status: str
    ratified: str = ""
    signed: str = ""
    entry_into_force: str = ""
    left: str = ""
    by: str = ""
    declarations: str = ""
    derogation: str = ""
    optional_protocol: str = ""
    ratification_law: str = ""
    certainty: str = ""


@dataclass(frozen=True, slots=True)
class Instrument:
    """A treaty, or the study of customary law."""

    id: str
    name: str
    date: str
    binds: str
    applies: tuple[str, ...]
    parties: Mapping[str, PartyFacts]
    note: str = ""


@dataclass(frozen=True, slots=True)
class ObservationMap:
    """What was observed, the provisions it may concern, and the facts that would have to be shown."""

    id: str
    """M1, M2, ... in the order of the data."""
    observed: str
    candidates: tuple[str, ...]
    needs: tuple[str, ...]
    effect: str = ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All of it. `notice` goes wherever a provision is shown."""

    schema: str
    drafted: str
    language: str
    notice: str
    conflict_classification: Mapping[str, str]
    enums: Mapping[str, tuple[str, ...]]
    instruments: Mapping[str, Instrument]
    provisions: Mapping[str, Provision]
    maps: tuple[ObservationMap, ...]

    def of_instrument(self, instrument_id: str) -> tuple[Provision, ...]:
        """The provisions of one instrument, in the order of the data."""
        return tuple(each for each in self.provisions.values() if each.instrument == instrument_id)

    def tagged(self, tag: str) -> tuple[Provision, ...]:
        """The provisions with that tag."""
        return tuple(each for each in self.provisions.values() if tag in each.tags)

    def searched(self, words: str) -> tuple[Provision, ...]:
        """The provisions in whose id, title or paraphrase every one of the words stands."""
        wanted = words.casefold().split()
        return tuple(
            each
            for each in self.provisions.values()
            if all(word in f"{each.id} {each.title} {each.paraphrase}".casefold() for word in wanted)
        )


def _texts(values: object) -> tuple[str, ...]:
    return tuple(str(value) for value in cast("list[object]", values or []))


def _provision(row: Mapping[str, Any]) -> Provision:
    return Provision(
        id=row["id"],
        instrument=row["instrument"],
        article=str(row["article"]),
        title=row["title"],
        paraphrase=row["paraphrase"],
        protects=row["protects"],
        binds=row["binds"],
        applies=_texts(row["applies"]),
        nature=row["nature"],
        tags=_texts(row["tags"]),
        certainty=row["certainty"],
        text_checked=row["text_checked"],
        note=row.get("note", ""),
    )


def _instrument(row: Mapping[str, Any]) -> Instrument:
    parties = {
        party: PartyFacts(**{key: str(value) for key, value in facts.items()})
        for party, facts in row["parties"].items()
    }
    return Instrument(
        id=row["id"],
        name=row["name"],
        date=str(row["date"]),
        binds=row["binds"],
        applies=_texts(row["applies"]),
        parties=MappingProxyType(parties),
        note=row.get("note", ""),
    )


@cache
def catalogue() -> Catalogue:
    """The catalogue, read once."""
    text = files("videtur.engines.law").joinpath("catalogue.yaml").read_text(encoding="utf-8")
    content = cast("dict[str, Any]", yaml.safe_load(text))
    provisions = [_provision(row) for row in content["provisions"]]
    instruments = [_instrument(row) for row in content["instruments"]]
    maps = tuple(
        ObservationMap(
            id=f"M{number}",
            observed=row["observed"],
            candidates=_texts(row["candidates"]),
            needs=_texts(row["needs"]),
            effect=row.get("effect", ""),
        )
        for number, row in enumerate(content["observation_to_provision"], 1)
    )
    return Catalogue(
        schema=content["schema"],
        drafted=str(content["drafted"]),
        language=content["language"],
        notice=content["notice"],
        conflict_classification=MappingProxyType(
            {str(key): str(value) for key, value in content["conflict_classification"].items()}
        ),
        enums=MappingProxyType({name: _texts(words) for name, words in content["enums"].items()}),
        instruments=MappingProxyType({each.id: each for each in instruments}),
        provisions=MappingProxyType({each.id: each for each in provisions}),
        maps=maps,
    )


CATALOGUE: Catalogue = catalogue()


def provision(provision_id: str) -> Provision:
    """The provision of that id, such as GC3-13. Raises WrongUsage when there is none."""
    found = CATALOGUE.provisions.get(provision_id)
    if found is None:
        raise WrongUsage(
            f"{provision_id!r} is no provision of the catalogue",
            "Provisions are named by instrument and article",
            "Look it up in the catalogue, for example GC3-13 or CIHL-158",
        )
    return found


def instrument(instrument_id: str) -> Instrument:
    """The instrument of that id, such as GC3. Raises WrongUsage when there is none."""
    found = CATALOGUE.instruments.get(instrument_id)
    if found is None:
        known = ", ".join(CATALOGUE.instruments)
        raise WrongUsage(f"{instrument_id!r} is no instrument of the catalogue", "", f"There are: {known}")
    return found
