"""On which terms something leaves: consent and confidence, coarser place and time, embargo (section 12)."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.evidence import Source
from videtur.engines.method.entities.footage import FootageFamily
from videtur.engines.method.entities.publication import Release
from videtur.engines.method.gates import RELEASED
from videtur.engines.method.rules.rule import Rule, Violation
from videtur.engines.method.rules.sentences import standing_releases

PLACES = ("exact", "settlement", "district", "region", "country", "none")
TIMES = ("exact", "day", "month", "year", "none")
"""From fine to coarse."""
COARSE_ENOUGH: Mapping[str, tuple[str, str]] = {
    "raised": ("settlement", "day"),
    "high": ("district", "month"),
}
"""How coarse place and time have to be, at least, where there is a risk (house rule)."""


def sources_of(case: CaseFile, release: Release) -> frozenset[str]:
    """The sources a release rests on: cited, counted, or that of the footage it shows."""
    cited = {
        name for sentence in release.sentences for name in (*sentence.evidence, *sentence.sources_counted)
    }
    shown = {media.item for media in release.media}
    families = {
        name for name, family in case.named(FootageFamily).items() if shown.intersection(family.items)
    }
    return frozenset(
        name
        for name, source in case.named(Source).items()
        if name in cited or (source.footage is not None and source.footage in families | cited)
    )


def _consent(case: CaseFile) -> Iterator[Violation]:
    for release in _out(case):
        enough = ("publication", "handing_over", None) if release.handed_to else ("publication", None)
        for name in sorted(sources_of(case, release)):
            source = case.get(Source, name)
            if source is not None and source.consent not in enough:
                yield Violation(
                    "M12.consent",
                    f"{release.id} {name}",
                    f"It rests on {name}, whose consent does not reach so far",
                    "Ask for consent, or leave out what came from this source",
                )


def _confidence(case: CaseFile) -> Iterator[Violation]:
    for release in _out(case):
        if release.access == "sealed":
            continue
        cited = {
            name for sentence in release.sentences for name in (*sentence.evidence, *sentence.sources_counted)
        }
        for name in sorted(cited):
            source = case.get(Source, name)
            if source is not None and source.confidential:
                yield Violation(
                    "M12.confidence",
                    f"{release.id} {name}",
                    f"It cites {name}, who spoke in confidence",
                    "Cite what confirms it, or hand it over under seal",
                )


def _coarse(case: CaseFile) -> Iterator[Violation]:
    for release in _out(case):
        needed = COARSE_ENOUGH.get(release.risk or "")
        if needed is None:
            continue
        place, time = needed
        if PLACES.index(release.place_shown or "exact") < PLACES.index(place):
            yield Violation(
                "M12.coarse",
                release.id,
                "It shows a place more exactly than the risk allows",
                f"Show no more than the {place}",
            )
        if TIMES.index(release.time_shown or "exact") < TIMES.index(time):
            yield Violation(
                "M12.coarse",
                release.id,
                "It shows a time more exactly than the risk allows",
                f"Show no more than the {time}",
            )


def _embargo(case: CaseFile) -> Iterator[Violation]:
    for release in _out(case):
        if not release.embargo_until or not release.at:
            continue
        if datetime.fromisoformat(release.at) < datetime.fromisoformat(release.embargo_until):
            yield Violation(
                "M12.embargo",
                release.id,
                "It left before its embargo ended",
                "Wait for the end of the embargo, or lift it with a reason",
            )


def _out(case: CaseFile) -> Iterator[Release]:
    return (release for release in standing_releases(case) if release.status in RELEASED)


_MODEL = "domain model, section 12"
FURTHER = (
    Rule("M12.consent", _MODEL, True, "Nothing leaves beyond the consent of who gave it", _consent),
    Rule("M12.confidence", _MODEL, True, "Who spoke in confidence is not cited outside", _confidence),
    Rule("M12.coarse", _MODEL, True, "Place and time are as coarse as the risk asks for", _coarse),
    Rule("M12.embargo", _MODEL, True, "Nothing leaves before its embargo ends", _embargo),
)
