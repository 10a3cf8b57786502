"""An observation as a person sends it: read from JSON and checked before anything is written."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from videtur.engines.media.timecode import MediaTime
from videtur.errors import Refused
from videtur.footage import vocabulary

LONGEST_TEXT = 4000
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,4})?")
_LARGEST_PTS = 2**63 - 1
_LARGEST_INTEGER = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field, and what it needs."""

    field: str
    why: str


class ObservationRefused(Refused):
    """An observation that breaks the grammar. `problems` names every field at once."""

    def __init__(self, problems: Collection[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            "The observation was not saved", "; ".join(f"{each.field}: {each.why}" for each in self.problems)
        )


@dataclass(frozen=True, slots=True)
class Injury:
    """A sign of injury. A wound that is seen is not yet wounding that is seen: hence `timing`."""

    region: str
    sign: str
    timing: str


@dataclass(frozen=True, slots=True)
class Count:
    """How many: at least `minimum`, at most `maximum`, and how one knows."""

    minimum: int | None
    maximum: int | None
    basis: str


@dataclass(frozen=True, slots=True)
class ObservationDraft:
    """What a person saw or heard from `start` up to `end`. Not yet a record."""

    start: MediaTime
    end: MediaTime
    modality: str
    role: str
    text: str
    states: tuple[str, ...] = ()
    act: str = ""
    target: str = ""
    injury: Injury | None = None
    count: Count | None = None
    hedge: str = "H1_appears"
    language: str = "en"

    @classmethod
    def from_json(cls, value: Mapping[str, object]) -> "ObservationDraft":
        """Read the body of a request. Raises ObservationRefused when a field has no readable form."""
        reader = _Reader(value)
        draft = cls(
            start=reader.time("start"),
            end=reader.time("end"),
            modality=reader.text("modality"),
            role=reader.text("role"),
            text=reader.text("text"),
            states=reader.texts("states"),
            act=reader.text("act"),
            target=reader.text("target"),
            injury=reader.injury(),
            count=reader.count(),
            hedge=reader.text("hedge") or "H1_appears",
            language=reader.text("language") or "en",
        )
        if reader.problems:
            raise ObservationRefused(reader.problems)
        return draft

    def problems(self) -> list[Problem]:
        """Everything that the grammar of observations does not allow, whatever the item."""
        return [
            *self._problems_of_time(),
            *self._problems_of_words(),
            *self._problems_of_act(),
            *self._problems_of_injury(),
            *self._problems_of_count(),
        ]

    def _problems_of_time(self) -> Iterator[Problem]:
        if self.start.time_base != self.end.time_base:
            yield Problem("end", "start and end need the same time base")
        if not self.start < self.end:
            yield Problem("end", "must come after the start")
        for name, time in (("start", self.start), ("end", self.end)):
            base = time.time_base
            if abs(time.pts) > _LARGEST_PTS or max(base.numerator, base.denominator) > _LARGEST_INTEGER:
                yield Problem(name, "is not a presentation time")

    def _problems_of_words(self) -> Iterator[Problem]:
        yield from _one_of("modality", self.modality, vocabulary.MODALITIES)
        yield from _one_of("role", self.role, vocabulary.ROLES_APPARENT)
        for state in self.states:
            yield from _one_of("states", state, vocabulary.PERSON_STATES)
        if len(set(self.states)) != len(self.states):
            yield Problem("states", "names a state twice")
        if self.hedge not in vocabulary.HEDGES:
            yield from _one_of("hedge", self.hedge, vocabulary.HEDGES)
        elif self.hedge not in vocabulary.HEDGES_OF_ONE_OBSERVER:
            yield Problem("hedge", "one observer may say H0_alleged or H1_appears; more needs a review")
        if not _LANGUAGE.fullmatch(self.language):
            yield Problem("language", "must be a language code such as en, uk or ru")
        if not self.text.strip():
            yield Problem("text", "is empty: describe what is seen or heard, in neutral words")
        if len(self.text) > LONGEST_TEXT:
            yield Problem("text", f"is longer than {LONGEST_TEXT} characters: make several observations")
        if "\x00" in self.text:
            yield Problem("text", "holds a NUL character")
        for word in vocabulary.forbidden_words(self.text):
            yield Problem("text", word.why)

    def _problems_of_act(self) -> Iterator[Problem]:
        if self.act:
            yield from _one_of("act", self.act, vocabulary.ACTS)
        if self.target:
            yield from _one_of("target", self.target, vocabulary.ROLES_APPARENT)
            if not self.act:
                yield Problem("act", "is missing: a target needs the act that is aimed at it")
        if self.target and self.act in vocabulary.ACTS_WITHOUT_TARGET:
            yield Problem("target", f"{self.act} has no target: a sound alone does not show one")
        if self.act in vocabulary.ACTS_HEARD and self.modality == "visual":
            yield Problem("modality", f"{self.act} is heard: the modality must be audible")

    def _problems_of_injury(self) -> Iterator[Problem]:
        if self.injury is None:
            return
        if not self.injury.region and not self.injury.sign:
            yield Problem("injury", "needs a region or a sign")
        for name, value, allowed in (
            ("injury.region", self.injury.region, vocabulary.INJURY_REGIONS),
            ("injury.sign", self.injury.sign, vocabulary.INJURY_SIGNS),
        ):
            if value:
                yield from _one_of(name, value, allowed)
        yield from _one_of("injury.timing", self.injury.timing, vocabulary.INJURY_TIMINGS)
        if self.modality == "audible":
            yield Problem("injury", "is not audible: a sound alone does not show an injury")

    def _problems_of_count(self) -> Iterator[Problem]:
        if self.count is None:
            return
        least, most = self.count.minimum, self.count.maximum
        if least is None and most is None:
            yield Problem("count.min", "is missing: give at least one of min and max, or no count at all")
        for name, number in (("count.min", least), ("count.max", most)):
            if number is not None and not 0 <= number <= _LARGEST_INTEGER:
                yield Problem(name, "must be a whole number, 0 or more")
        if least is not None and most is not None and least > most:
            yield Problem("count.max", f"is smaller than min ({most} < {least})")
        yield from _one_of("count.basis", self.count.basis, vocabulary.COUNT_BASES)


def _one_of(field: str, value: str, allowed: tuple[str, ...]) -> Iterator[Problem]:
    if not value:
        yield Problem(field, f"is missing: one of {', '.join(allowed)}")
    elif value not in allowed:
        yield Problem(field, f"{value[:60]!r} is not one of {', '.join(allowed)}")


class _Reader:
    """Reads fields of a JSON object and notes what cannot be read, instead of stopping at the first."""

    def __init__(self, value: Mapping[str, object]) -> None:
        self.value = value
        self.problems: list[Problem] = []

    def text(self, name: str) -> str:
        return self._text(name, self.value.get(name))

    def _text(self, name: str, value: object) -> str:
        if value is None:
            return ""
        if isinstance(value, str):
            return value.strip()
        self.problems.append(Problem(name, "must be text"))
        return ""

    def texts(self, name: str) -> tuple[str, ...]:
        value = self.value.get(name)
        if value is None:
            return ()
        if isinstance(value, list) and all(isinstance(part, str) for part in cast("list[object]", value)):
            return tuple(cast("list[str]", value))
        self.problems.append(Problem(name, "must be a list of words"))
        return ()

    def time(self, name: str) -> MediaTime:
        try:
            return MediaTime.from_json(self._part(name))
        except ValueError:
            self.problems.append(Problem(name, "must be a media time: pts and time_base"))
            return MediaTime.from_json({"pts": 0, "time_base": [1, 1]})

    def injury(self) -> Injury | None:
        if self.value.get("injury") is None:
            return None
        part = self._part("injury")
        return Injury(
            *(self._text(f"injury.{name}", part.get(name)) for name in ("region", "sign", "timing"))
        )

    def count(self) -> Count | None:
        if self.value.get("count") is None:
            return None
        part = self._part("count")
        least, most = (self._number(f"count.{name}", part.get(name)) for name in ("min", "max"))
        return Count(least, most, self._text("count.basis", part.get("basis")))

    def _part(self, name: str) -> Mapping[str, object]:
        value = self.value.get(name)
        if isinstance(value, dict):
            return cast("dict[str, object]", value)
        if name not in ("start", "end"):  # for a time, the caller says it
            self.problems.append(Problem(name, "must be an object"))
        return {}

    def _number(self, name: str, value: object) -> int | None:
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        self.problems.append(Problem(name, "must be a whole number"))
        return None
