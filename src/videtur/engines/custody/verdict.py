"""What a verification found, in the words of the six preservation properties of the Berkeley Protocol."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Property(StrEnum):
    """The six properties, in the Protocol's order."""

    AUTHENTICITY = "authenticity"
    AVAILABILITY = "availability"
    IDENTITY = "identity"
    PERSISTENCE = "persistence"
    RENDERABILITY = "renderability"
    UNDERSTANDABILITY = "understandability"


MEANINGS: Mapping[Property, str] = {
    Property.AUTHENTICITY: "What is stored is what was recorded. It says nothing on what a film shows.",
    Property.AVAILABILITY: "Every stored file that a record names is there and can be read.",
    Property.IDENTITY: "Every original lies under the name made from its own digest, and is recorded once.",
    Property.PERSISTENCE: "Nothing was changed, added or removed behind the records, and they only grow.",
    Property.RENDERABILITY: "A decoder is given the bytes that were received. None is played here.",
    Property.UNDERSTANDABILITY: "Every file and row is explained by a readable entry: who, what, when.",
}


class Kind(StrEnum):
    """What sort of thing is wrong; decides which properties it breaks."""

    CONTENT = "content"
    MISSING = "missing"
    NAME = "name"
    RECORD = "record"
    STRUCTURE = "structure"
    SEAL = "seal"


_BREAKS: Mapping[Kind, frozenset[Property]] = {
    Kind.CONTENT: frozenset(
        {Property.AUTHENTICITY, Property.PERSISTENCE, Property.RENDERABILITY, Property.IDENTITY}
    ),
    Kind.MISSING: frozenset({Property.AVAILABILITY, Property.PERSISTENCE, Property.RENDERABILITY}),
    Kind.NAME: frozenset({Property.IDENTITY, Property.UNDERSTANDABILITY}),
    Kind.RECORD: frozenset({Property.AUTHENTICITY, Property.PERSISTENCE, Property.UNDERSTANDABILITY}),
    Kind.STRUCTURE: frozenset({Property.PERSISTENCE, Property.UNDERSTANDABILITY}),
    Kind.SEAL: frozenset({Property.PERSISTENCE}),
}


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that differs: the file (for a row, its database file) and what is wrong with it."""

    path: str
    what: str
    kind: Kind = Kind.CONTENT


@dataclass(frozen=True, slots=True)
class VerificationReport:
    """The verdict. `remarks` are worth knowing and break nothing."""

    problems: tuple[Problem, ...]
    remarks: tuple[str, ...]
    counts: Mapping[str, int]

    @property
    def ok(self) -> bool:
        """Whether nothing differs."""
        return not self.problems

    @property
    def properties(self) -> dict[Property, bool]:
        """Which of the six properties hold."""
        broken = {lost for problem in self.problems for lost in _BREAKS[problem.kind]}
        return {each: each not in broken for each in Property}

    def as_json(self) -> dict[str, object]:
        """The report as the command line prints it."""
        return {
            "ok": self.ok,
            "properties": {each.value: holds for each, holds in self.properties.items()},
            "meanings": {each.value: MEANINGS[each] for each in Property},
            "problems": [{"path": problem.path, "what": problem.what} for problem in self.problems],
            "remarks": list(self.remarks),
            "counts": dict(self.counts),
        }


def report(
    problems: Iterable[Problem], remarks: Iterable[str], counts: Mapping[str, int]
) -> VerificationReport:
    """A report with each problem once, in order of their paths."""
    return VerificationReport(tuple(sorted(set(problems))), tuple(remarks), counts)
